#include "x2g/optim/trace.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/elementwise.hpp"
#include "optim/power.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

using Kind = OptimizerConfig::Kind;

/// From `decayed`, m_before and v_before to the step; t.weight, t.lr are set.
void follow_rule(const OptimizerConfig& c, std::uint64_t step, double decay, UpdateTrace& t) {
  const double g = t.decayed;
  switch (c.kind) {
    case Kind::sgd:
    case Kind::nesterov:
      t.m = c.momentum * t.m_before + g;
      if (c.state_slots() == 0) t.m = g;
      t.m_hat = t.m;
      t.step = t.lr * (c.kind == Kind::nesterov ? g + c.momentum * t.m : t.m);
      return;
    case Kind::rmsprop:
    case Kind::adagrad: {
      t.v = c.kind == Kind::rmsprop ? c.alpha * t.v_before + (1 - c.alpha) * g * g : t.v_before + g * g;
      t.v_hat = t.v;
      t.denominator = std::sqrt(t.v_hat) + c.eps;
      double move = g / t.denominator;
      if (c.kind == Kind::rmsprop && c.momentum > 0) move = t.m = t.m_hat = c.momentum * t.m_before + move;
      t.step = t.lr * move;
      return;
    }
    case Kind::adam:
    case Kind::adamw:
      t.m = c.beta1 * t.m_before + (1 - c.beta1) * g;
      t.v = c.beta2 * t.v_before + (1 - c.beta2) * g * g;
      t.correction1 = 1 - power(c.beta1, step + 1);
      t.correction2 = 1 - power(c.beta2, step + 1);
      t.m_hat = t.m / t.correction1;
      t.v_hat = t.v / t.correction2;
      t.denominator = std::sqrt(t.v_hat) + c.eps;
      t.decoupled = c.kind == Kind::adamw ? decay * t.weight : 0;
      t.step = t.lr * (t.m_hat / t.denominator + t.decoupled);
  }
}

}  // namespace

template <class T>
UpdateTrace update_trace(const OptimizerConfig& c, Graph<T>& graph, std::uint64_t step, std::string_view name, std::size_t index) {
  const TensorId id = graph.spec().require(name);
  const TensorSpec& tensor = graph.spec().tensors()[static_cast<std::size_t>(id)];
  const std::span<const T> w = graph.value(id), g = graph.grad(id);
  if (tensor.role != Role::parameter || g.empty())
    throw Error(ErrorCode::invalid_argument, text("\"", name, "\" is not trained; choose a parameter"));
  if (index >= w.size())
    throw Error(ErrorCode::invalid_argument,
                text("element ", index, " of \"", name, "\" is asked for; it has elements 0 to ", w.size() - 1));

  UpdateTrace t;
  t.lr = learning_rate(c, step);
  t.grad_norm = std::sqrt(kernels::sum_of_squares<T>(graph.gradients()));
  t.grad_scale = update_factors(c, t.grad_norm, step).grad_scale;
  t.weight = w[index];
  t.gradient = g[index];
  t.clipped = c.clip_value > 0 ? std::clamp(t.gradient, -c.clip_value, c.clip_value) : t.grad_scale * t.gradient;
  const double decay = tensor.decay ? c.weight_decay : 0;
  t.decayed = c.kind == Kind::adamw ? t.clipped : t.clipped + decay * t.weight;

  const auto slot = [&](std::uint32_t k) { return c.state_slots() > k ? static_cast<double>(graph.slot(id, k)[index]) : 0; };
  const bool square_first = c.kind == Kind::rmsprop || c.kind == Kind::adagrad;
  t.m_before = slot(square_first ? 1 : 0);
  t.v_before = slot(square_first ? 0 : 1);
  follow_rule(c, step, decay, t);
  t.new_weight = t.weight - t.step;
  return t;
}

template UpdateTrace update_trace<float>(const OptimizerConfig&, Graph<float>&, std::uint64_t, std::string_view, std::size_t);
template UpdateTrace update_trace<double>(const OptimizerConfig&, Graph<double>&, std::uint64_t, std::string_view, std::size_t);

}  // namespace x2g
