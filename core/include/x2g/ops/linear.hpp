// Fully connected layer.
//
//   y = x Wᵀ + b       x (N, I)   W (O, I)   b (O)   y (N, O)
//   dx += dy W         dW += dyᵀ x           db += Σ_n dy
//
// Source: any text on neural networks; layout as in PyTorch's Linear.
#pragma once

#include <cstddef>
#include <span>

namespace x2g {

/// Sizes of a layer.
struct LinearShape {
  std::size_t N;  ///< rows of x
  std::size_t I;  ///< inputs
  std::size_t O;  ///< outputs
};

/// How many elements of scratch both directions need.
std::size_t linear_scratch(const LinearShape& s);

/// An empty b means no bias.
template <class T>
void linear_forward(const LinearShape& s, std::span<const T> x, std::span<const T> W, std::span<const T> b, std::span<T> y,
                    std::span<T> scratch);

/// An empty dx, dW or db is not computed.
template <class T>
void linear_backward(const LinearShape& s, std::span<const T> x, std::span<const T> W, std::span<const T> dy, std::span<T> dx,
                     std::span<T> dW, std::span<T> db, std::span<T> scratch);

}  // namespace x2g
