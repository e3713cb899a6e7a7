#include "x2g/text/split.hpp"

#include <array>

#include "text/unicode_class.hpp"
#include "x2g/text/tokenizer.hpp"

namespace x2g {
namespace {

/// The contraction at `at`, in bytes: "'s", "'re", …; 0 when there is none. Lower case only, as in the pattern.
std::size_t contraction(std::string_view text, std::size_t at) {
  if (text[at] != '\'') return 0;
  constexpr std::array<std::string_view, 7> kEnds{"s", "t", "re", "ve", "m", "ll", "d"};
  for (const std::string_view end : kEnds) {
    if (text.substr(at + 1, end.size()) == end) return 1 + end.size();
  }
  return 0;
}

std::size_t word_length(std::string_view text, std::size_t at) {
  if (const std::size_t short_form = contraction(text, at); short_form > 0) return short_form;
  CodePoint c = decode_utf8(text, at);
  CharClass kind = char_class(c.value);
  std::size_t end = at + c.bytes;
  if (c.value == ' ' && end < text.size()) {  // " ?" takes one space along when a word follows it
    const CodePoint next = decode_utf8(text, end);
    if (const CharClass after = char_class(next.value); after != CharClass::blank) {
      kind = after;
      end += next.bytes;
    }
  }
  std::size_t last = at;  // where the last character of the run begins
  while (end < text.size()) {
    c = decode_utf8(text, end);
    if (char_class(c.value) != kind) break;
    last = end;
    end += c.bytes;
  }
  // \s+(?!\S): a run of blanks before a word leaves its last blank to the word, unless it is the only one.
  if (kind == CharClass::blank && end < text.size() && last > at) end = last;
  return end - at;
}

}  // namespace

std::size_t piece_length(std::string_view text, std::size_t at, Split split) {
  if (split == Split::words) return word_length(text, at);
  const std::size_t line = split == Split::lines ? text.find('\n', at) : std::string_view::npos;
  return (line == std::string_view::npos ? text.size() : line + 1) - at;
}

}  // namespace x2g
