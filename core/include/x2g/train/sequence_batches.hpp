// Puzzles (data/sequences.hpp) as batches of a language model: row n of step s is puzzle number s · B + n of the seed, so that no puzzle is
// used twice as long as the questions differ.
#pragma once

#include <cstdint>

#include "x2g/data/sequences.hpp"
#include "x2g/train/batches.hpp"

namespace x2g {

/// Fills "ids" and "targets" (B, T). Puzzles for evaluation: another seed.
template <class T>
class SequenceBatches final : public BatchSource<T> {
 public:
  SequenceBatches(const SequenceConfig& c, std::uint64_t seed);  ///< throws Error(invalid_argument)
  /// Error(invalid_argument) when T is shorter than sequence_length(), Error(shape_mismatch) when the model's vocabulary is smaller.
  void fill(std::uint64_t step, Graph<T>& graph) override { fill_part(step, {}, graph); }
  /// Rows part.index · B … of a batch part.count times as large; errors as fill().
  void fill_part(std::uint64_t step, BatchPart part, Graph<T>& graph) override;

 private:
  SequenceConfig config_;
  std::uint64_t seed_;
};

extern template class SequenceBatches<float>;
extern template class SequenceBatches<double>;

}  // namespace x2g
