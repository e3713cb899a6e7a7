// Update rules, the learning-rate schedule and clipping: from gradients to new weights.
#pragma once

#include <cstdint>
#include <string_view>

#include "x2g/graph/graph.hpp"

namespace x2g {

struct OptimizerConfig {
  enum class Kind : std::uint8_t { sgd, adamw } kind = Kind::sgd;
  double lr = 0.1;      ///< 0 … 1e6
  double momentum = 0;  ///< sgd: 0 … <1 (Polyak 1964)
  double beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
  double weight_decay = 0;   ///< decoupled (AdamW); for sgd added to the gradient
  double clip = 0;           ///< largest gradient norm; 0 = no clipping (Pascanu et al. 2013)
  std::uint64_t warmup = 0;  ///< steps of linear warm-up
  std::uint64_t total = 0;   ///< cosine decay to min_lr ends here; 0 = constant after warm-up
  double min_lr = 0;

  std::uint32_t state_slots() const { return kind == Kind::adamw ? 2u : (momentum > 0 ? 1u : 0u); }
  void validate() const;  ///< throws Error(invalid_argument)
};

/// Learning rate of step `step` (0 = first): warm-up lr (step+1)/(warmup+1), then cosine (Loshchilov, Hutter 2017) — nanoGPT's form.
double learning_rate(const OptimizerConfig& c, std::uint64_t step);

struct UpdateReport {
  double lr = 0, grad_norm = 0;
  bool applied = false;  ///< false when the gradient norm was not finite: the weights were left as they are
};

/// One update of every parameter from its gradient; `step` counts from 0.
template <class T>
UpdateReport update(const OptimizerConfig& c, Graph<T>& graph, std::uint64_t step);

}  // namespace x2g
