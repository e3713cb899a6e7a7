#include "x2g/train/gradient_check.hpp"

#include <algorithm>
#include <cmath>

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {

std::unique_ptr<Graph<double>> in_double(const Graph<float>& graph) {
  auto twin = std::make_unique<Graph<double>>(graph.spec());
  for (std::size_t i = 0; i < graph.spec().tensors().size(); ++i) {
    const Role role = graph.spec().tensors()[i].role;
    if (role != Role::input && role != Role::parameter && role != Role::buffer) continue;
    const TensorId id = static_cast<TensorId>(i);
    std::ranges::copy(graph.value(id), twin->value(id).begin());
  }
  twin->set_training(graph.mode().training);
  twin->set_step(graph.mode().step);
  twin->set_seed(graph.mode().seed);
  return twin;
}

GradientCheck check_gradient(Graph<double>& graph, std::string_view name, std::size_t index, double h) {
  const TensorId id = graph.spec().require(name);
  const std::span<double> w = graph.value(id);
  if (index >= w.size())
    throw Error(ErrorCode::invalid_argument,
                text("element ", index, " of \"", name, "\" is asked for; it has elements 0 to ", w.size() - 1));
  if (graph.grad(id).empty()) throw Error(ErrorCode::invalid_argument, text("\"", name, "\" has no gradient; choose a parameter"));
  if (!(h > 0 && h <= 1e6)) throw Error(ErrorCode::invalid_argument, text("h is ", h, "; it must be above 0 and at most 1000000"));
  GradientCheck check;
  check.loss = graph.forward();
  graph.backward();
  check.analytic = graph.grad(id)[index];

  const double kept = w[index];
  w[index] = kept + h;
  check.above = graph.forward();
  w[index] = kept - h;
  check.below = graph.forward();
  w[index] = kept;
  check.numeric = (check.above - check.below) / (2 * h);
  check.relative_error = std::abs(check.analytic - check.numeric) / std::max(1e-8, std::abs(check.analytic) + std::abs(check.numeric));
  return check;
}

}  // namespace x2g
