// Softmax over the last axis (Bridle 1990), with the row's maximum taken out.
//
//   y[n,:] = e^(x[n,:] − max) / Σ e^(x[n,:] − max)                 x, y (N, C)
//   causal: row r of each square block of C rows sees the columns c ≤ r, the others are 0 (Vaswani et al. 2017, section 3.2.3)
//   dx[n,:] += y[n,:] (dy[n,:] − Σ_c y[n,c] dy[n,c])               over the columns it sees
#pragma once

#include <cstddef>
#include <span>

namespace x2g {

/// Sizes of x.
struct SoftmaxShape {
  std::size_t N;        ///< rows
  std::size_t C;        ///< columns, which sum to 1
  bool causal = false;  ///< N is then a multiple of C
};

/// y is overwritten.
template <class T>
void softmax_forward(const SoftmaxShape& s, std::span<const T> x, std::span<T> y);

/// From the result y alone. An empty dx is not computed.
template <class T>
void softmax_backward(const SoftmaxShape& s, std::span<const T> y, std::span<const T> dy, std::span<T> dx);

}  // namespace x2g
