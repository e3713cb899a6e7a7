// Clear version of the activation functions and their derivatives, one number at a time.
#pragma once

#include "reference/scalar.hpp"
#include "x2g/ops/activation.hpp"

namespace x2g::reference {

template <class S>
S sigmoid(S x) {
  return real(x) >= 0 ? 1.0 / (1.0 + std::exp(-x)) : std::exp(x) / (1.0 + std::exp(x));
}

inline const double kGeluSlope = std::sqrt(2 / std::numbers::pi);  // √(2/π)
inline constexpr double kGeluCubic = 0.044715;

template <class S>
S activation(Activation f, S x) {
  switch (f) {
    case Activation::identity: return x;
    case Activation::step: return S(real(x) >= 0 ? 1.0 : 0.0);
    case Activation::sigmoid: return sigmoid(x);
    case Activation::tanh: return std::tanh(x);
    case Activation::relu: return real(x) <= 0 ? S(0) : x;
    case Activation::leaky_relu: return real(x) > 0 ? x : kLeakySlope * x;
    case Activation::gelu_erf: return 0.5 * x * (1.0 + erf(x / std::numbers::sqrt2));
    // (1 + tanh u) / 2 = sigmoid(2u): the same number, without cancellation far to the left
    case Activation::gelu_tanh: return x * sigmoid(2.0 * kGeluSlope * (x + kGeluCubic * x * x * x));
    case Activation::silu: return x * sigmoid(x);
    case Activation::sign: return S(real(x) > 0 ? 1.0 : (real(x) < 0 ? -1.0 : 0.0));
    case Activation::elu: return real(x) > 0 ? x : 2.0 * std::exp(0.5 * x) * std::sinh(0.5 * x);  // e^x − 1 without cancellation
    case Activation::softplus: return real(x) > 0 ? x + log1p(std::exp(-x)) : log1p(std::exp(x));
  }
  return S(std::numeric_limits<double>::quiet_NaN());
}

inline double activation_derivative(Activation f, double x) {
  switch (f) {
    case Activation::identity: return 1;
    case Activation::step: return 0;
    case Activation::sigmoid: return sigmoid(x) * sigmoid(-x);
    case Activation::tanh: return 4 * sigmoid(2 * x) * sigmoid(-2 * x);  // 1 − tanh² without cancellation
    case Activation::relu: return x > 0 ? 1 : 0;
    case Activation::leaky_relu: return x > 0 ? 1 : kLeakySlope;
    case Activation::gelu_erf:  // Φ(x) + x φ(x)
      return 0.5 * std::erfc(-x / std::numbers::sqrt2) + x * std::exp(-0.5 * x * x) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
    case Activation::gelu_tanh: {
      const double u2 = 2 * kGeluSlope * (x + kGeluCubic * x * x * x), du2 = 2 * kGeluSlope * (1 + 3 * kGeluCubic * x * x);
      return sigmoid(u2) + x * sigmoid(u2) * sigmoid(-u2) * du2;
    }
    case Activation::silu: return sigmoid(x) + x * sigmoid(x) * sigmoid(-x);
    case Activation::sign: return 0;
    case Activation::elu: return x > 0 ? 1 : std::exp(x);
    case Activation::softplus: return sigmoid(x);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace x2g::reference
