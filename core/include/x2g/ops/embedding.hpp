// Look-up table: a one-hot vector times a matrix, without the multiplication.
//
//   y[n,:] = W[ids[n],:]     ids (N) whole numbers 0 … V-1 held in T (exact up to 2^24)   W (V, C)   y (N, C)
//   dW[ids[n],:] += dy[n,:]  in the order n = 0, 1, …, so that the result does not depend on anything else
#pragma once

#include <cstddef>
#include <span>

namespace x2g {

/// Sizes of a look-up.
struct EmbeddingShape {
  std::size_t N;  ///< ids
  std::size_t V;  ///< rows of W
  std::size_t C;  ///< channels
};

/// ids: whole numbers 0 … V − 1.
template <class T>
void embedding_forward(const EmbeddingShape& s, std::span<const T> ids, std::span<const T> W, std::span<T> y);
/// dW[ids[n],:] += dy[n,:], in order of n.
template <class T>
void embedding_backward(const EmbeddingShape& s, std::span<const T> ids, std::span<const T> dy, std::span<T> dW);

}  // namespace x2g
