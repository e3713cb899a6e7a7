// Clear version of batch normalization: the formulas of ops/batchnorm.hpp, channel by channel.
#pragma once

#include "reference/scalar.hpp"
#include "x2g/ops/batchnorm.hpp"

namespace x2g::reference {

template <class S>
struct BatchNormResult {
  Array<S> y, mean, variance, rstd;  // the variance is the biased one
};

/// By the statistics of x when mean and variance are empty, else by those.
template <class S>
BatchNormResult<S> batchnorm_forward(const BatchNormShape& s, const Array<S>& x, const Array<S>& w, const Array<S>& b,
                                     const Array<S>& mean = {}, const Array<S>& variance = {}) {
  BatchNormResult<S> r{Array<S>(x.size()), Array<S>(s.C), Array<S>(s.C), Array<S>(s.C)};
  const double M = static_cast<double>(s.N * s.S);
  for (std::size_t c = 0; c < s.C; ++c) {
    const auto at = [&](std::size_t n, std::size_t i) { return (n * s.C + c) * s.S + i; };
    for (std::size_t n = 0; n < s.N; ++n)
      for (std::size_t i = 0; i < s.S; ++i) r.mean[c] += x[at(n, i)] / M;
    for (std::size_t n = 0; n < s.N; ++n)
      for (std::size_t i = 0; i < s.S; ++i) r.variance[c] += (x[at(n, i)] - r.mean[c]) * (x[at(n, i)] - r.mean[c]) / M;
    if (!mean.empty()) {
      r.mean[c] = mean[c];
      r.variance[c] = variance[c];
    }
    r.rstd[c] = 1.0 / std::sqrt(r.variance[c] + s.eps);
    for (std::size_t n = 0; n < s.N; ++n)
      for (std::size_t i = 0; i < s.S; ++i) r.y[at(n, i)] = (x[at(n, i)] - r.mean[c]) * r.rstd[c] * w[c] + b[c];
  }
  return r;
}

template <class S>
struct BatchNormGradients {
  Array<S> dx, dw, db;
};

template <class S>
BatchNormGradients<S> batchnorm_backward(const BatchNormShape& s, bool training, const Array<S>& x, const Array<S>& w,
                                         const BatchNormResult<S>& saved, const Array<S>& dy) {
  BatchNormGradients<S> g{Array<S>(x.size()), Array<S>(s.C), Array<S>(s.C)};
  const double M = static_cast<double>(s.N * s.S);
  for (std::size_t c = 0; c < s.C; ++c) {
    const auto at = [&](std::size_t n, std::size_t i) { return (n * s.C + c) * s.S + i; };
    const auto xhat = [&](std::size_t k) { return (x[k] - saved.mean[c]) * saved.rstd[c]; };
    for (std::size_t n = 0; n < s.N; ++n) {
      for (std::size_t i = 0; i < s.S; ++i) {
        g.dw[c] += dy[at(n, i)] * xhat(at(n, i));
        g.db[c] += dy[at(n, i)];
      }
    }
    for (std::size_t n = 0; n < s.N; ++n) {
      for (std::size_t i = 0; i < s.S; ++i) {
        const std::size_t k = at(n, i);
        const S shared = training ? w[c] * (g.db[c] + xhat(k) * g.dw[c]) / M : S(0);
        g.dx[k] = saved.rstd[c] * (dy[k] * w[c] - shared);
      }
    }
  }
  return g;
}

}  // namespace x2g::reference
