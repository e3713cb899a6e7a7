// Pooling in plain loops: a window is small, and nothing here is worth a kernel.
#include "x2g/ops/pool.hpp"

#include <algorithm>
#include <cassert>

namespace x2g {
namespace {

/// The inputs [begin, end) of one axis that output o sees.
struct Range {
  std::size_t begin, end;
};
Range seen(const WindowAxis& a, std::size_t o) {
  const std::size_t from = o * a.stride;  // in the padded input
  return {from > a.padding ? from - a.padding : 0, std::min(a.in, from + a.kernel - a.padding)};
}

/// Calls f(output element, plane's first input element, rows, columns) for every window.
template <class F>
void for_each_window(const PoolShape& s, const F& f) {
  const std::size_t Ho = s.h.out(), Wo = s.w.out();
  std::size_t out = 0;
  for (std::size_t n = 0; n < s.N; ++n) {
    for (std::size_t i = 0; i < Ho; ++i) {
      const Range rows = seen(s.h, i);
      for (std::size_t j = 0; j < Wo; ++j) f(out++, n * s.h.in * s.w.in, rows, seen(s.w, j));
    }
  }
}

}  // namespace

template <class T>
void max_pool_forward(const PoolShape& s, std::span<const T> x, std::span<T> y, std::span<T> argmax) {
  assert(x.size() == s.N * s.h.in * s.w.in && y.size() == s.N * s.h.out() * s.w.out() && argmax.size() == y.size());
  for_each_window(s, [&](std::size_t out, std::size_t plane, Range rows, Range columns) {
    std::size_t best = rows.begin * s.w.in + columns.begin;
    T largest = x[plane + best];
    for (std::size_t i = rows.begin; i < rows.end; ++i) {
      for (std::size_t j = columns.begin; j < columns.end; ++j) {
        const std::size_t at = i * s.w.in + j;
        const T v = x[plane + at];
        if (v > largest || v != v) {  // NaN differs from itself
          largest = v;
          best = at;
        }
      }
    }
    y[out] = largest;
    argmax[out] = static_cast<T>(best);
  });
}

template <class T>
void max_pool_backward(const PoolShape& s, std::span<const T> argmax, std::span<const T> dy, std::span<T> dx) {
  assert(dx.size() == s.N * s.h.in * s.w.in && dy.size() == argmax.size());
  const std::size_t places = s.h.out() * s.w.out(), plane = s.h.in * s.w.in;
  // forward: y[n,p] = x[n, argmax[n,p]]
  for (std::size_t n = 0; n < s.N; ++n) {
    for (std::size_t p = n * places; p < (n + 1) * places; ++p) dx[n * plane + static_cast<std::size_t>(argmax[p])] += dy[p];
  }
}

template <class T>
void avg_pool_forward(const PoolShape& s, std::span<const T> x, std::span<T> y) {
  assert(x.size() == s.N * s.h.in * s.w.in && y.size() == s.N * s.h.out() * s.w.out());
  const T share = T(1) / static_cast<T>(s.h.kernel * s.w.kernel);
  for_each_window(s, [&](std::size_t out, std::size_t plane, Range rows, Range columns) {
    T sum{};
    for (std::size_t i = rows.begin; i < rows.end; ++i)
      for (std::size_t j = columns.begin; j < columns.end; ++j) sum += x[plane + i * s.w.in + j];
    y[out] = sum * share;
  });
}

template <class T>
void avg_pool_backward(const PoolShape& s, std::span<const T> dy, std::span<T> dx) {
  assert(dx.size() == s.N * s.h.in * s.w.in && dy.size() == s.N * s.h.out() * s.w.out());
  const T share = T(1) / static_cast<T>(s.h.kernel * s.w.kernel);
  // forward: y = Σ x / (kh kw)
  for_each_window(s, [&](std::size_t out, std::size_t plane, Range rows, Range columns) {
    const T d = dy[out] * share;
    for (std::size_t i = rows.begin; i < rows.end; ++i)
      for (std::size_t j = columns.begin; j < columns.end; ++j) dx[plane + i * s.w.in + j] += d;
  });
}

template void max_pool_forward<float>(const PoolShape&, std::span<const float>, std::span<float>, std::span<float>);
template void max_pool_forward<double>(const PoolShape&, std::span<const double>, std::span<double>, std::span<double>);
template void max_pool_backward<float>(const PoolShape&, std::span<const float>, std::span<const float>, std::span<float>);
template void max_pool_backward<double>(const PoolShape&, std::span<const double>, std::span<const double>, std::span<double>);
template void avg_pool_forward<float>(const PoolShape&, std::span<const float>, std::span<float>);
template void avg_pool_forward<double>(const PoolShape&, std::span<const double>, std::span<double>);
template void avg_pool_backward<float>(const PoolShape&, std::span<const float>, std::span<float>);
template void avg_pool_backward<double>(const PoolShape&, std::span<const double>, std::span<double>);

}  // namespace x2g
