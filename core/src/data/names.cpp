// Syllable rules. A name is drawn anew when it was drawn before, so that the count of possible names must be far above the largest list:
// about a million English ones, two million Japanese ones.
#include "x2g/data/names.hpp"

#include <set>
#include <utility>

#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

using View = std::string_view;

// Often used parts stand several times.
constexpr View kBeginnings[] = {"b", "c", "d", "f", "g",  "h",  "j",  "k",  "l",  "m",  "n",  "p",  "r",  "s",
                                "t", "v", "w", "z", "br", "cl", "dr", "el", "al", "gr", "th", "sh", "ch", "fr",
                                "l", "m", "m", "n", "r",  "s",  "t",  "j",  "k",  "",   "",   ""};
constexpr View kVowels[] = {"a", "a", "a", "e", "e", "e", "i", "i", "o", "o", "u", "ae", "ai", "ea", "ie", "io"};
constexpr View kMiddles[] = {"b",  "d",  "l",  "l",  "m",  "n",  "n",  "r",  "r",  "s",  "t",  "v",  "ll", "nn",
                             "rl", "rn", "nd", "ld", "st", "th", "rr", "ss", "lv", "rm", "lm", "nt", "sh", "k"};
constexpr View kEndings[] = {"",   "",   "",   "",   "",   "l", "n",   "n",   "n",   "r",   "s",   "th",  "ck",  "na",
                             "la", "ra", "ne", "ly", "ry", "n", "nia", "lia", "ton", "den", "ley", "vin", "lyn", "rick"};

// A mora in both scripts.
struct Mora {
  View kana, romaji;
};
// Any place of a name.
constexpr Mora kMorae[] = {
    {"あ", "a"},   {"い", "i"},     {"え", "e"},     {"お", "o"},     {"か", "ka"},   {"き", "ki"},    {"く", "ku"}, {"け", "ke"},
    {"こ", "ko"},  {"さ", "sa"},    {"し", "shi"},   {"す", "su"},    {"せ", "se"},   {"そ", "so"},    {"た", "ta"}, {"ち", "chi"},
    {"つ", "tsu"}, {"と", "to"},    {"な", "na"},    {"に", "ni"},    {"ね", "ne"},   {"の", "no"},    {"は", "ha"}, {"ひ", "hi"},
    {"ふ", "fu"},  {"ほ", "ho"},    {"ま", "ma"},    {"み", "mi"},    {"む", "mu"},   {"め", "me"},    {"も", "mo"}, {"や", "ya"},
    {"ゆ", "yu"},  {"よ", "yo"},    {"ら", "ra"},    {"り", "ri"},    {"る", "ru"},   {"れ", "re"},    {"わ", "wa"}, {"だ", "da"},
    {"じ", "ji"},  {"しょ", "sho"}, {"しゅ", "shu"}, {"りょ", "ryo"}, {"じゅ", "ju"}, {"きょ", "kyo"},
};
// Not at the beginning.
constexpr Mora kLater[] = {{"ろ", "ro"}, {"ぎ", "gi"}, {"ず", "zu"}, {"ど", "do"}, {"が", "ga"}, {"べ", "be"}, {"の", "no"}, {"ら", "ra"}};
// How names like to end.
constexpr Mora kLast[] = {{"か", "ka"}, {"き", "ki"}, {"こ", "ko"},    {"た", "ta"},     {"と", "to"},   {"な", "na"}, {"の", "no"},
                          {"ほ", "ho"}, {"ま", "ma"}, {"み", "mi"},    {"や", "ya"},     {"よ", "yo"},   {"ら", "ra"}, {"り", "ri"},
                          {"え", "e"},  {"お", "o"},  {"ろう", "rou"}, {"すけ", "suke"}, {"へい", "hei"}};
constexpr Mora kN = {"ん", "n"};  // closes a syllable, before a consonant that cannot be misread: never before a vowel, y or n

template <class Item, std::size_t N>
const Item& pick(const Item (&items)[N], Rng& rng) {
  return items[rng.below(static_cast<std::uint32_t>(N))];
}

bool is_vowel(char c) { return View("aeiou").find(c) != View::npos; }

/// Joins two parts; a letter three times, or three vowels, do not meet: false then.
bool append(std::string& name, View part) {
  const std::size_t before = name.size();
  name += part;
  for (std::size_t i = before < 2 ? 2 : before; i < name.size(); ++i) {
    if (name[i] == name[i - 1] && name[i] == name[i - 2]) return false;
    if (is_vowel(name[i]) && is_vowel(name[i - 1]) && is_vowel(name[i - 2])) return false;
  }
  return true;
}

std::string english(Rng& rng) {
  for (;;) {
    std::string name;
    bool good = append(name, pick(kBeginnings, rng)) && append(name, pick(kVowels, rng));
    const std::uint32_t syllables = rng.below(8);  // 3 in 8 none, 4 in 8 one, 1 in 8 two more
    for (std::uint32_t i = 0; i < (syllables < 3 ? 0u : syllables < 7 ? 1u : 2u); ++i)
      good = good && append(name, pick(kMiddles, rng)) && append(name, pick(kVowels, rng));
    good = good && append(name, pick(kEndings, rng));
    if (good && name.size() >= 3 && name.size() <= 10) return name;
  }
}

struct Both {
  std::string kana, romaji;
  void add(const Mora& m) {
    kana += m.kana;
    romaji += m.romaji;
  }
};

constexpr std::size_t kLongestKana = 6 * 3;  // bytes

Both japanese(Rng& rng) {
  Both name;
  name.add(pick(kMorae, rng));
  const std::uint32_t middle = rng.below(5);  // 2 in 5 none, 2 in 5 one, 1 in 5 two in the middle
  for (std::uint32_t i = 0; i < (middle < 2 ? 0u : middle < 4 ? 1u : 2u); ++i) {
    const Mora& next = rng.below(4) == 0 ? pick(kLater, rng) : pick(kMorae, rng);
    const char first = next.romaji[0];
    if (!name.kana.ends_with(kN.kana) && !is_vowel(first) && first != 'y' && first != 'n' && rng.below(6) == 0) name.add(kN);
    name.add(next);
  }
  name.add(pick(kLast, rng));
  return name;
}

}  // namespace

std::string names(std::string_view style, std::uint32_t count, std::uint64_t seed) {
  const bool is_english = style == "en", kana = style == "ja-kana";
  if (!is_english && !kana && style != "ja-romaji")
    throw Error(ErrorCode::unknown_name,
                text("no names are written in \"", style.substr(0, 80), "\"; there are en, ja-kana and ja-romaji"));
  if (count < 1 || count > 10000) throw Error(ErrorCode::invalid_argument, text(count, " names are asked for; choose 1 to 10000"));
  Rng rng(seed, Stream::data);
  std::set<std::string> seen;
  std::string out;
  while (seen.size() < count) {
    // Japanese names differ in kana, whichever script is asked for: both lists are the same names.
    Both name;
    if (is_english)
      name.kana = english(rng);
    else
      name = japanese(rng);
    if (name.kana.size() > kLongestKana) continue;
    const std::string& written = is_english || kana ? name.kana : name.romaji;
    if (!seen.insert(name.kana).second) continue;
    out += written;
    out += '\n';
  }
  return out;
}

}  // namespace x2g
