// The recurrent layers as functions: by hand, against the clear version, and the clear version against the complex step.
#include "x2g/ops/recurrent.hpp"

#include <catch2/catch_template_test_macros.hpp>

#include "core/ops/recurrent_check.hpp"

namespace x2g {
namespace {

using namespace test;
using reference::Array;
using reference::Complex;

/// Values, saved outputs and all gradients of an op in T against the clear version. Gradients start at made-up numbers.
template <class T>
void compare(Cell cell, const RecurrentShape& s, std::uint64_t seed, bool extras, double value_bound, double gradient_bound) {
  CAPTURE(name_of(cell), s.B, s.T, s.I, s.H, seed, extras);
  const Arrays in = made_inputs(cell, s, seed, extras);
  const Doubles dy = values(s.B * s.T * s.H, seed + 70);
  const auto clear = reference::recurrent_forward<double>(cell, s, in);
  const auto back = reference::recurrent_backward<double>(cell, s, in, clear, dy);
  auto d = all_gradients<T>(cell, s);
  Arrays want = back.d;
  const auto starts = members(d);
  const auto wants = members(want);
  for (std::size_t k = 0; k < starts.size(); ++k) {
    const Doubles start = values(starts[k].second->size(), seed + 80 + k, -0.5, 1);
    *starts[k].second = as<T>(start);
    wants[k].second->resize(start.size());  // c0 of the others than lstm
    for (std::size_t i = 0; i < start.size(); ++i) (*wants[k].second)[i] += start[i];
  }
  auto r = run_cell<T>(cell, s, in, dy, std::move(d));
  CHECK(distance(r.y, clear.y) < value_bound);
  if (gates_of(cell) > 1) {
    CHECK(distance(r.gates, clear.gates) < value_bound);
    CHECK(distance(r.extra, clear.extra) < value_bound);
  }
  CHECK(distance(r.dh, back.dh) < gradient_bound);
  const auto got = members(r.d);
  for (std::size_t k = 0; k < got.size(); ++k) {
    CAPTURE(got[k].first);
    CHECK(distance(*got[k].second, *wants[k].second) < gradient_bound);
  }
}

}  // namespace

TEST_CASE("an rnn of one unit carries its state, as on paper", "[ops][recurrent]") {
  // h0 = 1, then h = relu(2x + 3h + 1): x 1 → 6, x −10 → 0 (−1), x 0.5 → 2
  const std::vector<double> x{1, -10, 0.5}, W_ih{2}, W_hh{3}, b_ih{0.75}, b_hh{0.25}, h0{1}, dy{0, 0, 1};
  std::vector<double> y(3), dh(3), dx(3), dW(1), dU(1), dh0(1), scratch(rnn_scratch({1, 3, 1, 1}));
  const RecurrentInputs<double> in{x, W_ih, W_hh, b_ih, b_hh, h0, {}};
  rnn_forward<double>({1, 3, 1, 1}, Activation::relu, in, y, scratch);
  CHECK(y == std::vector<double>{6, 9 - 9, 2});
  const std::vector<double> open{1, -3, 0.5};  // 6 → 13 → 41: nothing is cut off
  const RecurrentInputs<double> wide{open, W_ih, W_hh, b_ih, b_hh, h0, {}};
  rnn_forward<double>({1, 3, 1, 1}, Activation::relu, wide, y, scratch);
  CHECK(y == std::vector<double>{6, 13, 41});
  rnn_backward<double>({1, 3, 1, 1}, Activation::relu, wide, y, dy, dh, {dx, dW, dU, {}, {}, dh0, {}}, scratch);
  CHECK(dh == std::vector<double>{9, 3, 1});  // each step back multiplies by W_hh
  CHECK(dh0 == std::vector<double>{27});
  CHECK(dx == std::vector<double>{18, 6, 2});
  CHECK(dW == std::vector<double>{9 * 1 + 3 * -3 + 0.5});
  CHECK(dU == std::vector<double>{9 * 1 + 3 * 6 + 13});
}

TEST_CASE("an lstm with a closed input gate and an open forget gate keeps its cell", "[ops][recurrent]") {
  const std::size_t T = 50;
  const std::vector<double> x(T, 1.0), W_ih(4), W_hh(4), b_ih{-1000, 1000, 0, 1000}, c0{0.5}, h0{0};
  std::vector<double> dy(T), y(T), gates(4 * T), c(T), dh(T), dc0(1), scratch(lstm_scratch({1, T, 1, 1}));
  const RecurrentInputs<double> in{x, W_ih, W_hh, b_ih, {}, h0, c0};
  lstm_forward<double>({1, T, 1, 1}, in, gates, c, y, scratch);
  CHECK(c.back() == 0.5);
  CHECK(std::fabs(y.back() - std::tanh(0.5)) < 1e-15);
  dy.back() = 1;
  lstm_backward<double>({1, T, 1, 1}, in, gates, c, y, dy, dh, {{}, {}, {}, {}, {}, {}, dc0}, scratch);
  CHECK(std::fabs(dc0[0] - (1 - std::tanh(0.5) * std::tanh(0.5))) < 1e-15);  // undiminished after 50 steps
}

TEST_CASE("a gru whose update gate is shut keeps its state, whose gates are open takes the candidate", "[ops][recurrent]") {
  const std::vector<double> x{0.25, -0.5}, W_ih{0, 0, 1}, W_hh{0, 0, 2}, h0{0.75}, keep{0, 1000, 0}, take{1000, -1000, 0};
  std::vector<double> y(2), gates(6), q(2), scratch(gru_scratch({1, 2, 1, 1}));
  gru_forward<double>({1, 2, 1, 1}, {x, W_ih, W_hh, keep, {}, h0, {}}, gates, q, y, scratch);
  CHECK(y == std::vector<double>{0.75, 0.75});
  gru_forward<double>({1, 2, 1, 1}, {x, W_ih, W_hh, take, {}, h0, {}}, gates, q, y, scratch);
  const double first = std::tanh(0.25 + 2 * 0.75);
  CHECK(std::fabs(y[0] - first) < 1e-15);
  CHECK(std::fabs(y[1] - std::tanh(-0.5 + 2 * first)) < 1e-15);
}

TEST_CASE("the recurrent reference's gradients are those of the complex step", "[ops][recurrent][gradient]") {
  for (const Cell cell : kCells) {
    for (const RecurrentShape s : {RecurrentShape{1, 1, 2, 3}, RecurrentShape{2, 4, 3, 2}, RecurrentShape{2, 3, 1, 5}}) {
      for (const std::uint64_t seed : {1u, 2u, 3u}) {
        CAPTURE(name_of(cell), s.B, s.T, s.I, s.H, seed);
        Arrays in = made_inputs(cell, s, seed);
        const Doubles dy = values(s.B * s.T * s.H, seed + 70);
        auto back = reference::recurrent_backward<double>(cell, s, in, reference::recurrent_forward<double>(cell, s, in), dy);
        const auto inputs = members(in);
        const auto gradients = members(back.d);
        for (std::size_t k = 0; k < inputs.size(); ++k) {
          if (inputs[k].second->empty()) continue;
          CAPTURE(inputs[k].first);
          const auto f = [&](const Array<Complex>& p) {
            reference::RecurrentArrays<Complex> lifted;
            const auto to = members(lifted);
            for (std::size_t j = 0; j < inputs.size(); ++j) to[j].second->assign(inputs[j].second->begin(), inputs[j].second->end());
            *to[k].second = p;
            return reference::recurrent_forward<Complex>(cell, s, lifted).y;
          };
          CHECK(distance(*gradients[k].second, reference::complex_step(f, *inputs[k].second, dy)) < kComplexStep);
        }
      }
    }
  }
}

TEMPLATE_TEST_CASE("recurrent layers agree with their reference and add to gradients", "[ops][recurrent][gradient]", float, double) {
  using T = TestType;
  for (const Cell cell : kCells) {
    for (const RecurrentShape s : {RecurrentShape{1, 1, 2, 3}, RecurrentShape{2, 5, 3, 4}, RecurrentShape{3, 7, 11, 17}}) {
      for (const std::uint64_t seed : {1u, 2u, 3u}) {
        compare<T>(cell, s, seed, true, kValue<T>, kGradient<T>);
        compare<T>(cell, s, seed, false, kValue<T>, kGradient<T>);
      }
    }
  }
}

TEST_CASE("recurrent layers work for every length from 1 to 9", "[ops][recurrent]") {
  for (const Cell cell : kCells)
    for (std::size_t T = 1; T <= 9; ++T) compare<double>(cell, {2, T, 3, 5}, T, T % 2 == 0, kValue<double>, kGradient<double>);
}

TEST_CASE("recurrent layers work for every state size from 1 to 67", "[ops][recurrent]") {
  for (const Cell cell : kCells)
    for (std::size_t H = 1; H <= 67; ++H) compare<float>(cell, {2, 3, 2, H}, H, true, 3e-6, 2e-5);
}

TEST_CASE("recurrent layers leave out the gradients that nobody wants", "[ops][recurrent]") {
  const RecurrentShape s{2, 4, 3, 5};
  for (const Cell cell : kCells) {
    const Arrays in = made_inputs(cell, s, 4);
    const Doubles dy = values(s.B * s.T * s.H, 5);
    auto all = run_cell<float>(cell, s, in, dy, all_gradients<float>(cell, s));
    const auto want = members(all.d);
    for (std::size_t k = 0; k < want.size(); ++k) {
      CAPTURE(name_of(cell), want[k].first);
      reference::RecurrentArrays<float> only;
      members(only)[k].second->resize(want[k].second->size());
      auto r = run_cell<float>(cell, s, in, dy, only);
      const auto got = members(r.d);
      CHECK(*got[k].second == *want[k].second);
      CHECK(r.dh == all.dh);
      for (std::size_t j = 0; j < got.size(); ++j) CHECK((j == k || got[j].second->empty()));
    }
  }
}

TEST_CASE("running a sequence step by step gives the bits of running it at once", "[ops][recurrent]") {
  const RecurrentShape whole{3, 6, 4, 9}, single{3, 1, 4, 9};
  for (const Cell cell : kCells) {
    CAPTURE(name_of(cell));
    const Arrays in = made_inputs(cell, whole, 8);
    const auto all = run_cell<float>(cell, whole, in, {}, {});
    Arrays step = in;
    for (std::size_t t = 0; t < whole.T; ++t) {
      step.x.clear();
      for (std::size_t b = 0; b < whole.B; ++b)
        for (std::size_t i = 0; i < whole.I; ++i) step.x.push_back(in.x[(b * whole.T + t) * whole.I + i]);
      const auto one = run_cell<float>(cell, single, step, {}, {});
      for (std::size_t b = 0; b < whole.B; ++b)
        for (std::size_t k = 0; k < whole.H; ++k) CHECK(one.y[b * whole.H + k] == all.y[(b * whole.T + t) * whole.H + k]);
      step.h0 = doubles(one.y);
      if (cell == Cell::lstm) step.c0 = doubles(one.extra);
    }
  }
}

}  // namespace x2g
