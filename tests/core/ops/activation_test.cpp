#include "x2g/ops/activation.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <limits>
#include <string>

#include "core/ops/op_check.hpp"
#include "reference/activation.hpp"
#include "x2g/base/error.hpp"

namespace x2g {
namespace {

using namespace test;
using reference::Complex;
using enum Activation;

constexpr Activation kAll[] = {identity, step, sigmoid, tanh, relu, leaky_relu, gelu_erf, gelu_tanh, silu, sign, elu, softplus};

// −12 … 12, denser near 0 where curves bend, without the kinks themselves.
Doubles sweep() {
  Doubles x;
  for (int i = -3000; i <= 3000; ++i) {
    const double u = i / 3000.0;
    if (i != 0) x.push_back(static_cast<float>(12 * u * std::fabs(u)));
  }
  return x;
}

template <class T>
std::vector<T> forward(Activation f, const Doubles& x) {
  const auto tx = as<T>(x);
  std::vector<T> y(x.size());
  activation_forward<T>(f, tx, y);
  return y;
}

template <class T>
std::vector<T> derivative(Activation f, const Doubles& x) {
  const auto tx = as<T>(x);
  std::vector<T> d(x.size());
  activation_derivative<T>(f, tx, d);
  return d;
}

Doubles clear_derivative(Activation f, const Doubles& x) {
  Doubles d;
  for (const double v : x) d.push_back(reference::activation_derivative(f, v));
  return d;
}

}  // namespace

TEST_CASE("every activation has a name that leads back to it", "[ops][activation]") {
  for (const Activation f : kAll) CHECK(activation_from_name(activation_name(f)) == f);
  CHECK(activation_name(leaky_relu) == "leaky_relu");
}

TEST_CASE("an unknown activation is an error that lists the known ones", "[ops][activation]") {
  try {
    activation_from_name("softmin");
    FAIL("no error");
  } catch (const Error& e) {
    CHECK(e.code() == ErrorCode::unknown_name);
    CHECK(e.message().find("softmin") != std::string::npos);
    CHECK(e.message().find("gelu_tanh, silu, sign, elu, softplus") != std::string::npos);
  }
}

TEMPLATE_TEST_CASE("activations take the values known by heart", "[ops][activation]", float, double) {
  const auto at = [](Activation f, double x) { return static_cast<double>(forward<TestType>(f, {x})[0]); };
  const double ln3 = std::log(3.0);
  CHECK(at(identity, -2.5) == -2.5);
  CHECK(at(step, 0) == 1);
  CHECK(at(step, -1e-30) == 0);
  CHECK(at(sigmoid, 0) == 0.5);
  CHECK(std::fabs(at(sigmoid, ln3) - 0.75) < 1e-7);
  CHECK(std::fabs(at(tanh, ln3) - 0.8) < 1e-7);
  CHECK(at(tanh, 0) == 0);
  CHECK(at(relu, -3) == 0);
  CHECK(at(relu, 3) == 3);
  CHECK(std::fabs(at(leaky_relu, -3) + 0.03) < 1e-8);
  CHECK(at(gelu_erf, 0) == 0);
  CHECK(std::fabs(at(gelu_erf, 1) - 0.8413447460685429) < 1e-7);   // Φ(1)
  CHECK(std::fabs(at(gelu_tanh, 1) - 0.8411919906082768) < 1e-7);  // ½ (1 + tanh(√(2/π) 1.044715))
  CHECK(std::fabs(at(silu, ln3) - 0.75 * ln3) < 1e-7);
  CHECK(at(sign, 0.5) == 1);
  CHECK(at(sign, 0) == 0);
  CHECK(at(sign, -1e-30) == -1);
  CHECK(at(elu, 2.5) == 2.5);
  CHECK(at(elu, 0) == 0);
  CHECK(std::fabs(at(elu, -ln3) + 2.0 / 3) < 1e-7);
  CHECK(at(elu, -1e-30) == static_cast<double>(static_cast<TestType>(-1e-30)));  // not rounded to nothing
  CHECK(at(elu, -100) == -1);
  CHECK(std::fabs(at(softplus, 0) - std::log(2.0)) < 1e-7);
  CHECK(std::fabs(at(softplus, ln3) - std::log(4.0)) < 1e-7);
  CHECK(std::fabs(at(softplus, -30) / std::exp(-30.0) - 1) < 1e-6);
  CHECK(at(softplus, 100) == 100);
}

TEMPLATE_TEST_CASE("derivatives at the kinks follow the stated convention", "[ops][activation]", float, double) {
  const auto slope = [](Activation f, double x) { return derivative<TestType>(f, {x})[0]; };
  CHECK(slope(step, 0) == TestType(0));
  CHECK(slope(relu, 0) == TestType(0));
  CHECK(slope(leaky_relu, 0) == static_cast<TestType>(kLeakySlope));
  CHECK(slope(gelu_erf, 0) == TestType(0.5));
  CHECK(slope(gelu_tanh, 0) == TestType(0.5));
  CHECK(slope(silu, 0) == TestType(0.5));
  CHECK(slope(sigmoid, 0) == TestType(0.25));
  CHECK(slope(tanh, 0) == TestType(1));
  CHECK(slope(sign, 0) == TestType(0));
  CHECK(slope(elu, 0) == TestType(1));
  CHECK(slope(softplus, 0) == TestType(0.5));
}

TEST_CASE("the reference derivatives are those of the complex step", "[ops][activation][gradient]") {
  const Doubles x = sweep();
  for (const Activation f : kAll) {
    CAPTURE(activation_name(f));
    Doubles by_step;
    for (const double v : x) by_step.push_back(reference::activation(f, Complex(v, 1e-20)).imag() / 1e-20);
    CHECK(distance(clear_derivative(f, x), by_step) < kComplexStep);
  }
}

TEMPLATE_TEST_CASE("activations and derivatives agree with the reference", "[ops][activation]", float, double) {
  // Values: relative to |f|, for the x·Φ(x) kind to |x|, whose factor Φ ends in the digits of a number near 1. Slopes: to 1.
  const double bound = sizeof(TestType) == 4 ? 1e-6 : 1e-12;
  const Doubles x = sweep();
  for (const Activation f : kAll) {
    CAPTURE(activation_name(f));
    const auto y = forward<TestType>(f, x);
    const auto d = derivative<TestType>(f, x);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double want_y = reference::activation(f, x[i]), want_d = reference::activation_derivative(f, x[i]);
      const double size = std::fmax(std::fabs(want_y), f == sigmoid || f == tanh || f == elu || f == softplus ? 0.0 : std::fabs(x[i]));
      const bool value_good = std::fabs(static_cast<double>(y[i]) - want_y) <= bound * size;
      // GELU's slope multiplies the rounding of 1 − sigmoid by up to 26.
      const bool slope_good = std::fabs(static_cast<double>(d[i]) - want_d) <= 4 * bound * std::fmax(std::fabs(want_d), 1.0);
      if (!value_good || !slope_good) FAIL_CHECK("f(" << x[i] << ") = " << y[i] << ", f' = " << d[i]);
    }
  }
}

TEMPLATE_TEST_CASE("activation backward is dy f' on top of what was there", "[ops][activation][gradient]", float, double) {
  for (const Activation f : kAll) {
    for (std::size_t n = 0; n <= 67; ++n) {
      CAPTURE(activation_name(f), n);
      const Doubles x = values(n, n + 1, -4, 8), dy = values(n, n + 2);
      const auto tx = as<TestType>(x), tdy = as<TestType>(dy);
      const auto y = forward<TestType>(f, x);
      Gradient<TestType> dx(n);
      activation_backward<TestType>(f, tx, y, tdy, dx.span());
      Doubles expected = clear_derivative(f, x);
      for (std::size_t i = 0; i < n; ++i) expected[i] *= dy[i];
      CHECK(distance(dx.value, dx.with(expected)) < kGradient<TestType> * 0.1);
      activation_backward<TestType>(f, tx, y, tdy, {});  // not wanted: nothing happens
    }
  }
}

TEST_CASE("an activation may write over its input", "[ops][activation]") {
  for (const Activation f : kAll) {
    const Doubles x = values(67, 5, -4, 8);
    auto buffer = as<float>(x);
    activation_forward<float>(f, std::span<const float>(buffer), buffer);
    CHECK(buffer == forward<float>(f, x));
  }
}

TEST_CASE("activations stay finite far out and let NaN through", "[ops][activation]") {
  for (const Activation f : kAll) {
    CAPTURE(activation_name(f));
    for (const double x : {1e4, -1e4, 1e30, -1e30}) {
      CAPTURE(x);
      CHECK(std::isfinite(forward<float>(f, {x})[0]));
      CHECK(std::isfinite(derivative<float>(f, {x})[0]));
    }
    if (f == step) continue;  // NaN >= 0 is false: 0
    CHECK(std::isnan(forward<float>(f, {std::numeric_limits<double>::quiet_NaN()})[0]));
  }
}

}  // namespace x2g
