// Sums of tensors: the residual connection (He et al. 2015) and learned positions (Radford et al. 2018).
//
//   add            y = a + b              a, b, y (n)            da += dy     db += dy
//   add_positions  y[b,t,:] = x + P[t,:]  x, y (B, T, C) P (≥T, C)  dx += dy   dP[t,:] += Σ_b dy[b,t,:]
#pragma once

#include <cstddef>
#include <span>

namespace x2g {

struct PositionShape {
  std::size_t B, T, C;
};

template <class T>
void add_forward(std::span<const T> a, std::span<const T> b, std::span<T> y);
template <class T>
void add_backward(std::span<const T> dy, std::span<T> da, std::span<T> db);  ///< empty = not computed

template <class T>
void add_positions_forward(const PositionShape& s, std::span<const T> x, std::span<const T> P, std::span<T> y);
template <class T>
void add_positions_backward(const PositionShape& s, std::span<const T> dy, std::span<T> dx, std::span<T> dP);

}  // namespace x2g
