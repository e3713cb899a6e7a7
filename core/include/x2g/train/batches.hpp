// Where training examples come from. Batch number `step` is a pure function of the seed and the step, so that a run resumed from a snapshot sees
// what it would have seen.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "x2g/base/rng.hpp"
#include "x2g/graph/graph.hpp"

namespace x2g {

/// A batch `count` times as large as the graph's, of which the graph takes part `index`: micro-batches of one update, shares of workers.
struct BatchPart {
  std::uint32_t index = 0;  ///< 0 … count − 1
  std::uint32_t count = 1;  ///< 1: the whole batch
};

/// What a trainer asks for its inputs.
template <class T>
class BatchSource {
 public:
  virtual ~BatchSource() = default;
  virtual void fill(std::uint64_t step, Graph<T>& graph) = 0;  ///< sets the graph's inputs
  /// All parts together are the batch that a graph `count` times as large gets from fill(). Error(bad_state) where a source cannot divide.
  virtual void fill_part(std::uint64_t step, BatchPart part, Graph<T>& graph);
};

/// Rows of a table: x (rows, I) → tensor "x", t (rows, O) → tensor "t". A batch as large as the table is the table in order;
/// a smaller one walks a permutation drawn anew for each epoch, or the table itself where `shuffled` is false.
template <class T>
class TableBatches final : public BatchSource<T> {
 public:
  /// batch: 1 … rows. Error(invalid_argument | shape_mismatch)
  TableBatches(std::vector<T> x, std::vector<T> t, std::uint32_t rows, std::uint32_t batch, std::uint64_t seed, bool shuffled = true);
  void fill(std::uint64_t step, Graph<T>& graph) override { fill_part(step, {}, graph); }
  void fill_part(std::uint64_t step, BatchPart part, Graph<T>& graph) override;
  std::uint64_t steps_per_epoch() const { return (rows_ + batch_ - 1) / batch_; }  ///< batches until every row was seen

 private:
  std::vector<T> x_, t_;
  std::vector<std::uint32_t> order_;
  std::uint64_t order_epoch_ = ~0ull;
  std::uint32_t rows_, batch_;
  std::uint64_t seed_;
  bool shuffled_;
};

/// Random windows of a token sequence: ids = s[i … i+T−1], targets = s[i+1 … i+T] (nanoGPT's get_batch).
template <class T>
class TextBatches final : public BatchSource<T> {
 public:
  /// Windows lie within tokens begin … end − 1. Error(invalid_argument) where the text has no such part.
  TextBatches(std::shared_ptr<const std::vector<std::uint32_t>> tokens, std::size_t begin, std::size_t end, std::uint64_t seed,
              Stream stream);
  void fill(std::uint64_t step, Graph<T>& graph) override { fill_part(step, {}, graph); }
  void fill_part(std::uint64_t step, BatchPart part, Graph<T>& graph) override;

 private:
  std::shared_ptr<const std::vector<std::uint32_t>> tokens_;
  std::size_t begin_, end_;
  std::uint64_t seed_;
  Stream stream_;
};

}  // namespace x2g
