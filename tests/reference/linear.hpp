// Clear version of the fully connected layer: the formulas of ops/linear.hpp as loops.
#pragma once

#include "reference/scalar.hpp"
#include "x2g/ops/linear.hpp"

namespace x2g::reference {

template <class S>
Array<S> linear_forward(const LinearShape& s, const Array<S>& x, const Array<S>& W, const Array<S>& b) {
  Array<S> y(s.N * s.O);
  for (std::size_t n = 0; n < s.N; ++n) {
    for (std::size_t o = 0; o < s.O; ++o) {
      S sum = b.empty() ? S(0) : b[o];
      for (std::size_t i = 0; i < s.I; ++i) sum += x[n * s.I + i] * W[o * s.I + i];
      y[n * s.O + o] = sum;
    }
  }
  return y;
}

template <class S>
struct LinearGradients {
  Array<S> dx, dW, db;
};

template <class S>
LinearGradients<S> linear_backward(const LinearShape& s, const Array<S>& x, const Array<S>& W, const Array<S>& dy) {
  LinearGradients<S> g{Array<S>(s.N * s.I), Array<S>(s.O * s.I), Array<S>(s.O)};
  for (std::size_t n = 0; n < s.N; ++n) {
    for (std::size_t o = 0; o < s.O; ++o) {
      const S d = dy[n * s.O + o];
      for (std::size_t i = 0; i < s.I; ++i) {
        g.dx[n * s.I + i] += d * W[o * s.I + i];
        g.dW[o * s.I + i] += d * x[n * s.I + i];
      }
      g.db[o] += d;
    }
  }
  return g;
}

}  // namespace x2g::reference
