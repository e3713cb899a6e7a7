// Clear versions of convolution and pooling: the formulas of ops/conv.hpp and ops/pool.hpp, term by term.
#pragma once

#include <cstddef>

#include "reference/scalar.hpp"
#include "x2g/ops/conv.hpp"
#include "x2g/ops/pool.hpp"

namespace x2g::reference {

/// Calls f(place) where output o's kernel place k looks inside the input; never for padding.
template <class F>
void look(const WindowAxis& a, std::size_t o, std::size_t k, const F& f) {
  const auto place = static_cast<std::ptrdiff_t>(o * a.stride + k * a.dilation) - static_cast<std::ptrdiff_t>(a.padding);
  if (place >= 0 && place < static_cast<std::ptrdiff_t>(a.in)) f(static_cast<std::size_t>(place));
}

/// Calls f(index of y, index of x, index of W, output channel) for every product of the sum.
template <class F>
void conv_terms(const ConvShape& s, const F& f) {
  const std::size_t Ho = s.h.out(), Wo = s.w.out();
  for (std::size_t b = 0; b < s.B; ++b)
    for (std::size_t o = 0; o < s.Co; ++o)
      for (std::size_t i = 0; i < Ho; ++i)
        for (std::size_t j = 0; j < Wo; ++j)
          for (std::size_t c = 0; c < s.Ci; ++c)
            for (std::size_t u = 0; u < s.h.kernel; ++u)
              for (std::size_t v = 0; v < s.w.kernel; ++v)
                look(s.h, i, u, [&](std::size_t row) {
                  look(s.w, j, v, [&](std::size_t column) {
                    f(((b * s.Co + o) * Ho + i) * Wo + j, ((b * s.Ci + c) * s.h.in + row) * s.w.in + column,
                      ((o * s.Ci + c) * s.h.kernel + u) * s.w.kernel + v, o);
                  });
                });
}

template <class S>
Array<S> conv_forward(const ConvShape& s, const Array<S>& x, const Array<S>& W, const Array<S>& bias) {
  const std::size_t P = s.places();
  Array<S> y(s.B * s.Co * P);
  for (std::size_t k = 0; k < y.size() && !bias.empty(); ++k) y[k] = bias[k / P % s.Co];
  conv_terms(s, [&](std::size_t k, std::size_t at, std::size_t w, std::size_t) { y[k] += W[w] * x[at]; });
  return y;
}

template <class S>
struct ConvGradients {
  Array<S> dx, dW, dbias;
};

template <class S>
ConvGradients<S> conv_backward(const ConvShape& s, const Array<S>& x, const Array<S>& W, const Array<S>& dy) {
  ConvGradients<S> g{Array<S>(x.size()), Array<S>(W.size()), Array<S>(s.Co)};
  conv_terms(s, [&](std::size_t k, std::size_t at, std::size_t w, std::size_t) {
    g.dx[at] += dy[k] * W[w];
    g.dW[w] += dy[k] * x[at];
  });
  for (std::size_t k = 0; k < dy.size(); ++k) g.dbias[k / s.places() % s.Co] += dy[k];
  return g;
}

/// Calls f(index of y, index of x) for every place that every window sees.
template <class F>
void pool_terms(const PoolShape& s, const F& f) {
  const std::size_t Ho = s.h.out(), Wo = s.w.out();
  for (std::size_t n = 0; n < s.N; ++n)
    for (std::size_t i = 0; i < Ho; ++i)
      for (std::size_t j = 0; j < Wo; ++j)
        for (std::size_t u = 0; u < s.h.kernel; ++u)
          for (std::size_t v = 0; v < s.w.kernel; ++v)
            look(s.h, i, u, [&](std::size_t row) {
              look(s.w, j, v, [&](std::size_t column) { f((n * Ho + i) * Wo + j, (n * s.h.in + row) * s.w.in + column); });
            });
}

template <class S>
struct MaxPoolResult {
  Array<S> y;
  Array<double> argmax;  // within the plane
};

template <class S>
MaxPoolResult<S> max_pool_forward(const PoolShape& s, const Array<S>& x) {
  const std::size_t size = s.N * s.h.out() * s.w.out();
  MaxPoolResult<S> r{Array<S>(size, S(-std::numeric_limits<double>::infinity())), Array<double>(size)};
  pool_terms(s, [&](std::size_t k, std::size_t at) {
    if (real(x[at]) > real(r.y[k])) {
      r.y[k] = x[at];
      r.argmax[k] = static_cast<double>(at % (s.h.in * s.w.in));
    }
  });
  return r;
}

template <class S>
Array<S> avg_pool_forward(const PoolShape& s, const Array<S>& x) {
  Array<S> y(s.N * s.h.out() * s.w.out());
  pool_terms(s, [&](std::size_t k, std::size_t at) { y[k] += x[at] / static_cast<double>(s.h.kernel * s.w.kernel); });
  return y;
}

}  // namespace x2g::reference
