// Products of matrices, a batch of them: neither side is a weight. Used for attention written out (Vaswani et al. 2017, section 3.2.1).
//
//   y[n] = a[n] b[n]      a (batch, M, K)   b (batch, K, N)   y (batch, M, N)       da += dy bᵀ    db += aᵀ dy
//   y[n] = a[n] b[n]ᵀ     the same with b (batch, N, K)                             da += dy b     db += dyᵀ a
//
// Source of the gradients: Petersen, Pedersen, The Matrix Cookbook (2012), section 2.5.
#pragma once

#include <cstddef>
#include <span>

namespace x2g {

/// Sizes of a batch of products.
struct MatmulShape {
  std::size_t batch;        ///< products
  std::size_t M;            ///< rows of a[n] and y[n]
  std::size_t N;            ///< columns of y[n]
  std::size_t K;            ///< terms of each sum
  bool transposed = false;  ///< b is (batch, N, K)
};

/// How many elements of scratch both directions need.
std::size_t matmul_scratch(const MatmulShape& s);

/// y is overwritten.
template <class T>
void matmul_forward(const MatmulShape& s, std::span<const T> a, std::span<const T> b, std::span<T> y, std::span<T> scratch);

/// An empty da or db is not computed. da and db may be the same memory (a product of a tensor with itself).
template <class T>
void matmul_backward(const MatmulShape& s, std::span<const T> a, std::span<const T> b, std::span<const T> dy, std::span<T> da,
                     std::span<T> db, std::span<T> scratch);

}  // namespace x2g
