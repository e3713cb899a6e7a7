// Clear versions of mul, sin, matmul, softmax, sum and mean: the formulas of their headers. Gradients come from the complex step.
#pragma once

#include "reference/scalar.hpp"
#include "x2g/ops/matmul.hpp"
#include "x2g/ops/reduce.hpp"
#include "x2g/ops/softmax.hpp"

namespace x2g::reference {

template <class S>
Array<S> add(const Array<S>& a, const Array<S>& b) {
  Array<S> y(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) y[i] = a[i] + b[i % b.size()];
  return y;
}

template <class S>
Array<S> mul(const Array<S>& a, const Array<S>& b) {
  Array<S> y(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) y[i] = a[i] * b[i % b.size()];
  return y;
}

template <class S>
Array<S> sin(const Array<S>& x) {
  Array<S> y(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = std::sin(x[i]);
  return y;
}

template <class S>
Array<S> matmul(const MatmulShape& s, const Array<S>& a, const Array<S>& b) {
  Array<S> y(s.batch * s.M * s.N);
  for (std::size_t n = 0; n < s.batch; ++n) {
    for (std::size_t i = 0; i < s.M; ++i) {
      for (std::size_t j = 0; j < s.N; ++j) {
        for (std::size_t k = 0; k < s.K; ++k) {
          const std::size_t in_b = s.transposed ? j * s.K + k : k * s.N + j;
          y[(n * s.M + i) * s.N + j] += a[(n * s.M + i) * s.K + k] * b[n * s.K * s.N + in_b];
        }
      }
    }
  }
  return y;
}

template <class S>
Array<S> softmax(const SoftmaxShape& s, const Array<S>& x) {
  Array<S> y(s.N * s.C);
  for (std::size_t n = 0; n < s.N; ++n) {
    const std::size_t row = n % s.C;  // in its square, where causal
    S top = x[n * s.C], sum(0);
    for (std::size_t c = 0; c < s.C; ++c) {
      if (!s.causal || c <= row) top = maximum(top, x[n * s.C + c]);
    }
    for (std::size_t c = 0; c < s.C; ++c) {
      if (!s.causal || c <= row) sum += std::exp(x[n * s.C + c] - top);
    }
    for (std::size_t c = 0; c < s.C; ++c) {
      if (!s.causal || c <= row) y[n * s.C + c] = std::exp(x[n * s.C + c] - top) / sum;
    }
  }
  return y;
}

template <class S>
Array<S> reduce(const ReduceShape& s, const Array<S>& x) {
  Array<S> y(s.outer * s.inner);
  for (std::size_t o = 0; o < s.outer; ++o) {
    for (std::size_t k = 0; k < s.n; ++k) {
      for (std::size_t i = 0; i < s.inner; ++i) y[o * s.inner + i] += x[(o * s.n + k) * s.inner + i];
    }
  }
  if (s.mean) {
    for (S& v : y) v /= static_cast<double>(s.n);
  }
  return y;
}

}  // namespace x2g::reference
