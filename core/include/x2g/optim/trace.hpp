// One weight's update with every number in between, for showing the rule at work. Written a second time on purpose, by the formulas of
// optim/optimizer.hpp in double: what update() does then must agree with it. Changes nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "x2g/graph/graph.hpp"
#include "x2g/optim/optimizer.hpp"

namespace x2g {

/// The numbers of one weight's update, in the order they arise.
struct UpdateTrace {
  double lr = 0;           ///< η of the step
  double grad_norm = 0;    ///< of all parameters
  double grad_scale = 1;   ///< below 1 where the norm is clipped
  double gradient = 0;     ///< as backward left it
  double clipped = 0;      ///< after clipping by norm or by value
  double decayed = 0;      ///< plus λw in the L2 kinds; else the same
  double m_before = 0;     ///< 0 where the kind keeps none
  double v_before = 0;     ///< likewise
  double m = 0;            ///< after; rmsprop with momentum: its buffer b
  double v = 0;            ///< after
  double correction1 = 1;  ///< 1 − β₁ᵗ
  double correction2 = 1;  ///< 1 − β₂ᵗ
  double m_hat = 0;        ///< m/correction1; m where nothing is corrected
  double v_hat = 0;        ///< v/correction2; v where nothing is corrected
  double denominator = 1;  ///< √v̂ + ε; 1 in sgd and nesterov
  double decoupled = 0;    ///< λw of adamw
  double step = 0;         ///< what is subtracted from the weight
  double weight = 0;       ///< before
  double new_weight = 0;   ///< after: weight − step
};

/// What update(config, graph, step) would do to element `index` of parameter `name`. Throws Error(unknown_name | invalid_argument).
template <class T>
UpdateTrace update_trace(const OptimizerConfig& c, Graph<T>& graph, std::uint64_t step, std::string_view name, std::size_t index);

}  // namespace x2g
