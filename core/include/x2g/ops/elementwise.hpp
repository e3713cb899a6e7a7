// Sums, products and sines element by element: the residual connection (He et al. 2015), gates (Hochreiter, Schmidhuber 1997),
// learned positions (Radford et al. 2018).
//
//   add            y = a + b              a, y (n)  b (m)        da += dy     db += Σ_r dy      m divides n: b is repeated,
//   mul            y = a ∘ b              a, y (n)  b (m)        da += dy b   db += Σ_r dy a    once for each of r = n/m rows
//   scale          y = s x                x, y (n)               dx += s dy
//   sin            y = sin x              x, y (n), radians      dx += dy cos x
//   add_positions  y[b,t,:] = x + P[t,:]  x, y (B, T, C) P (≥T, C)  dx += dy   dP[t,:] += Σ_b dy[b,t,:]
#pragma once

#include <cstddef>
#include <span>

namespace x2g {

/// Sizes of x in add_positions.
struct PositionShape {
  std::size_t B;  ///< sequences
  std::size_t T;  ///< tokens of each
  std::size_t C;  ///< channels
};

/// b may be shorter than a: a divisor of its length.
template <class T>
void add_forward(std::span<const T> a, std::span<const T> b, std::span<T> y);
template <class T>
void add_backward(std::span<const T> dy, std::span<T> da, std::span<T> db);  ///< empty = not computed

/// b may be shorter than a: a divisor of its length.
template <class T>
void mul_forward(std::span<const T> a, std::span<const T> b, std::span<T> y);
/// Empty = not computed. da and db may be the same memory (a square).
template <class T>
void mul_backward(std::span<const T> a, std::span<const T> b, std::span<const T> dy, std::span<T> da, std::span<T> db);

/// y = s x.
template <class T>
void scale_forward(double s, std::span<const T> x, std::span<T> y);
template <class T>
void scale_backward(double s, std::span<const T> dy, std::span<T> dx);  ///< empty = not computed

/// y = sin x, the same bits on every engine. Absolute error below 1e-15 (1 + |x|) in double.
template <class T>
void sin_forward(std::span<const T> x, std::span<T> y);
template <class T>
void sin_backward(std::span<const T> x, std::span<const T> dy, std::span<T> dx);  ///< empty = not computed

/// P may have more rows than T; those beyond are not read.
template <class T>
void add_positions_forward(const PositionShape& s, std::span<const T> x, std::span<const T> P, std::span<T> y);
/// An empty dx or dP is not computed.
template <class T>
void add_positions_backward(const PositionShape& s, std::span<const T> dy, std::span<T> dx, std::span<T> dP);

}  // namespace x2g
