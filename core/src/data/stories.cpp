#include "x2g/data/stories.hpp"

#include "data/grammar.hpp"
#include "data/story_tables.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {

std::string stories(std::string_view language, std::uint64_t bytes, std::uint64_t seed) {
  if (language != "en" && language != "ja") {
    throw Error(ErrorCode::invalid_argument, text("no stories in the language \"", language, "\"; choose en or ja"));
  }
  return stories_by(language == "en" ? kEnglishStories : kJapaneseStories, bytes, seed);
}

std::string stories_by(std::string_view table, std::uint64_t bytes, std::uint64_t seed) {
  if (bytes < 1 || bytes > 64000000) {
    throw Error(ErrorCode::invalid_argument, text("stories of ", bytes, " bytes; choose 1 to 64000000"));
  }
  Grammar grammar(table);
  Rng rng(seed, Stream::data);
  std::string out;
  out.reserve(static_cast<std::size_t>(bytes) + 4096);  // the last story runs over the end
  while (out.size() < bytes) {
    if (!out.empty()) out += '\n';
    grammar.write(rng, out);
    out += '\n';
  }
  return out;
}

}  // namespace x2g
