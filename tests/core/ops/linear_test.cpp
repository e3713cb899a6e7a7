#include "x2g/ops/linear.hpp"

#include <catch2/catch_template_test_macros.hpp>

#include "core/ops/op_check.hpp"
#include "reference/linear.hpp"

namespace x2g {
namespace {

using namespace test;
using reference::Array;
using reference::Complex;

constexpr LinearShape kShapes[] = {{3, 2, 4}, {5, 7, 1}, {17, 33, 19}};
constexpr std::uint64_t kSeeds[] = {1, 2, 3};

template <class T>
struct Run {
  std::vector<T> y;
  Gradient<T> dx, dW, db;
};

template <class T>
Run<T> run(const LinearShape& s, const Doubles& x, const Doubles& W, const Doubles& b, const Doubles& dy) {
  Run<T> r{std::vector<T>(s.N * s.O), Gradient<T>(s.N * s.I), Gradient<T>(s.O * s.I), Gradient<T>(s.O)};
  const auto tx = as<T>(x), tW = as<T>(W), tb = as<T>(b), tdy = as<T>(dy);
  std::vector<T> scratch(linear_scratch(s));
  linear_forward<T>(s, tx, tW, tb, r.y, scratch);
  linear_backward<T>(s, tx, tW, tdy, r.dx.span(), r.dW.span(), r.db.span(), scratch);
  return r;
}

}  // namespace

TEST_CASE("linear computes x Wᵀ + b as on paper", "[ops][linear]") {
  const std::vector<float> x{1, 2, -1, 0.5f}, W{1, 0, 2, -1, 0, 3}, b{10, 20, 30};
  std::vector<float> y(6), scratch(linear_scratch({2, 2, 3}));
  linear_forward<float>({2, 2, 3}, x, W, b, y, scratch);
  CHECK(y == std::vector<float>{11, 20, 36, 9, 17.5f, 31.5f});
  linear_forward<float>({2, 2, 3}, x, W, {}, y, scratch);
  CHECK(y == std::vector<float>{1, 0, 6, -1, -2.5f, 1.5f});
}

TEST_CASE("linear backward gives the gradients worked out by hand", "[ops][linear]") {
  const std::vector<float> x{1, 2, -1, 0.5f}, W{1, 0, 2, -1, 0, 3}, dy{1, 0, 2, 0, -1, 0};
  std::vector<float> dx(4, 100), dW(6, 200), db(3, 300), scratch(linear_scratch({2, 2, 3}));
  linear_backward<float>({2, 2, 3}, x, W, dy, dx, dW, db, scratch);
  CHECK(dx == std::vector<float>{101, 106, 98, 101});
  CHECK(dW == std::vector<float>{201, 202, 201, 199.5f, 202, 204});
  CHECK(db == std::vector<float>{301, 299, 302});
}

TEST_CASE("the linear reference's gradients are those of the complex step", "[ops][linear][gradient]") {
  for (const LinearShape s : {kShapes[0], kShapes[1], LinearShape{4, 5, 6}}) {
    for (const auto seed : kSeeds) {
      const Doubles x = values(s.N * s.I, seed), W = values(s.O * s.I, seed + 10), b = values(s.O, seed + 20);
      const Doubles dy = values(s.N * s.O, seed + 30);
      const auto g = reference::linear_backward<double>(s, x, W, dy);
      const auto lift = [](const Doubles& v) { return Array<Complex>(v.begin(), v.end()); };
      const auto by_x = [&](const Array<Complex>& p) { return reference::linear_forward(s, p, lift(W), lift(b)); };
      const auto by_W = [&](const Array<Complex>& p) { return reference::linear_forward(s, lift(x), p, lift(b)); };
      const auto by_b = [&](const Array<Complex>& p) { return reference::linear_forward(s, lift(x), lift(W), p); };
      CHECK(distance(g.dx, reference::complex_step(by_x, x, dy)) < kComplexStep);
      CHECK(distance(g.dW, reference::complex_step(by_W, W, dy)) < kComplexStep);
      CHECK(distance(g.db, reference::complex_step(by_b, b, dy)) < kComplexStep);
    }
  }
}

TEMPLATE_TEST_CASE("linear agrees with its reference and adds to gradients", "[ops][linear][gradient]", float, double) {
  for (const LinearShape& s : kShapes) {
    for (const auto seed : kSeeds) {
      CAPTURE(s.N, s.I, s.O, seed);
      const Doubles x = values(s.N * s.I, seed), W = values(s.O * s.I, seed + 10), b = values(s.O, seed + 20);
      const Doubles dy = values(s.N * s.O, seed + 30);
      const auto r = run<TestType>(s, x, W, b, dy);
      const auto g = reference::linear_backward<double>(s, x, W, dy);
      CHECK(distance(r.y, reference::linear_forward<double>(s, x, W, b)) < kValue<TestType>);
      CHECK(distance(r.dx.value, r.dx.with(g.dx)) < kGradient<TestType>);
      CHECK(distance(r.dW.value, r.dW.with(g.dW)) < kGradient<TestType>);
      CHECK(distance(r.db.value, r.db.with(g.db)) < kGradient<TestType>);
    }
  }
}

TEST_CASE("linear works for every size from 0 to 67", "[ops][linear]") {
  for (std::size_t n = 0; n <= 67; ++n) {
    for (const LinearShape s : {LinearShape{n, 5, 3}, LinearShape{3, n, 5}, LinearShape{5, 3, n}, LinearShape{n, n, n}}) {
      CAPTURE(s.N, s.I, s.O);
      const Doubles x = values(s.N * s.I, n), W = values(s.O * s.I, n + 10), b = values(s.O, n + 20);
      const Doubles dy = values(s.N * s.O, n + 30);
      const auto r = run<float>(s, x, W, b, dy);
      const auto g = reference::linear_backward<double>(s, x, W, dy);
      // normalized mean square error of a product at most 1e-12, so its norm at most 1e-6
      CHECK(distance(r.y, reference::linear_forward<double>(s, x, W, b)) < 1e-6);
      CHECK(distance(r.dx.value, r.dx.with(g.dx)) < 1e-6);
      CHECK(distance(r.dW.value, r.dW.with(g.dW)) < 1e-6);
      CHECK(distance(r.db.value, r.db.with(g.db)) < 1e-6);
    }
  }
}

TEST_CASE("linear leaves out the gradients that nobody wants", "[ops][linear]") {
  const LinearShape s{3, 2, 4};
  const auto x = as<float>(values(6, 1)), W = as<float>(values(8, 2)), dy = as<float>(values(12, 3));
  std::vector<float> scratch(linear_scratch(s)), all_dx(6), all_dW(8), all_db(4), dx(6), dW(8), db(4);
  linear_backward<float>(s, x, W, dy, all_dx, all_dW, all_db, scratch);
  linear_backward<float>(s, x, W, dy, dx, {}, {}, scratch);
  linear_backward<float>(s, x, W, dy, {}, dW, {}, scratch);
  linear_backward<float>(s, x, W, dy, {}, {}, db, scratch);
  CHECK(dx == all_dx);
  CHECK(dW == all_dW);
  CHECK(db == all_db);
}

}  // namespace x2g
