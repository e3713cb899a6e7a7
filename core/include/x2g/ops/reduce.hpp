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

struct ReduceShape {
  std::size_t outer, n, inner;
  bool mean = false;
};

template <class T>
void reduce_forward(const ReduceShape& s, std::span<const T> x, std::span<T> y);

/// An empty dx is not computed.
template <class T>
void reduce_backward(const ReduceShape& s, std::span<const T> dy, std::span<T> dx);

}  // namespace x2g
