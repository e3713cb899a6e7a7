// Byte pair encoding (Gage 1994; for words: Sennrich, Haddow & Birch 2016; over bytes: Radford et al. 2019, GPT-2).
// A text is cut into pieces (split.hpp), a piece into characters or bytes; then of all neighbours that a rule joins, those of the
// lowest rank are joined first (the leftmost of equals), until no rule applies: the order in which training found the rules.
// Bytes: any text and any bytes have an encoding and come back exactly. Characters: only those of the training text have one.
// This is the finished vocabulary; bpe_trainer.hpp finds the rules.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "x2g/base/key_map.hpp"
#include "x2g/text/split.hpp"
#include "x2g/text/token_table.hpp"

namespace x2g {

/// What a text is made of before any merge.
enum class BpeUnit { characters, bytes };

/// Two neighbouring tokens and the one that stands for both. Its place in the list is its rank.
struct BpeRule {
  std::uint32_t left;   ///< id
  std::uint32_t right;  ///< id
  std::uint32_t token;  ///< id of both together
};

/// What makes up a vocabulary. Limits: 300 000 tokens, 300 000 rules.
struct BpeParts {
  BpeUnit unit = BpeUnit::bytes;  ///< what texts are made of
  Split split = Split::words;     ///< what rules never join across
  TokenTable tokens;              ///< the bytes of every id; single bytes or characters among them are what texts are made of
  std::vector<BpeRule> rules;     ///< of a pair named twice the later counts
};

/// A finished vocabulary; ids are 0 … V − 1.
class Bpe {
 public:
  static constexpr std::uint32_t kMost = 300000;        ///< tokens, and rules
  static constexpr std::size_t kLongestText = 8000000;  ///< bytes a call may encode

  /// Error(invalid_argument) when a rule names tokens that do not exist, or its token is not what its pair spells.
  explicit Bpe(BpeParts parts);

  std::uint32_t size() const { return parts_.tokens.size(); }                             ///< V
  BpeUnit unit() const { return parts_.unit; }                                            ///< what texts are made of
  Split split() const { return parts_.split; }                                            ///< how texts are cut
  std::span<const BpeRule> rules() const { return parts_.rules; }                         ///< by rank
  std::string_view token(std::uint32_t id) const;                                         ///< its bytes: maybe a part of a character
  std::string label(std::uint32_t id) const;                                              ///< for display: "␣the", "E3 81"
  std::uint32_t find(std::string_view bytes) const { return parts_.tokens.find(bytes); }  ///< TokenTable::kNone when there is none

  /// A byte or character that is not in the vocabulary is an Error(invalid_argument) naming it and its place in bytes.
  std::vector<std::uint32_t> encode(std::string_view text) const;
  std::string decode(std::span<const std::uint32_t> ids) const;  ///< Error(invalid_argument) for an id of V or more

  /// One piece, without cutting it; appended to ids. `unknown` stands for what is not in the vocabulary, kNone: an Error as above with
  /// `place` added to where it is.
  void encode_piece(std::string_view piece, std::vector<std::uint32_t>& ids, std::uint32_t unknown = TokenTable::kNone,
                    std::size_t place = 0) const;

 private:
  BpeParts parts_;
  KeyMap rank_;                          // left << 32 | right
  std::array<std::uint32_t, 256> base_;  // the id of a byte, or of an ASCII character
};

/// The order of GPT-2's first 256 tokens: '!' … '~', '¡' … '¬', '®' … 'ÿ' (as bytes), then the other bytes in order.
std::array<std::uint8_t, 256> gpt2_byte_order();

}  // namespace x2g
