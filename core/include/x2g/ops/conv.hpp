// Convolution of images (LeCun et al. 1989, 1998): the same small filters looked for everywhere. As in PyTorch it is a
// cross-correlation, that is, the kernel is not flipped.
//
//   y[b,o,i,j] = bias[o] + Σ_c Σ_u Σ_v W[o,c,u,v] x[b, c, i·s − p + u·d, j·s − p + v·d]      (s, p, d: stride, padding with 0, dilation)
//   x (B, Ci, H, W)   W (Co, Ci, kh, kw)   bias (Co)   y (B, Co, Ho, Wo), sizes as in window.hpp
//   dx at the place each term looked at += dy W     dW += Σ_b,i,j dy x at that place     dbias[o] += Σ_b,i,j dy[b,o,i,j]
//
// One image at a time is laid out as a matrix whose columns are what the windows see (im2col; Chellapilla, Puri, Simard 2006), so that
// the work is a matrix product. One-dimensional sequences are images of height 1.
#pragma once

#include <cstddef>
#include <span>

#include "x2g/ops/window.hpp"

namespace x2g {

/// Sizes of a convolution; a sequence has height 1.
struct ConvShape {
  std::size_t B;   ///< images
  std::size_t Ci;  ///< channels of x
  std::size_t Co;  ///< channels of y
  WindowAxis h;    ///< along the height
  WindowAxis w;    ///< along the width

  std::size_t fan_in() const { return Ci * h.kernel * w.kernel; }  ///< rows of the matrix of windows
  std::size_t places() const { return h.out() * w.out(); }         ///< its columns
};

/// Elements of scratch that both directions need.
std::size_t conv_scratch(const ConvShape& s);

/// An empty bias means none.
template <class T>
void conv_forward(const ConvShape& s, std::span<const T> x, std::span<const T> W, std::span<const T> bias, std::span<T> y,
                  std::span<T> scratch);

/// An empty dx, dW or dbias is not computed.
template <class T>
void conv_backward(const ConvShape& s, std::span<const T> x, std::span<const T> W, std::span<const T> dy, std::span<T> dx, std::span<T> dW,
                   std::span<T> dbias, std::span<T> scratch);

}  // namespace x2g
