#include "x2g/data/contexts.hpp"

#include <algorithm>

#include "data/context_tables.hpp"
#include "data/grammar.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

constexpr std::string_view kGroup = "@group-";

/// Calls use(part) for every part of s between separators that is not empty.
template <class Use>
void each_part(std::string_view s, char separator, const Use& use) {
  while (!s.empty()) {
    const std::size_t at = std::min(s.find(separator), s.size());
    if (at > 0) use(s.substr(0, at));
    s.remove_prefix(std::min(at + 1, s.size()));
  }
}

std::uint32_t number_of(const std::vector<std::string>& words, std::string_view word) {
  return static_cast<std::uint32_t>(std::ranges::find(words, word) - words.begin());
}

/// Groups and vocabulary from the table: words of groups in their order, then those of the sentences.
void read_words(std::string_view table, WordCorpus& corpus) {
  bool in_group = false;
  each_part(table, '\n', [&](std::string_view line) {
    if (line.front() == '@') {
      in_group = line.starts_with(kGroup);
      if (in_group) corpus.groups.emplace_back(line.substr(kGroup.size()));
      return;
    }
    each_part(line, ' ', [&](std::string_view word) {
      if (word.front() == '{' || number_of(corpus.words, word) < corpus.words.size()) return;
      corpus.words.emplace_back(word);
      corpus.group.push_back(in_group ? static_cast<std::int32_t>(corpus.groups.size()) - 1 : -1);
    });
  });
}

}  // namespace

WordCorpus contexts(std::string_view language, std::uint32_t sentences, std::uint64_t seed) {
  if (language != "en" && language != "ja")
    throw Error(ErrorCode::unknown_name, text("no sentences in the language \"", language.substr(0, 80), "\"; choose en or ja"));
  if (sentences < 1 || sentences > 100000)
    throw Error(ErrorCode::invalid_argument, text(sentences, " sentences are asked for; choose 1 to 100000"));
  const std::string_view table = language == "en" ? kEnglishContexts : kJapaneseContexts;
  WordCorpus corpus;
  read_words(table, corpus);
  Grammar grammar(table);
  Rng rng(seed, Stream::data);
  std::string sentence;
  for (std::uint32_t i = 0; i < sentences; ++i) {
    sentence.clear();
    grammar.write(rng, sentence);
    each_part(sentence, ' ', [&](std::string_view word) { corpus.tokens.push_back(number_of(corpus.words, word)); });
  }
  return corpus;
}

}  // namespace x2g
