// Ten thousand lines to encode: pieces of the golden corpus with awkward things between them (blanks of all kinds, digits, symbols, any
// code points, added tokens), the same on every machine. The golden files hold what another implementation makes of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "x2g/base/rng.hpp"
#include "x2g/text/tokenizer.hpp"

namespace x2g::test {

inline std::vector<std::string> bpe_lines(std::string_view corpus) {
  static constexpr std::string_view kAwkward[] = {
      " ",  "  ",    "   ", "\t", "\r", "\u00A0", "\u3000", "\u2009",        "\u0085",  "'s", "'ll", "'",     "''",          "don't",
      "12", " 2026", "½",   "٣",  "１", "!",      "...",    " -- ",          "、。",    "「", "😀",  " 👍🏽", "👩‍👧", "e\u0301",
      "ß",  "я",     "漢",  "ー", "<|", "|>",     "\u200B", "<|endoftext|>", "<|今日|>"};
  std::vector<std::size_t> starts;  // of characters
  for (std::size_t at = 0; at < corpus.size(); at += decode_utf8(corpus, at).bytes) starts.push_back(at);
  Rng rng(2016, Stream::user);
  std::vector<std::string> lines(10000);
  for (std::string& line : lines) {
    for (std::uint32_t parts = 1 + rng.below(6); parts > 0; --parts) {
      const std::uint32_t kind = rng.below(10), from = rng.below(static_cast<std::uint32_t>(starts.size()) - 50);
      if (kind < 6) {
        line += corpus.substr(starts[from], starts[from + 1 + rng.below(48)] - starts[from]);
      } else if (kind < 9) {
        line += kAwkward[rng.below(std::size(kAwkward))];
      } else {
        const std::uint32_t c = rng.below(2) == 0 ? rng.below(0x3200) : rng.below(0x110000);
        append_utf8(line, c >= 0xD800 && c < 0xE000 ? U'漢' : static_cast<char32_t>(c));
      }
    }
    for (char& c : line) {
      if (c == '\n') c = ' ';
    }
  }
  return lines;
}

}  // namespace x2g::test
