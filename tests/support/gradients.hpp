// Is a gradient right? Every parameter of a graph, backward against central differences, and how far two gradients lie apart.
// The one measure of reliability promise 1; bounds stand in the tests.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "x2g/graph/graph.hpp"

namespace x2g::test {

/// norm: ‖a − b‖ / ‖b‖. element: the largest |a − b| / max(|a|, |b|, 10⁻³ of the largest |b|, a floor).
struct Deviation {
  double norm = 0, element = 0;
};

/// Of `analytic` from `numeric`; NaN anywhere gives NaN, which no bound accepts.
inline Deviation compare(const std::vector<double>& analytic, const std::vector<double>& numeric, double floor = 1e-12) {
  double difference = 0, size = 0, worst = 0, largest = 0;
  for (const double v : numeric) largest = std::max(largest, std::fabs(v));
  for (std::size_t i = 0; i < analytic.size(); ++i) {
    const double d = std::fabs(analytic[i] - numeric[i]);
    difference += d * d;
    size += numeric[i] * numeric[i];
    worst = std::max(worst, d / std::max({std::fabs(analytic[i]), std::fabs(numeric[i]), 1e-3 * largest, floor}));
  }
  return {std::sqrt(difference) / std::max(std::sqrt(size), 1e-12), std::isnan(difference) ? difference : worst};
}

/// Of one parameter.
struct ParameterGradient {
  std::string name;
  std::vector<double> analytic, numeric;
};

/// One forward and backward pass; the gradients of all parameters, one after the other.
template <class T>
std::vector<double> gradients(Graph<T>& graph) {
  graph.forward();
  graph.backward();
  std::vector<double> all;
  for (std::size_t i = 0; i < graph.spec().tensors().size(); ++i)
    if (graph.spec().tensors()[i].role == Role::parameter)
      for (const T v : graph.grad(static_cast<TensorId>(i))) all.push_back(static_cast<double>(v));
  return all;
}

/// (loss(w + h) − loss(w − h)) / 2h for every element of every parameter, beside what backward says.
inline std::vector<ParameterGradient> parameter_gradients(Graph<double>& graph, double h = 1e-5) {
  const std::vector<double> all = gradients(graph);
  auto next = all.begin();
  std::vector<ParameterGradient> out;
  for (std::size_t i = 0; i < graph.spec().tensors().size(); ++i) {
    const TensorSpec& t = graph.spec().tensors()[i];
    if (t.role != Role::parameter) continue;
    ParameterGradient& p = out.emplace_back(t.name);
    for (double& w : graph.value(static_cast<TensorId>(i))) {
      const double kept = w;
      w = kept + h;
      const double above = graph.forward();
      w = kept - h;
      const double below = graph.forward();
      w = kept;
      p.analytic.push_back(*next++);
      p.numeric.push_back((above - below) / (2 * h));
    }
  }
  return out;
}

/// Over all parameters together.
inline Deviation deviation(Graph<double>& graph, double h = 1e-5) {
  std::vector<double> analytic, numeric;
  for (const ParameterGradient& p : parameter_gradients(graph, h)) {
    analytic.insert(analytic.end(), p.analytic.begin(), p.analytic.end());
    numeric.insert(numeric.end(), p.numeric.begin(), p.numeric.end());
  }
  return compare(analytic, numeric);
}

}  // namespace x2g::test
