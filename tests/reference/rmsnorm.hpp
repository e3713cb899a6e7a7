// Clear version of RMS normalization: the formulas of ops/rmsnorm.hpp, row by row.
#pragma once

#include "reference/scalar.hpp"
#include "x2g/ops/rmsnorm.hpp"

namespace x2g::reference {

template <class S>
struct RmsNormResult {
  Array<S> y, r;
};

template <class S>
RmsNormResult<S> rmsnorm_forward(const RmsNormShape& s, const Array<S>& x, const Array<S>& w) {
  RmsNormResult<S> result{Array<S>(s.N * s.C), Array<S>(s.N)};
  for (std::size_t n = 0; n < s.N; ++n) {
    S mean_square(0);
    for (std::size_t c = 0; c < s.C; ++c) mean_square += x[n * s.C + c] * x[n * s.C + c] / static_cast<double>(s.C);
    result.r[n] = 1.0 / std::sqrt(mean_square + s.eps);
    for (std::size_t c = 0; c < s.C; ++c) result.y[n * s.C + c] = x[n * s.C + c] * result.r[n] * w[c];
  }
  return result;
}

template <class S>
struct RmsNormGradients {
  Array<S> dx, dw;
};

template <class S>
RmsNormGradients<S> rmsnorm_backward(const RmsNormShape& s, const Array<S>& x, const Array<S>& w, const Array<S>& r, const Array<S>& dy) {
  RmsNormGradients<S> g{Array<S>(s.N * s.C), Array<S>(s.C)};
  for (std::size_t n = 0; n < s.N; ++n) {
    S mean(0);  // of dx̂ x̂
    for (std::size_t c = 0; c < s.C; ++c) {
      const S xhat = x[n * s.C + c] * r[n];
      mean += dy[n * s.C + c] * w[c] * xhat / static_cast<double>(s.C);
      g.dw[c] += dy[n * s.C + c] * xhat;
    }
    for (std::size_t c = 0; c < s.C; ++c) g.dx[n * s.C + c] = r[n] * (dy[n * s.C + c] * w[c] - x[n * s.C + c] * r[n] * mean);
  }
  return g;
}

}  // namespace x2g::reference
