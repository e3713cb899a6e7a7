// Root mean square normalization (Zhang, Sennrich 2019, eq. 4): each row divided by the root of its mean square. Unlike layernorm it
// subtracts no mean and adds no bias.
//
//   r = 1 / √(mean(x²) + ε)   x̂ = x r   y = x̂ w          x, y (N, C)  w (C)  r (N)
//   dx̂ = dy w     dx += r (dx̂ − x̂ mean(dx̂ x̂))     dw += Σ_n dy x̂
#pragma once

#include <cstddef>
#include <span>

namespace x2g {

/// Sizes of x, and ε.
struct RmsNormShape {
  std::size_t N;  ///< rows
  std::size_t C;  ///< features, which are normalized together
  double eps;     ///< ε
};

/// r (N) is saved for backward.
template <class T>
void rmsnorm_forward(const RmsNormShape& s, std::span<const T> x, std::span<const T> w, std::span<T> y, std::span<T> r);

/// An empty dx or dw is not computed.
template <class T>
void rmsnorm_backward(const RmsNormShape& s, std::span<const T> x, std::span<const T> w, std::span<const T> r, std::span<const T> dy,
                      std::span<T> dx, std::span<T> dw);

}  // namespace x2g
