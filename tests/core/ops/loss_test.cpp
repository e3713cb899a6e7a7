#include "x2g/ops/loss.hpp"

#include <catch2/catch_template_test_macros.hpp>

#include <algorithm>

#include "core/ops/op_check.hpp"
#include "reference/loss.hpp"

namespace x2g {
namespace {

using namespace test;
using reference::Array;
using reference::Complex;

template <class T>
struct Run {
  std::vector<T> p, loss;
  Gradient<T> dz;
};

template <class T>
Run<T> xent(const XentShape& s, const Doubles& z, const Doubles& t, double dloss) {
  Run<T> r{std::vector<T>(s.N * s.V), std::vector<T>(1, T(7)), Gradient<T>(s.N * s.V)};
  const auto tz = as<T>(z), tt = as<T>(t);
  const std::vector<T> seed{static_cast<T>(dloss)};
  softmax_xent_forward<T>(s, tz, tt, r.p, r.loss);
  softmax_xent_backward<T>(s, r.p, tt, seed, r.dz.span());
  return r;
}

template <class T>
Run<T> bce(const Doubles& z, const Doubles& t, double dloss) {
  Run<T> r{std::vector<T>(z.size()), std::vector<T>(1, T(7)), Gradient<T>(z.size())};
  const auto tz = as<T>(z), tt = as<T>(t);
  const std::vector<T> seed{static_cast<T>(dloss)};
  bce_logits_forward<T>(tz, tt, r.p, r.loss);
  bce_logits_backward<T>(r.p, tt, seed, r.dz.span());
  return r;
}

template <class T>
Run<T> mse(const Doubles& y, const Doubles& t, double scale, double dloss) {
  Run<T> r{{}, std::vector<T>(1, T(7)), Gradient<T>(y.size())};
  const auto ty = as<T>(y), tt = as<T>(t);
  const std::vector<T> seed{static_cast<T>(dloss)};
  mse_forward<T>(ty, tt, scale, r.loss);
  mse_backward<T>(ty, tt, scale, seed, r.dz.span());
  return r;
}

}  // namespace

TEST_CASE("cross-entropy of odds 1 to 3 is log 4 or log 4/3, as on paper", "[ops][softmax_xent]") {
  const double ln3 = std::log(3.0);
  const auto r = xent<double>({2, 2}, {0, ln3, 0, ln3}, {0, 1}, 1);
  CHECK(worst(r.p, {0.25, 0.75, 0.25, 0.75}) < 1e-15);
  CHECK(std::fabs(r.loss[0] - (std::log(4.0) + std::log(4.0 / 3)) / 2) < 1e-15);
  CHECK(distance(r.dz.value, r.dz.with({-0.375, 0.375, 0.125, -0.125})) < 1e-15);
}

TEST_CASE("rows without a target count neither in the loss nor in the gradient", "[ops][softmax_xent]") {
  const auto one = xent<float>({1, 3}, {1, 2, 3}, {2}, 1);
  const auto r = xent<float>({3, 3}, {5, 4, 3, 1, 2, 3, 9, 9, 9}, {-1, 2, -100}, 1);
  CHECK(r.loss == one.loss);
  for (std::size_t v = 0; v < 3; ++v) {
    CHECK(r.dz.value[v] == static_cast<float>(r.dz.start[v]));
    CHECK(std::fabs((r.dz.value[3 + v] - r.dz.start[3 + v]) - (one.dz.value[v] - one.dz.start[v])) < 1e-6);
    CHECK(r.dz.value[6 + v] == static_cast<float>(r.dz.start[6 + v]));
    CHECK(std::fabs(r.p[6 + v] - 1 / 3.0) < 1e-7);  // shown all the same
  }
  const auto none = xent<float>({1, 3}, {1, 2, 3}, {-1}, 1);
  CHECK(none.loss[0] == 0.0f);
  CHECK(none.dz.value == as<float>(none.dz.start));
}

TEST_CASE("label smoothing moves the target towards all classes alike, as on paper", "[ops][softmax_xent]") {
  const double ln3 = std::log(3.0);  // p = 1/4, 3/4; ε = 1/2 makes the target (1/4, 3/4) too: no gradient is left
  const auto r = xent<double>({1, 2, 0.5}, {0, ln3}, {1}, 1);
  CHECK(std::fabs(r.loss[0] - (0.25 * std::log(4.0) + 0.75 * std::log(4.0 / 3))) < 1e-15);
  CHECK(distance(r.dz.value, r.dz.with({0, 0})) < 1e-15);
  const auto ignored = xent<float>({2, 3, 0.25}, {5, 4, 3, 1, 2, 3}, {-1, 2}, 1), alone = xent<float>({1, 3, 0.25}, {1, 2, 3}, {2}, 1);
  CHECK(ignored.loss == alone.loss);
  for (std::size_t v = 0; v < 3; ++v) CHECK(ignored.dz.value[v] == static_cast<float>(ignored.dz.start[v]));
}

TEST_CASE("cross-entropy of extreme logits stays finite and exact", "[ops][softmax_xent]") {
  const auto r = xent<float>({3, 2}, {1e4, -1e4, 1e4, -1e4, -1e4, -1e4}, {1, 0, 0}, 1);
  CHECK(std::fabs(r.loss[0] - (20000 + 0 + std::log(2.0)) / 3) < 1e-3);
  CHECK(r.p == std::vector<float>{1, 0, 1, 0, 0.5f, 0.5f});
  for (const float g : r.dz.value) CHECK(std::isfinite(g));
}

TEST_CASE("the loss references' gradients are those of the complex step", "[ops][loss][gradient]") {
  for (const XentShape s : {XentShape{1, 2}, XentShape{4, 5}, XentShape{7, 11}, XentShape{4, 5, 0.1}, XentShape{7, 11, 0.75}}) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
      const std::size_t n = s.N * s.V;
      const Doubles z = values(n, seed, -4, 8), t = whole(s.N, seed, s.V), p01 = values(n, seed + 1, 0, 1);
      const auto cross = [&](const Array<Complex>& p) { return Array<Complex>{reference::softmax_xent_forward(s, p, t).loss}; };
      const auto binary = [&](const Array<Complex>& p) { return Array<Complex>{reference::bce_logits_forward(p, p01).loss}; };
      const auto square = [&](const Array<Complex>& p) { return Array<Complex>{reference::mse_forward(p, p01, 0.5)}; };
      const auto px = reference::softmax_xent_forward<double>(s, z, t).p;
      const auto pb = reference::bce_logits_forward<double>(z, p01).p;
      CHECK(distance(reference::softmax_xent_backward<double>(s, px, t, 3), reference::complex_step(cross, z, {3})) < kComplexStep);
      CHECK(distance(reference::bce_logits_backward<double>(pb, p01, 3), reference::complex_step(binary, z, {3})) < kComplexStep);
      CHECK(distance(reference::mse_backward<double>(z, p01, 0.5, 3), reference::complex_step(square, z, {3})) < kComplexStep);
    }
  }
}

TEMPLATE_TEST_CASE("losses agree with their references and add to gradients", "[ops][loss][gradient]", float, double) {
  const double value = kValue<TestType>, gradient = kGradient<TestType>;
  for (const XentShape s : {XentShape{1, 2}, XentShape{4, 5}, XentShape{33, 65}, XentShape{4, 5, 0.1}, XentShape{33, 65, 0.75}}) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
      CAPTURE(s.N, s.V, seed);
      const std::size_t n = s.N * s.V;
      const Doubles z = values(n, seed, -4, 8), p01 = values(n, seed + 1, 0, 1);
      Doubles t = whole(s.N, seed, s.V);
      if (s.N > 3) t[2] = -1;

      const auto x = xent<TestType>(s, z, t, 0.75);
      const auto rx = reference::softmax_xent_forward<double>(s, z, t);
      CHECK(distance(x.p, rx.p) < value);
      CHECK(worst(x.loss, {rx.loss}, 1) < value);  // log Σ is known to an ulp of 1, not of itself
      CHECK(distance(x.dz.value, x.dz.with(reference::softmax_xent_backward<double>(s, rx.p, t, 0.75))) < gradient);

      const auto b = bce<TestType>(z, p01, 0.75);
      const auto rb = reference::bce_logits_forward<double>(z, p01);
      CHECK(distance(b.p, rb.p) < value);
      CHECK(distance(b.loss, {rb.loss}) < value);
      CHECK(distance(b.dz.value, b.dz.with(reference::bce_logits_backward<double>(rb.p, p01, 0.75))) < gradient);

      const auto m = mse<TestType>(z, p01, 0.5, 0.75);
      CHECK(distance(m.loss, {reference::mse_forward<double>(z, p01, 0.5)}) < value);
      CHECK(distance(m.dz.value, m.dz.with(reference::mse_backward<double>(z, p01, 0.5, 0.75))) < gradient);
    }
  }
}

TEST_CASE("losses work for every width and length up to 67", "[ops][loss]") {
  for (std::size_t n = 0; n <= 67; ++n) {
    CAPTURE(n);
    const Doubles z = values(3 * n, n, -4, 8), t = n ? whole(3, n, n) : Doubles{}, p01 = values(3 * n, n + 1, 0, 1);
    if (n > 0) {
      const auto r = xent<float>({3, n}, z, t, 1);
      CHECK(worst(r.loss, {reference::softmax_xent_forward<double>({3, n}, z, t).loss}, 1) < 1e-6);
      const auto no_rows = xent<float>({0, n}, {}, {}, 1);
      CHECK(no_rows.loss[0] == 0.0f);
    }
    const auto b = bce<float>(z, p01, 1);
    const auto m = mse<float>(z, p01, 1, 1);
    if (n == 0) {
      CHECK(b.loss[0] == 0.0f);
      CHECK(m.loss[0] == 0.0f);
      continue;
    }
    CHECK(distance(b.loss, {reference::bce_logits_forward<double>(z, p01).loss}) < 1e-6);
    CHECK(distance(m.loss, {reference::mse_forward<double>(z, p01, 1)}) < 1e-6);
  }
}

TEST_CASE("binary cross-entropy is log 2 at 0 and stays finite far out", "[ops][bce]") {
  const auto middle = bce<double>({0, 0}, {0, 1}, 1);
  CHECK(std::fabs(middle.loss[0] - std::log(2.0)) < 1e-15);
  CHECK(distance(middle.dz.value, middle.dz.with({0.25, -0.25})) < 1e-15);
  const auto far = bce<float>({1e4, -1e4, 1e4, -1e4}, {0, 1, 1, 0}, 1);
  CHECK(far.loss[0] == 5000.0f);
  CHECK(far.p == std::vector<float>{1, 0, 1, 0});
  CHECK(bce<float>({30}, {1}, 1).loss[0] > 0.0f);  // e^−30, not rounded to nothing
}

TEST_CASE("mean square error counts whole or half squares", "[ops][mse]") {
  const auto whole_squares = mse<double>({1, 5}, {0, 2}, 1, 1), half = mse<double>({1, 5}, {0, 2}, 0.5, 1);
  CHECK(whole_squares.loss[0] == 5);
  CHECK(half.loss[0] == 2.5);
  CHECK(distance(whole_squares.dz.value, whole_squares.dz.with({1, 3})) < 1e-15);
  CHECK(distance(half.dz.value, half.dz.with({0.5, 1.5})) < 1e-15);
}

TEST_CASE("softmax sharpens as its temperature falls", "[ops][softmax]") {
  const std::vector<double> z{0, std::log(3.0)};
  std::vector<double> p(2);
  softmax_row<double>(z, 1, p);
  CHECK(worst(p, {0.25, 0.75}) < 1e-15);
  softmax_row<double>(z, 0.5, p);
  CHECK(worst(p, {0.1, 0.9}) < 1e-15);
  softmax_row<double>(z, 1e9, p);
  CHECK(worst(p, {0.5, 0.5}) < 1e-8);
}

TEST_CASE("losses leave out the gradients that nobody wants", "[ops][loss]") {
  const std::vector<float> p{0.25f, 0.75f}, t{1}, pair{0, 1}, one{1};
  // writing through an empty span would end the program
  CHECK_NOTHROW(softmax_xent_backward<float>({1, 2}, p, t, one, {}));
  CHECK_NOTHROW(bce_logits_backward<float>(p, pair, one, {}));
  CHECK_NOTHROW(mse_backward<float>(p, pair, 1, one, {}));
}

}  // namespace x2g
