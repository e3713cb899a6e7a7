// Clear version of layer normalization: the formulas of ops/layernorm.hpp, row by row.
#pragma once

#include "reference/scalar.hpp"
#include "x2g/ops/layernorm.hpp"

namespace x2g::reference {

template <class S>
struct LayerNormResult {
  Array<S> y, mean, rstd;
};

template <class S>
LayerNormResult<S> layernorm_forward(const LayerNormShape& s, const Array<S>& x, const Array<S>& w, const Array<S>& b) {
  LayerNormResult<S> r{Array<S>(s.N * s.C), Array<S>(s.N), Array<S>(s.N)};
  const double C = static_cast<double>(s.C);
  for (std::size_t n = 0; n < s.N; ++n) {
    S mean(0), variance(0);
    for (std::size_t c = 0; c < s.C; ++c) mean += x[n * s.C + c] / C;
    for (std::size_t c = 0; c < s.C; ++c) variance += (x[n * s.C + c] - mean) * (x[n * s.C + c] - mean) / C;
    r.mean[n] = mean;
    r.rstd[n] = 1.0 / std::sqrt(variance + kLayerNormEps);
    for (std::size_t c = 0; c < s.C; ++c) {
      r.y[n * s.C + c] = (x[n * s.C + c] - mean) * r.rstd[n] * w[c] + (b.empty() ? S(0) : b[c]);
    }
  }
  return r;
}

template <class S>
struct LayerNormGradients {
  Array<S> dx, dw, db;
};

template <class S>
LayerNormGradients<S> layernorm_backward(const LayerNormShape& s, const Array<S>& x, const Array<S>& w, const LayerNormResult<S>& saved,
                                         const Array<S>& dy) {
  LayerNormGradients<S> g{Array<S>(s.N * s.C), Array<S>(s.C), Array<S>(s.C)};
  const double C = static_cast<double>(s.C);
  for (std::size_t n = 0; n < s.N; ++n) {
    const auto xhat = [&](std::size_t c) { return (x[n * s.C + c] - saved.mean[n]) * saved.rstd[n]; };
    const auto dxhat = [&](std::size_t c) { return dy[n * s.C + c] * w[c]; };
    S mean_dxhat(0), mean_dxhat_xhat(0);
    for (std::size_t c = 0; c < s.C; ++c) {
      mean_dxhat += dxhat(c) / C;
      mean_dxhat_xhat += dxhat(c) * xhat(c) / C;
      g.dw[c] += dy[n * s.C + c] * xhat(c);
      g.db[c] += dy[n * s.C + c];
    }
    for (std::size_t c = 0; c < s.C; ++c) {
      g.dx[n * s.C + c] = saved.rstd[n] * (dxhat(c) - mean_dxhat - xhat(c) * mean_dxhat_xhat);
    }
  }
  return g;
}

}  // namespace x2g::reference
