// Is the analytic gradient right? One weight at a time, on any graph, in double precision.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "x2g/graph/graph.hpp"

namespace x2g {

/// The same spec, inputs and parameters in double; no optimizer state.
std::unique_ptr<Graph<double>> in_double(const Graph<float>& graph);

/// What backward says of one weight beside what the loss does.
struct GradientCheck {
  double analytic = 0;        ///< ∂loss/∂w from backward()
  double numeric = 0;         ///< (loss(w+h) − loss(w−h)) / 2h
  double relative_error = 0;  ///< |analytic − numeric| / max(1e-8, |analytic| + |numeric|)
  double loss = 0;            ///< of the weight as it stands
  double above = 0;           ///< … of w + h
  double below = 0;           ///< … of w − h
};

/// Element `index` of tensor `name` (a parameter), nudged by h > 0 either way. Leaves the weight as it was.
/// Throws Error(unknown_name | invalid_argument).
GradientCheck check_gradient(Graph<double>& graph, std::string_view name, std::size_t index, double h = 1e-5);

}  // namespace x2g
