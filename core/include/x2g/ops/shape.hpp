// Ops that move numbers and compute nothing: slice, concat, transpose, reshape. Each gradient is the same move backward.
//
//   slice      y = x[…, begin : begin + width, …] along one axis      dx[…, begin : begin + width, …] += dy
//   concat     y[…, begin : begin + width, …] = x, part by part       dx += dy[…, begin : begin + width, …]
//   transpose  y[j_0 … j_3] = x[i_0 … i_3] with j_k = i_order[k]      dx[i] += dy[j]
//   reshape    y = x in the same row-major order, another shape       dx += dy
//
// Slice and concat see a tensor as (outer, along the axis × what lies inside it), so that every part is a band of columns.
// Source: none is needed; semantics as in NumPy (slice, concatenate, transpose with `axes`, reshape in C order).
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace x2g {

/// A band of columns begin … begin + width − 1 of a matrix (outer, total).
struct BandShape {
  std::size_t outer;  ///< rows
  std::size_t total;  ///< columns of the whole
  std::size_t begin;  ///< first column of the band
  std::size_t width;  ///< columns of the band
};

/// x (outer, total) → y (outer, width)
template <class T>
void slice_forward(const BandShape& s, std::span<const T> x, std::span<T> y);
template <class T>
void slice_backward(const BandShape& s, std::span<const T> dy, std::span<T> dx);  ///< an empty dx is not computed

/// One part of a concat: x (outer, width) → its band of y (outer, total)
template <class T>
void concat_forward(const BandShape& s, std::span<const T> x, std::span<T> y);
template <class T>
void concat_backward(const BandShape& s, std::span<const T> dy, std::span<T> dx);  ///< an empty dx is not computed

/// Sizes of x, shorter ones filled up with leading ones, and the order of axes: axis k of y is axis order[k] of x.
struct TransposeShape {
  std::array<std::size_t, 4> dims{1, 1, 1, 1};   ///< sizes of x
  std::array<std::size_t, 4> order{0, 1, 2, 3};  ///< a permutation of 0 … 3
};

/// y is overwritten.
template <class T>
void transpose_forward(const TransposeShape& s, std::span<const T> x, std::span<T> y);
template <class T>
void transpose_backward(const TransposeShape& s, std::span<const T> dy, std::span<T> dx);  ///< an empty dx is not computed

/// A copy.
template <class T>
void reshape_forward(std::span<const T> x, std::span<T> y);
template <class T>
void reshape_backward(std::span<const T> dy, std::span<T> dx);  ///< an empty dx is not computed

}  // namespace x2g
