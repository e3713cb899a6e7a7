// The unigram tokenizer against the sum and the best over all segmentations, EM by hand, pruning, byte fallback, what is refused.
#include "x2g/text/unigram_trainer.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "x2g/base/error.hpp"
#include "x2g/data/stories.hpp"
#include "x2g/text/tokenizer.hpp"

using Catch::Approx;
using x2g::Rng;
using x2g::Split;
using x2g::Unigram;
using x2g::UnigramPiece;
using x2g::UnigramTrainer;
using Ids = std::vector<std::uint32_t>;

namespace {

/// Pieces with probabilities.
Unigram model(std::vector<std::pair<std::string, double>> pieces, Split split = Split::words) {
  std::vector<UnigramPiece> list;
  for (const auto& [text, p] : pieces) list.push_back({text, std::log(p)});
  return Unigram(list, split);
}

/// ln P^alpha of all segmentations of a text of single-byte characters by the model's pieces.
std::map<std::vector<std::string>, double> segmentations(const Unigram& m, const std::string& text, double alpha = 1) {
  std::map<std::vector<std::string>, double> out;
  const auto go = [&](const auto& self, std::size_t at, std::vector<std::string>& so_far, double score) -> void {
    if (at == text.size()) {
      out[so_far] = score;
      return;
    }
    for (std::size_t n = 1; at + n <= text.size(); ++n) {
      const std::uint32_t id = m.find(text.substr(at, n));
      if (id == x2g::TokenTable::kNone) continue;
      so_far.push_back(text.substr(at, n));
      self(self, at + n, so_far, score + alpha * m.score(id));
      so_far.pop_back();
    }
  };
  std::vector<std::string> so_far;
  go(go, 0, so_far, 0);
  return out;
}

std::string refusal(auto&& call) {
  try {
    call();
  } catch (const x2g::Error& e) {
    CHECK(e.code() == x2g::ErrorCode::invalid_argument);
    return e.message();
  }
  return "accepted";
}

UnigramTrainer trained(std::string_view text, x2g::UnigramTrainerConfig config) {
  UnigramTrainer t(text, config);
  while (t.step()) {}
  return t;
}

}  // namespace

TEST_CASE("the likeliest segmentation by hand", "[unigram][lesson-16]") {
  // "ab": ab has 1/4, a then b 1/2 · 1/8 = 1/16; all together 5/16.
  const Unigram m = model({{"a", 0.5}, {"b", 0.125}, {"ab", 0.25}, {"aa", 0.125}});
  CHECK(m.size() == 260);
  CHECK(m.encode("ab") == Ids{258});
  CHECK(m.log_probability("ab") == Approx(std::log(5.0 / 16)).epsilon(1e-12));
  CHECK(m.encode("aa") == Ids{256, 256});   // 1/4 against 1/8
  CHECK(m.encode("aab") == Ids{256, 258});  // 1/8 against 1/64
  CHECK(m.encode("") == Ids{});
  CHECK(m.token(258) == "ab");
  CHECK(m.score(256) == Approx(std::log(0.5)));
  CHECK(m.score(0xE3) == Approx(std::log(0.125) - 10));
  CHECK(m.label(0xE3) == "E3");
  CHECK(m.label(258) == "ab");
}

TEST_CASE("of equal segmentations the last piece is the longest", "[unigram]") {
  const Unigram m = model({{"a", 0.25}, {"aa", 0.0625}, {"b", 0.25}});
  CHECK(m.encode("aaa") == Ids{256, 257});
  CHECK(m.encode("aaa") == m.encode("aaa"));
}

TEST_CASE("best and sum equal those over all segmentations", "[unigram]") {
  Rng rng(5);
  for (int round = 0; round < 30; ++round) {
    std::vector<std::pair<std::string, double>> pieces;
    for (const char* p : {"a", "b", "c", "ab", "bc", "ca", "abc", "bca", "aab", "cc", "abca"}) {
      if (pieces.size() < 3 || rng.below(3) > 0) pieces.emplace_back(p, rng.uniform(0.01, 1));
    }
    const Unigram m = model(pieces, Split::none);
    for (int i = 0; i < 10; ++i) {
      std::string text(1 + rng.below(11), 'a');
      for (char& c : text) c = static_cast<char>('a' + rng.below(3));
      double best = -std::numeric_limits<double>::infinity(), sum = 0;
      for (const auto& [way, score] : segmentations(m, text)) {
        best = std::max(best, score);
        sum += std::exp(score);
      }
      double reached = 0;
      const Ids ids = m.encode(text);
      for (const std::uint32_t id : ids) reached += m.score(id);
      CHECK(m.decode(ids) == text);
      CHECK(reached == Approx(best).epsilon(1e-12));
      CHECK(m.log_probability(text) == Approx(std::log(sum)).epsilon(1e-12));
    }
  }
}

TEST_CASE("drawn segmentations follow their probabilities to the power alpha", "[unigram]") {
  const Unigram m = model({{"a", 0.3}, {"b", 0.2}, {"ab", 0.1}, {"ba", 0.2}, {"aba", 0.2}}, Split::none);
  for (const double alpha : {0.0, 0.5, 1.0}) {
    const auto ways = segmentations(m, "ababa", alpha);
    REQUIRE(ways.size() == 12);  // 8 of one and two letters, 2 and 2 with aba
    double sum = 0;
    for (const auto& [way, score] : ways) sum += std::exp(score);
    std::map<std::vector<std::string>, int> drawn;
    Rng rng(9);
    const int n = 20000;
    for (int i = 0; i < n; ++i) {
      std::vector<std::string> way;
      for (const std::uint32_t id : m.sample("ababa", alpha, rng)) way.emplace_back(m.token(id));
      ++drawn[way];
    }
    CHECK(drawn.size() == ways.size());
    for (const auto& [way, score] : ways) {
      const double p = std::exp(score) / sum;
      CHECK(std::abs(drawn[way] - n * p) <= 5 * std::sqrt(n * p * (1 - p)));
    }
  }
  Rng rng(1);
  CHECK(m.sample("ababa", 100, rng) == m.encode("ababa"));
}

TEST_CASE("two steps of EM by hand", "[unigram][lesson-16]") {
  // "abab", pieces a 2, b 2 and ab 2 · 2 = 4 of 8. For each "ab": p(ab) = 1/2 against p(a) p(b) = 1/16, so 8/9 of it is ab.
  // Expected ab 16/9, a and b 2/9: p = 0.8, 0.1, 0.1. Then 0.8 against 0.01: expected 160/81 and 2/81 each, so p = 160/164, 2/164.
  const UnigramTrainer t("abab", {259, 100, 2, Split::lines});
  CHECK(t.size() == 259);
  const auto pieces = t.pieces();
  REQUIRE(pieces.size() == 3);
  CHECK(pieces[0].text == "ab");
  CHECK(std::exp(pieces[0].score) == Approx(160.0 / 164).epsilon(1e-12));
  CHECK(pieces[1].text == "a");
  CHECK(std::exp(pieces[1].score) == Approx(2.0 / 164).epsilon(1e-12));
  CHECK(pieces[2].text == "b");
  // Before the second step the two "ab" have 0.8 + 0.01 each, four characters in all.
  CHECK(t.log_likelihood() == Approx(2 * std::log(0.81) / 4).epsilon(1e-12));
}

TEST_CASE("characters without a piece are bytes, and everything comes back", "[unigram][lesson-16]") {
  const Unigram m = trained(x2g::stories("ja", 20000, 3) + x2g::stories("en", 20000, 3), {1000}).model();
  CHECK(m.encode("é") == Ids{0xC3, 0xA9});
  CHECK(m.encode("\xE3\x81") == Ids{0xE3, 0x81});
  std::string every;
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (c < 0xD800 || c >= 0xE000) x2g::append_utf8(every, c);
  }
  CHECK(m.decode(m.encode(every)) == every);
  Rng rng(2);
  for (int i = 0; i < 300; ++i) {
    std::string noise(rng.below(200), '\0');
    for (char& c : noise) c = static_cast<char>(i % 2 == 0 ? rng.below(256) : "\xE3\x81\x82 abthe\n\xF0"[rng.below(11)]);
    CHECK(m.decode(m.encode(noise)) == noise);
    CHECK(m.decode(m.sample(noise, 0.3, rng)) == noise);
  }
}

TEST_CASE("a trained vocabulary has its size, finds words and shortens text", "[unigram][lesson-16]") {
  for (const char* language : {"en", "ja"}) {
    const std::string text = x2g::stories(language, 60000, 4), held_out = x2g::stories(language, 6000, 5);
    UnigramTrainer t(text, {900, 5000});
    CHECK(t.size() > 2000);
    std::uint32_t before = t.size();
    while (t.step()) {
      CHECK(t.size() < before);
      before = t.size();
    }
    CHECK(t.size() == 900);
    const Unigram m = t.model();
    CHECK(m.size() == 900);
    double sum = 0;
    for (const UnigramPiece& p : t.pieces()) sum += std::exp(p.score);
    CHECK(sum == Approx(1).epsilon(1e-9));
    std::size_t characters = 0;
    for (std::size_t at = 0; at < held_out.size(); at += x2g::decode_utf8(held_out, at).bytes) ++characters;
    const Ids ids = m.encode(held_out);
    CAPTURE(language, t.log_likelihood(), characters, ids.size());
    CHECK(m.decode(ids) == held_out);
    CHECK(ids.size() * 2 < characters);
    // The pieces describe the text far better than characters alone do.
    const UnigramTrainer alone(text, {65536, 1, 1});
    CHECK(t.log_likelihood() > 0.7 * alone.log_likelihood());
    for (const char* word : language[0] == 'e' ? std::vector{" the", " and", " little"} : std::vector{"ました", "は", "。"}) {
      CHECK(m.find(word) != x2g::TokenTable::kNone);
    }
    CHECK(trained(text, {900, 5000}).model().encode(held_out) == ids);
  }
}

TEST_CASE("what cannot be a unigram vocabulary is refused with the range", "[unigram]") {
  const auto with = [](std::vector<UnigramPiece> pieces) { return refusal([&] { Unigram{pieces}; }); };
  CHECK(with({}).find("1 to 200000") != std::string::npos);
  CHECK(with({{"a", -1}, {"a", -2}}).find("given twice") != std::string::npos);
  CHECK(with({{"", -1}}).find("0 characters; 1 to 64") != std::string::npos);
  CHECK(with({{std::string(65, 'a'), -1}}).find("65 characters") != std::string::npos);
  CHECK(with({{"\xFF", -1}}).find("not UTF-8") != std::string::npos);
  CHECK(with({{"a", 0.5}}).find("the score 0.5") != std::string::npos);
  CHECK(with({{"a", std::nan("")}}) != "accepted");
  CHECK(with({{"a", -std::numeric_limits<double>::infinity()}}) != "accepted");
  CHECK(with({{"a", 0}}) == "accepted");
  const Unigram m = model({{"a", 1}});
  Rng rng(1);
  for (const double bad : {-0.1, 100.1, std::nan("")}) CHECK(refusal([&] { m.sample("a", bad, rng); }).find("0 (all") != std::string::npos);
  CHECK(refusal([&] { m.decode(Ids{257}); }).find("0 to 256") != std::string::npos);
  CHECK(refusal([&] { m.score(257); }) != "accepted");
  CHECK(refusal([&] { m.encode(std::string(Unigram::kLongestText + 1, 'a')); }).find("at a time") != std::string::npos);
  const auto train = [](std::string_view text, x2g::UnigramTrainerConfig c) { return refusal([&] { UnigramTrainer(text, c); }); };
  CHECK(train("", {}).find("empty") != std::string::npos);
  CHECK(train("\xFF\xFF", {}).find("UTF-8") != std::string::npos);
  CHECK(train("ab", {256}).find("257 to 65536") != std::string::npos);
  CHECK(train("ab", {257}).find("choose 258 to 65536") != std::string::npos);
  CHECK(train("ab", {258}) == "accepted");
  CHECK(train("ab", {65537}) != "accepted");
  CHECK(train("ab", {300, 0}).find("1 to 200000") != std::string::npos);
  CHECK(train("ab", {300, 10, 0}).find("1 to 64") != std::string::npos);
  CHECK(train("ab", {300, 10, 65}) != "accepted");
  CHECK(train(std::string(UnigramTrainer::kLongestText + 1, 'a'), {}).find("1000000") != std::string::npos);
}
