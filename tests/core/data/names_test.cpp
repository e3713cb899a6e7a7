// Made-up names: different, of the promised letters and lengths, the same in kana and romaji by an independent reading.
#include "x2g/data/names.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "support/op_graph.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

using namespace test;
using Catch::Matchers::ContainsSubstring;

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    REQUIRE(end != std::string::npos);  // every name is followed by a break
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

/// Hepburn's letters of a hiragana word, from the table of fifty sounds: consonants by row, vowels by column.
std::string romaji(const std::string& kana) {
  static const std::vector<std::pair<std::string, std::string>> rows = {
      {"", "あいうえお"},  {"k", "かきくけこ"}, {"g", "がぎぐげご"}, {"s", "さしすせそ"}, {"z", "ざじずぜぞ"}, {"t", "たちつてと"},
      {"d", "だぢづでど"}, {"n", "なにぬねの"}, {"h", "はひふへほ"}, {"b", "ばびぶべぼ"}, {"m", "まみむめも"}, {"r", "らりるれろ"}};
  static const std::map<std::string, std::string> special = {{"し", "shi"}, {"じ", "ji"}, {"ち", "chi"}, {"つ", "tsu"}, {"ふ", "fu"},
                                                             {"や", "ya"},  {"ゆ", "yu"}, {"よ", "yo"},  {"わ", "wa"},  {"ん", "n"}};
  std::string out;
  for (std::size_t i = 0; i < kana.size(); i += 3) {
    const std::string one = kana.substr(i, 3);
    if (one == "ゃ" || one == "ゅ" || one == "ょ") {  // takes the i away; after sh, j, ch without y
      out.pop_back();
      if (!out.ends_with("sh") && !out.ends_with("j") && !out.ends_with("ch")) out += 'y';
      out += one == "ゃ" ? 'a' : one == "ゅ" ? 'u' : 'o';
    } else if (const auto found = special.find(one); found != special.end()) {
      out += found->second;
    } else {
      bool known = false;
      for (const auto& [consonant, row] : rows)
        if (const std::size_t at = row.find(one); at != std::string::npos && at % 3 == 0) {
          out += consonant + "aiueo"[at / 3];
          known = true;
        }
      REQUIRE(known);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("names are all different and as many as asked for", "[data][names]") {
  for (const char* style : {"en", "ja-kana", "ja-romaji"})
    for (const std::uint32_t count : {1u, 50u, 10000u}) {
      const auto list = lines(names(style, count, 3));
      CAPTURE(style);
      CHECK(list.size() == count);
      CHECK(std::set<std::string>(list.begin(), list.end()).size() == count);
    }
}

TEST_CASE("English names are 3 to 10 small letters that can be said", "[data][names]") {
  std::map<char, int> letters;
  std::map<std::size_t, int> lengths;
  for (const std::string& name : lines(names("en", 5000, 1))) {
    CAPTURE(name);
    REQUIRE(name.size() >= 3);
    REQUIRE(name.size() <= 10);
    REQUIRE(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos);
    REQUIRE(name.find_first_of("aeiou") != std::string::npos);
    int consonants = 0, vowels = 0;
    for (const char c : name) {
      const bool vowel = std::string("aeiou").find(c) != std::string::npos;
      consonants = vowel ? 0 : consonants + 1;
      vowels = vowel ? vowels + 1 : 0;
      REQUIRE(consonants <= 3);
      REQUIRE(vowels <= 2);
      ++letters[c];
    }
    ++lengths[name.size()];
  }
  CHECK(letters.size() >= 22);
  CHECK(letters['a'] > 5 * letters['z']);
  CHECK(lengths.size() == 8);
}

TEST_CASE("Japanese names are 2 to 6 kana, and read the same in letters", "[data][names]") {
  const auto kana = lines(names("ja-kana", 5000, 1)), letters = lines(names("ja-romaji", 5000, 1));
  REQUIRE(kana.size() == letters.size());
  std::set<std::string> characters;
  for (std::size_t i = 0; i < kana.size(); ++i) {
    CAPTURE(kana[i], letters[i]);
    REQUIRE(kana[i].size() % 3 == 0);
    REQUIRE(kana[i].size() >= 6);
    REQUIRE(kana[i].size() <= 18);
    REQUIRE(romaji(kana[i]) == letters[i]);
    REQUIRE_FALSE(kana[i].starts_with("ん"));
    REQUIRE(letters[i].find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos);
    for (std::size_t at = 0; at < kana[i].size(); at += 3) characters.insert(kana[i].substr(at, 3));
  }
  CHECK(characters.size() > 45);
}

TEST_CASE("names are the seed's, to the bit, and a longer list begins with the shorter", "[data][names]") {
  for (const char* style : {"en", "ja-kana", "ja-romaji"}) {
    const std::string list = names(style, 300, 5);
    CHECK(list == names(style, 300, 5));
    CHECK(list != names(style, 300, 6));
    CHECK(names(style, 400, 5).starts_with(list));
  }
  const std::string english = names("en", 300, 5), japanese = names("ja-kana", 300, 5);
  CHECK(fnv1a(english.data(), english.size()) == 0x10ef14ff435f6125ull);
  CHECK(fnv1a(japanese.data(), japanese.size()) == 0x1635c2994b423aa0ull);
}

TEST_CASE("names refuse what they cannot be", "[data][names][reliability-6]") {
  CHECK_THAT(message_of([] { names("fr", 1, 1); }), ContainsSubstring("\"fr\"; there are en, ja-kana and ja-romaji"));
  CHECK_THAT(message_of([] { names("en", 0, 1); }), ContainsSubstring("0 names are asked for; choose 1 to 10000"));
  CHECK_THAT(message_of([] { names("en", 10001, 1); }), ContainsSubstring("10001 names"));
}

}  // namespace x2g
