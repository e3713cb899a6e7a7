// Batch normalization. Values of a channel stand in runs of S; with S = 1 (rows of features) the loops run along the channels instead,
// so that memory is read in order either way. Every sum has a fixed order.
#include "x2g/ops/batchnorm.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "kernels/elementwise.hpp"

namespace x2g {
namespace {

// Positions handled at a time in backward: x̂ of one chunk lives on the stack.
constexpr std::size_t kChunk = 256;

template <class T>
std::span<const T> run_of(const BatchNormShape& s, std::span<const T> x, std::size_t n, std::size_t c) {
  return x.subspan((n * s.C + c) * s.S, s.S);
}

/// Mean and biased variance per channel, in two passes. A run's own mean μₙ and variance combine as
/// σ² = mean of (σₙ² + (μₙ − μ)²), which loses nothing when the mean is large (Chan, Golub, LeVeque 1979).
template <class T>
void statistics(const BatchNormShape& s, std::span<const T> x, std::span<T> mean, std::span<T> variance) {
  std::ranges::fill(mean, T(0));
  std::ranges::fill(variance, T(0));
  const T share = T(1) / static_cast<T>(s.N), length = static_cast<T>(s.S);
  if (s.S == 1) {
    for (std::size_t n = 0; n < s.N; ++n) kernels::accumulate<T>(x.subspan(n * s.C, s.C), mean);
    for (T& m : mean) m *= share;
    for (std::size_t n = 0; n < s.N; ++n) {
      for (std::size_t c = 0; c < s.C; ++c) {
        const T d = x[n * s.C + c] - mean[c];
        variance[c] += d * d;
      }
    }
    for (T& v : variance) v *= share;
    return;
  }
  for (std::size_t c = 0; c < s.C; ++c) {
    for (std::size_t n = 0; n < s.N; ++n) mean[c] += kernels::sum<T>(run_of(s, x, n, c)) / length;
    mean[c] *= share;
    for (std::size_t n = 0; n < s.N; ++n) {
      T m{}, v{};
      kernels::mean_variance<T>(run_of(s, x, n, c), m, v);
      variance[c] += v + (m - mean[c]) * (m - mean[c]);
    }
    variance[c] *= share;
  }
}

template <class T>
void normalize(const BatchNormShape& s, std::span<const T> x, std::span<const T> w, std::span<const T> b, std::span<const T> mean,
               std::span<const T> rstd, std::span<T> y) {
  for (std::size_t n = 0; n < s.N; ++n) {
    if (s.S == 1) {
      const T* xn = x.data() + n * s.C;
      T* yn = y.data() + n * s.C;
      for (std::size_t c = 0; c < s.C; ++c) yn[c] = (xn[c] - mean[c]) * rstd[c] * w[c] + b[c];
      continue;
    }
    for (std::size_t c = 0; c < s.C; ++c) {
      const auto xc = run_of(s, x, n, c);
      T* yc = y.data() + (n * s.C + c) * s.S;
      const T mu = mean[c], r = rstd[c], wc = w[c], bc = b[c];
      for (std::size_t i = 0; i < s.S; ++i) yc[i] = (xc[i] - mu) * r * wc + bc;
    }
  }
}

/// Σ dy and Σ dy x̂ of every channel.
template <class T>
void sums(const BatchNormShape& s, std::span<const T> x, std::span<const T> mean, std::span<const T> rstd, std::span<const T> dy,
          std::span<T> of_dy, std::span<T> of_dy_xhat) {
  std::ranges::fill(of_dy, T(0));
  std::ranges::fill(of_dy_xhat, T(0));
  std::array<T, kChunk> xhat;
  for (std::size_t n = 0; n < s.N; ++n) {
    if (s.S == 1) {
      const T* xn = x.data() + n * s.C;
      const T* dyn = dy.data() + n * s.C;
      for (std::size_t c = 0; c < s.C; ++c) {
        of_dy[c] += dyn[c];
        of_dy_xhat[c] += dyn[c] * ((xn[c] - mean[c]) * rstd[c]);
      }
      continue;
    }
    for (std::size_t c = 0; c < s.C; ++c) {
      const auto xc = run_of(s, x, n, c), dyc = run_of(s, dy, n, c);
      const T mu = mean[c], r = rstd[c];
      of_dy[c] += kernels::sum<T>(dyc);
      for (std::size_t begin = 0; begin < s.S; begin += kChunk) {
        const std::size_t count = std::min(kChunk, s.S - begin);
        for (std::size_t i = 0; i < count; ++i) xhat[i] = (xc[begin + i] - mu) * r;
        of_dy_xhat[c] += kernels::dot<T>(dyc.subspan(begin, count), {xhat.data(), count});
      }
    }
  }
}

}  // namespace

template <class T>
void batchnorm_train(const BatchNormShape& s, double rate, std::span<const T> x, std::span<const T> w, std::span<const T> b,
                     std::span<T> running_mean, std::span<T> running_variance, std::span<T> y, std::span<T> mean, std::span<T> rstd) {
  assert(x.size() == s.N * s.C * s.S && y.size() == x.size() && w.size() == s.C && b.size() == s.C);
  assert(running_mean.size() == s.C && running_variance.size() == s.C && mean.size() == s.C && rstd.size() == s.C);
  const std::span<T> variance = rstd;  // until its root is taken
  statistics<T>(s, x, mean, variance);
  const double M = static_cast<double>(s.N * s.S);
  const T step = static_cast<T>(rate), unbiased = static_cast<T>(M / (M - 1));
  for (std::size_t c = 0; c < s.C; ++c) {
    running_mean[c] += step * (mean[c] - running_mean[c]);
    if (M > 1) running_variance[c] += step * (variance[c] * unbiased - running_variance[c]);
    rstd[c] = T(1) / std::sqrt(variance[c] + static_cast<T>(s.eps));
  }
  normalize<T>(s, x, w, b, mean, rstd, y);
}

template <class T>
void batchnorm_answer(const BatchNormShape& s, std::span<const T> x, std::span<const T> w, std::span<const T> b,
                      std::span<const T> running_mean, std::span<const T> running_variance, std::span<T> y, std::span<T> mean,
                      std::span<T> rstd) {
  assert(x.size() == s.N * s.C * s.S && y.size() == x.size() && w.size() == s.C && b.size() == s.C);
  for (std::size_t c = 0; c < s.C; ++c) {
    mean[c] = running_mean[c];
    rstd[c] = T(1) / std::sqrt(running_variance[c] + static_cast<T>(s.eps));
  }
  normalize<T>(s, x, w, b, mean, rstd, y);
}

template <class T>
void batchnorm_backward(const BatchNormShape& s, bool training, std::span<const T> x, std::span<const T> w, std::span<const T> mean,
                        std::span<const T> rstd, std::span<const T> dy, std::span<T> dx, std::span<T> dw, std::span<T> db,
                        std::span<T> scratch) {
  assert(x.size() == s.N * s.C * s.S && dy.size() == x.size() && scratch.size() >= batchnorm_scratch(s));
  const std::span<T> of_dy = scratch.first(s.C), of_dy_xhat = scratch.subspan(s.C, s.C);
  sums<T>(s, x, mean, rstd, dy, of_dy, of_dy_xhat);
  // forward: y = x̂ w + b
  if (!dw.empty()) kernels::accumulate<T>(of_dy_xhat, dw);
  if (!db.empty()) kernels::accumulate<T>(of_dy, db);
  if (dx.empty()) return;

  // forward: x̂ = (x − μ) r, and in training μ and r depend on every x of the channel. mean(dx̂) = w mean(dy), as w is one number there.
  const T share = training ? T(1) / static_cast<T>(s.N * s.S) : T(0);
  for (T& v : of_dy) v *= share;
  for (T& v : of_dy_xhat) v *= share;
  for (std::size_t n = 0; n < s.N; ++n) {
    if (s.S == 1) {
      const T* xn = x.data() + n * s.C;
      const T* dyn = dy.data() + n * s.C;
      T* dxn = dx.data() + n * s.C;
      for (std::size_t c = 0; c < s.C; ++c) dxn[c] += rstd[c] * w[c] * (dyn[c] - of_dy[c] - (xn[c] - mean[c]) * rstd[c] * of_dy_xhat[c]);
      continue;
    }
    for (std::size_t c = 0; c < s.C; ++c) {
      const auto xc = run_of(s, x, n, c), dyc = run_of(s, dy, n, c);
      T* dxc = dx.data() + (n * s.C + c) * s.S;
      const T mu = mean[c], r = rstd[c], scale = r * w[c], a = of_dy[c], k = of_dy_xhat[c];
      for (std::size_t i = 0; i < s.S; ++i) dxc[i] += scale * (dyc[i] - a - (xc[i] - mu) * r * k);
    }
  }
}

template void batchnorm_train<float>(const BatchNormShape&, double, std::span<const float>, std::span<const float>, std::span<const float>,
                                     std::span<float>, std::span<float>, std::span<float>, std::span<float>, std::span<float>);
template void batchnorm_train<double>(const BatchNormShape&, double, std::span<const double>, std::span<const double>,
                                      std::span<const double>, std::span<double>, std::span<double>, std::span<double>, std::span<double>,
                                      std::span<double>);
template void batchnorm_answer<float>(const BatchNormShape&, std::span<const float>, std::span<const float>, std::span<const float>,
                                      std::span<const float>, std::span<const float>, std::span<float>, std::span<float>, std::span<float>);
template void batchnorm_answer<double>(const BatchNormShape&, std::span<const double>, std::span<const double>, std::span<const double>,
                                       std::span<const double>, std::span<const double>, std::span<double>, std::span<double>,
                                       std::span<double>);
template void batchnorm_backward<float>(const BatchNormShape&, bool, std::span<const float>, std::span<const float>, std::span<const float>,
                                        std::span<const float>, std::span<const float>, std::span<float>, std::span<float>,
                                        std::span<float>, std::span<float>);
template void batchnorm_backward<double>(const BatchNormShape&, bool, std::span<const double>, std::span<const double>,
                                         std::span<const double>, std::span<const double>, std::span<const double>, std::span<double>,
                                         std::span<double>, std::span<double>, std::span<double>);

}  // namespace x2g
