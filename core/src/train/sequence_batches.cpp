#include "x2g/train/sequence_batches.hpp"

#include <algorithm>

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {

template <class T>
SequenceBatches<T>::SequenceBatches(const SequenceConfig& c, std::uint64_t seed) : config_(c), seed_(seed) {
  config_.validate();
}

template <class T>
void SequenceBatches<T>::fill_part(std::uint64_t step, BatchPart part, Graph<T>& graph) {
  const GraphSpec& spec = graph.spec();
  const TensorId ids = spec.require("ids"), targets = spec.require("targets");
  const Shape& shape = spec.tensors()[static_cast<std::size_t>(ids)].shape;  // (B, T)
  const std::size_t tokens = sequence_tokens(config_).size();
  const std::uint32_t vocabulary = spec.tensors()[static_cast<std::size_t>(spec.require("logits"))].shape.last();
  if (vocabulary < tokens)
    throw Error(ErrorCode::shape_mismatch, text("the puzzles have ", tokens, " tokens; the model's vocabulary is ", vocabulary));
  const std::uint32_t B = shape.dims[0];
  const SequenceRows rows = sequence_rows(config_, seed_, (step * part.count + part.index) * B, B, shape.last());
  const auto number = [](std::int32_t token) { return static_cast<T>(token); };
  std::ranges::transform(rows.ids, graph.value(ids).begin(), number);
  std::ranges::transform(rows.targets, graph.value(targets).begin(), number);
}

template class SequenceBatches<float>;
template class SequenceBatches<double>;

}  // namespace x2g
