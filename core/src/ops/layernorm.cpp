// Layer normalization, row by row. Sums go through kernels (fixed order); the element-wise lines are plain loops
// that compilers vectorise without changing a bit.
#include "x2g/ops/layernorm.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "kernels/elementwise.hpp"

namespace x2g {
namespace {

// Features handled at a time in backward: dx̂ and x̂ of one chunk live on the stack.
constexpr std::size_t kChunk = 256;

}  // namespace

template <class T>
void layernorm_forward(const LayerNormShape& s, std::span<const T> x, std::span<const T> w, std::span<const T> b, std::span<T> y,
                       std::span<T> mean, std::span<T> rstd) {
  assert(x.size() == s.N * s.C && y.size() == x.size() && w.size() == s.C);
  assert((b.empty() || b.size() == s.C) && mean.size() == s.N && rstd.size() == s.N);
  for (std::size_t n = 0; n < s.N; ++n) {
    const auto row = x.subspan(n * s.C, s.C);
    T mu{}, variance{};
    kernels::mean_variance<T>(row, mu, variance);
    const T r = T(1) / std::sqrt(variance + static_cast<T>(kLayerNormEps));
    T* yn = y.data() + n * s.C;
    if (b.empty()) {
      for (std::size_t c = 0; c < s.C; ++c) yn[c] = (row[c] - mu) * r * w[c];
    } else {
      for (std::size_t c = 0; c < s.C; ++c) yn[c] = (row[c] - mu) * r * w[c] + b[c];
    }
    mean[n] = mu;
    rstd[n] = r;
  }
}

template <class T>
void layernorm_backward(const LayerNormShape& s, std::span<const T> x, std::span<const T> w, std::span<const T> mean,
                        std::span<const T> rstd, std::span<const T> dy, std::span<T> dx, std::span<T> dw, std::span<T> db) {
  assert(x.size() == s.N * s.C && dy.size() == x.size() && w.size() == s.C);
  const T per_feature = T(1) / static_cast<T>(s.C);
  std::array<T, kChunk> xhat, dxhat;
  for (std::size_t n = 0; n < s.N; ++n) {
    const T* xn = x.data() + n * s.C;
    const T* dyn = dy.data() + n * s.C;
    const T mu = mean[n], r = rstd[n];
    const auto fill_chunk = [&](std::size_t begin, std::size_t count) {
      const T* xc = xn + begin;
      const T* dyc = dyn + begin;
      const T* wc = w.data() + begin;
      for (std::size_t i = 0; i < count; ++i) {
        xhat[i] = (xc[i] - mu) * r;
        dxhat[i] = dyc[i] * wc[i];
      }
    };

    T sum_dxhat{}, sum_dxhat_xhat{};
    for (std::size_t begin = 0; begin < s.C; begin += kChunk) {
      const std::size_t count = std::min(kChunk, s.C - begin);
      fill_chunk(begin, count);
      const std::span<const T> g{dxhat.data(), count}, h{xhat.data(), count};
      sum_dxhat += kernels::sum<T>(g);
      sum_dxhat_xhat += kernels::dot<T>(g, h);
      // forward: y = x̂ w + b
      if (!dw.empty()) {
        T* dwc = dw.data() + begin;
        for (std::size_t i = 0; i < count; ++i) dwc[i] += dyn[begin + i] * xhat[i];
      }
    }
    if (!db.empty()) kernels::accumulate<T>(dy.subspan(n * s.C, s.C), db);
    if (dx.empty()) continue;

    // forward: x̂ = (x − μ) rstd, and μ and rstd depend on every x of the row
    const T a = sum_dxhat * per_feature, k = sum_dxhat_xhat * per_feature;
    for (std::size_t begin = 0; begin < s.C; begin += kChunk) {
      const std::size_t count = std::min(kChunk, s.C - begin);
      if (s.C > kChunk) fill_chunk(begin, count);  // else the only chunk is still there
      T* dxc = dx.data() + n * s.C + begin;
      for (std::size_t i = 0; i < count; ++i) dxc[i] += r * (dxhat[i] - a - xhat[i] * k);
    }
  }
}

template void layernorm_forward<float>(const LayerNormShape&, std::span<const float>, std::span<const float>, std::span<const float>,
                                       std::span<float>, std::span<float>, std::span<float>);
template void layernorm_forward<double>(const LayerNormShape&, std::span<const double>, std::span<const double>, std::span<const double>,
                                        std::span<double>, std::span<double>, std::span<double>);
template void layernorm_backward<float>(const LayerNormShape&, std::span<const float>, std::span<const float>, std::span<const float>,
                                        std::span<const float>, std::span<const float>, std::span<float>, std::span<float>,
                                        std::span<float>);
template void layernorm_backward<double>(const LayerNormShape&, std::span<const double>, std::span<const double>, std::span<const double>,
                                         std::span<const double>, std::span<const double>, std::span<double>, std::span<double>,
                                         std::span<double>);

}  // namespace x2g
