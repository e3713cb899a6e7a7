// Made-up names, as many as asked for, from rules of syllables written for this project: text for a first character model.
// No list of people: a name that somebody bears comes up by chance only.
//
// "en": lower-case letters, 3 to 10 of them, built as beginning + vowel (+ middle + vowel)* + ending, for example "marlen", "tovia".
// "ja-kana": hiragana, 2 to 6 characters (はるか). "ja-romaji": the same names of the same seed in Hepburn's letters (haruka), a long o as "ou".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace x2g {

/// `count` different names, each followed by a line break. Style as above, else Error(unknown_name); count 1 … 10 000.
/// With the same seed a longer list begins with the shorter one.
std::string names(std::string_view style, std::uint32_t count, std::uint64_t seed);

}  // namespace x2g
