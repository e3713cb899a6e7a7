// Rosenblatt's perceptron as a run: its unit of work is one look at one example, its loss the share of examples it gets wrong.
#pragma once

#include <vector>

#include "run.hpp"

namespace x2g::border {

class PerceptronRun final : public Run {
 public:
  explicit PerceptronRun(PerceptronFields fields);
  emscripten::val info() const override;
  double units_per_step() const override { return 1; }
  double epoch_steps() const override { return static_cast<double>(model_.data().rows()); }
  double steps() const override { return static_cast<double>(model_.steps()); }
  double work(double units, double until) override;
  Numbers numbers() override;
  emscripten::val tensor(std::string name, bool grad) override;
  void set(std::string name, emscripten::val values) override;
  emscripten::val rows(emscripten::val x, emscripten::val names) override;
  emscripten::val snapshot() const override;
  void restore(emscripten::val bytes) override;

  void set_rate(double rate);
  /// {rows: Float64Array, width, mistakes, epochs, converged, cycles, cycleLength, wrong, weights, radius, margin, bound, separable}.
  /// A row is step, epoch, example, sum, target, output, error, x…, before…, after…; the newest 500 since the last call.
  emscripten::val state();

 private:
  void remember();

  Perceptron model_;
  PerceptronBound bound_;
  double rate_;
  std::vector<double> trace_;  // a ring of whole rows
  std::size_t width_, newest_ = 0;
};

}  // namespace x2g::border
