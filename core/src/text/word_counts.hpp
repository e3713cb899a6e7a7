// The different words of a text and how often each stands in it: what the trainers of tokenizers learn from.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "x2g/text/split.hpp"
#include "x2g/text/token_table.hpp"

namespace x2g {

struct WordCounts {
  TokenTable words;                   // numbered by where each stands first
  std::vector<std::uint64_t> counts;  // one each
};

inline WordCounts count_words(std::string_view text, Split split) {
  WordCounts out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = piece_length(text, at, split);
    const std::uint32_t word = out.words.add(text.substr(at, length));
    if (word == out.counts.size()) out.counts.push_back(0);
    ++out.counts[word];
    at += length;
  }
  return out;
}

}  // namespace x2g
