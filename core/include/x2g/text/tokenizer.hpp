// Character and byte tokenizers: text to whole numbers and back. Text is UTF-8.
// char: one token per Unicode code point seen in the training text, ids in code point order (nanoGPT's char data set does the same).
// byte: the 256 byte values; any text has an encoding, a Japanese kana takes three.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace x2g {

/// One decoded code point at byte `at` < text.size(). A broken sequence gives U+FFFD and advances past its longest valid beginning,
/// at least one byte: what a browser's TextDecoder does (WHATWG Encoding, "maximal subpart").
struct CodePoint {
  char32_t value;       ///< U+0000 … U+10FFFF, U+FFFD for what is broken
  std::uint32_t bytes;  ///< 1 … 4
};
CodePoint decode_utf8(std::string_view text, std::size_t at);  ///< see CodePoint
void append_utf8(std::string& out, char32_t c);                ///< c as 1 to 4 bytes

/// A vocabulary with its two directions; ids are 0 … V − 1.
class Tokenizer {
 public:
  /// One token per code point, or per byte.
  enum class Kind { characters, bytes };

  static Tokenizer bytes();  ///< V = 256
  /// Vocabulary = the code points of the text; throws Error(invalid_argument) when empty or beyond 65 535 kinds.
  static Tokenizer characters(std::string_view corpus);
  /// Restores a character tokenizer from vocabulary() (sorted code points as UTF-8 text).
  static Tokenizer from_vocabulary(std::string_view characters);

  Kind kind() const { return kind_; }  ///< which
  std::uint32_t size() const;          ///< V
  std::string vocabulary() const;      ///< characters: all, in id order; bytes: empty
  std::vector<std::uint32_t> encode(
      std::string_view text) const;  ///< a character outside the vocabulary is an Error naming it (U+XXXX) and its byte offset
  std::vector<std::uint32_t> encode_known(std::string_view text) const;  ///< skips characters outside the vocabulary (prompts)
  std::string decode(std::uint32_t id) const;                            ///< bytes: one raw byte (may be part of a character)
  std::string decode(const std::vector<std::uint32_t>& ids) const;       ///< bytes: broken sequences stay as they are
  std::string label(std::uint32_t id) const;  ///< for display: "a", "␣", "⏎", "⇥", "E3" (a byte), "U+200B" (an invisible character)

 private:
  std::vector<std::uint32_t> encode(std::string_view text, bool skip_unknown) const;
  Kind kind_ = Kind::bytes;
  std::vector<char32_t> characters_;
};

}  // namespace x2g
