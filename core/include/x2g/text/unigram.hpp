// Unigram language model tokenizer (Kudo, "Subword Regularization", ACL 2018; the method of SentencePiece).
// A vocabulary of pieces with probabilities; a text is segmented so that the product of its pieces' probabilities is the largest (Viterbi).
//   P(x) = ∏ p(x_i),   x* = argmax over all segmentations S(X) of P(x);   sampled with P(x)^α / Σ for subword regularization (section 3.2)
// Text is cut into words first (split.hpp; a blank belongs to the word after it) and no piece reaches across. A character without a piece
// is written as its bytes (byte fallback, ids 0 … 255), so any text and any bytes come back exactly.
// Not SentencePiece's file format; no normalization. unigram_trainer.hpp finds the vocabulary.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "x2g/base/rng.hpp"
#include "x2g/text/split.hpp"
#include "x2g/text/token_table.hpp"

namespace x2g {

/// A piece of text and ln of its probability.
struct UnigramPiece {
  std::string text;  ///< 1 to 64 characters
  double score;      ///< ln p, at most 0
};

/// A finished vocabulary with its probabilities; ids are 0 … V − 1.
class Unigram {
 public:
  static constexpr std::uint32_t kBytes = 256;          ///< ids of the pieces follow those of the bytes
  static constexpr std::uint32_t kMostPieces = 200000;  ///< the bytes not counted
  static constexpr std::size_t kLongestPiece = 64;      ///< characters
  static constexpr std::size_t kLongestText = 8000000;  ///< bytes a call may encode

  /// Error(invalid_argument) for no pieces, a piece given twice, empty, too long or not UTF-8, a score that is NaN or above 0.
  Unigram(std::span<const UnigramPiece> pieces, Split split = Split::words);
  ~Unigram();
  Unigram(Unigram&&) noexcept;             ///< leaves the other empty: it may only be destroyed or assigned to
  Unigram& operator=(Unigram&&) noexcept;  ///< likewise

  std::uint32_t size() const;                       ///< V, the 256 bytes among them
  std::string_view token(std::uint32_t id) const;   ///< its bytes
  double score(std::uint32_t id) const;             ///< ln p; of a byte: what a character without a piece costs, 10 below the rarest piece
  std::string label(std::uint32_t id) const;        ///< for display: "␣the", a byte as "E3"
  std::uint32_t find(std::string_view text) const;  ///< the id of a piece; TokenTable::kNone when there is none

  /// The likeliest segmentation; of equals the one whose later pieces are longer.
  std::vector<std::uint32_t> encode(std::string_view text) const;
  /// A segmentation drawn with probability ∝ P(x)^alpha; alpha 0 (all alike) … 100 (as good as the likeliest).
  std::vector<std::uint32_t> sample(std::string_view text, double alpha, Rng& rng) const;
  /// ln Σ P(x) over all segmentations of the text.
  double log_probability(std::string_view text) const;
  std::string decode(std::span<const std::uint32_t> ids) const;  ///< Error(invalid_argument) for an id of V or more

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace x2g
