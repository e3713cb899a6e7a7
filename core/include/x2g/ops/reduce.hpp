// Sum and mean along one axis, or over everything.
//
//   y[o, i] = f Σ_k x[o, k, i]          x (outer, n, inner)   y (outer, inner)
//   dx[o, k, i] += f dy[o, i]
//
// f is 1 for a sum, 1/n for a mean. Over everything: outer = inner = 1. Source: the derivative of a sum is 1 for each term.
// Where the axis is the last one the order of additions is kernels::sum's; else k runs in order.
#pragma once

#include <cstddef>
#include <span>

namespace x2g {

/// x seen as (outer, n, inner).
struct ReduceShape {
  std::size_t outer;  ///< elements of the axes before
  std::size_t n;      ///< length of the axis that goes
  std::size_t inner;  ///< elements of the axes behind
  bool mean = false;  ///< f = 1/n instead of 1
};

/// y is overwritten.
template <class T>
void reduce_forward(const ReduceShape& s, std::span<const T> x, std::span<T> y);

/// An empty dx is not computed.
template <class T>
void reduce_backward(const ReduceShape& s, std::span<const T> dy, std::span<T> dx);

}  // namespace x2g
