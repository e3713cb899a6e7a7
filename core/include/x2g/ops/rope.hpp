// Rotary position embedding (Su et al. 2021, "RoFormer", section 3.2.2): each head turns its pairs of features by an angle that grows
// with the position, so that q_t · k_s depends on t − s only.
//
//   D = C/H   θ[t,i] = (begin + t) · base^(−2i/D)       i = 0 … D/2 − 1       x, y (B, T, C)   table (T, D): cos θ[t,i], sin θ[t,i], …
//   y[2i]   = x[2i] cos θ − x[2i+1] sin θ               dx[2i]   += dy[2i] cos θ + dy[2i+1] sin θ
//   y[2i+1] = x[2i] sin θ + x[2i+1] cos θ               dx[2i+1] += dy[2i+1] cos θ − dy[2i] sin θ
//
// The pairs are neighbors (2i, 2i+1), as in the paper and in Meta's Llama code. The half-split form (GPT-NeoX, Hugging Face) pairs
// (i, i + D/2): the same rotation after the features of each head are put in another order, so weights of one form do not fit the other
// unless the rows of W_q and W_k are reordered.
#pragma once

#include <cstddef>
#include <span>

namespace x2g {

/// Sizes of x and how it turns.
struct RopeShape {
  std::size_t B;          ///< sequences
  std::size_t T;          ///< tokens of each
  std::size_t C;          ///< channels
  std::size_t H;          ///< heads: H divides C, C/H is even
  double base = 10000;    ///< the slowest pair turns by base^(2/D − 1) a position
  std::size_t begin = 0;  ///< position of the first row (cached decoding starts later)
};

/// Fills the table (T, C/H) of cosines and sines.
template <class T>
void rope_table(const RopeShape& s, std::span<T> table);

/// table: rope_table's.
template <class T>
void rope_forward(const RopeShape& s, std::span<const T> x, std::span<const T> table, std::span<T> y);

/// An empty dx is not computed.
template <class T>
void rope_backward(const RopeShape& s, std::span<const T> table, std::span<const T> dy, std::span<T> dx);

}  // namespace x2g
