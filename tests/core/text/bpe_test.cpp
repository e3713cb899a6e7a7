// Byte pair encoding: merges by hand, against a trainer that counts everything anew at each step, exact round trips, what is refused.
#include "x2g/text/bpe_trainer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/data/stories.hpp"
#include "x2g/text/tokenizer.hpp"

using x2g::Bpe;
using x2g::BpeTrainer;
using x2g::BpeUnit;
using x2g::Split;
using Ids = std::vector<std::uint32_t>;

namespace {

BpeTrainer trained(std::string_view text, x2g::BpeTrainerConfig config) {
  BpeTrainer t(text, config);
  while (t.step()) {}
  return t;
}

std::string refusal(auto&& call, x2g::ErrorCode code = x2g::ErrorCode::invalid_argument) {
  try {
    call();
  } catch (const x2g::Error& e) {
    CHECK(e.code() == code);
    return e.message();
  }
  return "accepted";
}

/// The merges as "left+right count", by counting all pairs anew for each; same ties as the core's.
std::vector<std::string> reference_merges(const std::string& text, BpeUnit unit, Split split, std::size_t most) {
  std::map<std::string, std::uint32_t> id;
  std::vector<std::string> token;
  const auto add = [&](const std::string& s) {
    if (id.emplace(s, token.size()).second) token.push_back(s);
  };
  std::map<std::vector<std::string>, int> pieces;
  std::map<std::string, int> alphabet;
  for (std::size_t at = 0; at < text.size();) {
    const std::string piece = text.substr(at, x2g::piece_length(text, at, split));
    std::vector<std::string> units;
    for (std::size_t i = 0; i < piece.size(); i += units.back().size()) {
      units.push_back(piece.substr(i, unit == BpeUnit::bytes ? 1 : x2g::decode_utf8(piece, i).bytes));
      ++alphabet[units.back()];
    }
    ++pieces[units];
    at += piece.size();
  }
  if (unit == BpeUnit::bytes) {
    for (const std::uint8_t b : x2g::gpt2_byte_order()) add(std::string(1, static_cast<char>(b)));
  } else {
    for (const auto& [s, n] : alphabet) add(s);  // UTF-8 sorts as code points do
  }
  std::vector<std::string> out;
  while (out.size() < most) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, int> count;
    for (const auto& [units, n] : pieces) {
      for (std::size_t i = 1; i < units.size(); ++i) count[{id[units[i - 1]], id[units[i]]}] += n;
    }
    std::pair<std::uint32_t, std::uint32_t> best;
    int times = 1;
    for (const auto& [pair, n] : count) {
      if (n > times) {
        best = pair;
        times = n;
      }
    }
    if (times < 2) break;
    const std::string left = token[best.first], right = token[best.second];
    out.push_back(left + "+" + right + " " + std::to_string(times));
    add(left + right);
    std::map<std::vector<std::string>, int> joined;
    for (const auto& [units, n] : pieces) {
      std::vector<std::string> now;
      for (std::size_t i = 0; i < units.size(); ++i) {
        if (i + 1 < units.size() && units[i] == left && units[i + 1] == right) {
          now.push_back(left + right);
          ++i;
        } else {
          now.push_back(units[i]);
        }
      }
      joined[now] += n;
    }
    pieces = joined;
  }
  return out;
}

std::vector<std::string> merges(const BpeTrainer& t) {
  std::vector<std::string> out;
  for (const x2g::BpeMerge& m : t.merges()) {
    out.push_back(std::string(t.token(m.left)) + "+" + std::string(t.token(m.right)) + " " + std::to_string(m.count));
  }
  return out;
}

std::string any_text(x2g::Rng& rng, std::size_t characters) {
  std::string out;
  for (std::size_t i = 0; i < characters; ++i) {
    char32_t c = rng.below(4) == 0 ? rng.below(0x110000) : rng.below(0x300);
    if (c >= 0xD800 && c < 0xE000) c = U'漢';
    x2g::append_utf8(out, c);
  }
  return out;
}

}  // namespace

TEST_CASE("merges by hand: aaabdaaabac", "[bpe][lesson-16]") {
  // Pairs: aa 4, ab 2, ac ba bd da 1. After Z=aa: Zabd Zabac, Za 2 and ab 2, and a (id 0) comes before Z (id 4). Then ZX 2.
  BpeTrainer t("aaabdaaabac", {BpeUnit::characters, Split::words, 100, 2});
  CHECK(t.size() == 4);
  CHECK(t.text_tokens() == 11);
  CHECK(t.text_characters() == 11);
  const auto first = t.candidates(10);
  REQUIRE(first.size() == 2);
  CHECK((first[0].left == 0 && first[0].right == 0 && first[0].token == 4 && first[0].count == 4));
  REQUIRE(t.step());
  CHECK(t.text_tokens() == 9);
  CHECK(t.candidates(1)[0].count == 2);
  CHECK(t.token(t.candidates(1)[0].right) == "b");
  while (t.step()) {}
  CHECK(merges(t) == std::vector<std::string>{"a+a 4", "a+b 2", "aa+ab 2"});
  const Bpe m = t.model();
  CHECK(m.size() == 7);
  CHECK(m.token(6) == "aaab");
  CHECK(m.encode("aaabdaaabac") == Ids{6, 3, 6, 0, 2});
  CHECK(m.encode("aaaa") == Ids{4, 4});  // from the left
  CHECK(m.encode("aab") == Ids{4, 1});   // aa has the lower rank
  CHECK(m.encode("dab") == Ids{3, 5});
  CHECK(m.encode("").empty());
}

TEST_CASE("a kana is three bytes until its pair is frequent: こんにちは in 15, 5 and 1 tokens", "[bpe][lesson-16]") {
  std::string text;
  for (int i = 0; i < 8; ++i) text += "こんにちは。";
  BpeTrainer t(text, {BpeUnit::bytes, Split::words, 400, 2});
  CHECK(t.model().encode("こんにちは").size() == 15);
  std::vector<std::size_t> lengths;
  while (t.step()) lengths.push_back(t.model().encode("こんにちは").size());
  CHECK(std::find(lengths.begin(), lengths.end(), 5) != lengths.end());
  CHECK(lengths.back() == 1);
  CHECK(std::is_sorted(lengths.rbegin(), lengths.rend()));
}

TEST_CASE("merges equal those of a trainer that counts anew each time", "[bpe]") {
  std::string runs;  // long runs of few letters: overlapping pairs, tokens spelled in two ways
  x2g::Rng rng(8);
  for (int i = 0; i < 3000; ++i) runs += "aab \n"[rng.below(5)];
  for (const std::string& text : {x2g::stories("en", 6000, 1), x2g::stories("ja", 6000, 1), runs, any_text(rng, 1500)}) {
    for (const BpeUnit unit : {BpeUnit::characters, BpeUnit::bytes}) {
      for (const Split split : {Split::words, Split::lines}) {
        const std::vector<std::string> expected = reference_merges(text, unit, split, 120);
        BpeTrainer t(text, {unit, split, 65536, 2});
        for (std::size_t i = 0; i < expected.size(); ++i) REQUIRE(t.step());
        CHECK(merges(t) == expected);
        CHECK(t.model().encode(text).size() == t.text_tokens());
      }
    }
  }
}

TEST_CASE("the vocabulary on the training text is what training left of it", "[bpe]") {
  for (const char* language : {"en", "ja"}) {
    const std::string text = x2g::stories(language, 60000, 4);
    for (const Split split : {Split::words, Split::lines, Split::none}) {
      const BpeTrainer t = trained(text, {BpeUnit::bytes, split, 1200, 2});
      CHECK(t.size() == 1200);
      const Bpe m = t.model();
      const Ids ids = m.encode(text);
      CHECK(ids.size() == t.text_tokens());
      CHECK(m.decode(ids) == text);
      CHECK(ids.size() * 3 < text.size());
    }
  }
}

TEST_CASE("any Unicode and any bytes come back exactly", "[bpe][lesson-16]") {
  const Bpe m = trained(x2g::stories("en", 20000, 1) + x2g::stories("ja", 20000, 1), {BpeUnit::bytes, Split::words, 1500, 2}).model();
  std::string every;  // each code point once
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (c < 0xD800 || c >= 0xE000) x2g::append_utf8(every, c);
  }
  CHECK(m.decode(m.encode(every)) == every);
  x2g::Rng rng(11);
  for (int i = 0; i < 300; ++i) {
    std::string noise(rng.below(200), '\0');
    for (char& c : noise) c = static_cast<char>(rng.below(256));
    CHECK(m.decode(m.encode(noise)) == noise);
    const std::string text = any_text(rng, rng.below(60));
    CHECK(m.decode(m.encode(text)) == text);
  }
}

TEST_CASE("a long piece takes time in proportion", "[bpe]") {
  // A quarter of a million letters without a blank; quadratic work would take minutes.
  std::string text(250000, 'a');
  for (std::size_t i = 0; i < text.size(); i += 7) text[i] = 'b';
  const BpeTrainer t = trained(text.substr(0, 20000), {BpeUnit::bytes, Split::words, 300, 2});
  const Bpe m = t.model();
  const Ids ids = m.encode(text);
  CHECK(m.decode(ids) == text);
  CHECK(ids.size() < 2000);
}

TEST_CASE("training stops at the vocabulary or at rare pairs", "[bpe]") {
  BpeTrainer full("low lower lowest low low", {BpeUnit::characters, Split::words, 10, 1});
  while (full.step()) {}
  CHECK(full.size() == 10);
  const BpeTrainer rare = trained("low lower lowest low low", {BpeUnit::characters, Split::words, 1000, 5});
  CHECK(merges(rare) == std::vector<std::string>{"l+o 5", "lo+w 5"});
  CHECK(trained("abab", {BpeUnit::characters, Split::words, 1000, 1}).model().encode("abab").size() == 1);
}

TEST_CASE("what cannot be trained or encoded is refused with the place and the range", "[bpe]") {
  CHECK(refusal([] { BpeTrainer("", {}); }).find("empty") != std::string::npos);
  CHECK(refusal([] { BpeTrainer("abc", {BpeUnit::bytes, Split::words, 255, 2}); }).find("256 to 65536") != std::string::npos);
  CHECK(refusal([] { BpeTrainer("abc", {BpeUnit::characters, Split::words, 2, 2}); }).find("are 3") != std::string::npos);
  CHECK(refusal([] { BpeTrainer("abc", {BpeUnit::bytes, Split::words, 65537, 2}); }).find("65536") != std::string::npos);
  CHECK(refusal([] { BpeTrainer("abc", {BpeUnit::bytes, Split::words, 300, 0}); }).find("1 or more") != std::string::npos);
  CHECK(refusal([] { BpeTrainer(std::string(BpeTrainer::kLongestText + 1, 'a'), {}); }).find("8000000") != std::string::npos);
  const Bpe m = trained("abc abc abc", {BpeUnit::characters, Split::words, 100, 2}).model();
  const std::string message = refusal([&] { m.encode("abc éb"); });
  CHECK(message.find("\"é\" at byte 4 is a character") != std::string::npos);
  CHECK(refusal([&] { m.decode(Ids{0, 99}); }).find("token 99") != std::string::npos);
  CHECK(refusal([&] { m.encode(std::string(Bpe::kLongestText + 1, 'a')); }).find("at a time") != std::string::npos);
  CHECK(m.find("abc") != x2g::TokenTable::kNone);
  CHECK(m.find("zzz") == x2g::TokenTable::kNone);
  CHECK(m.label(m.find(" abc")) == "␣abc");
}

TEST_CASE("rules that do not fit their tokens are refused", "[bpe]") {
  x2g::TokenTable tokens;
  for (const char* t : {"a", "b", "ab", "ba"}) tokens.add(t);
  const auto with = [&](x2g::BpeRule rule) { return refusal([&] { Bpe({BpeUnit::bytes, Split::words, tokens, {rule}}); }); };
  CHECK(with({0, 1, 2}) == "accepted");
  CHECK(with({0, 1, 3}).find("not what they spell") != std::string::npos);
  CHECK(with({0, 4, 2}).find("names token 4") != std::string::npos);
  CHECK(with({0, 0, 2}) != "accepted");
  CHECK(refusal([] { Bpe({}); }).find("1 to 300000") != std::string::npos);
  const Bpe two({BpeUnit::bytes, Split::words, tokens, {}});
  CHECK(refusal([&] { two.encode("abc"); }).find("\"c\" at byte 2 is a byte") != std::string::npos);
}
