// Learns the merges of byte pair encoding from a text, one at a time, so that each can be looked at.
// A step counts how often each two tokens stand side by side within a piece and joins the most frequent pair everywhere, from the left.
// Ties: the lower left id, then the lower right id. Ids: the characters in code point order, or the 256 bytes in GPT-2's order, then the
// merges in order; a merge that spells a token there is already takes its id. Hugging Face's trainer decides the same way (its
// BpeTrainer), so both learn the same merges. In "aaa" the pair aa counts twice, there and here.
// No dropout, no alphabet limit, no special tokens.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "x2g/text/bpe.hpp"

namespace x2g {

/// What is learned, and when it ends.
struct BpeTrainerConfig {
  BpeUnit unit = BpeUnit::bytes;    ///< what texts are made of
  Split split = Split::words;       ///< what merges never cross
  std::uint32_t vocabulary = 1000;  ///< stop at so many tokens: at least those at the start (256 bytes), at most 65 536
  std::uint32_t least = 2;          ///< a pair that stands fewer times is not joined: 1 or more
};

/// A pair and what joining it gives. `token` is the id of the joined text.
struct BpeMerge {
  std::uint32_t left;   ///< id
  std::uint32_t right;  ///< id
  std::uint32_t token;  ///< id of both together
  std::uint64_t count;  ///< how often the pair stood in the text when it was joined
};

/// One text and the merges found in it so far.
class BpeTrainer {
 public:
  static constexpr std::size_t kLongestText = 8000000;  ///< bytes

  /// Cuts and counts the text. Error(invalid_argument) when it is empty, too long or has more characters than the vocabulary.
  BpeTrainer(std::string_view text, BpeTrainerConfig config);
  ~BpeTrainer();
  BpeTrainer(BpeTrainer&&) noexcept;             ///< leaves the other empty: it may only be destroyed or assigned to
  BpeTrainer& operator=(BpeTrainer&&) noexcept;  ///< likewise

  /// Joins the most frequent pair; false when the vocabulary is full or no pair is frequent enough.
  bool step();
  const std::vector<BpeMerge>& merges() const;  ///< in the order they were made
  /// The most frequent pairs now, as step() would take them in turn, at most `most`.
  std::vector<BpeMerge> candidates(std::uint32_t most) const;
  std::uint32_t size() const;                      ///< tokens in the vocabulary now
  std::string_view token(std::uint32_t id) const;  ///< its bytes
  std::uint64_t text_tokens() const;               ///< tokens that the training text takes now
  std::uint64_t text_characters() const;           ///< code points of the training text
  /// The vocabulary as far as it has come.
  Bpe model() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace x2g
