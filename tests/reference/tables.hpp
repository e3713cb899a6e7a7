// Clear versions of the embedding (as a one-hot product) and of learned positions.
#pragma once

#include "reference/scalar.hpp"
#include "x2g/ops/elementwise.hpp"
#include "x2g/ops/embedding.hpp"

namespace x2g::reference {

template <class S>
Array<S> embedding_forward(const EmbeddingShape& s, const Array<double>& ids, const Array<S>& W) {
  Array<S> y(s.N * s.C);
  for (std::size_t n = 0; n < s.N; ++n) {
    for (std::size_t v = 0; v < s.V; ++v) {
      const double onehot = ids[n] == static_cast<double>(v) ? 1 : 0;
      for (std::size_t c = 0; c < s.C; ++c) y[n * s.C + c] += onehot * W[v * s.C + c];
    }
  }
  return y;
}

template <class S>
Array<S> embedding_backward(const EmbeddingShape& s, const Array<double>& ids, const Array<S>& dy) {
  Array<S> dW(s.V * s.C);
  for (std::size_t n = 0; n < s.N; ++n) {
    for (std::size_t v = 0; v < s.V; ++v) {
      const double onehot = ids[n] == static_cast<double>(v) ? 1 : 0;
      for (std::size_t c = 0; c < s.C; ++c) dW[v * s.C + c] += onehot * dy[n * s.C + c];
    }
  }
  return dW;
}

template <class S>
Array<S> add_positions_forward(const PositionShape& s, const Array<S>& x, const Array<S>& P) {
  Array<S> y(s.B * s.T * s.C);
  for (std::size_t b = 0; b < s.B; ++b) {
    for (std::size_t t = 0; t < s.T; ++t) {
      for (std::size_t c = 0; c < s.C; ++c) y[(b * s.T + t) * s.C + c] = x[(b * s.T + t) * s.C + c] + P[t * s.C + c];
    }
  }
  return y;
}

}  // namespace x2g::reference
