// Stories of the language models' engine: it has no grammar of its own, so that a page brings only that of the language it tells them in.
#include "made_stories.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/data/stories.hpp"

namespace x2g::border {
namespace {

/// By language; empty: not taught yet.
std::string* grammar_of(std::string_view language) {
  static std::string english, japanese;
  if (language == "en") return &english;
  if (language == "ja") return &japanese;
  throw Error(ErrorCode::invalid_argument, text("no stories in the language \"", language, "\"; choose en or ja"));
}

}  // namespace

void teach_stories(std::string language, std::string grammar) {
  stories_by(grammar, 1, 1);  // a wrong one is refused here
  *grammar_of(language) = std::move(grammar);
}

std::string made_stories(std::string_view language, std::uint64_t bytes, std::uint64_t seed) {
  const std::string& grammar = *grammar_of(language);
  if (grammar.empty())
    throw Error(ErrorCode::bad_state, text("this engine was not taught the stories of \"", language, "\"; teach them first"));
  return stories_by(grammar, bytes, seed);
}

}  // namespace x2g::border
