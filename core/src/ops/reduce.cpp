// Sums and means along an axis: rows summed by the kernel, or added one below the other.
#include "x2g/ops/reduce.hpp"

#include <algorithm>
#include <cassert>

#include "kernels/elementwise.hpp"

namespace x2g {
namespace {

template <class T>
T factor(const ReduceShape& s) {
  return s.mean ? T(1) / static_cast<T>(s.n) : T(1);
}

}  // namespace

template <class T>
void reduce_forward(const ReduceShape& s, std::span<const T> x, std::span<T> y) {
  assert(x.size() == s.outer * s.n * s.inner && y.size() == s.outer * s.inner && s.n > 0);
  for (std::size_t o = 0; o < s.outer; ++o) {
    const auto block = x.subspan(o * s.n * s.inner, s.n * s.inner);
    if (s.inner == 1) {
      y[o] = kernels::sum<T>(block);
      continue;
    }
    const auto row = y.subspan(o * s.inner, s.inner);
    std::copy_n(block.begin(), s.inner, row.begin());
    for (std::size_t k = 1; k < s.n; ++k) kernels::accumulate<T>(block.subspan(k * s.inner, s.inner), row);
  }
  if (s.mean) kernels::scale<T>(factor<T>(s), y);
}

template <class T>
void reduce_backward(const ReduceShape& s, std::span<const T> dy, std::span<T> dx) {
  if (dx.empty()) return;
  assert(dx.size() == s.outer * s.n * s.inner && dy.size() == s.outer * s.inner);
  const T f = factor<T>(s);
  // forward: y[o,i] = f Σ_k x[o,k,i]
  for (std::size_t o = 0; o < s.outer; ++o) {
    const auto block = dx.subspan(o * s.n * s.inner, s.n * s.inner);
    if (s.inner == 1) {
      const T each = f * dy[o];
      for (T& d : block) d += each;
      continue;
    }
    for (std::size_t k = 0; k < s.n; ++k) kernels::scale_add<T>(f, dy.subspan(o * s.inner, s.inner), block.subspan(k * s.inner, s.inner));
  }
}

template void reduce_forward<float>(const ReduceShape&, std::span<const float>, std::span<float>);
template void reduce_forward<double>(const ReduceShape&, std::span<const double>, std::span<double>);
template void reduce_backward<float>(const ReduceShape&, std::span<const float>, std::span<float>);
template void reduce_backward<double>(const ReduceShape&, std::span<const double>, std::span<double>);

}  // namespace x2g
