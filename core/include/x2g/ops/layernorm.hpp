// Layer normalization (Ba, Kiros, Hinton 2016): each row by its own mean and variance over its C features.
//
//   μ = mean(x)   rstd = 1 / √(var(x) + ε)   x̂ = (x − μ) rstd   y = x̂ w + b      x, y (N, C)  w, b (C)  μ, rstd (N)
//   dx̂ = dy w     dx += rstd (dx̂ − mean(dx̂) − x̂ mean(dx̂ x̂))     dw += Σ_n dy x̂    db += Σ_n dy
//
// The variance is the biased one (divided by C). ε = 1e-5.
#pragma once

#include <cstddef>
#include <span>

namespace x2g {

/// Sizes of x.
struct LayerNormShape {
  std::size_t N;  ///< rows
  std::size_t C;  ///< features, which are normalized together
};

inline constexpr double kLayerNormEps = 1e-5;  ///< ε, PyTorch's and GPT-2's

/// An empty b means no bias. mean and rstd (N) are saved for backward.
template <class T>
void layernorm_forward(const LayerNormShape& s, std::span<const T> x, std::span<const T> w, std::span<const T> b, std::span<T> y,
                       std::span<T> mean, std::span<T> rstd);

/// An empty dx, dw or db is not computed.
template <class T>
void layernorm_backward(const LayerNormShape& s, std::span<const T> x, std::span<const T> w, std::span<const T> mean,
                        std::span<const T> rstd, std::span<const T> dy, std::span<T> dx, std::span<T> dw, std::span<T> db);

}  // namespace x2g
