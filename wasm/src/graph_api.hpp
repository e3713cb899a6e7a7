// The graph itself, for people who build their own: name tensors, chain ops, run them forward and backward, whole or node by node.
// Tensors are known by the number that input(), parameter() and op() return; a number that is none is an error.
#pragma once

#include <emscripten/val.h>

#include <string>

#include "configs.hpp"
#include "x2g/graph/graph.hpp"

namespace x2g::border {

class GraphBuilder {
 public:
  /// Begins with a ready model (models.hpp); ops may follow. Error(bad_state) when there is something already. Configs: model_fields.hpp.
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

class GraphHandle {
 public:
  GraphHandle(const GraphBuilder& builder, double state_slots, double memory_limit);
  void initialize(double seed);
  double forward();
  void backward();
  void set_training(bool on);  ///< false: dropout passes through, batch norm uses its running statistics
  void set_step(double step);  ///< makes dropout's masks those of that step
  double nodes() const { return static_cast<double>(graph_.node_count()); }
  /// The chain rule once more, added to the parameters' gradients that stand: micro-batches. factor: the share of this one.
  void accumulate(double factor);
  void forward_node(double i);
  void backward_node(double i);
  void zero_grad() { graph_.zero_grad(); }
  void seed_loss() { graph_.seed_loss(); }
  emscripten::val value(double id) const;  ///< Float32Array, a copy
  emscripten::val grad(double id) const;
  /// A view of the live values, without a copy: valid until wasm memory grows or the graph is deleted.
  emscripten::val view(double id);
  void set(double id, emscripten::val values);
  /// One optimizer step; returns the gradient norm.
  double update(OptimizerFields optimizer, double step);
  emscripten::val check(std::string name, double index) const;  ///< {analytic, numeric, relativeError}, in double
  std::string non_finite() const;                               ///< name of the first tensor that is not finite; ""

 private:
  std::size_t node(double i) const;
  Graph<float> graph_;
};

}  // namespace x2g::border
