#include "x2g/optim/optimizer.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/elementwise.hpp"
#include "kernels/math.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

void check_range(const char* name, double value, double low, double high, bool open_high = false) {
  if (value >= low && (open_high ? value < high : value <= high)) return;  // NaN fails
  throw Error(ErrorCode::invalid_argument,
              text(name, " is ", value, "; it must be ", low, open_high ? " up to, not including, " : " to ", high));
}

/// βᵗ by squaring: exact order of operations, so the same bits everywhere.
double power(double base, std::uint64_t exponent) {
  double result = 1;
  for (; exponent; exponent >>= 1, base *= base)
    if (exponent & 1) result *= base;
  return result;
}

template <class T>
void sgd(const OptimizerConfig& c, double lr, double grad_scale, bool decay, std::span<T> p, std::span<const T> g, std::span<T> m) {
  const T rate = static_cast<T>(lr), scale = static_cast<T>(grad_scale), mu = static_cast<T>(c.momentum);
  const T wd = static_cast<T>(decay ? c.weight_decay : 0);
  if (m.empty()) {
    for (std::size_t i = 0; i < p.size(); ++i) p[i] -= rate * (scale * g[i] + wd * p[i]);
  } else {
    for (std::size_t i = 0; i < p.size(); ++i) {
      m[i] = mu * m[i] + (scale * g[i] + wd * p[i]);
      p[i] -= rate * m[i];
    }
  }
}

}  // namespace

void OptimizerConfig::validate() const {
  check_range("lr", lr, 0, 1e6);
  check_range("momentum", momentum, 0, 1, true);
  check_range("beta1", beta1, 0, 1, true);
  check_range("beta2", beta2, 0, 1, true);
  check_range("eps", eps, 1e-12, 1);
  check_range("weight_decay", weight_decay, 0, 1000);
  check_range("clip", clip, 0, 1e9);
  check_range("min_lr", min_lr, 0, 1e6);
}

double learning_rate(const OptimizerConfig& c, std::uint64_t step) {
  if (step < c.warmup) return c.lr * static_cast<double>(step + 1) / static_cast<double>(c.warmup + 1);
  if (c.total == 0) return c.lr;
  if (step >= c.total) return c.min_lr;
  const double share = static_cast<double>(step - c.warmup) / static_cast<double>(c.total - c.warmup);
  return c.min_lr + 0.5 * (1 + kernels::cos_2pi(share / 2)) * (c.lr - c.min_lr);
}

template <class T>
UpdateReport update(const OptimizerConfig& c, Graph<T>& graph, std::uint64_t step) {
  UpdateReport report;
  report.lr = learning_rate(c, step);
  report.grad_norm = std::sqrt(kernels::sum_of_squares<T>(graph.gradients()));
  if (!std::isfinite(report.grad_norm)) return report;
  const double scale = c.clip > 0 && report.grad_norm > c.clip ? c.clip / report.grad_norm : 1;

  const std::vector<TensorSpec>& tensors = graph.spec().tensors();
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i].role != Role::parameter) continue;
    const TensorId id = static_cast<TensorId>(i);
    const bool decay = tensors[i].decay;
    if (c.kind == OptimizerConfig::Kind::adamw) {
      const kernels::AdamWStep s{
          report.lr, c.beta1, c.beta2, c.eps, decay ? c.weight_decay : 0, 1 - power(c.beta1, step + 1), 1 - power(c.beta2, step + 1),
          scale};
      kernels::adamw<T>(s, graph.value(id), graph.grad(id), graph.slot(id, 0), graph.slot(id, 1));
    } else {
      sgd<T>(c, report.lr, scale, decay, graph.value(id), graph.grad(id), c.momentum > 0 ? graph.slot(id, 0) : std::span<T>{});
    }
  }
  report.applied = true;
  return report;
}

template UpdateReport update<float>(const OptimizerConfig&, Graph<float>&, std::uint64_t);
template UpdateReport update<double>(const OptimizerConfig&, Graph<double>&, std::uint64_t);

}  // namespace x2g
