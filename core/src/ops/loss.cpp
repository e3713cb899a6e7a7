// Losses. The mean over examples is summed in double, so that thousands of rows do not wear the last digits away.
#include "x2g/ops/loss.hpp"

#include <cassert>
#include <cmath>

#include "kernels/elementwise.hpp"
#include "kernels/math.hpp"

namespace x2g {
namespace {

template <class T>
std::size_t counted_rows(std::span<const T> t) {
  std::size_t count = 0;
  for (const T target : t) count += target < 0 ? 0u : 1u;
  return count;
}

/// Mean of max z − z_v over a row; with log Σ added it is the mean of −log p_v.
template <class T>
double mean_gap(std::span<const T> z, T top) {
  double sum = 0;
  for (const T v : z) sum += static_cast<double>(top - v);
  return sum / static_cast<double>(z.size());
}

}  // namespace

template <class T>
void softmax_xent_forward(const XentShape& s, std::span<const T> z, std::span<const T> t, std::span<T> p, std::span<T> loss) {
  assert(z.size() == s.N * s.V && p.size() == z.size() && t.size() == s.N && loss.size() == 1);
  double total = 0;
  for (std::size_t n = 0; n < s.N; ++n) {
    const auto zn = z.subspan(n * s.V, s.V);
    const auto pn = p.subspan(n * s.V, s.V);
    kernels::softmax<T>(zn, T(1), pn);
    if (t[n] < 0) continue;
    assert(t[n] < static_cast<T>(s.V));
    // −log p[t] = (max z − z_t) + log Σ e^(z − max z), and the largest p is 1/Σ: finite even where p[t] underflows to 0
    const T log_sum = -kernels::log(kernels::max<T>(pn));
    const T top = kernels::max<T>(zn);
    const double at_target = static_cast<double>((top - zn[static_cast<std::size_t>(t[n])]) + log_sum);
    total +=
        s.smoothing > 0 ? (1 - s.smoothing) * at_target + s.smoothing * (mean_gap<T>(zn, top) + static_cast<double>(log_sum)) : at_target;
  }
  const std::size_t count = counted_rows(t);
  loss[0] = count == 0 ? T(0) : static_cast<T>(total / static_cast<double>(count));
}

template <class T>
void softmax_xent_backward(const XentShape& s, std::span<const T> p, std::span<const T> t, std::span<const T> dloss, std::span<T> dz) {
  assert(p.size() == s.N * s.V && t.size() == s.N && dloss.size() == 1);
  const std::size_t count = counted_rows(t);
  if (dz.empty() || count == 0) return;
  const T scale = dloss[0] / static_cast<T>(count);
  const T everywhere = scale * static_cast<T>(s.smoothing / static_cast<double>(s.V));
  const T at_target = s.smoothing > 0 ? scale * static_cast<T>(1 - s.smoothing) : scale;
  for (std::size_t n = 0; n < s.N; ++n) {
    if (t[n] < 0) continue;
    // forward: loss += (log Σ_v e^z[n,v] − Σ_v q_v z[n,v]) / count,  q = (1−ε) onehot(t) + ε/V
    const auto dzn = dz.subspan(n * s.V, s.V);
    kernels::scale_add<T>(scale, p.subspan(n * s.V, s.V), dzn);  // ∂ log Σ e^z / ∂z = softmax(z) = p
    dzn[static_cast<std::size_t>(t[n])] -= at_target;            // ∂ (−Σ q z) / ∂z = −q
    if (s.smoothing > 0) {
      for (T& d : dzn) d -= everywhere;
    }
  }
}

template <class T>
void bce_logits_forward(std::span<const T> z, std::span<const T> t, std::span<T> p, std::span<T> loss) {
  assert(z.size() == t.size() && p.size() == z.size() && loss.size() == 1);
  kernels::activation<T>(Activation::sigmoid, z, p);
  double total = 0;
  for (std::size_t i = 0; i < z.size(); i += 2) {
    const bool both = i + 1 < z.size();
    double rest[2];
    kernels::softplus_rest({z[i], both ? z[i + 1] : T(0)}, rest);
    for (std::size_t k = 0; k < 1u + both; ++k) {
      const double zi = z[i + k];
      // −(t log p + (1 − t) log(1 − p)), without p: log(1 + e^−|z|) never overflows
      total += (zi > 0 ? zi : 0.0) - zi * static_cast<double>(t[i + k]) + rest[k];
    }
  }
  loss[0] = z.empty() ? T(0) : static_cast<T>(total / static_cast<double>(z.size()));
}

template <class T>
void bce_logits_backward(std::span<const T> p, std::span<const T> t, std::span<const T> dloss, std::span<T> dz) {
  assert(p.size() == t.size() && dloss.size() == 1);
  if (dz.empty()) return;
  const T scale = dloss[0] / static_cast<T>(p.size());
  // forward: loss += (max(z, 0) − z t + log(1 + e^−|z|)) / n
  for (std::size_t i = 0; i < p.size(); ++i) dz[i] += scale * (p[i] - t[i]);
}

template <class T>
void mse_forward(std::span<const T> y, std::span<const T> t, double scale, std::span<T> loss) {
  assert(y.size() == t.size() && loss.size() == 1);
  double total = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double e = static_cast<double>(y[i]) - static_cast<double>(t[i]);
    total += e * e;
  }
  loss[0] = y.empty() ? T(0) : static_cast<T>(scale * total / static_cast<double>(y.size()));
}

template <class T>
void mse_backward(std::span<const T> y, std::span<const T> t, double scale, std::span<const T> dloss, std::span<T> dy) {
  assert(y.size() == t.size() && dloss.size() == 1);
  if (dy.empty()) return;
  // forward: loss = scale Σ (y − t)² / n
  const T k = dloss[0] * static_cast<T>(2 * scale) / static_cast<T>(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) dy[i] += k * (y[i] - t[i]);
}

template <class T>
void softmax_row(std::span<const T> z, double temperature, std::span<T> p) {
  assert(z.size() == p.size() && temperature > 0);
  if (!z.empty()) kernels::softmax<T>(z, static_cast<T>(1 / temperature), p);
}

template void softmax_xent_forward<float>(const XentShape&, std::span<const float>, std::span<const float>, std::span<float>,
                                          std::span<float>);
template void softmax_xent_forward<double>(const XentShape&, std::span<const double>, std::span<const double>, std::span<double>,
                                           std::span<double>);
template void softmax_xent_backward<float>(const XentShape&, std::span<const float>, std::span<const float>, std::span<const float>,
                                           std::span<float>);
template void softmax_xent_backward<double>(const XentShape&, std::span<const double>, std::span<const double>, std::span<const double>,
                                            std::span<double>);
template void bce_logits_forward<float>(std::span<const float>, std::span<const float>, std::span<float>, std::span<float>);
template void bce_logits_forward<double>(std::span<const double>, std::span<const double>, std::span<double>, std::span<double>);
template void bce_logits_backward<float>(std::span<const float>, std::span<const float>, std::span<const float>, std::span<float>);
template void bce_logits_backward<double>(std::span<const double>, std::span<const double>, std::span<const double>, std::span<double>);
template void mse_forward<float>(std::span<const float>, std::span<const float>, double, std::span<float>);
template void mse_forward<double>(std::span<const double>, std::span<const double>, double, std::span<double>);
template void mse_backward<float>(std::span<const float>, std::span<const float>, double, std::span<const float>, std::span<float>);
template void mse_backward<double>(std::span<const double>, std::span<const double>, double, std::span<const double>, std::span<double>);
template void softmax_row<float>(std::span<const float>, double, std::span<float>);
template void softmax_row<double>(std::span<const double>, double, std::span<double>);

}  // namespace x2g
