#include "x2g/ops/layernorm.hpp"

#include <catch2/catch_template_test_macros.hpp>

#include "core/ops/op_check.hpp"
#include "reference/layernorm.hpp"

namespace x2g {
namespace {

using namespace test;
using reference::Array;
using reference::Complex;

template <class T>
struct Run {
  std::vector<T> y, mean, rstd;
  Gradient<T> dx, dw, db;
};

template <class T>
Run<T> run(const LayerNormShape& s, const Doubles& x, const Doubles& w, const Doubles& b, const Doubles& dy) {
  Run<T> r{std::vector<T>(s.N * s.C), std::vector<T>(s.N), std::vector<T>(s.N), Gradient<T>(s.N * s.C), Gradient<T>(s.C), Gradient<T>(s.C)};
  const auto tx = as<T>(x), tw = as<T>(w), tb = as<T>(b), tdy = as<T>(dy);
  layernorm_forward<T>(s, tx, tw, tb, r.y, r.mean, r.rstd);
  layernorm_backward<T>(s, tx, tw, r.mean, r.rstd, tdy, r.dx.span(), r.dw.span(), r.db.span());
  return r;
}

template <class T>
void compare(const LayerNormShape& s, std::uint64_t seed, double value_bound, double gradient_bound) {
  CAPTURE(s.N, s.C, seed);
  const Doubles x = values(s.N * s.C, seed, -2, 4), w = values(s.C, seed + 10), b = values(s.C, seed + 20);
  const Doubles dy = values(s.N * s.C, seed + 30);
  const auto r = run<T>(s, x, w, b, dy);
  const auto clear = reference::layernorm_forward<double>(s, x, w, b);
  const auto g = reference::layernorm_backward<double>(s, x, w, clear, dy);
  CHECK(distance(r.y, clear.y) < value_bound);
  CHECK(worst(r.mean, clear.mean, 1) < value_bound);
  CHECK(worst(r.rstd, clear.rstd) < value_bound);
  CHECK(distance(r.dx.value, r.dx.with(g.dx)) < gradient_bound);
  CHECK(distance(r.dw.value, r.dw.with(g.dw)) < gradient_bound);
  CHECK(distance(r.db.value, r.db.with(g.db)) < gradient_bound);
}

}  // namespace

TEST_CASE("layernorm centers and scales a row, as on paper", "[ops][layernorm]") {
  // mean 2, deviations −1 and 1, variance 1
  const std::vector<float> x{1, 3}, w{2, 5}, b{10, 20};
  std::vector<float> y(2), mean(1), rstd(1);
  layernorm_forward<float>({1, 2}, x, w, b, y, mean, rstd);
  const double r = 1 / std::sqrt(1 + kLayerNormEps);
  CHECK(mean[0] == 2);
  CHECK(std::fabs(rstd[0] - r) < 1e-7);
  CHECK(std::fabs(y[0] - (10 - 2 * r)) < 1e-6);
  CHECK(std::fabs(y[1] - (20 + 5 * r)) < 2e-6);
  layernorm_forward<float>({1, 2}, x, w, {}, y, mean, rstd);
  CHECK(std::fabs(y[0] + 2 * r) < 1e-6);
}

TEST_CASE("a constant row normalizes to the bias", "[ops][layernorm]") {
  const std::vector<float> x(67, 3.5f), w(67, 2), b(67, -1);
  std::vector<float> y(67), mean(1), rstd(1);
  layernorm_forward<float>({1, 67}, x, w, b, y, mean, rstd);
  CHECK(y == b);
  CHECK(std::fabs(rstd[0] - 316.22776f) < 1e-3);  // 1/√ε
}

TEST_CASE("layernorm survives a mean far from zero", "[ops][layernorm]") {
  Doubles x = values(128, 4);
  for (double& v : x) v = static_cast<float>(v + 1000);
  const Doubles w(128, 1.0);
  const auto r = run<float>({1, 128}, x, w, {}, values(128, 5));
  CHECK(distance(r.y, reference::layernorm_forward<double>({1, 128}, x, w, {}).y) < 1e-3);  // the mean is held to 6e-5
}

TEST_CASE("the layernorm reference's gradients are those of the complex step", "[ops][layernorm][gradient]") {
  for (const LayerNormShape s : {LayerNormShape{2, 3}, LayerNormShape{3, 5}, LayerNormShape{4, 16}}) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
      const Doubles x = values(s.N * s.C, seed, -2, 4), w = values(s.C, seed + 10), b = values(s.C, seed + 20);
      const Doubles dy = values(s.N * s.C, seed + 30);
      const auto saved = reference::layernorm_forward<double>(s, x, w, b);
      const auto g = reference::layernorm_backward<double>(s, x, w, saved, dy);
      const auto lift = [](const Doubles& v) { return Array<Complex>(v.begin(), v.end()); };
      const auto by_x = [&](const Array<Complex>& p) { return reference::layernorm_forward(s, p, lift(w), lift(b)).y; };
      const auto by_w = [&](const Array<Complex>& p) { return reference::layernorm_forward(s, lift(x), p, lift(b)).y; };
      const auto by_b = [&](const Array<Complex>& p) { return reference::layernorm_forward(s, lift(x), lift(w), p).y; };
      CHECK(distance(g.dx, reference::complex_step(by_x, x, dy)) < kComplexStep);
      CHECK(distance(g.dw, reference::complex_step(by_w, w, dy)) < kComplexStep);
      CHECK(distance(g.db, reference::complex_step(by_b, b, dy)) < kComplexStep);
    }
  }
}

TEMPLATE_TEST_CASE("layernorm agrees with its reference and adds to gradients", "[ops][layernorm][gradient]", float, double) {
  for (const LayerNormShape s : {LayerNormShape{3, 5}, LayerNormShape{4, 16}, LayerNormShape{6, 700}}) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) compare<TestType>(s, seed, kValue<TestType>, kGradient<TestType>);
  }
}

TEST_CASE("layernorm works for every width from 1 to 67 and for no rows", "[ops][layernorm]") {
  for (std::size_t n = 1; n <= 67; ++n) compare<float>({3, n}, n, 3e-6, 1e-5);
  compare<float>({0, 8}, 1, 1e-6, 1e-5);
}

TEST_CASE("layernorm leaves out the gradients that nobody wants", "[ops][layernorm]") {
  const LayerNormShape s{3, 300};  // more than one chunk
  const auto x = as<float>(values(900, 1)), w = as<float>(values(300, 2)), dy = as<float>(values(900, 3));
  std::vector<float> y(900), mean(3), rstd(3), all_dx(900), all_dw(300), all_db(300), dx(900), dw(300), db(300);
  layernorm_forward<float>(s, x, w, {}, y, mean, rstd);
  layernorm_backward<float>(s, x, w, mean, rstd, dy, all_dx, all_dw, all_db);
  layernorm_backward<float>(s, x, w, mean, rstd, dy, dx, {}, {});
  layernorm_backward<float>(s, x, w, mean, rstd, dy, {}, dw, {});
  layernorm_backward<float>(s, x, w, mean, rstd, dy, {}, {}, db);
  CHECK(dx == all_dx);
  CHECK(dw == all_dw);
  CHECK(db == all_db);
}

}  // namespace x2g
