// Clear version of the losses: the formulas of ops/loss.hpp. Targets are plain numbers: they are not differentiated.
#pragma once

#include "reference/activation.hpp"
#include "reference/scalar.hpp"
#include "x2g/ops/loss.hpp"

namespace x2g::reference {

template <class S>
struct LossResult {
  Array<S> p;  // probabilities; empty for mse
  S loss{};
};

/// The distribution a row is held against: (1−ε) onehot(t) + ε/V.
inline double smoothed_target(const XentShape& s, std::size_t v, double t) {
  return (static_cast<double>(v) == t ? 1 - s.smoothing : 0.0) + s.smoothing / static_cast<double>(s.V);
}

template <class S>
LossResult<S> softmax_xent_forward(const XentShape& s, const Array<S>& z, const Array<double>& t) {
  LossResult<S> r{Array<S>(s.N * s.V), S(0)};
  double counted = 0;
  for (std::size_t n = 0; n < s.N; ++n) {
    const S* zn = &z[n * s.V];
    S top = zn[0], sum(0);
    for (std::size_t v = 1; v < s.V; ++v) top = maximum(top, zn[v]);
    for (std::size_t v = 0; v < s.V; ++v) sum += std::exp(zn[v] - top);
    for (std::size_t v = 0; v < s.V; ++v) r.p[n * s.V + v] = std::exp(zn[v] - top) / sum;
    if (t[n] < 0) continue;
    counted += 1;
    for (std::size_t v = 0; v < s.V; ++v) r.loss += smoothed_target(s, v, t[n]) * (top + std::log(sum) - zn[v]);
  }
  if (counted > 0) r.loss /= counted;
  return r;
}

template <class S>
Array<S> softmax_xent_backward(const XentShape& s, const Array<S>& p, const Array<double>& t, double dloss) {
  Array<S> dz(s.N * s.V);
  double counted = 0;
  for (const double target : t) counted += target >= 0;
  for (std::size_t n = 0; n < s.N; ++n) {
    if (t[n] < 0) continue;
    for (std::size_t v = 0; v < s.V; ++v) {
      dz[n * s.V + v] = dloss * (p[n * s.V + v] - smoothed_target(s, v, t[n])) / counted;
    }
  }
  return dz;
}

/// −mean(t log p + (1 − t) log(1 − p)), with 1 − p = sigmoid(−z).
template <class S>
LossResult<S> bce_logits_forward(const Array<S>& z, const Array<double>& t) {
  LossResult<S> r{Array<S>(z.size()), S(0)};
  for (std::size_t i = 0; i < z.size(); ++i) {
    r.p[i] = sigmoid(z[i]);
    r.loss -= (t[i] * std::log(r.p[i]) + (1 - t[i]) * std::log(sigmoid(-z[i]))) / static_cast<double>(z.size());
  }
  return r;
}

template <class S>
Array<S> bce_logits_backward(const Array<S>& p, const Array<double>& t, double dloss) {
  Array<S> dz(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) dz[i] = dloss * (p[i] - t[i]) / static_cast<double>(p.size());
  return dz;
}

template <class S>
S mse_forward(const Array<S>& y, const Array<double>& t, double scale) {
  S loss(0);
  for (std::size_t i = 0; i < y.size(); ++i) loss += scale * (y[i] - t[i]) * (y[i] - t[i]) / static_cast<double>(y.size());
  return loss;
}

template <class S>
Array<S> mse_backward(const Array<S>& y, const Array<double>& t, double scale, double dloss) {
  Array<S> dy(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) dy[i] = dloss * 2 * scale * (y[i] - t[i]) / static_cast<double>(y.size());
  return dy;
}

}  // namespace x2g::reference
