// A multilayer perceptron on a table of rows.
#pragma once

#include <memory>

#include "run.hpp"

namespace x2g::border {

class MlpRun final : public TrainerRun {
 public:
  MlpRun(MlpFields fields, double memory_limit);
  emscripten::val info() const override;
  double epoch_steps() const override;
  emscripten::val rows(emscripten::val x, emscripten::val names) override;
  emscripten::val save() const override;
  void load(emscripten::val bytes) override;

  static EstimateReport estimate(MlpFields fields);

 private:
  MlpRun(MlpPlan plan, const MlpFields& fields, double memory_limit);
  Trainer<float>& trainer() override { return trainer_; }
  const Trainer<float>& trainer() const override { return trainer_; }
  Graph<float>& twin(std::uint32_t rows);

  MlpConfig model_;
  std::uint32_t rows_;
  double data_bytes_;
  Trainer<float> trainer_;
  std::unique_ptr<Graph<float>> twin_;  // forward-only, on the same weights, for maps
};

}  // namespace x2g::border
