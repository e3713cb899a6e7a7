// Activation functions y = f(x), element by element, and their derivatives.
//
//   identity   x                      step       1 if x >= 0 else 0       sigmoid  1 / (1 + e^-x)
//   tanh       tanh x                 relu       max(0, x)                leaky    x if x > 0 else 0.01 x
//   gelu_erf   x Φ(x), Φ the normal distribution function (Hendrycks, Gimpel 2016)
//   gelu_tanh  x/2 (1 + tanh(√(2/π) (x + 0.044715 x³))), the same paper's approximation (GPT-2's)
//   silu       x · sigmoid(x) (Elfwing et al. 2017; "Swish", Ramachandran et al. 2017)
//   sign       1, 0 or −1             elu        x if x > 0 else e^x − 1 (Clevert et al. 2015, equation 15 with α = 1)
//   softplus   log(1 + e^x), computed as max(x, 0) + log(1 + e^−|x|) (Dugas et al. 2001)
//
// Derivative conventions at kinks: step' = 0 and sign' = 0 everywhere; relu'(0) = 0; leaky'(0) = 0.01.
#pragma once

#include <span>
#include <string_view>

namespace x2g {

/// By the formulas above; leaky_relu is "leaky".
enum class Activation { identity, step, sigmoid, tanh, relu, leaky_relu, gelu_erf, gelu_tanh, silu, sign, elu, softplus };

inline constexpr double kLeakySlope = 0.01;  ///< of leaky_relu below 0 (Maas et al. 2013)

/// "identity", "step", "sigmoid", "tanh", "relu", "leaky_relu", "gelu_erf", "gelu_tanh", "silu", "sign", "elu", "softplus".
std::string_view activation_name(Activation f);
Activation activation_from_name(std::string_view name);  ///< throws Error(unknown_name) listing the names

/// y[i] = f(x[i]). x and y have the same length and may be the same memory.
template <class T>
void activation_forward(Activation f, std::span<const T> x, std::span<T> y);

/// d[i] = f'(x[i]), for plots and tests.
template <class T>
void activation_derivative(Activation f, std::span<const T> x, std::span<T> d);

/// dx[i] += dy[i] f'(x[i]). `y` is the forward result (saved; sigmoid, tanh and elu use it).
template <class T>
void activation_backward(Activation f, std::span<const T> x, std::span<const T> y, std::span<const T> dy, std::span<T> dx);

}  // namespace x2g
