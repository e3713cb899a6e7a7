// A small text for word vectors: short sentences from templates in which words of one group stand in the same places, so that skip-gram
// (nn/skipgram.hpp) puts them near each other. Written for this project, in English and in Japanese (words apart).
// Dogs and cats bark and purr apart but sleep and eat alike; cars do neither; kings and queens share thrones, kings and men beards.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace x2g {

/// Text as words and their numbers, ready for SkipGramBatches.
struct WordCorpus {
  std::vector<std::string> words;     ///< the vocabulary: the same for every seed and length, the groups' words first
  std::vector<std::string> groups;    ///< names of the groups: "dogs", "vehicles"
  std::vector<std::int32_t> group;    ///< by word: index of its group; −1 for words of the templates
  std::vector<std::uint32_t> tokens;  ///< the text as indices of words; every sentence ends with the word "." or "。"
};

/// language "en" or "ja", else Error(unknown_name); sentences 1 … 100 000. With the same seed a longer text begins with the shorter one.
WordCorpus contexts(std::string_view language, std::uint32_t sentences, std::uint64_t seed);

}  // namespace x2g
