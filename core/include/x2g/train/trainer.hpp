// A training run: fill a batch, forward, backward, update, again. Advances by whole steps or by single nodes (a node is the longest thing that
// cannot be interrupted), keeps snapshots, and stops by itself before a number that is not finite reaches the weights.
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

/// Where a run stands.
struct TrainReport {
  std::uint64_t step = 0;     ///< finished steps
  double loss = 0;            ///< of the last batch, before its update; of the first batch when step is 0
  double lr = 0;              ///< of the last update
  double grad_norm = 0;       ///< of the last update, before clipping
  bool diverged = false;      ///< a loss or gradient was not finite: the run stands still
  std::string tensor;         ///< diverged: the first tensor that went non-finite
  bool gradient = false;      ///< … and whether it was its gradient
  double loss_scale = 1;      ///< the factor in use
  std::uint64_t skipped = 0;  ///< updates left out because scaled gradients overflowed, since the start or the last restore
};

/// Loss scaling (Micikevicius et al. 2018, section 3.2): the loss is multiplied before backward and the gradients are divided after, so that
/// small ones survive 16 bits. dynamic: doubled after every `interval` good updates; halved, and the update left out, when a gradient
/// overflows. The paper then goes on to the next batch; here the same batch is run again, so that the step stays the number of updates.
struct LossScale {
  /// Whether and how the factor moves.
  enum class Kind : std::uint8_t { none, fixed, dynamic } kind = Kind::none;  ///< which
  double initial = 65536;                                                     ///< a power of two, 2⁻²⁰ … 2⁴⁰
  std::uint32_t interval = 2000;                                              ///< 1 … 2²⁴ − 1
};

/// How a step is made up; chosen when the run begins.
struct TrainOptions {
  std::uint32_t accumulate = 1;  ///< micro-batches per update: k of them are one batch k times as large, to rounding
  std::uint32_t worker = 0;      ///< this run takes share `worker` of every batch (train/exchange.hpp)
  std::uint32_t workers = 1;     ///< 1: the whole batch
  bool optimizer_state = true;   ///< false: updates come from outside, see finish_update()
  Precision precision{};         ///< emulated; float only
  LossScale loss_scale{};        ///< for 16-bit gradients
};

/// What the next advance() of a step does.
enum class Phase : std::uint8_t { batch, forward, backward, update };

/// One run: graph, optimizer, batches and position. float to train, double to compare.
template <class T>
class Trainer {
 public:
  /// Builds the graph, fills the weights from the seed. Throws Error(invalid_argument | out_of_memory).
  Trainer(GraphSpec spec, OptimizerConfig optimizer, std::unique_ptr<BatchSource<T>> batches, std::uint64_t seed,
          std::uint64_t memory_limit = kMemoryLimit, const TrainOptions& options = {});

  Graph<T>& graph() { return graph_; }                             ///< call touch() after editing weights
  const Graph<T>& graph() const { return graph_; }                 ///< as it stands
  const OptimizerConfig& optimizer() const { return optimizer_; }  ///< as it stands
  void set_optimizer(const OptimizerConfig& c);                    ///< same number of optimizer values only; else Error(bad_state)

  /// One unit of work: the batch, one node forward, one node backward, or the update. True when this finished a step.
  /// Does nothing (false) once diverged.
  bool advance();
  Phase phase() const { return phase_; }      ///< of the next advance()
  std::size_t node() const { return node_; }  ///< the node that advance() runs next, in the phases forward and backward
  void step(std::uint64_t n = 1);             ///< n whole steps (finishes a begun one first); ends early when diverged
  /// Forward and backward of the step in progress (or the next one) up to its update: then gradients can be exchanged. False: diverged.
  bool run_to_update();
  /// Ends a step whose update was made outside (phase update only). False, as in advance(), when it was not applied.
  bool finish_update(const UpdateReport& update);
  /// From the beginning of the step in progress with share `worker` of its batch; the loss is unknown until then. One run that takes all
  /// shares in turn has the gradients of as many workers. Error(invalid_argument) beyond the last share.
  void take_share(std::uint32_t worker);
  /// The whole batch's loss, for a run that knows its share's only. One that is not finite ends the run, as in advance().
  void set_loss(double loss);
  const TrainOptions& options() const { return options_; }  ///< as given; worker: the share taken
  std::uint64_t steps() const { return report_.step; }      ///< finished ones
  bool diverged() const { return report_.diverged; }        ///< see TrainReport
  const TrainReport& report();                              ///< at step 0 runs the first batch forward so that the loss is real
  void reset(std::uint64_t seed);  ///< fresh weights and optimizer state, step 0; the batches stay those of the first seed
  void touch();                    ///< after weights were edited: leaves a half-done step and the diverged state, keeps the step

  /// Parameters, optimizer state and position, with version, fingerprint and checksum. A half-done step is not part of it.
  std::vector<std::uint8_t> snapshot() const;
  /// Error(bad_file) when damaged or of another model; then nothing has changed.
  void restore(std::span<const std::uint8_t> bytes);

 private:
  bool whole_batch();
  void fill_batch();
  void finish_forward();
  void begin_backward();
  void finish_backward();
  void begin_step();  ///< from its first batch, whatever was done of it
  void diverge();
  bool skip_update();

  Graph<T> graph_;
  OptimizerConfig optimizer_;
  TrainOptions options_;
  std::unique_ptr<BatchSource<T>> batches_;
  Phase phase_ = Phase::batch;
  std::size_t node_ = 0;
  std::uint32_t part_ = 0;  // micro-batch
  double loss_sum_ = 0;     // of the micro-batches before
  std::uint32_t good_ = 0;  // updates since the loss scale changed
  TrainReport report_;
  bool loss_known_ = false;
};

extern template class Trainer<float>;
extern template class Trainer<double>;

}  // namespace x2g
