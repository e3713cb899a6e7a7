// A graph of one's own as a run: everything that a page may ask of a training run (steps, nodes, snapshots, history, checks), on any graph.
// Its data stay as they were set; there are no batches.
#pragma once

#include "graph_builder.hpp"
#include "run.hpp"

namespace x2g::border {

class GraphRun final : public TrainerRun {
 public:
  GraphRun(const GraphBuilder& builder, OptimizerFields optimizer, double seed, double memory_limit);
  emscripten::val info() const override;
  double epoch_steps() const override { return 0; }
  void set(std::string name, emscripten::val values) override;              ///< inputs, too
  emscripten::val rows(emscripten::val x, emscripten::val names) override;  ///< refused: a graph's shapes are fixed

 private:
  Trainer<float>& trainer() override { return trainer_; }
  const Trainer<float>& trainer() const override { return trainer_; }

  Trainer<float> trainer_;
};

}  // namespace x2g::border
