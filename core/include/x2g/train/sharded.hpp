// ZeRO stage 1 (Rajbhandari, Rasley, Ruwase, He 2020): the optimizer state is cut in k shards and every worker keeps one. After the gradients
// are averaged each updates its shard of the weights; then the weights are gathered. The result is that of one whole optimizer, to the bit.
// Stages 2 and 3 are here as figures only (zero_memory).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "x2g/base/buffer.hpp"
#include "x2g/optim/optimizer.hpp"
#include "x2g/train/exchange.hpp"

namespace x2g {

/// Elements begin … end of the flat array.
struct Shard {
  std::size_t begin = 0;                            ///< the first
  std::size_t end = 0;                              ///< behind the last
  std::size_t size() const { return end - begin; }  ///< elements
};
/// ⌈size/k⌉ elements each; the last ones may be shorter or empty. Error(invalid_argument) unless worker < workers.
Shard shard_of(std::size_t size, std::uint32_t worker, std::uint32_t workers);

/// What one of k workers keeps and does.
template <class T>
class ShardedOptimizer {
 public:
  /// Error(invalid_argument) for a bad config or worker.
  ShardedOptimizer(const GraphSpec& spec, const OptimizerConfig& config, std::uint32_t worker, std::uint32_t workers);

  const FlatLayout& layout() const { return layout_; }  ///< of all parameters: the same for every worker
  Shard shard() const { return shard_; }                ///< this worker's share of it
  std::span<T> slot(std::uint32_t k);                   ///< optimizer value k of the shard; Error(unknown_name) beyond the kind's
  std::size_t state_bytes() const { return state_.size() * sizeof(T); }  ///< of this shard
  void set_optimizer(const OptimizerConfig& c);                          ///< the same number of values only; else Error(bad_state)
  void reset();                                                          ///< state to zero

  /// Updates this shard of the graph's weights from its averaged gradients (all of them: the norm is that of the whole gradient). Afterwards
  /// weights_out(graph, layout(), …, shard().begin) is what the others need.
  UpdateReport update(Graph<T>& graph, std::uint64_t step);

 private:
  FlatLayout layout_;
  OptimizerConfig config_;
  Shard shard_;
  Buffer<T> state_;
};

/// Bytes per worker and what crosses the wire, by stage: 0 everything everywhere, 1 optimizer state cut, 2 gradients too, 3 weights too.
struct ZeroMemory {
  std::uint64_t weights = 0;                                               ///< bytes of this worker
  std::uint64_t gradients = 0;                                             ///< likewise
  std::uint64_t optimizer = 0;                                             ///< likewise
  std::uint64_t sent = 0;                                                  ///< bytes that a worker sends per step around a ring
  std::uint64_t total() const { return weights + gradients + optimizer; }  ///< of the three
};
/// Bytes of one parameter: mixed-precision Adam of the paper by default (fp16 weight and gradient; fp32 master, m and v).
struct ZeroBytes {
  std::uint32_t weight = 2;      ///< fp16
  std::uint32_t gradient = 2;    ///< fp16
  std::uint32_t optimizer = 12;  ///< fp32 master, m and v
};
/// Without buffers for communication. stage 0 … 3, workers 1 … 2²⁰, parameters up to 10¹⁵; else Error(invalid_argument).
ZeroMemory zero_memory(std::uint64_t parameters, std::uint32_t workers, std::uint32_t stage, ZeroBytes bytes = {});

extern template class ShardedOptimizer<float>;
extern template class ShardedOptimizer<double>;

}  // namespace x2g
