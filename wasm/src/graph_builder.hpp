// A graph being written down from JavaScript: name tensors, chain ops. Tensors are known by the number that input(), parameter(), buffer()
// and op() return; a number that is none is an error. What runs it: graph_api.hpp, run_graph.hpp.
#pragma once

#include <emscripten/val.h>

#include <string>

#include "x2g/graph/spec.hpp"

namespace x2g::border {

/// Ids beyond any graph become −2, which the graph itself refuses by name.
TensorId tensor_id(double id);

class GraphBuilder {
 public:
  /// Begins with a ready model (models.hpp); ops may follow. Error(bad_state) when there is something already. Configs: model_fields.hpp.
  /// Only in the whole engine, like lora() (graph_models.cpp).
  void model(std::string name, emscripten::val config);
  /// What stands so far, frozen and with corrections {rank, alpha, targets}.
  void lora(emscripten::val config);
  double input(std::string name, emscripten::val shape);
  double parameter(std::string name, emscripten::val shape, std::string init, double a, bool decay);
  /// Kept in snapshots, not trained: running statistics, frozen weights.
  double buffer(std::string name, emscripten::val shape, std::string init, double a);
  /// attributes: any of OpAttributes in camelCase (activation, heads, kvHeads, causal, scale, eps, rate, base, axis, begin, end, flag, mask,
  /// score, shape, kernel, stride, padding, dilation), each optional. An absent bias is −1.
  double op(std::string kind, std::string name, emscripten::val inputs, emscripten::val attributes);
  double find(std::string name) const;  ///< −1 when there is none
  emscripten::val memory(double state_slots) const;
  /// {tensors: [{name, shape, role}], nodes: [{name, op, inputs: [name or null]}], parameterCount}, in the order of their numbers
  emscripten::val info() const;
  const GraphSpec& spec() const { return spec_; }

 private:
  GraphSpec spec_;
};

}  // namespace x2g::border
