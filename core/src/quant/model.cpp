#include "x2g/quant/model.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

constexpr std::size_t kWeight = 1;  // of a linear node's inputs

bool named(std::string_view node, const std::vector<std::string>& targets) {
  return targets.empty() || std::ranges::any_of(targets, [&](const std::string& end) { return !end.empty() && node.ends_with(end); });
}

/// A frozen layer that with_lora adapted computes under another name.
std::string_view base_name(std::string_view node) {
  if (node.ends_with(".base")) node.remove_suffix(5);
  return node;
}

bool only_linear_weight(const GraphSpec& spec, TensorId id) {
  for (const NodeSpec& node : spec.nodes())
    for (std::size_t i = 0; i < node.inputs.size(); ++i)
      if (node.inputs[i] == id && (node.kind != OpKind::linear || i != kWeight)) return false;
  return true;
}

bool may(const GraphSpec& spec, const NodeSpec& node, bool frozen_only) {
  if (node.kind != OpKind::linear) return false;
  const Role role = spec.tensors()[static_cast<std::size_t>(node.inputs[kWeight])].role;
  return (role == Role::buffer || (role == Role::parameter && !frozen_only)) && only_linear_weight(spec, node.inputs[kWeight]);
}

std::vector<TensorId> choose(const GraphSpec& spec, const QuantTargets& which) {
  const auto fits = [&](const NodeSpec& node, const std::vector<std::string>& ends) {
    return may(spec, node, which.frozen_only) && named(base_name(node.name), ends);
  };
  for (const std::string& end : which.targets)
    if (std::ranges::none_of(spec.nodes(), [&](const NodeSpec& node) { return fits(node, {end}); }))
      throw Error(ErrorCode::unknown_name, text("no linear layer that can be quantized ends with \"", end.substr(0, 80),
                                                "\"; look at the names of the nodes", which.frozen_only ? ", and which are frozen" : ""));
  std::vector<TensorId> chosen;
  for (const NodeSpec& node : spec.nodes()) {
    if (!fits(node, which.targets)) continue;
    const TensorId id = node.inputs[kWeight];
    if (std::ranges::find(chosen, id) == chosen.end()) chosen.push_back(id);
  }
  if (chosen.empty())
    throw Error(ErrorCode::unknown_name, which.frozen_only
                                             ? "the graph has no frozen linear weight; build it with with_lora, or set frozen_only off"
                                             : "the graph has no linear weight of its own");
  return chosen;
}

}  // namespace

std::uint64_t QuantReport::float_bytes() const {
  std::uint64_t total = kept_bytes;
  for (const QuantizedWeight& w : weights) total += w.float_bytes;
  return total;
}

std::uint64_t QuantReport::total_bytes() const {
  std::uint64_t total = kept_bytes;
  for (const QuantizedWeight& w : weights) total += w.quantized_bytes;
  return total;
}

template <class T>
QuantReport quantize_weights(Graph<T>& graph, const QuantConfig& c, const QuantTargets& which) {
  c.validate();
  const std::vector<TensorSpec>& tensors = graph.spec().tensors();
  const std::vector<TensorId> chosen = choose(graph.spec(), which);
  QuantReport report;
  std::vector<std::vector<float>> decoded;
  for (const TensorId id : chosen) {
    const TensorSpec& t = tensors[static_cast<std::size_t>(id)];
    std::vector<float> exact(t.shape.size());
    std::ranges::transform(graph.value(id), exact.begin(), [](T w) { return static_cast<float>(w); });
    try {
      const Quantized q = quantize(exact, t.shape.dims[0], t.shape.dims[1], c);
      decoded.push_back(q.dequantize());
      report.weights.push_back(
          {t.name, t.shape.dims[0], t.shape.dims[1], exact.size() * sizeof(float), q.bytes(), quant_error(exact, decoded.back())});
    } catch (const Error& e) {
      throw Error(e.code(), text("\"", t.name, "\": ", e.message()));
    }
  }
  for (std::size_t i = 0; i < chosen.size(); ++i)
    std::ranges::transform(decoded[i], graph.value(chosen[i]).begin(), [](float w) { return static_cast<T>(w); });
  for (std::size_t i = 0; i < tensors.size(); ++i)
    if ((tensors[i].role == Role::parameter || tensors[i].role == Role::buffer) &&
        std::ranges::find(chosen, static_cast<TensorId>(i)) == chosen.end())
      report.kept_bytes += tensors[i].shape.size() * sizeof(float);
  return report;
}

template QuantReport quantize_weights<float>(Graph<float>&, const QuantConfig&, const QuantTargets&);
template QuantReport quantize_weights<double>(Graph<double>&, const QuantConfig&, const QuantTargets&);

}  // namespace x2g
