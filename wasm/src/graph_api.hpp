// The graph itself, for people who build their own (graph_builder.hpp) and run it forward and backward, whole or node by node.
#pragma once

#include <emscripten/val.h>

#include <string>

#include "configs.hpp"
#include "graph_builder.hpp"
#include "x2g/graph/graph.hpp"

namespace x2g::border {

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
  emscripten::val check(std::string name, double index, double h) const;  ///< as TrainerRun::check
  std::string non_finite() const;                                         ///< name of the first tensor that is not finite; ""

 private:
  std::size_t node(double i) const;
  Graph<float> graph_;
};

}  // namespace x2g::border
