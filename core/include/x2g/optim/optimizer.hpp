// Update rules and clipping: from gradients to new weights. Learning-rate schedules are in optim/schedule.cpp, one weight's update with
// every number in between in optim/trace.hpp.
//
// g is the gradient after clipping; L2 kinds first add λw to it (λ = weight_decay, on tensors that decay); η = learning_rate(step).
//   sgd       w −= ηg                                  momentum μ > 0 (Polyak 1964):  m = μm + g,  w −= ηm
//   nesterov  m = μm + g,  w −= η(g + μm)              (Sutskever et al. 2013, PyTorch's form; μ = 0 is plain SGD)
//   rmsprop   v = αv + (1−α)g²,  w −= ηg/(√v + ε)      (Tieleman, Hinton 2012, PyTorch's form: ε outside the root, α 0.99);
//             momentum > 0:  b = μb + g/(√v + ε),  w −= ηb
//   adagrad   v = v + g²,  w −= ηg/(√v + ε)            (Duchi, Hazan, Singer 2011; PyTorch takes ε 1e-10)
//   adam      m = β₁m + (1−β₁)g,  v = β₂v + (1−β₂)g²,  w −= η (m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε)   (Kingma, Ba 2015; λw goes through m and v)
//   adamw     the same with λ outside:  w −= η(… + λw)  (Loshchilov, Hutter 2019)
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "x2g/graph/graph.hpp"

namespace x2g {

/// How the rate moves. warmup_cosine reads warmup, total, min_lr; step_decay: decay_every, gamma; one_cycle: total, rise, div, final_div.
enum class Schedule : std::uint8_t { warmup_cosine, constant, step_decay, one_cycle };

/// Everything that is chosen about the updates of a run.
struct OptimizerConfig {
  /// By the formulas above.
  enum class Kind : std::uint8_t { sgd, adamw, nesterov, rmsprop, adagrad, adam } kind = Kind::sgd;  ///< which
  double lr = 0.1;                                                                                   ///< 0 … 1e6; one_cycle: the top
  double momentum = 0;                                                                               ///< sgd, nesterov, rmsprop: 0 … <1
  double beta1 = 0.9;                                                                                ///< β₁ of adam and adamw
  double beta2 = 0.999;                                                                              ///< β₂ likewise
  double eps = 1e-8;                                                                                 ///< ε of all but sgd and nesterov
  double weight_decay = 0;                      ///< decoupled in adamw; in all others added to the gradient
  double clip = 0;                              ///< largest gradient norm; 0 = no clipping (Pascanu et al. 2013)
  std::uint64_t warmup = 0;                     ///< steps of linear warm-up
  std::uint64_t total = 0;                      ///< cosine decay to min_lr ends here; 0 = constant after warm-up. one_cycle: its length
  double min_lr = 0;                            ///< of warmup_cosine: where it ends, 0 … 1e6
  Schedule schedule = Schedule::warmup_cosine;  ///< how the rate moves
  double clip_value = 0;                        ///< every gradient is held to ±clip_value; 0 = no clipping; not together with clip
  double alpha = 0.99;                          ///< rmsprop: 0 … <1
  std::uint64_t decay_every = 0;                ///< step_decay: steps between two multiplications by gamma, at least 1
  double gamma = 0.1;                           ///< step_decay: 0 … 1
  double rise = 0.3;                            ///< one_cycle: share of the steps in which the rate rises
  double div = 25;                              ///< one_cycle: begins at lr/div
  double final_div = 1e4;                       ///< one_cycle: ends at lr/(div final_div)

  /// Values kept per weight. Slot 0: m or, in rmsprop and adagrad, v. Slot 1: v of adam and adamw, b of rmsprop with momentum.
  std::uint32_t state_slots() const;
  void validate() const;  ///< throws Error(invalid_argument)
};

std::string_view kind_name(OptimizerConfig::Kind kind);                 ///< "sgd", "adamw", …
OptimizerConfig::Kind optimizer_kind_from_name(std::string_view name);  ///< throws Error(unknown_name)
std::string_view schedule_name(Schedule schedule);                      ///< "warmup_cosine", …
Schedule schedule_from_name(std::string_view name);                     ///< throws Error(unknown_name)

/// Learning rate of step `step` (0 = first). Default: warm-up lr (step+1)/(warmup+1), then cosine (Loshchilov, Hutter 2017) — nanoGPT's form.
double learning_rate(const OptimizerConfig& c, std::uint64_t step);

/// What an update did.
struct UpdateReport {
  double lr = 0;         ///< η
  double grad_norm = 0;  ///< of the whole gradient before any clipping
  bool applied = false;  ///< false when the gradient norm was not finite: the weights were left as they are
};

/// What one update does to all weights alike.
struct UpdateFactors {
  double lr = 0;           ///< η
  double grad_scale = 1;   ///< what gradients are multiplied by: below 1 where the norm is clipped
  std::uint64_t step = 0;  ///< from 0: Adam's t is step + 1
};
/// grad_norm: of the whole gradient, all workers' averaged.
UpdateFactors update_factors(const OptimizerConfig& c, double grad_norm, std::uint64_t step);

/// A run of weights with what belongs to it, all of one length; absent slots are empty. Updates are element by element, so that a tensor
/// cut in pieces gives the bits of the whole one.
template <class T>
struct WeightPiece {
  std::span<T> weights;          ///< changed
  std::span<const T> gradients;  ///< before clipping
  std::span<T> slot0;            ///< state: see OptimizerConfig::state_slots
  std::span<T> slot1;            ///< likewise
  bool decay = false;            ///< weight decay applies
};
/// One update of these weights.
template <class T>
void update_piece(const OptimizerConfig& c, const UpdateFactors& f, const WeightPiece<T>& piece);

/// One update of every parameter from its gradient; `step` counts from 0.
template <class T>
UpdateReport update(const OptimizerConfig& c, Graph<T>& graph, std::uint64_t step);

}  // namespace x2g
