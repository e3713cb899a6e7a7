// A strict pull reader of JSON (RFC 8259) and a writer of JSON strings, for file headers.
// It builds no tree: the caller asks for what it expects, so memory stays in proportion to what is kept. Nesting is bounded.
// Every fault is Error(bad_file) with the byte offset in the file.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace x2g {

class JsonReader {
 public:
  enum class Kind { object, array, string, number, boolean, null };

  /// `text` must outlive the reader. `base` is where it starts in the file, for messages. Text that is not UTF-8 is refused here.
  explicit JsonReader(std::string_view text, std::uint64_t base = 0);

  Kind peek();                      ///< what the next value is
  void begin_object();              ///< consumes '{'; then next_key() until it says false
  bool next_key(std::string& key);  ///< the next key and its colon; false at '}'
  void begin_array();               ///< consumes '['; then next_item() until it says false
  bool next_item();                 ///< true before each element; false at ']'
  std::string string();
  std::uint64_t whole_number();  ///< 0 … 2^64−1 written without sign, point or exponent
  bool boolean();
  void skip();    ///< any one value
  void finish();  ///< only blanks may follow
  std::uint64_t offset() const { return base_ + at_; }
  [[noreturn]] void fail(std::string_view why) const;

 private:
  static constexpr std::size_t kDepth = 32;
  void blanks();
  char next_char(std::string_view expected);
  void open(char bracket);
  bool next_member(char closing);
  void number();
  void word(std::string_view expected);
  std::uint32_t hex4();
  std::string_view text_;
  std::uint64_t base_;
  std::size_t at_ = 0, depth_ = 0;
  std::array<bool, kDepth> first_{};
};

/// The text in quotes with what must be escaped escaped. The text is taken as UTF-8.
std::string json_quote(std::string_view text);
std::size_t utf8_until(std::string_view text);  ///< offset of the first byte that is no UTF-8, or the length
bool is_utf8(std::string_view text);

}  // namespace x2g
