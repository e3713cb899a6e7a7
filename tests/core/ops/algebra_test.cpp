// Mul, scale, sin, matmul, softmax, sum and mean: by hand, and float and double against the clear versions and the complex step.
#include <catch2/catch_template_test_macros.hpp>

#include "core/ops/op_check.hpp"
#include "reference/algebra.hpp"
#include "x2g/ops/elementwise.hpp"

namespace x2g {
namespace {

using namespace test;
using reference::Array;
using reference::Complex;
using reference::complex_step;

Array<Complex> lift(const Doubles& v) { return Array<Complex>(v.begin(), v.end()); }

template <class T>
void check_matmul(const MatmulShape& s, std::uint64_t seed) {
  CAPTURE(s.batch, s.M, s.N, s.K, s.transposed, seed);
  const Doubles a = values(s.batch * s.M * s.K, seed), b = values(s.batch * s.K * s.N, seed + 1),
                dy = values(s.batch * s.M * s.N, seed + 2);
  const auto ta = as<T>(a), tb = as<T>(b), tdy = as<T>(dy);
  std::vector<T> y(dy.size()), scratch(matmul_scratch(s));
  Gradient<T> da(a.size()), db(b.size()), only_a(a.size()), only_b(b.size());
  matmul_forward<T>(s, ta, tb, y, scratch);
  CHECK(distance(y, reference::matmul<double>(s, a, b)) < kValue<T>);
  matmul_backward<T>(s, ta, tb, tdy, da.span(), db.span(), scratch);
  matmul_backward<T>(s, ta, tb, tdy, only_a.span(), {}, scratch);
  matmul_backward<T>(s, ta, tb, tdy, {}, only_b.span(), scratch);
  CHECK(only_a.value == da.value);
  CHECK(only_b.value == db.value);
  // y is linear in a and in b: their gradients are products of dy with the other
  Doubles by_a(a.size()), by_b(b.size());
  for (std::size_t n = 0; n < s.batch; ++n) {
    for (std::size_t i = 0; i < s.M; ++i) {
      for (std::size_t j = 0; j < s.N; ++j) {
        for (std::size_t k = 0; k < s.K; ++k) {
          const std::size_t at_a = (n * s.M + i) * s.K + k, at_b = n * s.K * s.N + (s.transposed ? j * s.K + k : k * s.N + j);
          by_a[at_a] += dy[(n * s.M + i) * s.N + j] * b[at_b];
          by_b[at_b] += dy[(n * s.M + i) * s.N + j] * a[at_a];
        }
      }
    }
  }
  CHECK(distance(da.value, da.with(by_a)) < kGradient<T>);
  CHECK(distance(db.value, db.with(by_b)) < kGradient<T>);
  if (a.size() > 200) return;
  CHECK(distance(by_a, complex_step([&](const Array<Complex>& p) { return reference::matmul(s, p, lift(b)); }, a, dy)) < kComplexStep);
  CHECK(distance(by_b, complex_step([&](const Array<Complex>& p) { return reference::matmul(s, lift(a), p); }, b, dy)) < kComplexStep);
}

template <class T>
void check_softmax(const SoftmaxShape& s, std::uint64_t seed) {
  CAPTURE(s.N, s.C, s.causal, seed);
  const Doubles x = values(s.N * s.C, seed, -4, 8), dy = values(x.size(), seed + 1);
  const auto tx = as<T>(x), tdy = as<T>(dy);
  std::vector<T> y(x.size(), T(7));
  Gradient<T> dx(x.size());
  softmax_forward<T>(s, tx, y);
  softmax_backward<T>(s, y, tdy, dx.span());
  softmax_backward<T>(s, y, tdy, {});
  CHECK(distance(y, reference::softmax<double>(s, x)) < kValue<T>);
  if (x.size() > 1500) return;
  const auto f = [&](const Array<Complex>& p) { return reference::softmax(s, p); };
  CHECK(distance(dx.value, dx.with(complex_step(f, x, dy))) < kGradient<T>);
}

template <class T>
void check_reduce(const ReduceShape& s, std::uint64_t seed) {
  CAPTURE(s.outer, s.n, s.inner, s.mean, seed);
  const Doubles x = values(s.outer * s.n * s.inner, seed), dy = values(s.outer * s.inner, seed + 1);
  const auto tx = as<T>(x), tdy = as<T>(dy);
  std::vector<T> y(dy.size(), T(7));
  Gradient<T> dx(x.size());
  reduce_forward<T>(s, tx, y);
  reduce_backward<T>(s, tdy, dx.span());
  reduce_backward<T>(s, tdy, {});
  CHECK(worst(y, reference::reduce<double>(s, x), s.mean ? 1 : static_cast<double>(s.n)) < kValue<T>);  // relative to the terms
  const auto f = [&](const Array<Complex>& p) { return reference::reduce(s, p); };
  CHECK(distance(dx.value, dx.with(complex_step(f, x, dy))) < kGradient<T>);
}

}  // namespace

TEMPLATE_TEST_CASE("add and mul repeat a shorter operand over the rows of the longer", "[ops][add][mul][gradient]", float, double) {
  for (const std::size_t rows : {1u, 2u, 5u}) {
    for (std::size_t width = 1; width <= 67; ++width) {
      CAPTURE(rows, width);
      const Doubles a = values(rows * width, 1), b = values(width, 2), dy = values(rows * width, 3);
      const auto ta = as<TestType>(a), tb = as<TestType>(b), tdy = as<TestType>(dy);
      std::vector<TestType> plus(a.size()), times(a.size());
      Gradient<TestType> da(a.size()), db(width), ma(a.size()), mb(width), only(width);
      add_forward<TestType>(ta, tb, plus);
      add_backward<TestType>(tdy, da.span(), db.span());
      mul_forward<TestType>(ta, tb, times);
      mul_backward<TestType>(ta, tb, tdy, ma.span(), mb.span());
      CHECK(distance(plus, reference::add(a, b)) < kValue<TestType>);
      CHECK(distance(times, reference::mul(a, b)) < kValue<TestType>);
      CHECK(distance(da.value, da.with(complex_step([&](const auto& p) { return reference::add(p, lift(b)); }, a, dy))) <
            kGradient<TestType>);
      CHECK(distance(db.value, db.with(complex_step([&](const auto& p) { return reference::add(lift(a), p); }, b, dy))) <
            kGradient<TestType>);
      CHECK(distance(ma.value, ma.with(complex_step([&](const auto& p) { return reference::mul(p, lift(b)); }, a, dy))) <
            kGradient<TestType>);
      CHECK(distance(mb.value, mb.with(complex_step([&](const auto& p) { return reference::mul(lift(a), p); }, b, dy))) <
            kGradient<TestType>);
      mul_backward<TestType>(ta, tb, tdy, {}, only.span());
      CHECK(only.value == mb.value);
      mul_backward<TestType>(ta, tb, tdy, {}, {});
    }
  }
}

TEST_CASE("a square has twice the gradient of a product", "[ops][mul]") {
  const std::vector<float> x{2, -3}, dy{1, 10};
  std::vector<float> y(2), dx(2);
  mul_forward<float>(x, x, y);
  CHECK(y == std::vector<float>{4, 9});
  mul_backward<float>(x, x, dy, dx, dx);
  CHECK(dx == std::vector<float>{4, -60});
}

TEMPLATE_TEST_CASE("scale multiplies, forward and backward", "[ops][scale]", float, double) {
  for (std::size_t n = 0; n <= 67; ++n) {
    const Doubles x = values(n, 1), dy = values(n, 2);
    const auto tx = as<TestType>(x), tdy = as<TestType>(dy);
    std::vector<TestType> y(n);
    Gradient<TestType> dx(n);
    scale_forward<TestType>(-0.75, tx, y);
    scale_backward<TestType>(-0.75, tdy, dx.span());
    scale_backward<TestType>(-0.75, tdy, {});
    Doubles expected(dy);
    for (std::size_t i = 0; i < n; ++i) {
      CHECK(y[i] == static_cast<TestType>(-0.75 * x[i]));
      expected[i] *= -0.75;
    }
    CHECK(distance(dx.value, dx.with(expected)) < kGradient<TestType>);
  }
}

TEMPLATE_TEST_CASE("sin agrees with its reference on many turns either way and adds to gradients", "[ops][sin][gradient]", float, double) {
  for (const double reach : {1.0, 8.0, 64.0}) {
    for (std::size_t n = 1; n <= 67; ++n) {
      CAPTURE(reach, n);
      const Doubles x = values(n, n, -reach, 2 * reach), dy = values(n, n + 1);
      const auto tx = as<TestType>(x), tdy = as<TestType>(dy);
      std::vector<TestType> y(n);
      Gradient<TestType> dx(n);
      sin_forward<TestType>(tx, y);
      sin_backward<TestType>(tx, tdy, dx.span());
      sin_backward<TestType>(tx, tdy, {});
      CHECK(distance(y, reference::sin(x)) < 64 * kValue<TestType>);
      const auto f = [](const Array<Complex>& p) { return reference::sin(p); };
      CHECK(distance(dx.value, dx.with(complex_step(f, x, dy))) < kGradient<TestType>);
    }
  }
}

TEST_CASE("sin is odd to the last bit, 0 at 0, and exact to double near it", "[ops][sin]") {
  const std::vector<double> x{0, 1e-9, -1e-9, 1.5707963267948966, -1.5707963267948966, 1, -1};
  std::vector<double> y(x.size()), dx(x.size());
  sin_forward<double>(x, y);
  CHECK(worst(y, {0, 1e-9, -1e-9, 1, -1, 0.8414709848078965, -0.8414709848078965}) < 1e-15);
  CHECK(y[2] == -y[1]);
  CHECK(y[6] == -y[5]);
  sin_backward<double>(x, std::vector<double>(x.size(), 1.0), dx);
  CHECK(worst(dx, {1, 1, 1, 0, 0, 0.5403023058681398, 0.5403023058681398}, 1) < 1e-15);
}

TEST_CASE("a product of two small matrices is that on paper, either way round", "[ops][matmul]") {
  const std::vector<float> a{1, 2, 3, 4}, b{5, 6, 7, 8};
  std::vector<float> y(4), scratch(matmul_scratch({1, 2, 2, 2}));
  matmul_forward<float>({1, 2, 2, 2}, a, b, y, scratch);
  CHECK(y == std::vector<float>{19, 22, 43, 50});
  matmul_forward<float>({1, 2, 2, 2, true}, a, b, y, scratch);
  CHECK(y == std::vector<float>{17, 23, 39, 53});
}

TEMPLATE_TEST_CASE("matmul agrees with its reference and adds to gradients", "[ops][matmul][gradient]", float, double) {
  for (const bool transposed : {false, true}) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
      for (const MatmulShape s : {MatmulShape{1, 1, 1, 1, transposed}, {3, 4, 5, 6, transposed}, {2, 33, 17, 65, transposed}})
        check_matmul<TestType>(s, seed);
    }
    for (std::size_t n = 1; n <= 67; ++n) {
      check_matmul<TestType>({2, 3, n, 5, transposed}, n);
      check_matmul<TestType>({2, n, 3, 5, transposed}, n);
      check_matmul<TestType>({2, 3, 5, n, transposed}, n);
    }
  }
}

TEST_CASE("softmax of odds 1 to 3, and up to the diagonal, is that on paper", "[ops][softmax]") {
  const double ln3 = std::log(3.0);
  const std::vector<double> x{0, ln3, 0, ln3};
  std::vector<double> y(4);
  softmax_forward<double>({2, 2}, x, y);
  CHECK(worst(y, {0.25, 0.75, 0.25, 0.75}) < 1e-15);
  softmax_forward<double>({2, 2, true}, x, y);
  CHECK(worst(y, {1, 0, 0.25, 0.75}) < 1e-15);
}

TEMPLATE_TEST_CASE("softmax agrees with its reference and adds to gradients", "[ops][softmax][gradient]", float, double) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    for (const SoftmaxShape s : {SoftmaxShape{1, 2}, {4, 5}, {7, 33}, {3, 3, true}, {10, 5, true}, {66, 33, true}})
      check_softmax<TestType>(s, seed);
  }
  for (std::size_t n = 1; n <= 67; ++n) {
    check_softmax<TestType>({3, n}, n);
    check_softmax<TestType>({n, n, true}, n);
  }
}

TEST_CASE("softmax of far-out numbers stays finite, and what is masked is not looked at", "[ops][softmax]") {
  std::vector<float> y(4), dx(4);
  const std::vector<float> x{1e30f, std::numeric_limits<float>::infinity(), 1e30f, -1e30f},
      dy{1, std::numeric_limits<float>::infinity(), 1, 2};
  softmax_forward<float>({2, 2, true}, x, y);
  CHECK(y == std::vector<float>{1, 0, 1, 0});
  softmax_backward<float>({2, 2, true}, y, dy, dx);
  for (const float d : dx) CHECK(d == 0);
}

TEMPLATE_TEST_CASE("sums and means agree with their reference along any axis", "[ops][sum][mean][gradient]", float, double) {
  for (const bool mean : {false, true}) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
      for (const ReduceShape s : {ReduceShape{1, 1, 1, mean}, {2, 3, 4, mean}, {1, 5, 33, mean}, {7, 65, 1, mean}})
        check_reduce<TestType>(s, seed);
    }
    for (std::size_t n = 1; n <= 67; ++n) {
      check_reduce<TestType>({3, n, 1, mean}, n);
      check_reduce<TestType>({1, 3, n, mean}, n);
      check_reduce<TestType>({2, n, 3, mean}, n);
    }
  }
}

}  // namespace x2g
