// Finds the vocabulary of a unigram tokenizer by starting with too many pieces and dropping those that matter least (Kudo 2018, 3.3):
//   1. seed: every character, and the substrings of words that stand at least twice, those with the largest count × length
//   2. EM (Dempster, Laird & Rubin 1977): p ∝ the expected count of a piece over all segmentations, twice
//   3. drop the quarter of the pieces whose loss is least, the loss being how much the likelihood falls when the words that use a piece
//      take its second best segmentation; characters stay. Then 2 again, until the size is reached.
// SentencePiece does the same with a prior on the counts (digamma) and cuts at blanks only; figures differ a little from its.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "x2g/text/unigram.hpp"

namespace x2g {

/// What is looked for, and in how many pieces.
struct UnigramTrainerConfig {
  std::uint32_t vocabulary = 1000;    ///< tokens at the end: at least 256 bytes + the characters of the text, at most 65 536
  std::uint32_t seed_pieces = 20000;  ///< pieces to start with: 1 … 200 000 (and never fewer than wanted at the end, if there are so many)
  std::uint32_t longest = 16;         ///< characters of a piece: 1 … 64
  Split split = Split::words;         ///< what pieces never reach across
};

/// One text and the vocabulary found for it so far.
class UnigramTrainer {
 public:
  static constexpr std::size_t kLongestText = 1000000;  ///< bytes

  /// Seeds, and one round of EM. Error(invalid_argument) for a text that is empty or too long, and every field out of range.
  UnigramTrainer(std::string_view text, UnigramTrainerConfig config);
  ~UnigramTrainer();
  UnigramTrainer(UnigramTrainer&&) noexcept;             ///< leaves the other empty: it may only be destroyed or assigned to
  UnigramTrainer& operator=(UnigramTrainer&&) noexcept;  ///< likewise

  /// One round of dropping and EM; false when the size was reached before.
  bool step();
  std::uint32_t size() const;                ///< tokens now, the 256 bytes among them
  double log_likelihood() const;             ///< ln Σ P(x) of the text before the last EM step, per character
  std::vector<UnigramPiece> pieces() const;  ///< the likeliest first
  Unigram model() const;                     ///< the vocabulary as far as it has come

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace x2g
