// A training run behind one set of calls, whatever is trained. JavaScript advances it in units that are short enough to stop after,
// and reads what it wants to show. How long to work before yielding is JavaScript's decision; nothing here looks at a clock.
#pragma once

#include <emscripten/val.h>

#include <string>
#include <vector>

#include "configs.hpp"
#include "x2g/train/trainer.hpp"

namespace x2g {
struct GradientCheck;
}

namespace x2g::border {

/// Bytes by purpose, as the page shows them.
struct MemoryReport {
  double parameters = 0, gradients = 0, optimizer = 0, activations = 0, scratch = 0, data = 0, total = 0;
};

struct EstimateReport {
  double parameterCount = 0;
  MemoryReport memory;
  double vocab = 0;  // 0: none
};

/// The plain numbers of a moment; tensors, history and traces are asked for separately.
struct Numbers {
  double step = 0, loss = 0, lr = 0, gradNorm = 0;
  double finished = 0;  // 1: there is nothing left to do
  double diverged = 0;  // 1: `tensor` went non-finite
  std::string tensor;
  double gradient = 0;
  std::string phase, node;  // of a half-done step: what comes next; "" at a step's beginning
  double nodeIndex = 0;
};

/// Loss over steps, thinned by a rule that depends on the step alone: every step up to 1024, then 512 to 1024 points an octave.
class History {
 public:
  static std::uint64_t stride(std::uint64_t step);
  static std::uint64_t next_mark(std::uint64_t step);  ///< the first step after `step` that is kept
  void add(std::uint64_t step, double loss);
  emscripten::val take();  ///< {step, loss} as Float64Arrays: what is new since the last take
  void clear();

 private:
  std::vector<double> steps_, losses_;
};

class Run {
 public:
  Run() = default;
  virtual ~Run() = default;
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  virtual emscripten::val info() const = 0;  ///< {tensors, nodes, parameterCount, memory, vocab, …} as in types.ts
  virtual double units_per_step() const = 0;
  virtual double epoch_steps() const = 0;  ///< 0: none
  virtual double steps() const = 0;
  /// Does up to `units` units of work, not beyond step `until`; whole steps where the budget allows. Returns the units done; fewer means
  /// that step `until` is reached, the run is finished or it diverged.
  virtual double work(double units, double until) = 0;
  virtual Numbers numbers() = 0;
  virtual emscripten::val tensor(std::string name, bool grad) = 0;  ///< {name, shape, data}
  virtual void set(std::string name, emscripten::val values) = 0;
  virtual emscripten::val rows(emscripten::val x, emscripten::val names) = 0;  ///< {name: {name, shape, data}}: forward on the rows
  virtual emscripten::val snapshot() const = 0;
  virtual void restore(emscripten::val bytes) = 0;
  virtual emscripten::val save() const;  ///< safetensors
  virtual void load(emscripten::val bytes);
  emscripten::val history() { return history_.take(); }

 protected:
  History history_;
};

/// The runs that stand on a graph: everything but where the batches come from and what the weights are called in a file.
class TrainerRun : public Run {
 public:
  double units_per_step() const override;
  double steps() const override { return static_cast<double>(trainer().steps()); }
  double work(double units, double until) override;
  Numbers numbers() override;
  emscripten::val tensor(std::string name, bool grad) override;
  void set(std::string name, emscripten::val values) override;
  emscripten::val snapshot() const override;
  void restore(emscripten::val bytes) override;

  void configure(OptimizerFields fields);
  /// Of that element nudged by h either way: {analytic, numeric, relativeError, loss, above, below}.
  emscripten::val check(std::string name, double index, double h);

 protected:
  virtual Trainer<float>& trainer() = 0;
  virtual const Trainer<float>& trainer() const = 0;
  emscripten::val graph_info(const MemoryReport& memory) const;
};

/// {tensors: [{name, shape, role}], nodes: [{name, op, inputs: [name or null]}], parameterCount}: a spec as a page reads it.
emscripten::val spec_to_js(const GraphSpec& spec);
emscripten::val shape_to_js(const Shape& shape);
emscripten::val tensor_to_js(const std::string& name, emscripten::val shape, emscripten::val data);
emscripten::val memory_to_js(const MemoryReport& m);
MemoryReport memory_report(const MemoryEstimate& m, double data);
emscripten::val check_to_js(const GradientCheck& g);  ///< of engines that compute in double (run_check.cpp)

}  // namespace x2g::border
