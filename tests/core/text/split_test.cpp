// The classes of all code points, and GPT-2's way of cutting a text into words, case by case.
#include "x2g/text/split.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

#include "text/unicode_class.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/text/visible.hpp"

using x2g::char_class;
using x2g::CharClass;
using x2g::Split;
using Pieces = std::vector<std::string>;

namespace {

Pieces pieces(const std::string& text, Split split = Split::words) {
  Pieces out;
  for (std::size_t at = 0; at < text.size(); at += out.back().size()) out.push_back(text.substr(at, x2g::piece_length(text, at, split)));
  return out;
}

}  // namespace

TEST_CASE("code points have the classes Unicode 16 gives them", "[text][split]") {
  // The whole table is compared with another implementation in bpe_golden_test.cpp; the counts are those of the standard:
  // 141 028 letters (L) and 1911 numbers (N) in DerivedGeneralCategory 16.0, 25 code points of White_Space in PropList.
  std::size_t count[4] = {};
  for (char32_t c = 0; c < 0x110000; ++c) ++count[static_cast<std::size_t>(char_class(c))];
  CHECK(count[0] == 141028);
  CHECK(count[1] == 1911);
  CHECK(count[2] == 25);
  CHECK(char_class(U'あ') == CharClass::letter);
  CHECK(char_class(U'ー') == CharClass::letter);  // Lm
  CHECK(char_class(U'、') == CharClass::other);
  CHECK(char_class(U'漢') == CharClass::letter);
  CHECK(char_class(0x2A6DF) == CharClass::letter);  // the end of a range of plane 2, and the next one
  CHECK(char_class(0x2A6E0) == CharClass::other);
  CHECK(char_class(U'½') == CharClass::number);
  CHECK(char_class(U'Ⅷ') == CharClass::number);
  CHECK(char_class(0x1D7CE) == CharClass::number);  // a bold digit of plane 1
  CHECK(char_class(0x1F600) == CharClass::other);
  CHECK(char_class(0x3000) == CharClass::blank);
  CHECK(char_class(0x200B) == CharClass::other);  // the zero width space is none
  CHECK(char_class(0x301) == CharClass::other);   // a combining mark
}

TEST_CASE("words take one space along", "[text][split][lesson-16]") {
  CHECK(pieces("Hello world") == Pieces{"Hello", " world"});
  CHECK(pieces("a  b") == Pieces{"a", " ", " b"});
  CHECK(pieces("a   b") == Pieces{"a", "  ", " b"});
  CHECK(pieces("a\n\nb") == Pieces{"a", "\n", "\n", "b"});
  CHECK(pieces("a \n b") == Pieces{"a", " \n", " b"});
  CHECK(pieces("a  ") == Pieces{"a", "  "});
  CHECK(pieces("  ") == Pieces{"  "});
  CHECK(pieces(" ") == Pieces{" "});
  CHECK(pieces("\ta") == Pieces{"\t", "a"});
  CHECK(pieces("x\u3000y") == Pieces{"x", "\u3000", "y"});  // only U+0020 goes along
  CHECK(pieces(" \u3000y") == Pieces{" ", "\u3000", "y"});
}

TEST_CASE("letters, numbers and symbols are apart, contractions together", "[text][split]") {
  CHECK(pieces("abc123!?") == Pieces{"abc", "123", "!?"});
  CHECK(pieces("x 12 !") == Pieces{"x", " 12", " !"});
  CHECK(pieces("I'll we've don't it's") == Pieces{"I", "'ll", " we", "'ve", " don", "'t", " it", "'s"});
  CHECK(pieces("DON'T 'tis 'x") == Pieces{"DON", "'", "T", " '", "tis", " '", "x"});
  CHECK(pieces("'tis") == Pieces{"'t", "is"});
  CHECK(pieces("!'s") == Pieces{"!'", "s"});
  CHECK(pieces("'") == Pieces{"'"});
  CHECK(pieces("'l") == Pieces{"'", "l"});
  CHECK(pieces("こんにちは、世界！") == Pieces{"こんにちは", "、", "世界", "！"});
  CHECK(pieces("cafe\u0301!") == Pieces{"cafe", "\u0301!"});  // a combining mark is no letter to the pattern
}

TEST_CASE("broken bytes are symbols, and pieces make up any text", "[text][split]") {
  CHECK(pieces("a\xFF\x80"
               "b") == Pieces{"a", "\xFF\x80", "b"});
  CHECK(pieces(" \xE3\x81") == Pieces{" \xE3\x81"});
  x2g::Rng rng(3);
  for (int i = 0; i < 200; ++i) {
    std::string noise(1 + rng.below(300), '\0');
    for (char& c : noise) c = static_cast<char>(i % 2 == 0 ? rng.below(256) : " '\xE3\x81\x82\n a1"[rng.below(10)]);
    for (const Split split : {Split::words, Split::lines, Split::none}) {
      std::string joined;
      for (const std::string& p : pieces(noise, split)) {
        REQUIRE(!p.empty());
        joined += p;
      }
      CHECK(joined == noise);
    }
  }
}

TEST_CASE("lines end after the line feed", "[text][split]") {
  CHECK(pieces("a b\n\nc", Split::lines) == Pieces{"a b\n", "\n", "c"});
  CHECK(pieces("a b\n\nc", Split::none) == Pieces{"a b\n\nc"});
}

TEST_CASE("any bytes can be looked at", "[text][split]") {
  CHECK(x2g::visible(" the\n\t") == "␣the⏎⇥");
  CHECK(x2g::visible("\xE3\x81") == "E3 81");
  CHECK(x2g::visible("a\xE3\x81z") == "a E3 81 z");
  CHECK(x2g::visible("\x82\xE3\x81\x82") == "82 あ");
  CHECK(x2g::visible("\u200B") == "U+200B");
  CHECK(x2g::visible("") == "");
}
