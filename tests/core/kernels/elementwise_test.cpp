// The element-wise loops and the reductions: against double, with the same bits at any length and alignment.
#include "kernels/elementwise.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "kernels/math.hpp"
#include "support/arrays.hpp"
#include "support/variants.hpp"

using namespace x2g;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr double kSumError = 1e-6;  // relative to Σ|x|: a few roundings of 6e-8 along a stripe and its folding

/// The order that sum() promises, one addition at a time.
float striped_sum(std::span<const float> x) {
  float stripes[16] = {};
  for (std::size_t i = 0; i < x.size(); ++i) stripes[i % 16] += x[i];
  for (std::size_t half = 8; half > 0; half /= 2) {
    for (std::size_t i = 0; i < half; ++i) stripes[i] += stripes[i + half];
  }
  return stripes[0];
}

}  // namespace

TEST_CASE("element-wise loops do what their formulas say at every length and alignment", "[kernels]") {
  X2G_ON_EACH_VARIANT();
  for (std::size_t n = 0; n <= 67; ++n) {
    for (std::size_t shift = 0; shift < 4; ++shift) {
      CAPTURE(n, shift);
      const std::vector<float> a = test::random_floats(n, 1), b = test::random_floats(n, 2);
      const test::Shifted u(a, shift), v(b, shift + 1);
      test::Shifted y(n, shift);
      kernels::add<float>(u.span(), v.span(), y.span());
      for (std::size_t i = 0; i < n; ++i) REQUIRE(y.span()[i] == a[i] + b[i]);
      kernels::accumulate<float>(u.span(), y.span());
      for (std::size_t i = 0; i < n; ++i) REQUIRE(y.span()[i] == (a[i] + b[i]) + a[i]);
      kernels::fill<float>(2.5f, y.span());
      kernels::scale_add<float>(-0.75f, u.span(), y.span());
      for (std::size_t i = 0; i < n; ++i) REQUIRE(std::fabs(y.span()[i] - (2.5 - 0.75 * static_cast<double>(a[i]))) < 3e-7);
      kernels::fill<float>(3.0f, y.span());
      kernels::scale<float>(0.1f, y.span());
      for (std::size_t i = 0; i < n; ++i) REQUIRE(y.span()[i] == 3.0f * 0.1f);
      kernels::exp<float>(u.span(), y.span());
      for (std::size_t i = 0; i < n; ++i) REQUIRE(y.span()[i] == kernels::exp(a[i]));
      kernels::copy<float>(u.span(), y.span());
      for (std::size_t i = 0; i < n; ++i) REQUIRE(y.span()[i] == a[i]);
      REQUIRE(y.guards_intact());
    }
  }
}

TEST_CASE("a sum has the striped order of its definition, bit by bit", "[kernels]") {
  X2G_ON_EACH_VARIANT();
  for (std::size_t n = 0; n <= 67; ++n) {
    const test::Shifted x(test::random_floats(n, n), n % 4);
    CAPTURE(n);
    REQUIRE(kernels::sum<float>(x.span()) == striped_sum(x.span()));
  }
  const std::vector<float> x = test::random_floats(10007, 9);
  CHECK(kernels::sum<float>(x) == striped_sum(x));
}

TEST_CASE("reductions match double", "[kernels]") {
  X2G_ON_EACH_VARIANT();
  for (const std::size_t n : {1u, 2u, 3u, 5u, 15u, 16u, 17u, 31u, 33u, 64u, 67u, 1000u}) {
    const std::vector<float> a = test::random_floats(n, 1), b = test::random_floats(n, 2);
    double dot = 0, squares = 0, size = 0, sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      dot += static_cast<double>(a[i]) * b[i];
      squares += static_cast<double>(a[i]) * a[i];
      size += std::fabs(static_cast<double>(a[i]));
      sum += a[i];
    }
    CAPTURE(n);
    CHECK(std::fabs(kernels::sum<float>(a) - sum) <= kSumError * size);
    CHECK(std::fabs(kernels::dot<float>(a, b) - dot) <= kSumError * size);
    CHECK(std::fabs(kernels::sum_of_squares<float>(a) - squares) <= 1e-12 * squares);
    CHECK(kernels::max<float>(a) == *std::max_element(a.begin(), a.end()));
    float mean = 0, variance = 0;
    kernels::mean_variance<float>(a, mean, variance);
    double expected = 0;
    for (const float v : a) expected += (v - sum / static_cast<double>(n)) * (v - sum / static_cast<double>(n));
    CHECK(std::fabs(mean - sum / static_cast<double>(n)) <= kSumError);
    CHECK(std::fabs(variance - expected / static_cast<double>(n)) <= kSumError);
    const std::vector<double> a64(a.begin(), a.end()), b64(b.begin(), b.end());
    CHECK(std::fabs(kernels::sum<double>(a64) - sum) <= 1e-13 * size);
    CHECK(std::fabs(kernels::dot<double>(a64, b64) - dot) <= 1e-13 * size);
    CHECK(kernels::max<double>(a64) == static_cast<double>(kernels::max<float>(a)));
  }
  CHECK(kernels::max<float>({}) == -kInfinity);
  CHECK(kernels::sum<float>({}) == 0);
  CHECK(kernels::max<float>(std::vector<float>(5, -3.0f)) == -3.0f);
}

TEST_CASE("squares too large for a float still sum in double", "[kernels]") {
  X2G_ON_EACH_VARIANT();
  CHECK(kernels::sum_of_squares<float>(std::vector<float>(9, 1e30f)) > 8.9e60);
}

TEST_CASE("one value that is not finite is found wherever it stands", "[kernels]") {
  X2G_ON_EACH_VARIANT();
  for (std::size_t n = 1; n <= 67; ++n) {
    std::vector<float> x = test::random_floats(n, n);
    CHECK(kernels::all_finite<float>(x));
    x[n / 2] = std::numeric_limits<float>::max();
    CHECK(kernels::all_finite<float>(x));
    for (std::size_t i = 0; i < n; ++i) {
      for (const float bad : {kInfinity, -kInfinity, std::numeric_limits<float>::quiet_NaN()}) {
        const float kept = x[i];
        x[i] = bad;
        REQUIRE_FALSE(kernels::all_finite<float>(x));
        x[i] = kept;
      }
    }
  }
  CHECK(kernels::all_finite<float>({}));
  CHECK_FALSE(kernels::all_finite<double>(std::vector<double>{1, std::nan("")}));
}

TEST_CASE("softmax matches double, sums to one and bears large numbers", "[kernels]") {
  X2G_ON_EACH_VARIANT();
  for (std::size_t n = 1; n <= 67; ++n) {
    for (const float scale : {1.0f, 0.125f, 3.0f, -2.0f}) {
      const std::vector<float> x = test::random_floats(n, n, -9, 9);
      test::Shifted y(n, n % 4);
      kernels::softmax<float>(x, scale, y.span());
      double total = 0;
      for (const float v : x) total += std::exp(static_cast<double>(scale) * v);
      CAPTURE(n, scale);
      for (std::size_t i = 0; i < n; ++i) {
        REQUIRE(std::fabs(y.span()[i] / (std::exp(static_cast<double>(scale) * x[i]) / total) - 1) <
                6e-6);  // 27 · 2⁻²⁴ in the exponent, 2 of it
      }
      REQUIRE(y.guards_intact());
      std::vector<float> in_place = x;
      kernels::softmax<float>(in_place, scale, in_place);
      REQUIRE(test::same_bits(in_place, y.span()));
    }
  }
  std::vector<float> y(3);
  kernels::softmax<float>(std::vector<float>{1e30f, -1e30f, 1e30f}, 1.0f, y);
  CHECK(y == std::vector<float>{0.5f, 0.0f, 0.5f});
  std::vector<double> y64(2);
  kernels::softmax<double>(std::vector<double>{0, std::log(3.0)}, 1.0, y64);
  CHECK(std::fabs(y64[1] - 0.75) < 1e-15);
}

TEST_CASE("AdamW takes the step of its paper at every length", "[kernels]") {
  X2G_ON_EACH_VARIANT();
  const kernels::AdamWStep step{1e-2, 0.9, 0.99, 1e-8, 0.1, 1 - 0.9 * 0.9, 1 - 0.99 * 0.99, 0.5};
  const std::size_t most = 67;
  const std::vector<float> p0 = test::random_floats(most, 1), g = test::random_floats(most, 2), m0 = test::random_floats(most, 3),
                           v0 = test::random_floats(most, 4, 0, 1);
  for (std::size_t n = 0; n <= most; ++n) {
    const auto first = [n](const std::vector<float>& x) {
      return std::vector<float>(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(n));
    };
    test::Shifted p(first(p0), n % 4), m(first(m0), 1), v(first(v0), 2);
    kernels::adamw<float>(step, p.span(), first(g), m.span(), v.span());
    for (std::size_t i = 0; i < n; ++i) {
      const double gradient = 0.5 * static_cast<double>(g[i]);
      const double m1 = 0.9 * m0[i] + 0.1 * gradient, v1 = 0.99 * v0[i] + 0.01 * gradient * gradient;
      const double update = 1e-2 * (m1 / (1 - 0.81) / (std::sqrt(v1 / (1 - 0.9801)) + 1e-8) + 0.1 * p0[i]);
      CAPTURE(n, i);
      REQUIRE(std::fabs(m.span()[i] - m1) < 2e-7);
      REQUIRE(std::fabs(v.span()[i] - v1) < 2e-7);
      REQUIRE(std::fabs(p.span()[i] - (p0[i] - update)) < 3e-7);
    }
    REQUIRE((p.guards_intact() && m.guards_intact() && v.guards_intact()));
  }
}

TEST_CASE("AdamW in double and in float agree", "[kernels]") {
  X2G_ON_EACH_VARIANT();
  const kernels::AdamWStep step{1e-3, 0.9, 0.999, 1e-8, 0.01, 0.1, 0.001, 1.0};
  const std::vector<float> g = test::random_floats(20, 2);
  std::vector<float> p(20, 0.5f), m(20), v(20);
  std::vector<double> p64(20, 0.5), m64(20), v64(20);
  kernels::adamw<float>(step, p, g, m, v);
  kernels::adamw<double>(step, p64, std::vector<double>(g.begin(), g.end()), m64, v64);
  for (std::size_t i = 0; i < 20; ++i) {
    CHECK(std::fabs(p[i] - p64[i]) < 1e-7);
    // The first step is lr in size whatever the gradient (its sign decides), plus the decay.
    CHECK(std::fabs(p64[i] - (0.5 - (g[i] > 0 ? 1e-3 : -1e-3) - 1e-3 * 0.01 * 0.5)) < 1e-6);
  }
}
