// UTF-8 by the WHATWG rules, the character and byte vocabularies, round trips and what is refused.
#include "x2g/text/tokenizer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"

using x2g::Tokenizer;
using Ids = std::vector<std::uint32_t>;

namespace {

/// All code points of a text, each with its length in bytes.
std::vector<std::pair<char32_t, std::uint32_t>> decoded(std::string_view text) {
  std::vector<std::pair<char32_t, std::uint32_t>> out;
  for (std::size_t at = 0; at < text.size();) {
    const x2g::CodePoint c = x2g::decode_utf8(text, at);
    out.emplace_back(c.value, c.bytes);
    at += c.bytes;
  }
  return out;
}

using Points = std::vector<std::pair<char32_t, std::uint32_t>>;

std::string message_of(auto&& call, x2g::ErrorCode code) {
  try {
    call();
  } catch (const x2g::Error& e) {
    CHECK(e.code() == code);
    return e.message();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("every code point survives UTF-8 and back", "[text]") {
  bool same = true;
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string bytes;
    x2g::append_utf8(bytes, c);
    const x2g::CodePoint back = x2g::decode_utf8(bytes, 0);
    same = same && back.value == c && back.bytes == bytes.size();
  }
  CHECK(same);
}

TEST_CASE("broken UTF-8 gives replacement characters as browsers do", "[text]") {
  // Expected values are those of the WHATWG decoder (new TextDecoder().decode).
  CHECK(decoded("\x80") == Points{{0xFFFD, 1}});
  CHECK(decoded("\xC0\xAF") == Points{{0xFFFD, 1}, {0xFFFD, 1}});                                    // overlong
  CHECK(decoded("\xE0\x80\xAF") == Points{{0xFFFD, 1}, {0xFFFD, 1}, {0xFFFD, 1}});                   // overlong
  CHECK(decoded("\xED\xA0\x80") == Points{{0xFFFD, 1}, {0xFFFD, 1}, {0xFFFD, 1}});                   // a surrogate
  CHECK(decoded("\xF4\x90\x80\x80") == Points{{0xFFFD, 1}, {0xFFFD, 1}, {0xFFFD, 1}, {0xFFFD, 1}});  // above U+10FFFF
  CHECK(decoded("\xF5") == Points{{0xFFFD, 1}});
  CHECK(decoded("\xE3\x81") == Points{{0xFFFD, 2}});  // cut short: one replacement
  CHECK(decoded("\xE3\x81x") == Points{{0xFFFD, 2}, {'x', 1}});
  CHECK(decoded("\xF0\x9F\x98z") == Points{{0xFFFD, 3}, {'z', 1}});
  CHECK(decoded("\xE3\xE3\x81\x82") == Points{{0xFFFD, 1}, {0x3042, 3}});
}

TEST_CASE("ids follow code point order", "[text][lesson-21]") {
  const Tokenizer t = Tokenizer::characters("cab あ😀 a\n");
  CHECK(t.kind() == Tokenizer::Kind::characters);
  CHECK(t.size() == 7);
  CHECK(t.vocabulary() == "\n abcあ😀");
  CHECK(t.encode("abcあ\n😀 ") == Ids{2, 3, 4, 5, 0, 6, 1});
  CHECK(t.decode(Ids{2, 3, 4, 5, 0, 6, 1}) == "abcあ\n😀 ");
  CHECK(t.label(0) == "⏎");
  CHECK(t.label(1) == "␣");
  CHECK(t.label(5) == "あ");
}

TEST_CASE("characters that cannot be seen are labeled by number", "[text]") {
  const Tokenizer t = Tokenizer::characters("\t\x01\u00A0\u200B\u3000");
  CHECK(t.label(0) == "U+0001");
  CHECK(t.label(1) == "⇥");
  CHECK(t.label(2) == "U+00A0");
  CHECK(t.label(3) == "U+200B");
  CHECK(t.label(4) == "U+3000");
}

TEST_CASE("a vocabulary is restored from its characters", "[text]") {
  const Tokenizer t = Tokenizer::characters("Once upon a time. むかしむかし、");
  const Tokenizer back = Tokenizer::from_vocabulary(t.vocabulary());
  CHECK(back.size() == t.size());
  CHECK(back.encode("nice し") == t.encode("nice し"));
  CHECK(message_of([] { Tokenizer::from_vocabulary("ba"); }, x2g::ErrorCode::bad_file).find("U+0061") != std::string::npos);
  CHECK(message_of([] { Tokenizer::from_vocabulary("aa"); }, x2g::ErrorCode::bad_file) != "accepted");
  CHECK(message_of([] { Tokenizer::from_vocabulary(""); }, x2g::ErrorCode::bad_file) != "accepted");
}

TEST_CASE("an unknown character is named with its place, or skipped on request", "[text][lesson-21]") {
  const Tokenizer t = Tokenizer::characters("abc");
  const std::string message = message_of([&] { t.encode("abéc"); }, x2g::ErrorCode::invalid_argument);
  CHECK(message.find("\"é\" (U+00E9) at byte 2") != std::string::npos);
  CHECK(message_of([&] { t.encode("😀"); }, x2g::ErrorCode::invalid_argument).find("U+1F600") != std::string::npos);
  CHECK(message_of([&] { t.encode("\x07"); }, x2g::ErrorCode::invalid_argument).find("(U+0007)") != std::string::npos);
  CHECK(t.encode_known("abéc😀\n") == Ids{0, 1, 2});
}

TEST_CASE("an empty text has no characters and too many kinds are refused", "[text]") {
  CHECK(message_of([] { Tokenizer::characters(""); }, x2g::ErrorCode::invalid_argument) != "accepted");
  std::string all;
  for (char32_t c = 1; c < 0x20000; ++c) {
    if (c < 0xD800 || c >= 0xE000) x2g::append_utf8(all, c);
  }
  CHECK(message_of([&] { Tokenizer::characters(all); }, x2g::ErrorCode::invalid_argument).find("byte tokenizer") != std::string::npos);
}

TEST_CASE("bytes encode any text; a kana takes three", "[text][lesson-21]") {
  const Tokenizer t = Tokenizer::bytes();
  CHECK(t.size() == 256);
  CHECK(t.vocabulary().empty());
  CHECK(t.encode("aあ") == Ids{0x61, 0xE3, 0x81, 0x82});
  CHECK(t.decode(Ids{0x61, 0xE3, 0x81, 0x82}) == "aあ");
  CHECK(t.label(0x61) == "a");
  CHECK(t.label(0xE3) == "E3");
  CHECK(t.label(10) == "⏎");
  CHECK(t.label(0) == "00");
  x2g::Rng rng(4);
  std::string noise(10000, '\0');
  for (char& c : noise) c = static_cast<char>(rng.below(256));
  CHECK(t.decode(t.encode(noise)) == noise);
}

TEST_CASE("ids beyond the vocabulary are refused", "[text]") {
  CHECK(message_of([] { Tokenizer::bytes().decode(256); }, x2g::ErrorCode::invalid_argument).find("0 to 255") != std::string::npos);
  CHECK(message_of([] { Tokenizer::characters("ab").label(2); }, x2g::ErrorCode::invalid_argument).find("0 to 1") != std::string::npos);
}
