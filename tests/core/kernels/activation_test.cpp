// The activation loops: accuracy against double, and the same bits whatever the length and the alignment.
#include "kernels/elementwise.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <limits>

#include "support/arrays.hpp"
#include "support/variants.hpp"

using namespace x2g;

namespace {

constexpr Activation kAll[] = {Activation::identity, Activation::step,       Activation::sigmoid,  Activation::tanh,
                               Activation::relu,     Activation::leaky_relu, Activation::gelu_erf, Activation::gelu_tanh,
                               Activation::silu,     Activation::sign,       Activation::elu,      Activation::softplus};

double truth(Activation f, double x) {
  switch (f) {
    case Activation::identity: return x;
    case Activation::step: return x >= 0 ? 1 : 0;
    case Activation::sigmoid: return 1 / (1 + std::exp(-x));
    case Activation::tanh: return std::tanh(x);
    case Activation::relu: return x > 0 ? x : 0;
    case Activation::leaky_relu: return x > 0 ? x : 0.01 * x;
    case Activation::gelu_erf: return x * 0.5 * std::erfc(-x * std::sqrt(0.5));
    case Activation::gelu_tanh: {
      const double u = std::sqrt(2 / 3.14159265358979323846) * (x + 0.044715 * x * x * x);
      return x / (1 + std::exp(-2 * u));
    }
    case Activation::silu: return x / (1 + std::exp(-x));
    case Activation::sign: return x > 0 ? 1 : (x < 0 ? -1 : 0);
    case Activation::elu: return x > 0 ? x : std::expm1(x);
    case Activation::softplus: return std::fmax(x, 0) + std::log1p(std::exp(-std::fabs(x)));
  }
  return 0;
}

/// Errors allowed, in ulp of the result. Sigmoid-like factors of a negative x are e^(a rounded number): its rounding is
/// magnified by the exponent's size (gelu_tanh) or by the longer formula of the tail (gelu_erf), where |f| < 0.16.
double most_ulp(Activation f, double x) {
  if (x >= -1) return 4;
  if (f == Activation::gelu_erf) return 10;
  if (f == Activation::gelu_tanh) return 4 + 2 * std::fabs(1.6 * (x + 0.044715 * x * x * x));
  return 4;
}

std::vector<float> sweep() {
  std::vector<float> x;
  for (int i = -8000; i <= 8000; ++i) x.push_back(static_cast<float>(i) * 1e-3f);
  for (float v = 1e-40f; v < 1e38f; v *= 1.37f) {
    x.push_back(v);
    x.push_back(-v);
  }
  for (const float v : {0.0f, -0.0f, 88.7f, -88.7f, std::numeric_limits<float>::max()}) x.push_back(v);
  return x;
}

std::vector<float> forward(Activation f, const std::vector<float>& x) {
  std::vector<float> y(x.size());
  kernels::activation<float>(f, x, y);
  return y;
}

}  // namespace

TEST_CASE("activations are within 4 ulp, in the far tails of GELU a few more", "[kernels][lesson-03][slow]") {
  X2G_ON_EACH_VARIANT();
  const std::vector<float> x = sweep();
  for (const Activation f : kAll) {
    const std::vector<float> y = forward(f, x);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double t = truth(f, x[i]);
      if (std::fabs(t) < 1e-37) {  // below the smallest normal numbers results are 0 or subnormal
        REQUIRE(std::fabs(y[i] - t) < 1e-37);
        continue;
      }
      CAPTURE(activation_name(f), x[i], y[i], t);
      REQUIRE(test::ulp_error(y[i], t) <= most_ulp(f, x[i]));
    }
  }
}

TEST_CASE("derivatives of activations match differences of the true function", "[kernels][lesson-03][slow]") {
  X2G_ON_EACH_VARIANT();
  constexpr double kStep = 1e-4;       // in double: truncation ~1e-8, rounding ~1e-12
  constexpr double kMostError = 5e-7;  // four roundings of a float of size 1, and the above
  for (const Activation f : kAll) {
    for (int i = -4000; i <= 4000; ++i) {
      const float x = static_cast<float>(i) * 2.5e-3f + 1.25e-3f;  // misses the kinks at 0
      float d = 0;
      kernels::activation_derivative<float>(f, std::span(&x, 1), std::span(&d, 1));
      const double slope = f == Activation::step || f == Activation::sign ? 0 : (truth(f, x + kStep) - truth(f, x - kStep)) / (2 * kStep);
      CAPTURE(activation_name(f), x, d, slope);
      REQUIRE(std::fabs(d - slope) <= kMostError);
      double exact = 0;
      const double x64 = x;
      kernels::activation_derivative<double>(f, std::span(&x64, 1), std::span(&exact, 1));
      REQUIRE(std::fabs(exact - slope) <= 1e-7);
    }
  }
}

TEST_CASE("the kinks have the derivatives that the header promises", "[kernels][lesson-03]") {
  X2G_ON_EACH_VARIANT();
  const std::vector<float> zero{0.0f};
  for (const auto& [f, expected] : {std::pair{Activation::step, 0.0f},
                                    {Activation::relu, 0.0f},
                                    {Activation::leaky_relu, 0.01f},
                                    {Activation::sign, 0.0f},
                                    {Activation::elu, 1.0f}}) {
    std::vector<float> d(1, 9.0f);
    kernels::activation_derivative<float>(f, zero, d);
    CHECK(d[0] == expected);
  }
  CHECK(forward(Activation::step, zero)[0] == 1);
  CHECK(forward(Activation::sign, zero)[0] == 0);
}

TEST_CASE("activations carry infinities and not-a-number", "[kernels][lesson-03]") {
  X2G_ON_EACH_VARIANT();
  const float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  for (const Activation f : kAll) {
    const bool bounded = f == Activation::sigmoid || f == Activation::tanh || f == Activation::step || f == Activation::sign;
    const std::vector<float> y = forward(f, {inf, nan});
    CAPTURE(activation_name(f));
    CHECK(y[0] == (bounded ? 1.0f : inf));
    if (f != Activation::step) CHECK(std::isnan(y[1]));
    std::vector<float> d(2);
    kernels::activation_derivative<float>(f, std::vector<float>{inf, -inf}, d);
    CHECK(std::isfinite(d[0]));
    CHECK(std::isfinite(d[1]));
  }
}

TEST_CASE("an activation has the same bits at any length, alignment and in place", "[kernels][lesson-03]") {
  X2G_ON_EACH_VARIANT();
  for (const Activation f : kAll) {
    const std::vector<float> x = test::random_floats(68, 1, -6, 6), dy = test::random_floats(68, 2);
    const std::vector<float> y = forward(f, x);
    std::vector<float> dx(68, 0.25f);
    kernels::activation_backward<float>(f, x, y, dy, dx);
    for (std::size_t n = 0; n <= 67; ++n) {
      for (std::size_t shift = 0; shift < 4; ++shift) {
        test::Shifted in(std::vector<float>(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(n)), shift);
        test::Shifted grad(n, shift, 0.25f);
        const test::Shifted saved(std::vector<float>(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(n)), shift + 1);
        kernels::activation_backward<float>(f, in.span(), saved.span(), std::span(dy).first(n), grad.span());
        kernels::activation<float>(f, in.span(), in.span());
        CAPTURE(activation_name(f), n, shift);
        REQUIRE(test::same_bits(in.span(), std::span(y).first(n)));
        REQUIRE(test::same_bits(grad.span(), std::span(dx).first(n)));
        REQUIRE((in.guards_intact() && grad.guards_intact()));
      }
    }
  }
}

TEST_CASE("backward adds dy times the derivative", "[kernels][lesson-03]") {
  X2G_ON_EACH_VARIANT();
  for (const Activation f : kAll) {
    const std::vector<float> x = test::random_floats(100, 3, -4, 4), dy = test::random_floats(100, 4);
    std::vector<float> d(100), dx = test::random_floats(100, 5);
    const std::vector<float> before = dx, y = forward(f, x);
    kernels::activation_derivative<float>(f, x, d);
    kernels::activation_backward<float>(f, x, y, dy, dx);
    for (std::size_t i = 0; i < x.size(); ++i) {
      CAPTURE(activation_name(f), x[i]);
      REQUIRE(std::fabs(dx[i] - (before[i] + static_cast<double>(dy[i]) * d[i])) < 3e-7);
    }
  }
}
