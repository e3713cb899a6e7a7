// The two tables of the story grammar (grammar.hpp says how to read them). Both are originals, neither is a translation.
#pragma once

#include <string_view>

namespace x2g {

extern const std::string_view kEnglishStories;
extern const std::string_view kJapaneseStories;

}  // namespace x2g
