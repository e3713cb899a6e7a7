// A training run: fill a batch, forward, backward, update, again. Can be advanced by whole steps or by single nodes (a node is the longest
// thing that cannot be interrupted), keeps snapshots, and stops by itself before a number that is not finite reaches the weights.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "x2g/graph/graph.hpp"
#include "x2g/optim/optimizer.hpp"
#include "x2g/train/batches.hpp"

namespace x2g {

struct TrainReport {
  std::uint64_t step = 0;    ///< finished steps
  double loss = 0;           ///< of the last batch, before its update; of the first batch when step is 0
  double lr = 0, grad_norm = 0;
  bool diverged = false;
  std::string tensor;        ///< diverged: the first tensor that went non-finite
  bool gradient = false;     ///< … and whether it was its gradient
};

/// Where in a step the run stands: what the next advance() does.
enum class Phase : std::uint8_t { batch, forward, backward, update };

template <class T>
class Trainer {
 public:
  Trainer(GraphSpec spec, OptimizerConfig optimizer, std::unique_ptr<BatchSource<T>> batches, std::uint64_t seed,
          std::uint64_t memory_limit = 256ull << 20);

  Graph<T>& graph() { return graph_; }
  const OptimizerConfig& optimizer() const { return optimizer_; }
  void set_optimizer(const OptimizerConfig& c);  ///< same kind of state only; else Error(bad_state)

  /// One unit of work: the batch, one node forward, one node backward, or the update. True when this finished a step.
  /// Does nothing (false) once diverged.
  bool advance();
  Phase phase() const { return phase_; }
  std::size_t node() const { return node_; }     ///< of the phases forward and backward
  void step(std::uint64_t n = 1);                ///< n whole steps (finishes a begun one first); ends early when diverged
  TrainReport report();                          ///< at step 0 runs a forward pass so that loss is real
  void reset(std::uint64_t seed);                ///< fresh weights, step 0
  void touch();                                  ///< weights were edited: leaves a half-done step and the diverged state

  /// Parameters, optimizer state and position in bytes, with version, fingerprint and checksum.
  std::vector<std::uint8_t> snapshot() const;
  void restore(std::span<const std::uint8_t> bytes);  ///< Error(bad_file) when damaged or of another model; then nothing has changed

 private:
  Graph<T> graph_;
  OptimizerConfig optimizer_;
  std::unique_ptr<BatchSource<T>> batches_;
  std::uint64_t seed_, step_ = 0;
  Phase phase_ = Phase::batch;
  std::size_t node_ = 0;
  TrainReport report_;
};

extern template class Trainer<float>;
extern template class Trainer<double>;

/// Analytic gradient of one weight beside its central difference (f(w+h) − f(w−h)) / 2h, both in double on the run's present batch.
struct GradientCheck {
  double analytic = 0, numeric = 0, relative_error = 0;
};
/// `graph` holds inputs and parameters; it is copied into a Graph<double>. index within tensor `name`.
GradientCheck check_gradient(const Graph<float>& graph, std::string_view name, std::size_t index, double h = 1e-5);

}  // namespace x2g
