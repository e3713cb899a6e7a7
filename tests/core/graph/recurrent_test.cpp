// Recurrent layers as nodes of a graph: against the same layer written out step by step, every gradient, shapes that do not fit.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <utility>

#include "support/op_graph.hpp"
#include "x2g/base/text.hpp"
#include "x2g/nn/compose.hpp"

namespace x2g {
namespace {

using namespace test;
using Catch::Matchers::ContainsSubstring;

constexpr std::uint32_t kB = 2, kI = 3, kH = 4;

/// One layer on a made-up sequence of length T; the sequence and the first states are parameters so that their gradients are checked too.
GraphSpec layer(OpKind kind, std::uint32_t T, Activation f = Activation::tanh, bool bias = true, bool first = true) {
  const std::uint32_t G = kind == OpKind::lstm ? 4 : kind == OpKind::gru ? 3 : 1;
  const Init wide{Init::Kind::uniform, 0.8};
  GraphSpec g;
  std::vector<TensorId> in{g.parameter("x", {kB, T, kI}, wide, false), g.parameter("W_ih", {G * kH, kI}, wide, true),
                           g.parameter("W_hh", {G * kH, kH}, wide, true)};
  in.push_back(bias ? g.parameter("b_ih", {G * kH}, wide, false) : kNoTensor);
  in.push_back(bias ? g.parameter("b_hh", {G * kH}, wide, false) : kNoTensor);
  in.push_back(first ? g.parameter("h0", {kB, kH}, wide, false) : kNoTensor);
  if (kind == OpKind::lstm) in.push_back(first ? g.parameter("c0", {kB, kH}, wide, false) : kNoTensor);
  OpAttributes a;
  a.activation = f;
  end_with_mse(g, g.op(kind, "h", in, a));
  return g;
}

/// The same layer written out of small ops, a loss for each step, their sum. The states are h_0, h_1, …
GraphSpec unrolled(OpKind kind, std::uint32_t T, Activation f) {
  const std::uint32_t G = kind == OpKind::lstm ? 4 : kind == OpKind::gru ? 3 : 1;
  GraphSpec g;
  const TensorId W_ih = g.parameter("W_ih", {G * kH, kI}, {}, true), W_hh = g.parameter("W_hh", {G * kH, kH}, {}, true);
  const TensorId b_ih = g.parameter("b_ih", {G * kH}, {}, false), b_hh = g.parameter("b_hh", {G * kH}, {}, false);
  TensorId h = g.parameter("h0", {kB, kH}, {}, false), c = kind == OpKind::lstm ? g.parameter("c0", {kB, kH}, {}, false) : kNoTensor;
  TensorId loss = kNoTensor;
  for (std::uint32_t t = 0; t < T; ++t) {
    const auto at = [t](const char* name) { return text(name, "_", t); };
    const TensorId x = g.parameter(at("x"), {kB, kI}, {}, false);
    const TensorId a = g.linear(at("a"), x, W_ih, b_ih), u = g.linear(at("u"), h, W_hh, b_hh);
    if (kind == OpKind::rnn) {
      h = g.activation(at("h"), g.add(at("pre"), a, u), f);
    } else if (kind == OpKind::lstm) {
      const auto part = split(g, at("pre"), g.add(at("sum"), a, u), 1, 4);
      const TensorId i = g.activation(at("i"), part[0], Activation::sigmoid), forget = g.activation(at("f"), part[1], Activation::sigmoid);
      const TensorId in = g.activation(at("g"), part[2], Activation::tanh), o = g.activation(at("o"), part[3], Activation::sigmoid);
      c = g.add(at("c"), mul(g, at("kept"), forget, c), mul(g, at("new"), i, in));
      h = mul(g, at("h"), o, g.activation(at("bent"), c, Activation::tanh));
    } else {
      const auto from_x = split(g, at("from_x"), a, 1, 3), from_h = split(g, at("from_h"), u, 1, 3);
      const TensorId r = g.activation(at("r"), g.add(at("pre_r"), from_x[0], from_h[0]), Activation::sigmoid);
      const TensorId z = g.activation(at("z"), g.add(at("pre_z"), from_x[1], from_h[1]), Activation::sigmoid);
      const TensorId n = g.activation(at("n"), g.add(at("pre_n"), from_x[2], mul(g, at("rq"), r, from_h[2])), Activation::tanh);
      const TensorId change = mul(g, at("zd"), z, g.add(at("d"), h, scale(g, at("minus"), n, -1)));  // h = n + z (h − n)
      h = g.add(at("h"), n, change);
    }
    const TensorId part = g.mse(at("loss"), h, g.input(at("t"), {kB, kH}), 1.0 / T);
    loss = loss == kNoTensor ? part : g.add(at("total"), loss, part);
  }
  return g;
}

/// Step t of a (B, T, W) tensor as (B, W).
template <class Span>
Doubles step_of(const Span& v, std::uint32_t T, std::uint32_t t) {
  const std::size_t W = v.size() / kB / T;
  Doubles out;
  for (std::uint32_t b = 0; b < kB; ++b)
    for (std::size_t k = 0; k < W; ++k) out.push_back(v[(b * T + t) * W + k]);
  return out;
}
Doubles copy(std::span<const double> v) { return {v.begin(), v.end()}; }

}  // namespace

TEST_CASE("a recurrent layer is the graph of its steps, gradients at each step included", "[graph][recurrent]") {
  const std::pair<OpKind, Activation> kinds[] = {
      {OpKind::rnn, Activation::tanh}, {OpKind::rnn, Activation::relu}, {OpKind::lstm, Activation::tanh}, {OpKind::gru, Activation::tanh}};
  for (const auto& [kind, f] : kinds) {
    for (std::uint32_t T = 1; T <= 9; ++T) {
      CAPTURE(op_name(kind), activation_name(f), T);
      Graph<double> whole(layer(kind, T, f)), steps(unrolled(kind, T, f));
      fill(whole, T);
      std::vector<std::string> names{"W_ih", "W_hh", "b_ih", "b_hh", "h0"};
      if (kind == OpKind::lstm) names.emplace_back("c0");
      for (const std::string& name : names) std::ranges::copy(whole.value(name), steps.value(name).begin());
      for (std::uint32_t t = 0; t < T; ++t) {
        std::ranges::copy(step_of(whole.value("x"), T, t), steps.value(text("x_", t)).begin());
        std::ranges::copy(step_of(whole.value("t"), T, t), steps.value(text("t_", t)).begin());
      }
      CHECK(std::fabs(whole.forward() - steps.forward()) < 1e-14);
      whole.backward();
      steps.backward();
      for (const std::string& name : names) {
        CAPTURE(name);
        CHECK(distance(copy(whole.grad(name)), copy(steps.grad(name))) < 1e-12);
      }
      for (std::uint32_t t = 0; t < T; ++t) {
        CAPTURE(t);
        CHECK(distance(step_of(whole.grad("x"), T, t), copy(steps.grad(text("x_", t)))) < 1e-12);
        CHECK(distance(step_of(whole.value("h.dh"), T, t), copy(steps.grad(text("h_", t)))) < 1e-12);
      }
    }
  }
}

TEST_CASE("every gradient of a recurrent layer in a graph is right", "[graph][recurrent][gradient]") {
  for (const OpKind kind : {OpKind::rnn, OpKind::lstm, OpKind::gru}) {
    for (const std::uint32_t T : {1u, 2u, 5u}) {
      for (const bool extras : {true, false}) {
        CAPTURE(op_name(kind), T, extras);
        Graph<double> g(layer(kind, T, Activation::tanh, extras, extras));
        fill(g, 3 + T);
        check_gradients(g);
      }
    }
  }
}

TEST_CASE("a recurrent layer gives the same forward-only and in a twin", "[graph][recurrent]") {
  for (const OpKind kind : {OpKind::rnn, OpKind::lstm, OpKind::gru}) {
    const GraphSpec spec = layer(kind, 5);
    Graph<float> trained(spec), twin(spec, trained), bare(spec, {.gradients = false});
    fill(trained, 1);
    fill(bare, 1);
    std::ranges::copy(trained.value("t"), twin.value("t").begin());
    CHECK(trained.forward() == twin.forward());
    CHECK(trained.loss() == bare.forward());
    CHECK(std::ranges::equal(trained.value("h"), twin.value("h")));
  }
}

TEST_CASE("the gradient at each step shrinks by the recurrent weight, as the lesson on vanishing gradients shows", "[graph][recurrent]") {
  // h_t = relu(x_t + w h_{t−1}), one unit; only the last step is wrong by 1: dh_t = 2/T w^(T−1−t)
  constexpr std::uint32_t T = 12;
  GraphSpec g;
  OpAttributes a;
  a.activation = Activation::relu;
  const TensorId y = g.op(OpKind::rnn, "h",
                          {g.input("x", {1, T, 1}), g.parameter("W", {1, 1}, {Init::Kind::constant, 1}, true),
                           g.parameter("U", {1, 1}, {Init::Kind::constant, 0.5}, true)},
                          a);
  end_with_mse(g, y);
  Graph<double> graph(g);
  graph.initialize(1);
  std::ranges::fill(graph.value("x"), 1.0);
  graph.forward();
  std::ranges::copy(graph.value("h"), graph.value("t").begin());
  graph.value("t")[T - 1] -= 1;
  graph.forward();
  graph.backward();
  double want = 2.0 / T;
  for (std::uint32_t t = T; t-- > 0; want *= 0.5) CHECK(std::fabs(graph.value("h.dh")[t] - want) < 1e-15);
}

TEST_CASE("recurrent layers refuse shapes that do not fit, and say what would", "[graph][recurrent][reliability-6]") {
  GraphSpec g;
  const TensorId x = g.input("x", {kB, 5, kI}), flat = g.input("flat", {kB, kI});
  const TensorId W = g.parameter("W", {4 * kH, kI}, {}, true), U = g.parameter("U", {4 * kH, kH}, {}, true);
  const TensorId thin = g.parameter("thin", {3 * kH, kI}, {}, true), b = g.parameter("b", {kH}, {}, false);
  const TensorId full = g.parameter("full", {4 * kH}, {}, false), state = g.input("state", {kB + 1, kH});
  const auto refused = [&](OpKind kind, std::vector<TensorId> in) {
    CHECK(code_of([&] { g.op(kind, "y", in, {.activation = Activation::tanh}); }) == ErrorCode::shape_mismatch);
    return message_of([&] { g.op(kind, "y", in, {.activation = Activation::tanh}); });
  };
  CHECK_THAT(refused(OpKind::lstm, {flat, W, U}), ContainsSubstring("lstm: x has shape (2, 3); it must be (B, T, inputs)"));
  CHECK_THAT(refused(OpKind::lstm, {x, thin, U}), ContainsSubstring("W_ih has shape (12, 3); it must be (16, 3)"));
  CHECK_THAT(refused(OpKind::gru, {x, W, U}), ContainsSubstring("gru: W_hh has shape (16, 4); it must be (3 H, H)"));
  CHECK_THAT(refused(OpKind::rnn, {x, W, U}), ContainsSubstring("rnn: W_hh has shape (16, 4); it must be (1 H, H)"));
  CHECK_THAT(refused(OpKind::lstm, {x, W, U, b}), ContainsSubstring("b_ih has shape (4); it must be (16)"));
  CHECK_THAT(refused(OpKind::lstm, {x, W, U, full, b}), ContainsSubstring("b_hh has shape (4)"));
  CHECK_THAT(refused(OpKind::lstm, {x, W, U, full, full, state}), ContainsSubstring("h0 has shape (3, 4); it must be (2, 4)"));
  CHECK_THAT(refused(OpKind::lstm, {x, W, U, kNoTensor, kNoTensor, kNoTensor, state}), ContainsSubstring("c0 has shape (3, 4)"));
  CHECK_THAT(message_of([&] { g.op(OpKind::rnn, "y", {x, W, U}); }), ContainsSubstring("activation is identity; it must be tanh or relu"));
  CHECK(g.nodes().empty());
}

}  // namespace x2g
