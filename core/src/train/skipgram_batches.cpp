// Random words are drawn in whole numbers, so that leaving one out is exact and nothing is drawn twice.
#include "x2g/train/skipgram_batches.hpp"

#include <algorithm>
#include <cmath>

#include "base/in_range.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

constexpr std::uint32_t kLongestWindow = 64;
constexpr double kUnit = 1024;  // the weight of a word that occurs once; all of 2^16 words come to less than 2^40

double three_quarters(std::uint64_t count) {
  const double root = std::sqrt(static_cast<double>(count));
  return root * std::sqrt(root);
}

}  // namespace

template <class T>
SkipGramBatches<T>::SkipGramBatches(std::shared_ptr<const std::vector<std::uint32_t>> tokens, std::uint32_t vocab, std::uint32_t window,
                                    std::uint64_t seed)
    : tokens_(std::move(tokens)), up_to_(vocab), window_(window), seed_(seed) {
  in_range("window", window, 1, kLongestWindow);
  for (const std::uint32_t token : *tokens_) {
    if (token >= vocab) throw Error(ErrorCode::invalid_argument, text("the text holds token ", token, "; tokens must be below ", vocab));
    ++up_to_[token];
  }
  std::uint64_t total = 0, kinds = 0;
  for (std::uint64_t& entry : up_to_) {
    kinds += entry > 0;
    entry = total += static_cast<std::uint64_t>(kUnit * three_quarters(entry));
  }
  if (kinds < 2) throw Error(ErrorCode::invalid_argument, text("the text has ", kinds, " different tokens; it needs 2 or more"));
  window_ = static_cast<std::uint32_t>(std::min<std::size_t>(window, tokens_->size() - 1));
}

template <class T>
typename SkipGramBatches<T>::Pair SkipGramBatches<T>::draw_pair(Rng& rng) const {
  const std::uint32_t count = static_cast<std::uint32_t>(tokens_->size());
  for (;;) {  // again when the other place lies outside the text; distance 1 never does on both sides
    const std::uint32_t place = rng.below(count);
    std::uint32_t distance = 1, rest = rng.below(window_ * (window_ + 1) / 2);
    for (; rest >= window_ + 1 - distance; ++distance) rest -= window_ + 1 - distance;
    const bool after = rng.bits() >> 31;
    if (after ? distance >= count - place : distance > place) continue;
    return {(*tokens_)[place], (*tokens_)[after ? place + distance : place - distance]};
  }
}

template <class T>
std::uint32_t SkipGramBatches<T>::draw_other(Rng& rng, std::uint32_t context) const {
  const std::uint64_t before = context ? up_to_[context - 1] : 0, weight = up_to_[context] - before;
  std::uint64_t at = static_cast<std::uint64_t>(rng.uniform64() * static_cast<double>(up_to_.back() - weight));
  if (at >= before) at += weight;
  return static_cast<std::uint32_t>(std::ranges::upper_bound(up_to_, at) - up_to_.begin());
}

template <class T>
void SkipGramBatches<T>::fill(std::uint64_t step, Graph<T>& graph) {
  const Shape& shape = graph.spec().tensors()[static_cast<std::size_t>(graph.spec().require("words"))].shape;  // (1+K, N)
  const std::span<T> center = graph.value("center"), words = graph.value("words"), labels = graph.value("labels");
  const std::size_t rows = shape.dims[0], N = shape.last();
  const TensorId table = graph.spec().require("in.weight");
  const std::uint32_t vocab = graph.spec().tensors()[static_cast<std::size_t>(table)].shape.dims[0];
  if (vocab < up_to_.size())
    throw Error(ErrorCode::shape_mismatch, text("the text has a vocabulary of ", up_to_.size(), "; the model's is ", vocab));
  Rng rng(seed_, Stream::batch, step << 20);
  for (std::size_t n = 0; n < N; ++n) {
    const Pair pair = draw_pair(rng);
    center[n] = static_cast<T>(pair.center);
    for (std::size_t k = 0; k < rows; ++k) {
      words[k * N + n] = static_cast<T>(k ? draw_other(rng, pair.context) : pair.context);
      labels[k * N + n] = k ? T(0) : T(1);
    }
  }
}

template class SkipGramBatches<float>;
template class SkipGramBatches<double>;

}  // namespace x2g
