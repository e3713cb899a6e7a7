#include "x2g/train/batches.hpp"

#include <algorithm>
#include <numeric>

#include "kernels/elementwise.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/base/text.hpp"

namespace x2g {

template <class T>
void BatchSource<T>::fill_part(std::uint64_t step, BatchPart part, Graph<T>& graph) {
  if (part.count != 1)
    throw Error(ErrorCode::bad_state, text("these batches cannot be divided in ", part.count, "; train without micro-batches or workers"));
  fill(step, graph);
}

template <class T>
TableBatches<T>::TableBatches(std::vector<T> x, std::vector<T> t, std::uint32_t rows, std::uint32_t batch, std::uint64_t seed,
                              bool shuffled)
    : x_(std::move(x)), t_(std::move(t)), order_(rows), rows_(rows), batch_(batch), seed_(seed), shuffled_(shuffled) {
  if (rows == 0) throw Error(ErrorCode::invalid_argument, "the data has no rows; give at least one example");
  if (batch == 0 || batch > rows)
    throw Error(ErrorCode::invalid_argument, text("batch is ", batch, "; it must be 1 to the number of examples, ", rows));
  if (x_.size() % rows || t_.size() % rows || x_.empty() || t_.empty())
    throw Error(ErrorCode::shape_mismatch,
                text("x has ", x_.size(), " and t ", t_.size(), " numbers; both must be a multiple of the ", rows, " rows"));
  std::iota(order_.begin(), order_.end(), 0u);
}

template <class T>
void TableBatches<T>::fill_part(std::uint64_t step, BatchPart part, Graph<T>& graph) {
  const std::span<T> x = graph.value("x"), t = graph.value("t");
  const std::size_t in = x_.size() / rows_, out = t_.size() / rows_;
  if (x.size() != batch_ * in || t.size() != batch_ * out)
    throw Error(ErrorCode::shape_mismatch, text("a batch holds ", batch_ * in, " inputs and ", batch_ * out, " targets; the model takes ",
                                                x.size(), " and ", t.size()));
  if (batch_ == rows_ && part.count == 1) {
    kernels::copy<T>(x_, x);
    kernels::copy<T>(t_, t);
    return;
  }
  const std::uint64_t whole = std::uint64_t{batch_} * part.count, steps = (rows_ + whole - 1) / whole, epoch = step / steps;
  const bool shuffled = shuffled_ && whole < rows_;
  if (shuffled && epoch != order_epoch_) {
    std::iota(order_.begin(), order_.end(), 0u);
    Rng rng(seed_, Stream::batch, epoch << 32);
    rng.shuffle(std::span(order_));
    order_epoch_ = epoch;
  }
  const std::uint64_t first = step % steps * whole + std::uint64_t{part.index} * batch_;
  for (std::uint32_t i = 0; i < batch_; ++i) {
    const std::size_t at = (first + i) % rows_, row = shuffled ? order_[at] : at;  // the last batch of an epoch is filled up from its start
    kernels::copy<T>({x_.data() + row * in, in}, x.subspan(i * in, in));
    kernels::copy<T>({t_.data() + row * out, out}, t.subspan(i * out, out));
  }
}

template <class T>
TextBatches<T>::TextBatches(std::shared_ptr<const std::vector<std::uint32_t>> tokens, std::size_t begin, std::size_t end,
                            std::uint64_t seed, Stream stream)
    : tokens_(std::move(tokens)), begin_(begin), end_(end), seed_(seed), stream_(stream) {
  if (begin_ >= end_ || end_ > tokens_->size())
    throw Error(ErrorCode::invalid_argument, text("tokens ", begin, " to ", end, " are asked for; the text has ", tokens_->size()));
}

template <class T>
void TextBatches<T>::fill_part(std::uint64_t step, BatchPart part, Graph<T>& graph) {
  const TensorId id = graph.spec().require("ids");
  const Shape& shape = graph.spec().tensors()[static_cast<std::size_t>(id)].shape;  // (B, T)
  const std::span<T> ids = graph.value(id), targets = graph.value("targets");
  const std::size_t B = shape.dims[0], length = shape.dims[1];
  if (end_ - begin_ < length + 1)
    throw Error(ErrorCode::invalid_argument,
                text("the text part has ", end_ - begin_, " tokens; it needs more than the context, ", length));
  Rng rng(seed_, stream_, step << 20);
  const std::uint32_t starts = static_cast<std::uint32_t>(end_ - begin_ - length);
  for (std::size_t b = 0; b < B * part.index; ++b) rng.below(starts);  // the windows of the parts before this one
  for (std::size_t b = 0; b < B; ++b) {
    const std::uint32_t* const window = tokens_->data() + begin_ + rng.below(starts);
    for (std::size_t i = 0; i < length; ++i) {
      ids[b * length + i] = static_cast<T>(window[i]);
      targets[b * length + i] = static_cast<T>(window[i + 1]);
    }
  }
}

template class BatchSource<float>;
template class BatchSource<double>;
template class TableBatches<float>;
template class TableBatches<double>;
template class TextBatches<float>;
template class TextBatches<double>;

}  // namespace x2g
