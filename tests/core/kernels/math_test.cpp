// The elementary functions against libm in double and long double: sweeps over every exponent, and the edges.
#include "kernels/math.hpp"

#include <catch2/catch_test_macros.hpp>

#include <bit>
#include <cmath>
#include <functional>
#include <limits>

#include "support/arrays.hpp"
#include "support/variants.hpp"

using namespace x2g;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kMostUlp = 4;      // the promise for functions shown and trained with
constexpr double kMostTailUlp = 8;  // Φ(x) below −1, where it is under 0.16: a rational function times an exponential

#ifdef __wasm__
using L = double;  // LLVM 19 crashes on functions of 128-bit long double constants, and they would be slow
#else
using L = long double;
#endif
constexpr double kMostTurnError = sizeof(L) > sizeof(double) ? 4e-16 : 1.5e-15;  // 2πx itself is rounded in double

using FloatFunction = float (*)(float);
using DoubleFunction = double (*)(double);

/// Largest error in ulp over all floats in [low, high] whose bit patterns are `stride` apart, and the ends.
double worst_ulp(FloatFunction f, const std::function<double(double)>& truth, float low, float high) {
  constexpr std::uint64_t kStride = 20011;  // a prime: about 200 000 numbers, 800 of every exponent
  double worst = std::max(test::ulp_error(f(low), truth(low)), test::ulp_error(f(high), truth(high)));
  for (std::uint64_t bits = 0; bits < (1ull << 32); bits += kStride) {
    const float x = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    if (!(x >= low && x <= high)) continue;
    worst = std::max(worst, test::ulp_error(f(x), truth(x)));
  }
  // The range in which the function does something, more densely.
  for (int i = 0; i <= 100000; ++i) {
    const float x = std::max(low, -20.0f) + (std::min(high, 20.0f) - std::max(low, -20.0f)) * static_cast<float>(i) * 1e-5f;
    worst = std::max(worst, test::ulp_error(f(x), truth(x)));
  }
  return worst;
}

double worst_relative(DoubleFunction f, const std::function<L(L)>& truth, double low, double high) {
  double worst = 0;
  for (int i = 0; i <= 50000; ++i) {
    const double x = low + (high - low) * i / 50000;
    const L t = truth(x);
    const L error = std::fabs(f(x) - t);
    worst = std::max(worst, static_cast<double>(t == 0 ? error : error / std::fabs(t)));
  }
  return worst;
}

double normal_cdf_of(double x) { return 0.5 * std::erfc(-x * std::sqrt(0.5)); }

constexpr float kMax = std::numeric_limits<float>::max();

}  // namespace

TEST_CASE("float functions are within 4 ulp of the truth at every exponent", "[kernels][slow]") {
  X2G_ON_EACH_VARIANT();
  CHECK(worst_ulp(kernels::exp, [](double x) { return std::exp(x); }, -87.3365f, 88.7228f) <= kMostUlp);
  CHECK(worst_ulp(kernels::log, [](double x) { return std::log(x); }, 1e-45f, kMax) <= kMostUlp);
  CHECK(worst_ulp(kernels::tanh, [](double x) { return std::tanh(x); }, -kMax, kMax) <= kMostUlp);
  CHECK(worst_ulp(kernels::erf, [](double x) { return std::erf(x); }, -kMax, kMax) <= kMostUlp);
  CHECK(worst_ulp(kernels::sigmoid, [](double x) { return 1 / (1 + std::exp(-x)); }, -87.0f, kMax) <= kMostUlp);
  CHECK(worst_ulp(kernels::normal_cdf, normal_cdf_of, -1.0f, kMax) <= kMostUlp);
  CHECK(worst_ulp(kernels::normal_cdf, normal_cdf_of, -13.0f, -1.0f) <= kMostTailUlp);
}

TEST_CASE("float functions know zero, infinity and not-a-number", "[kernels]") {
  X2G_ON_EACH_VARIANT();
  const float inf = static_cast<float>(kInfinity), nan = static_cast<float>(kNan);
  CHECK(kernels::exp(0.0f) == 1);
  CHECK(kernels::exp(-0.0f) == 1);
  CHECK(kernels::exp(inf) == inf);
  CHECK(kernels::exp(88.73f) == inf);
  CHECK(kernels::exp(-inf) == 0);
  CHECK(kernels::exp(-87.34f) == 0);
  CHECK(kernels::log(1.0f) == 0);
  CHECK(kernels::log(0.0f) == -inf);
  CHECK(kernels::log(inf) == inf);
  CHECK(std::isnan(kernels::log(-1.0f)));
  CHECK(kernels::tanh(inf) == 1);
  CHECK(kernels::tanh(-inf) == -1);
  CHECK(std::signbit(kernels::tanh(-0.0f)));
  CHECK(kernels::erf(-inf) == -1);
  CHECK(kernels::sigmoid(inf) == 1);
  CHECK(kernels::sigmoid(-inf) == 0);
  CHECK(kernels::sigmoid(0.0f) == 0.5f);
  CHECK(kernels::normal_cdf(-inf) == 0);
  for (const FloatFunction f : {FloatFunction(kernels::exp), FloatFunction(kernels::log), FloatFunction(kernels::tanh),
                                FloatFunction(kernels::erf), FloatFunction(kernels::sigmoid), FloatFunction(kernels::normal_cdf)}) {
    CHECK(std::isnan(f(nan)));
  }
}

TEST_CASE("double functions are good to about fifteen digits", "[kernels]") {
  const L root_half = std::sqrt(L(0.5));
  CHECK(worst_relative(kernels::exp, [](L x) { return std::exp(x); }, -700, 709) <= 5e-16);
  CHECK(worst_relative(kernels::log, [](L x) { return std::log(x); }, 1e-300, 20) <= 5e-16);
  CHECK(worst_relative(kernels::log, [](L x) { return std::log(x); }, 0.5, 1.5) <= 5e-16);
  CHECK(worst_relative(kernels::tanh, [](L x) { return std::tanh(x); }, -25, 25) <= 1e-15);
  CHECK(worst_relative(kernels::tanh, [](L x) { return std::tanh(x); }, -1e-3, 1e-3) <= 1e-15);
  CHECK(worst_relative(kernels::expm1_negative, [](L x) { return std::expm1(x); }, -60, 0) <= 1e-15);
  CHECK(worst_relative(kernels::expm1_negative, [](L x) { return std::expm1(x); }, -1e-3, 0) <= 1e-15);
  CHECK(worst_relative(kernels::log1p_fraction, [](L x) { return std::log1p(x); }, 0, 1) <= 1e-15);
  CHECK(worst_relative(kernels::log1p_fraction, [](L x) { return std::log1p(x); }, 0, 1e-9) <= 1e-15);
  CHECK(worst_relative(kernels::sigmoid, [](L x) { return 1 / (1 + std::exp(-x)); }, -700, 40) <= 1e-15);
  CHECK(worst_relative(kernels::erf, [](L x) { return std::erf(x); }, -7, 7) <= 2e-15);
  CHECK(
      worst_relative(kernels::normal_cdf, [=](L x) { return std::erfc(-x * root_half) / 2; }, -2, 9) <= 2e-14);  // 1 + erf cancels a little
  CHECK(worst_relative(
            kernels::normal_cdf, [=](L x) { return std::erfc(-x * root_half) / 2; }, -37, -2) <= 3e-13);  // x² ε, the rounding of x/√2
  const auto turn = static_cast<L>(6.283185307179586476925286766559L);
  double worst = 0;
  for (int i = 0; i < 20000; ++i) {
    const double x = i / 20000.0;
    worst = std::max(worst, static_cast<double>(std::fabs(kernels::sin_2pi(x) - std::sin(turn * x))));
    worst = std::max(worst, static_cast<double>(std::fabs(kernels::cos_2pi(x) - std::cos(turn * x))));
  }
  CHECK(worst <= kMostTurnError);
}

TEST_CASE("log(1 + e^-|z|) of two numbers has the bits of the functions it stands for", "[kernels]") {
  std::vector<double> z = {0.0, -0.0, 1e-300, 0x1p-54, 0.3, 1,    36.7, 37.5,      39.9,
                           40,  40.1, 700,    745,     800, 1e30, 3e38, kInfinity, -kInfinity};
  const double near = 0.88137358701954302;  // 1 + e^-z is √2 here, where the exponent of log changes
  for (int i = -20; i <= 20; ++i) z.push_back(near + i * 0x1p-52);
  for (int i = 0; i < 20'000; ++i) z.push_back(0.0021 * i - 1);
  for (const float v : test::random_floats(20'000, 5)) z.push_back(4 * static_cast<double>(v));
  for (std::size_t i = 0; i < z.size(); ++i) {
    const double other = z[(i * 7 + 3) % z.size()];
    double found[2];
    kernels::softplus_rest({z[i], other}, found);
    CAPTURE(z[i], other);
    REQUIRE(found[0] == kernels::log(1.0 + kernels::exp(-std::fabs(z[i]))));
    REQUIRE(found[1] == kernels::log(1.0 + kernels::exp(-std::fabs(other))));
  }
}

TEST_CASE("double functions know zero, infinity, subnormals and not-a-number", "[kernels]") {
  CHECK(kernels::exp(0.0) == 1);
  CHECK(kernels::exp(710.0) == kInfinity);
  CHECK(kernels::exp(-746.0) == 0);
  CHECK(std::fabs(kernels::exp(-740.0) / std::exp(-740.0) - 1) < 0.2);  // a subnormal: few bits are left
  CHECK(kernels::log(0.0) == -kInfinity);
  CHECK(kernels::log(kInfinity) == kInfinity);
  CHECK(std::isnan(kernels::log(-1.0)));
  CHECK(std::fabs(kernels::log(5e-324) / std::log(5e-324) - 1) < 1e-15);
  CHECK(kernels::tanh(-kInfinity) == -1);
  CHECK(kernels::sigmoid(-kInfinity) == 0);
  CHECK(kernels::erf(kInfinity) == 1);
  CHECK(kernels::normal_cdf(-50.0) == 0);
  for (const DoubleFunction f : {DoubleFunction(kernels::exp), DoubleFunction(kernels::log), DoubleFunction(kernels::tanh),
                                 DoubleFunction(kernels::erf), DoubleFunction(kernels::sigmoid), DoubleFunction(kernels::normal_cdf),
                                 DoubleFunction(kernels::expm1_negative), DoubleFunction(kernels::log1p_fraction)}) {
    CHECK(std::isnan(f(kNan)));
  }
}
