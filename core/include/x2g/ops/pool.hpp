// Pooling: each window of a plane gives one number, its largest (max pooling; Ranzato et al. 2007) or its mean (average pooling;
// LeCun et al. 1989). Without dilation.
//
//   max   y[n,i,j] = x[n] at the window's largest place, argmax[n,i,j]; the first of equals      dx at argmax += dy
//   avg   y[n,i,j] = Σ x[n] in the window / (kh kw): padding counts as 0, PyTorch's default      dx in the window += dy / (kh kw)
//   x (N, H, W), N the planes (batch times channels)   y, argmax (N, Ho, Wo), sizes as in window.hpp
//
// argmax holds i·W + j as PyTorch's return_indices does; as a number of type T it is exact for planes of up to 2²⁴ elements.
// A window with a NaN gives NaN. Padding may be half the kernel at most, so that every window sees something.
#pragma once

#include <cstddef>
#include <span>

#include "x2g/ops/window.hpp"

namespace x2g {

/// Sizes of a pooling; a sequence has height 1.
struct PoolShape {
  std::size_t N;  ///< planes: batch times channels
  WindowAxis h;   ///< along the height
  WindowAxis w;   ///< along the width
};

/// argmax (N, Ho, Wo) is saved for backward.
template <class T>
void max_pool_forward(const PoolShape& s, std::span<const T> x, std::span<T> y, std::span<T> argmax);
/// Windows that share their largest element add up.
template <class T>
void max_pool_backward(const PoolShape& s, std::span<const T> argmax, std::span<const T> dy, std::span<T> dx);

/// Padding counts as zeros.
template <class T>
void avg_pool_forward(const PoolShape& s, std::span<const T> x, std::span<T> y);
/// Every place of a window gets the same share.
template <class T>
void avg_pool_backward(const PoolShape& s, std::span<const T> dy, std::span<T> dx);

}  // namespace x2g
