// Activation functions by name and as ops. The formulas are vectorised in kernels/elementwise; here they get names.
#include "x2g/ops/activation.hpp"

#include <array>
#include <cassert>

#include "base/parts.hpp"
#include "kernels/elementwise.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 12> kNames{"identity", "step",      "sigmoid", "tanh", "relu", "leaky_relu",
                                                  "gelu_erf", "gelu_tanh", "silu",    "sign", "elu",  "softplus"};
static_assert(static_cast<std::size_t>(Activation::softplus) + 1 == kNames.size());
// The language models' engine ends with silu.
#if X2G_ENGINE == 2
constexpr std::span<const std::string_view> kKnown(kNames.data(), static_cast<std::size_t>(Activation::silu) + 1);
#else
constexpr std::span<const std::string_view> kKnown(kNames);
#endif

}  // namespace

std::string_view activation_name(Activation f) { return kNames[static_cast<std::size_t>(f)]; }

Activation activation_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kKnown.size(); ++i) {
    if (kKnown[i] == name) return static_cast<Activation>(i);
  }
  std::string known;
  for (const auto n : kKnown) known += (known.empty() ? "" : ", ") + std::string(n);
  throw Error(ErrorCode::unknown_name, text("There is no activation \"", name.substr(0, 40), "\"; choose one of ", known, "."));
}

template <class T>
void activation_forward(Activation f, std::span<const T> x, std::span<T> y) {
  assert(x.size() == y.size());
  kernels::activation<T>(f, x, y);
}

template <class T>
void activation_derivative(Activation f, std::span<const T> x, std::span<T> d) {
  assert(x.size() == d.size());
  kernels::activation_derivative<T>(f, x, d);
}

template <class T>
void activation_backward(Activation f, std::span<const T> x, std::span<const T> y, std::span<const T> dy, std::span<T> dx) {
  assert(x.size() == y.size() && x.size() == dy.size());
  if (dx.empty()) return;
  // forward: y[i] = f(x[i])
  kernels::activation_backward<T>(f, x, y, dy, dx);  // dx[i] += dy[i] f'(x[i])
}

template void activation_forward<float>(Activation, std::span<const float>, std::span<float>);
template void activation_forward<double>(Activation, std::span<const double>, std::span<double>);
template void activation_derivative<float>(Activation, std::span<const float>, std::span<float>);
template void activation_derivative<double>(Activation, std::span<const double>, std::span<double>);
template void activation_backward<float>(Activation, std::span<const float>, std::span<const float>, std::span<const float>,
                                         std::span<float>);
template void activation_backward<double>(Activation, std::span<const double>, std::span<const double>, std::span<const double>,
                                          std::span<double>);

}  // namespace x2g
