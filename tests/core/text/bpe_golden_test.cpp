// Held to Hugging Face's tokenizers: the class of every code point, and the merges learned from one corpus at byte and character level.
// Ties, overlaps and ids decide alike, so the merges must be the same to the last one.
#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/text/bpe_golden.hpp"
#include "core/text/bpe_lines.hpp"
#include "text/unicode_class.hpp"
#include "x2g/base/text.hpp"
#include "x2g/text/bpe_trainer.hpp"

using x2g::BpeUnit;

namespace {

const x2g::test::BpeGolden& golden() {
  static const x2g::test::BpeGolden g = x2g::test::read_bpe_golden();
  return g;
}

std::vector<std::pair<std::string, std::string>> learned(BpeUnit unit, std::size_t merges) {
  x2g::BpeTrainer t(x2g::test::read_golden("bpe_corpus.txt"), {unit, x2g::Split::words, 30000, 1});
  while (t.merges().size() < merges && t.step()) {}
  std::vector<std::pair<std::string, std::string>> out;
  for (const x2g::BpeMerge& m : t.merges()) out.emplace_back(t.token(m.left), t.token(m.right));
  return out;
}

}  // namespace

TEST_CASE("another implementation gives every code point the same class", "[bpe][split][golden]") {
  std::uint64_t hash = x2g::fnv1a(nullptr, 0);
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    const auto kind = static_cast<std::uint8_t>(x2g::char_class(c));
    hash = x2g::fnv1a(&kind, 1, hash);
  }
  CHECK(x2g::hex64(hash) == golden().classes);
}

TEST_CASE("byte merges equal those of an independent implementation", "[bpe][golden]") {
  REQUIRE(golden().byte_merges.size() == 1500);
  CHECK(learned(BpeUnit::bytes, 1500) == golden().byte_merges);
}

TEST_CASE("character merges equal those of an independent implementation", "[bpe][golden]") {
  REQUIRE(golden().character_merges.size() == 800);
  CHECK(learned(BpeUnit::characters, 800) == golden().character_merges);
}

TEST_CASE("writes the lines for make_bpe.mjs into the current folder", "[.bpe-lines]") {
  std::ofstream out("bpe_lines.txt", std::ios::binary);
  for (const std::string& line : x2g::test::bpe_lines(x2g::test::read_golden("bpe_corpus.txt"))) out << line << '\n';
  CHECK(out.good());
}
