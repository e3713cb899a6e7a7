// A story grammar in English and Japanese: as much training text as asked for, from a seed, written for this project.
// Varied enough (people, animals, places, weather, wishes, mishaps, talk) that a model trained on it says sentences that are not in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace x2g {

/// Stories of 7 to 20 short sentences, each story one line, a blank line between, at least `bytes` UTF-8 bytes (ends after a whole story).
/// language "en" or "ja"; bytes 1 … 64 000 000. With the same seed a longer text begins with the shorter one.
std::string stories(std::string_view language, std::uint64_t bytes, std::uint64_t seed);

/// The same by a grammar handed in: the text between R"( and )" of core/src/data/stories_en.cpp gives the English ones. For programs that
/// bring one language and leave out the other. A fault of the grammar is Error(invalid_argument) with its line.
std::string stories_by(std::string_view grammar, std::uint64_t bytes, std::uint64_t seed);

}  // namespace x2g
