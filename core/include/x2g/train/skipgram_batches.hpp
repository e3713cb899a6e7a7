// Pairs of near words and random others for the skip-gram model (nn/skipgram.hpp). Batch number `step` is a pure function of seed and step.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "x2g/base/rng.hpp"
#include "x2g/train/batches.hpp"

namespace x2g {

/// Fills "center", "words" and "labels". A pair is a place in the text and another at distance d = 1 … window on either side, with a chance
/// in proportion to window + 1 − d: what word2vec's random window sizes come to (Mikolov et al. 2013, "Efficient Estimation …", section 3.2).
/// The other words are drawn by count^(3/4) (section 2.2 of the paper on negative sampling), the true neighbor left out as in word2vec.
template <class T>
class SkipGramBatches final : public BatchSource<T> {
 public:
  /// tokens: 2 or more, at least two of them different, each below vocab. window 1 … 64; beyond the text it is cut to fit.
  SkipGramBatches(std::shared_ptr<const std::vector<std::uint32_t>> tokens, std::uint32_t vocab, std::uint32_t window, std::uint64_t seed);
  void fill(std::uint64_t step, Graph<T>& graph) override;

 private:
  struct Pair {
    std::uint32_t center, context;
  };
  Pair draw_pair(Rng& rng) const;
  std::uint32_t draw_other(Rng& rng, std::uint32_t context) const;

  std::shared_ptr<const std::vector<std::uint32_t>> tokens_;
  std::vector<std::uint64_t> up_to_;  // by word: the weights of all words up to it, itself included, in 1/1024 of a word that occurs once
  std::uint32_t window_;
  std::uint64_t seed_;
};

}  // namespace x2g
