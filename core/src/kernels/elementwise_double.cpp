// The same functions in double, as plain loops: for gradient checks and reference runs. Sums are striped like the float
// ones, so that neither kind of run depends on where a row starts.
#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/elementwise.hpp"
#include "kernels/math.hpp"

namespace x2g::kernels {
namespace {

constexpr std::size_t kStripes = 16;
constexpr double kGeluLinear = 1.5957691216057307117;  // 2 √(2/π)
constexpr double kGeluCubic = 0.044715 * kGeluLinear;
constexpr double kInverseSqrt2Pi = 0.39894228040143267794;

double value(Activation f, double x) {
  switch (f) {
    case Activation::identity: return x;
    case Activation::step: return x >= 0 ? 1 : 0;
    case Activation::sigmoid: return sigmoid(x);
    case Activation::tanh: return tanh(x);
    case Activation::relu: return x < 0 ? 0 : x;
    case Activation::leaky_relu: return x > 0 ? x : kLeakySlope * x;
    case Activation::gelu_erf: return x * normal_cdf(x);
    case Activation::gelu_tanh: return x * sigmoid(x * (kGeluLinear + kGeluCubic * x * x));
    case Activation::silu: return x * sigmoid(x);
    case Activation::sign: return x > 0 ? 1 : (x < 0 ? -1 : x);
    case Activation::elu: return x > 0 ? x : expm1_negative(x);
    case Activation::softplus: return (x < 0 ? 0 : x) + log1p_fraction(exp(-std::fabs(x)));
  }
  return x;
}

double slope(Activation f, double x, double y) {
  const double t = x > 40 ? 40 : (x < -40 ? -40 : x);  // flat beyond; keeps ∞ · 0 out
  switch (f) {
    case Activation::identity: return 1;
    case Activation::step: return 0;
    case Activation::sigmoid: return y * (1 - y);
    case Activation::tanh: return (1 - y) * (1 + y);
    case Activation::relu: return x > 0 ? 1 : 0;
    case Activation::leaky_relu: return x > 0 ? 1 : kLeakySlope;
    case Activation::gelu_erf: return normal_cdf(t) + t * kInverseSqrt2Pi * exp(-0.5 * t * t);
    case Activation::gelu_tanh: {
      const double s = sigmoid(t * (kGeluLinear + kGeluCubic * t * t));
      return s + s * (1 - s) * t * (kGeluLinear + 3 * kGeluCubic * t * t);
    }
    case Activation::silu: {
      const double s = sigmoid(x);
      return (x < -700 || x > 700) ? s : s + s * (1 - s) * x;
    }
    case Activation::sign: return 0;
    case Activation::elu: return x > 0 ? 1 : y + 1;
    case Activation::softplus: return sigmoid(x);
  }
  return 1;
}

/// Σ term(i) over 16 stripes, then halves.
template <class Term>
double striped(std::size_t n, Term&& term) {
  double sums[kStripes] = {};
  for (std::size_t i = 0; i < n; ++i) sums[i % kStripes] += term(i);
  for (std::size_t half = kStripes / 2; half > 0; half /= 2) {
    for (std::size_t i = 0; i < half; ++i) sums[i] += sums[i + half];
  }
  return sums[0];
}

}  // namespace

template <>
void exp<double>(std::span<const double> x, std::span<double> y) {
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = exp(x[i]);
}

template <>
void activation<double>(Activation f, std::span<const double> x, std::span<double> y) {
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = value(f, x[i]);
}

template <>
void activation_derivative<double>(Activation f, std::span<const double> x, std::span<double> d) {
  for (std::size_t i = 0; i < x.size(); ++i) d[i] = slope(f, x[i], value(f, x[i]));
}

template <>
void activation_backward<double>(Activation f, std::span<const double> x, std::span<const double> y, std::span<const double> dy,
                                 std::span<double> dx) {
  for (std::size_t i = 0; i < x.size(); ++i) dx[i] += dy[i] * slope(f, x[i], y[i]);
}

template <>
void add<double>(std::span<const double> a, std::span<const double> b, std::span<double> y) {
  for (std::size_t i = 0; i < a.size(); ++i) y[i] = a[i] + b[i];
}

template <>
void accumulate<double>(std::span<const double> a, std::span<double> y) {
  for (std::size_t i = 0; i < a.size(); ++i) y[i] += a[i];
}

template <>
void scale_add<double>(double s, std::span<const double> a, std::span<double> y) {
  for (std::size_t i = 0; i < a.size(); ++i) y[i] += s * a[i];
}

template <>
void scale<double>(double s, std::span<double> y) {
  for (double& v : y) v *= s;
}

template <>
void fill<double>(double value, std::span<double> y) {
  std::fill(y.begin(), y.end(), value);
}

template <>
void copy<double>(std::span<const double> x, std::span<double> y) {
  std::copy(x.begin(), x.end(), y.begin());
}

template <>
double sum<double>(std::span<const double> x) {
  return striped(x.size(), [&](std::size_t i) { return x[i]; });
}

template <>
double dot<double>(std::span<const double> a, std::span<const double> b) {
  return striped(a.size(), [&](std::size_t i) { return a[i] * b[i]; });
}

template <>
double sum_of_squares<double>(std::span<const double> x) {
  return striped(x.size(), [&](std::size_t i) { return x[i] * x[i]; });
}

template <>
double max<double>(std::span<const double> x) {
  double result = -std::numeric_limits<double>::infinity();
  for (const double v : x) result = std::max(result, v);
  return result;
}

template <>
bool all_finite<double>(std::span<const double> x) {
  return std::all_of(x.begin(), x.end(), [](double v) { return std::isfinite(v); });
}

template <>
void softmax<double>(std::span<const double> x, double scale_by, std::span<double> y) {
  double highest = -std::numeric_limits<double>::infinity();
  for (const double v : x) highest = std::max(highest, v * scale_by);
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = exp(x[i] * scale_by - highest);
  scale(1 / sum<double>(y.first(x.size())), y.first(x.size()));
}

template <>
void mean_variance<double>(std::span<const double> x, double& mean, double& variance) {
  const auto n = static_cast<double>(x.size());
  mean = sum(x) / n;
  variance = striped(x.size(), [&](std::size_t i) { return (x[i] - mean) * (x[i] - mean); }) / n;
}

template <>
void normalize<double>(std::span<const double> x, double mean, double rstd, std::span<const double> w, std::span<const double> b,
                       std::span<double> y) {
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = (x[i] - mean) * rstd * w[i] + (b.empty() ? 0 : b[i]);
}

template <>
void normalize_backward<double>(std::span<const double> x, double mean, double rstd, std::span<const double> w, std::span<const double> dy,
                                std::span<double> dx, std::span<double> dw) {
  const auto h = [&](std::size_t i) { return (x[i] - mean) * rstd; };
  for (std::size_t i = 0; i < dw.size(); ++i) dw[i] += dy[i] * h(i);
  if (dx.empty()) return;
  const double n = static_cast<double>(x.size());
  const double a = striped(x.size(), [&](std::size_t i) { return dy[i] * w[i]; }) / n;
  const double k = striped(x.size(), [&](std::size_t i) { return dy[i] * w[i] * h(i); }) / n;
  for (std::size_t i = 0; i < dx.size(); ++i) dx[i] += rstd * (dy[i] * w[i] - a - h(i) * k);
}

template <>
void softmax_backward<double>(std::span<const double> p, double scale, std::span<double> d) {
  const double common = dot<double>(p, d);
  for (std::size_t i = 0; i < p.size(); ++i) d[i] = p[i] * (d[i] - common) * scale;
}

template <>
void adamw<double>(const AdamWStep& s, std::span<double> p, std::span<const double> g, std::span<double> m, std::span<double> v) {
  for (std::size_t i = 0; i < p.size(); ++i) {
    const double gradient = g[i] * s.grad_scale;
    m[i] = s.beta1 * m[i] + (1 - s.beta1) * gradient;
    v[i] = s.beta2 * v[i] + (1 - s.beta2) * gradient * gradient;
    p[i] -= s.lr * (m[i] / s.c1 / (std::sqrt(v[i] / s.c2) + s.eps) + s.decay * p[i]);
  }
}

template <>
void sgd<double>(const SgdStep& s, std::span<double> p, std::span<const double> g, std::span<double> m) {
  for (std::size_t i = 0; i < p.size(); ++i) {
    const double seen = (s.limit > 0 ? std::clamp(g[i], -s.limit, s.limit) : s.grad_scale * g[i]) + s.decay * p[i];
    if (m.empty()) {
      p[i] -= s.lr * seen;
    } else {
      m[i] = s.momentum * m[i] + seen;
      p[i] -= s.lr * (s.ahead ? seen + s.momentum * m[i] : m[i]);
    }
  }
}

}  // namespace x2g::kernels
