// Gradient check of every parameter of a small graph: relative norm of the difference, and the worst element. Not a test by itself.
#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>

#include "x2g/base/rng.hpp"
#include "x2g/train/gradient_check.hpp"

namespace x2g::test {

struct Deviation {
  double norm = 0, element = 0;
};

inline Deviation deviation(Graph<double>& g, double h = 1e-5) {
  double difference = 0, total = 0, worst = 0;
  for (const TensorSpec& t : g.spec().tensors()) {
    if (t.role != Role::parameter) continue;
    for (std::size_t k = 0; k < t.shape.size(); ++k) {
      const GradientCheck c = check_gradient(g, t.name, k, h);
      difference += (c.analytic - c.numeric) * (c.analytic - c.numeric);
      total += c.analytic * c.analytic;
      worst = std::fmax(worst, std::fabs(c.analytic - c.numeric) / std::fmax(1e-4, std::fabs(c.analytic) + std::fabs(c.numeric)));
    }
  }
  return {std::sqrt(difference / total), worst};
}

/// Whole numbers 0 … below − 1 into an input.
template <class T>
void fill_tokens(Graph<T>& g, std::string_view name, std::uint32_t below, std::uint64_t seed) {
  Rng rng(seed, Stream::data);
  for (T& id : g.value(name)) id = static_cast<T>(rng.below(below));
}

/// Every parameter at made-up normal numbers: a model's own start would leave many gradients tiny.
template <class T>
void scatter_parameters(Graph<T>& g, double deviation, std::uint64_t seed) {
  Rng rng(seed, Stream::user);
  for (std::size_t i = 0; i < g.spec().tensors().size(); ++i) {
    const TensorSpec& t = g.spec().tensors()[i];
    if (t.role != Role::parameter) continue;
    for (T& w : g.value(static_cast<TensorId>(i)))
      w = static_cast<T>((t.init.kind == Init::Kind::constant ? t.init.a : 0) + deviation * rng.normal());
  }
}

}  // namespace x2g::test
