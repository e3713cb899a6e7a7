// Moves of numbers: slice, concat, transpose, reshape. Runs that lie together are moved as runs.
#include "x2g/ops/shape.hpp"

#include <algorithm>
#include <cassert>

#include "kernels/elementwise.hpp"

namespace x2g {
namespace {

/// Calls run(at_x, at_y, n, step): the n elements of y from at_y on are those of x at at_x, at_x + step, at_x + 2 step, …
template <class Run>
void walk_transposed(const TransposeShape& s, Run&& run) {
  const std::array<std::size_t, 4> strides{s.dims[1] * s.dims[2] * s.dims[3], s.dims[2] * s.dims[3], s.dims[3], 1};
  std::array<std::size_t, 4> size{}, step{};  // of y's axes: their lengths, and how far apart x holds their elements
  for (std::size_t k = 0; k < 4; ++k) {
    size[k] = s.dims[s.order[k]];
    step[k] = strides[s.order[k]];
  }
  std::size_t at_y = 0;
  for (std::size_t i = 0; i < size[0]; ++i) {
    for (std::size_t j = 0; j < size[1]; ++j) {
      for (std::size_t k = 0; k < size[2]; ++k, at_y += size[3]) run(i * step[0] + j * step[1] + k * step[2], at_y, size[3], step[3]);
    }
  }
}

[[maybe_unused]] std::size_t element_count(const TransposeShape& s) { return s.dims[0] * s.dims[1] * s.dims[2] * s.dims[3]; }

}  // namespace

template <class T>
void slice_forward(const BandShape& s, std::span<const T> x, std::span<T> y) {
  assert(x.size() == s.outer * s.total && y.size() == s.outer * s.width && s.begin + s.width <= s.total);
  for (std::size_t o = 0; o < s.outer; ++o) std::copy_n(x.data() + o * s.total + s.begin, s.width, y.data() + o * s.width);
}

template <class T>
void slice_backward(const BandShape& s, std::span<const T> dy, std::span<T> dx) {
  if (dx.empty()) return;
  assert(dx.size() == s.outer * s.total && dy.size() == s.outer * s.width);
  // forward: y[o, c] = x[o, begin + c]
  for (std::size_t o = 0; o < s.outer; ++o)
    kernels::accumulate<T>(dy.subspan(o * s.width, s.width), dx.subspan(o * s.total + s.begin, s.width));
}

template <class T>
void concat_forward(const BandShape& s, std::span<const T> x, std::span<T> y) {
  assert(x.size() == s.outer * s.width && y.size() == s.outer * s.total && s.begin + s.width <= s.total);
  for (std::size_t o = 0; o < s.outer; ++o) std::copy_n(x.data() + o * s.width, s.width, y.data() + o * s.total + s.begin);
}

template <class T>
void concat_backward(const BandShape& s, std::span<const T> dy, std::span<T> dx) {
  if (dx.empty()) return;
  assert(dy.size() == s.outer * s.total && dx.size() == s.outer * s.width);
  // forward: y[o, begin + c] = x[o, c]
  for (std::size_t o = 0; o < s.outer; ++o)
    kernels::accumulate<T>(dy.subspan(o * s.total + s.begin, s.width), dx.subspan(o * s.width, s.width));
}

template <class T>
void transpose_forward(const TransposeShape& s, std::span<const T> x, std::span<T> y) {
  assert(x.size() == element_count(s) && y.size() == x.size());
  walk_transposed(s, [&](std::size_t at_x, std::size_t at_y, std::size_t n, std::size_t step) {
    const T* from = x.data() + at_x;
    T* to = y.data() + at_y;
    if (step == 1) {
      std::copy_n(from, n, to);
    } else {
      for (std::size_t l = 0; l < n; ++l) to[l] = from[l * step];
    }
  });
}

template <class T>
void transpose_backward(const TransposeShape& s, std::span<const T> dy, std::span<T> dx) {
  if (dx.empty()) return;
  assert(dx.size() == element_count(s) && dy.size() == dx.size());
  walk_transposed(s, [&](std::size_t at_x, std::size_t at_y, std::size_t n, std::size_t step) {
    // forward: y[at_y + l] = x[at_x + l step]
    if (step == 1) {
      kernels::accumulate<T>(dy.subspan(at_y, n), dx.subspan(at_x, n));
    } else {
      for (std::size_t l = 0; l < n; ++l) dx[at_x + l * step] += dy[at_y + l];
    }
  });
}

template <class T>
void reshape_forward(std::span<const T> x, std::span<T> y) {
  assert(x.size() == y.size());
  std::copy(x.begin(), x.end(), y.begin());
}

template <class T>
void reshape_backward(std::span<const T> dy, std::span<T> dx) {
  if (!dx.empty()) kernels::accumulate<T>(dy, dx);  // forward: y = x
}

#define X2G_MOVES(T)                                                                            \
  template void slice_forward<T>(const BandShape&, std::span<const T>, std::span<T>);           \
  template void slice_backward<T>(const BandShape&, std::span<const T>, std::span<T>);          \
  template void concat_forward<T>(const BandShape&, std::span<const T>, std::span<T>);          \
  template void concat_backward<T>(const BandShape&, std::span<const T>, std::span<T>);         \
  template void transpose_forward<T>(const TransposeShape&, std::span<const T>, std::span<T>);  \
  template void transpose_backward<T>(const TransposeShape&, std::span<const T>, std::span<T>); \
  template void reshape_forward<T>(std::span<const T>, std::span<T>);                           \
  template void reshape_backward<T>(std::span<const T>, std::span<T>);
X2G_MOVES(float)
X2G_MOVES(double)
#undef X2G_MOVES

}  // namespace x2g
