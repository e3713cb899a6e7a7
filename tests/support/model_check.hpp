// Small models for the tests that look at every number of one: their inputs, their weights, the names of what they learn, and a
// transformer small enough for gradient checks. Not a test by itself.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/gradients.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/nn/transformer.hpp"

namespace x2g::test {

/// Two layers, two heads of size 2, three tokens of five, two sequences.
inline TransformerConfig tiny_transformer() {
  TransformerConfig c;
  c.vocab = 5;
  c.layers = 2;
  c.heads = 2;
  c.channels = 4;
  c.context = 3;
  c.batch = 2;
  return c;
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

inline std::vector<std::string> parameter_names(const GraphSpec& spec) {
  std::vector<std::string> names;
  for (const TensorSpec& t : spec.tensors())
    if (t.role == Role::parameter) names.push_back(t.name);
  return names;
}

template <class T>
std::vector<T> copied(std::span<const T> from) {
  return {from.begin(), from.end()};
}

}  // namespace x2g::test
