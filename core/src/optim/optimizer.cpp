#include "x2g/optim/optimizer.hpp"

#include <algorithm>
#include <cmath>

#include "base/in_range.hpp"
#include "base/parts.hpp"
#include "kernels/elementwise.hpp"
#include "optim/power.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

using Kind = OptimizerConfig::Kind;
constexpr std::string_view kKinds[] = {"sgd", "adamw", "nesterov", "rmsprop", "adagrad", "adam"};

/// value is 0 up to, not including, 1.
void below_one(const char* name, double value) {
  if (value >= 0 && value < 1) return;  // NaN fails
  throw Error(ErrorCode::invalid_argument, text(name, " is ", value, "; it must be 0 up to, not including, 1"));
}

/// The gradient a rule sees: clipped, then λw added (λ = 0 in adamw). Plain multiplications where nothing is clipped or decays.
template <class T>
struct Seen {
  T scale, limit, decay;  // limit: 0 = none

  T operator()(T g, T w) const {
    const T clipped = limit > 0 ? std::clamp(g, -limit, limit) : scale * g;
    return clipped + decay * w;
  }
};

// In the lessons' engines only sgd and adamw are there; validate() refuses the others.
#if X2G_WHOLE_ENGINE
/// adam, and adamw where values are clipped: kernels::adamw's formulas with the gradient as `seen`.
template <class T>
void adam(const kernels::AdamWStep& s, const Seen<T>& seen, const WeightPiece<T>& a) {
  const T beta1 = static_cast<T>(s.beta1), rest1 = static_cast<T>(1 - s.beta1), c1 = static_cast<T>(s.c1), rate = static_cast<T>(s.lr);
  const T beta2 = static_cast<T>(s.beta2), rest2 = static_cast<T>(1 - s.beta2), c2 = static_cast<T>(s.c2), eps = static_cast<T>(s.eps);
  const T decay = static_cast<T>(s.decay);
  for (std::size_t i = 0; i < a.weights.size(); ++i) {
    T &w = a.weights[i], &m = a.slot0[i], &v = a.slot1[i];
    const T g = seen(a.gradients[i], w);
    m = beta1 * m + rest1 * g;
    v = beta2 * v + rest2 * g * g;
    w -= rate * (m / c1 / (std::sqrt(v / c2) + eps) + decay * w);
  }
}

template <class T>
void rmsprop(const OptimizerConfig& c, T rate, const Seen<T>& seen, const WeightPiece<T>& a) {
  const T alpha = static_cast<T>(c.alpha), rest = static_cast<T>(1 - c.alpha), eps = static_cast<T>(c.eps), mu = static_cast<T>(c.momentum);
  for (std::size_t i = 0; i < a.weights.size(); ++i) {
    T &w = a.weights[i], &v = a.slot0[i];
    const T g = seen(a.gradients[i], w);
    v = alpha * v + rest * g * g;
    T move = g / (std::sqrt(v) + eps);
    if (!a.slot1.empty()) move = a.slot1[i] = mu * a.slot1[i] + move;
    w -= rate * move;
  }
}

template <class T>
void adagrad(const OptimizerConfig& c, T rate, const Seen<T>& seen, const WeightPiece<T>& a) {
  const T eps = static_cast<T>(c.eps);
  for (std::size_t i = 0; i < a.weights.size(); ++i) {
    T &w = a.weights[i], &v = a.slot0[i];
    const T g = seen(a.gradients[i], w);
    v += g * g;
    w -= rate * (g / (std::sqrt(v) + eps));
  }
}

#endif

}  // namespace

std::uint32_t OptimizerConfig::state_slots() const {
  switch (kind) {
    case Kind::sgd: return momentum > 0 ? 1 : 0;
    case Kind::rmsprop: return momentum > 0 ? 2 : 1;
    case Kind::nesterov:
    case Kind::adagrad: return 1;
    case Kind::adam:
    case Kind::adamw: return 2;
  }
  return 2;
}

void OptimizerConfig::validate() const {
#if !X2G_WHOLE_ENGINE
  if (kind > Kind::adamw || schedule != Schedule::warmup_cosine || clip_value != 0)
    throw Error(ErrorCode::bad_state, "this engine was built with sgd and adamw, warm-up and cosine only; open the whole engine");
#endif
  in_range("lr", lr, 0, 1e6);
  below_one("momentum", momentum);
  below_one("beta1", beta1);
  below_one("beta2", beta2);
  in_range("eps", eps, 1e-12, 1);
  in_range("weight_decay", weight_decay, 0, 1000);
  in_range("clip", clip, 0, 1e9);
  in_range("min_lr", min_lr, 0, 1e6);
#if X2G_WHOLE_ENGINE
  in_range("clip_value", clip_value, 0, 1e9);
  below_one("alpha", alpha);
  in_range("gamma", gamma, 0, 1);
  if (clip > 0 && clip_value > 0)
    throw Error(ErrorCode::invalid_argument, text("clip is ", clip, " and clip_value ", clip_value, "; set one of them to 0"));
  if (schedule == Schedule::step_decay && decay_every == 0)
    throw Error(ErrorCode::invalid_argument, "decay_every is 0; step decay needs 1 step or more between two drops");
  if (schedule != Schedule::one_cycle) return;
  in_range("rise", rise, 0, 1);
  in_range("div", div, 1, 1e9);
  in_range("final_div", final_div, 1, 1e12);
  const double top = rise * static_cast<double>(total) - 1;
  if (!(top > 0 && top < static_cast<double>(total) - 1))
    throw Error(ErrorCode::invalid_argument, text("one cycle of ", total, " steps with rise ", rise,
                                                  " has no room to rise and fall; rise times total must be more than 1, and rise below 1"));
#endif
}

std::string_view kind_name(Kind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

Kind optimizer_kind_from_name(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kKinds); ++i)
    if (name == kKinds[i]) return static_cast<Kind>(i);
  throw Error(ErrorCode::unknown_name,
              text("no optimizer is called \"", name.substr(0, 80), "\"; there are sgd, adamw, nesterov, rmsprop, adagrad, adam"));
}

UpdateFactors update_factors(const OptimizerConfig& c, double grad_norm, std::uint64_t step) {
  return {learning_rate(c, step), c.clip > 0 && grad_norm > c.clip ? c.clip / grad_norm : 1, step};
}

template <class T>
void update_piece(const OptimizerConfig& c, const UpdateFactors& f, const WeightPiece<T>& piece) {
  [[maybe_unused]] const T rate = static_cast<T>(f.lr);
  const double decay = piece.decay ? c.weight_decay : 0;
  [[maybe_unused]] const Seen<T> seen{static_cast<T>(f.grad_scale), static_cast<T>(c.clip_value),
                                      static_cast<T>(c.kind == Kind::adamw ? 0 : decay)};
  switch (c.kind) {
    case Kind::sgd:
    case Kind::nesterov:
      kernels::sgd<T>({f.lr, c.momentum, decay, f.grad_scale, c.clip_value, c.kind == Kind::nesterov}, piece.weights, piece.gradients,
                      piece.slot0);
      return;
#if X2G_WHOLE_ENGINE
    case Kind::rmsprop: rmsprop<T>(c, rate, seen, piece); return;
    case Kind::adagrad: adagrad<T>(c, rate, seen, piece); return;
#else
    case Kind::rmsprop:
    case Kind::adagrad: return;
#endif
    case Kind::adam:
    case Kind::adamw: break;
  }
  const kernels::AdamWStep s{f.lr,
                             c.beta1,
                             c.beta2,
                             c.eps,
                             c.kind == Kind::adamw ? decay : 0,
                             1 - power(c.beta1, f.step + 1),
                             1 - power(c.beta2, f.step + 1),
                             f.grad_scale};
#if X2G_WHOLE_ENGINE
  if (seen.limit != 0 || seen.decay != 0) return adam<T>(s, seen, piece);
#endif
  kernels::adamw<T>(s, piece.weights, piece.gradients, piece.slot0, piece.slot1);
}

template <class T>
UpdateReport update(const OptimizerConfig& c, Graph<T>& graph, std::uint64_t step) {
  UpdateReport report;
  report.lr = learning_rate(c, step);
  report.grad_norm = std::sqrt(kernels::sum_of_squares<T>(graph.gradients()));
  if (!std::isfinite(report.grad_norm)) return report;
  const UpdateFactors factors = update_factors(c, report.grad_norm, step);

  // Parameters lie one behind the other, with zeros between that no rule moves: all with the same decay are one piece.
  const std::uint32_t count = c.state_slots();
  const std::span<T> weights = graph.parameters(), gradients = graph.gradients();
  const std::span<T> slot0 = count > 0 ? graph.slots(0) : std::span<T>{}, slot1 = count > 1 ? graph.slots(1) : std::span<T>{};
  std::size_t begin = 0;
  bool decay = false;
  const auto finish = [&](std::size_t end) {
    const auto cut = [&](std::span<T> x) { return x.empty() ? x : x.subspan(begin, end - begin); };
    update_piece<T>(c, factors, {cut(weights), cut(gradients), cut(slot0), cut(slot1), decay});
    begin = end;
  };
  const std::vector<TensorSpec>& tensors = graph.spec().tensors();
  for (std::size_t id = 0; c.weight_decay != 0 && id < tensors.size(); ++id) {
    if (tensors[id].role != Role::parameter || tensors[id].decay == decay) continue;
    finish(static_cast<std::size_t>(graph.value(static_cast<TensorId>(id)).data() - weights.data()));
    decay = tensors[id].decay;
  }
  finish(weights.size());
  report.applied = true;
  return report;
}

template void update_piece<float>(const OptimizerConfig&, const UpdateFactors&, const WeightPiece<float>&);
template void update_piece<double>(const OptimizerConfig&, const UpdateFactors&, const WeightPiece<double>&);
template UpdateReport update<float>(const OptimizerConfig&, Graph<float>&, std::uint64_t);
template UpdateReport update<double>(const OptimizerConfig&, Graph<double>&, std::uint64_t);

}  // namespace x2g
