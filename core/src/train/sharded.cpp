#include "x2g/train/sharded.hpp"

#include <algorithm>
#include <cmath>

#include "base/in_range.hpp"
#include "kernels/elementwise.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {

Shard shard_of(std::size_t size, std::uint32_t worker, std::uint32_t workers) {
  if (workers == 0 || worker >= workers)
    throw Error(ErrorCode::invalid_argument,
                text("worker ", worker, " of ", workers, " is asked for; workers are counted from 0 and there is at least one"));
  const std::size_t each = size / workers + (size % workers ? 1 : 0);
  return {std::min(size, each * worker), std::min(size, each * worker + each)};
}

template <class T>
ShardedOptimizer<T>::ShardedOptimizer(const GraphSpec& spec, const OptimizerConfig& config, std::uint32_t worker, std::uint32_t workers)
    : layout_(spec), config_(config), shard_(shard_of(layout_.size(), worker, workers)) {
  config_.validate();
  state_ = Buffer<T>(shard_.size() * config_.state_slots());
}

template <class T>
std::span<T> ShardedOptimizer<T>::slot(std::uint32_t k) {
  if (k >= config_.state_slots())
    throw Error(ErrorCode::unknown_name, text("there is no optimizer value ", k, "; this kind has ", config_.state_slots()));
  return state_.span().subspan(k * shard_.size(), shard_.size());
}

template <class T>
void ShardedOptimizer<T>::set_optimizer(const OptimizerConfig& c) {
  c.validate();
  if (c.kind != config_.kind || c.state_slots() != config_.state_slots())
    throw Error(ErrorCode::bad_state, "another kind of optimizer needs a new run; only its numbers can change while it runs");
  config_ = c;
}

template <class T>
void ShardedOptimizer<T>::reset() {
  std::ranges::fill(state_.span(), T(0));
}

template <class T>
UpdateReport ShardedOptimizer<T>::update(Graph<T>& graph, std::uint64_t step) {
  UpdateReport report;
  report.lr = learning_rate(config_, step);
  report.grad_norm = std::sqrt(kernels::sum_of_squares<T>(graph.gradients()));
  if (!std::isfinite(report.grad_norm)) return report;
  const UpdateFactors factors = update_factors(config_, report.grad_norm, step);
  const auto part = [this](std::uint32_t k, std::size_t from, std::size_t count) {
    return k < config_.state_slots() ? slot(k).subspan(from, count) : std::span<T>{};
  };
  for (const FlatLayout::Piece& piece : layout_.pieces()) {
    const std::size_t low = std::max(shard_.begin, piece.begin), high = std::min(shard_.end, piece.begin + piece.size);
    if (low >= high) continue;
    const std::size_t at = low - piece.begin, from = low - shard_.begin, count = high - low;
    update_piece<T>(config_, factors,
                    {graph.value(piece.id).subspan(at, count), graph.grad(piece.id).subspan(at, count), part(0, from, count),
                     part(1, from, count), piece.decay});
  }
  report.applied = true;
  return report;
}

ZeroMemory zero_memory(std::uint64_t parameters, std::uint32_t workers, std::uint32_t stage, ZeroBytes bytes) {
  in_range("stage", stage, 0, 3);
  in_range("workers", workers, 1, 1u << 20);
  if (parameters > 1'000'000'000'000'000)
    throw Error(ErrorCode::invalid_argument, text("parameters is ", parameters, "; at most 10^15 are counted"));
  const std::uint64_t shard = (parameters + workers - 1) / workers;
  ZeroMemory m;
  m.weights = (stage >= 3 ? shard : parameters) * bytes.weight;
  m.gradients = (stage >= 2 ? shard : parameters) * bytes.gradient;
  m.optimizer = (stage >= 1 ? shard : parameters) * bytes.optimizer;
  // A ring passes k − 1 shards to reduce-scatter gradients and as many to gather weights (stage 0: to gather gradients); stage 3 gathers
  // weights a second time, for backward.
  const std::uint64_t around = (workers - 1) * shard;
  m.sent = around * bytes.gradient + around * (stage == 0 ? bytes.gradient : bytes.weight) * (stage == 3 ? 2 : 1);
  return m;
}

template class ShardedOptimizer<float>;
template class ShardedOptimizer<double>;

}  // namespace x2g
