// Softmax rows, whole or up to the diagonal. The exponentials are the kernel's.
#include "x2g/ops/softmax.hpp"

#include <cassert>

#include "kernels/elementwise.hpp"

namespace x2g {
namespace {

std::size_t columns_seen(const SoftmaxShape& s, std::size_t n) { return s.causal ? n % s.C + 1 : s.C; }

}  // namespace

template <class T>
void softmax_forward(const SoftmaxShape& s, std::span<const T> x, std::span<T> y) {
  assert(x.size() == s.N * s.C && y.size() == x.size() && (!s.causal || s.N % s.C == 0));
  for (std::size_t n = 0; n < s.N; ++n) {
    const std::size_t seen = columns_seen(s, n);
    kernels::softmax<T>(x.subspan(n * s.C, seen), T(1), y.subspan(n * s.C, seen));
    kernels::fill<T>(T(0), y.subspan(n * s.C + seen, s.C - seen));
  }
}

template <class T>
void softmax_backward(const SoftmaxShape& s, std::span<const T> y, std::span<const T> dy, std::span<T> dx) {
  if (dx.empty()) return;
  assert(y.size() == s.N * s.C && dy.size() == y.size() && dx.size() == y.size());
  for (std::size_t n = 0; n < s.N; ++n) {
    const std::size_t seen = columns_seen(s, n);
    const auto p = y.subspan(n * s.C, seen), g = dy.subspan(n * s.C, seen);
    const auto d = dx.subspan(n * s.C, seen);
    // forward: y[c] = e^x[c] / Σ e^x, so ∂y[c]/∂x[k] = y[c] (δ_ck − y[k])
    const T common = kernels::dot<T>(p, g);
    for (std::size_t c = 0; c < seen; ++c) d[c] += p[c] * (g[c] - common);
  }
}

template void softmax_forward<float>(const SoftmaxShape&, std::span<const float>, std::span<float>);
template void softmax_forward<double>(const SoftmaxShape&, std::span<const double>, std::span<double>);
template void softmax_backward<float>(const SoftmaxShape&, std::span<const float>, std::span<const float>, std::span<float>);
template void softmax_backward<double>(const SoftmaxShape&, std::span<const double>, std::span<const double>, std::span<double>);

}  // namespace x2g
