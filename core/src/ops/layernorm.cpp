// Layer normalization, row by row: the rows are the kernels' work.
#include "x2g/ops/layernorm.hpp"

#include <cassert>
#include <cmath>

#include "kernels/elementwise.hpp"

namespace x2g {
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
    kernels::normalize<T>(row, mu, r, w, b, y.subspan(n * s.C, s.C));
    mean[n] = mu;
    rstd[n] = r;
  }
}

template <class T>
void layernorm_backward(const LayerNormShape& s, std::span<const T> x, std::span<const T> w, std::span<const T> mean,
                        std::span<const T> rstd, std::span<const T> dy, std::span<T> dx, std::span<T> dw, std::span<T> db) {
  assert(x.size() == s.N * s.C && dy.size() == x.size() && w.size() == s.C);
  for (std::size_t n = 0; n < s.N; ++n) {
    const auto row = [&](auto span) { return span.empty() ? span : span.subspan(n * s.C, s.C); };
    // forward: y = x̂ w + b, x̂ = (x − μ) rstd, and μ and rstd depend on every x of the row
    kernels::normalize_backward<T>(row(x), mean[n], rstd[n], w, row(dy), row(dx), dw);
    if (!db.empty()) kernels::accumulate<T>(row(dy), db);
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
