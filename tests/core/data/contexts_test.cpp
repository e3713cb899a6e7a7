// The corpus for word vectors: its vocabulary and groups, and that skip-gram finds the groups again.
#include "x2g/data/contexts.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>

#include "data/context_tables.hpp"
#include "data/grammar.hpp"
#include "support/op_graph.hpp"
#include "x2g/base/text.hpp"
#include "x2g/nn/skipgram.hpp"
#include "x2g/train/skipgram_batches.hpp"
#include "x2g/train/trainer.hpp"

namespace x2g {
namespace {

using namespace test;
using Catch::Matchers::ContainsSubstring;

std::size_t index_of(const WordCorpus& c, std::string_view word) {
  const auto at = std::ranges::find(c.words, word);
  REQUIRE(at != c.words.end());
  return static_cast<std::size_t>(at - c.words.begin());
}

/// Vectors of a skip-gram model trained on the corpus, brought to length 1.
class Vectors {
 public:
  explicit Vectors(const WordCorpus& c) : corpus_(c) {
    const SkipGramConfig model{.vocab = static_cast<std::uint32_t>(c.words.size()), .channels = kWidth, .negatives = 5, .batch = 128};
    OptimizerConfig adamw;
    adamw.kind = OptimizerConfig::Kind::adamw;
    adamw.lr = 0.02;
    auto batches =
        std::make_unique<SkipGramBatches<float>>(std::make_shared<const std::vector<std::uint32_t>>(c.tokens), model.vocab, 3, 1);
    Trainer<float> trainer(skipgram(model), adamw, std::move(batches), 1);
    trainer.step(1500);
    const auto table = trainer.graph().value("in.weight");
    v_.assign(table.begin(), table.end());
    for (std::size_t word = 0; word < c.words.size(); ++word) {
      double square = 0;
      for (std::size_t i = 0; i < kWidth; ++i) square += v_[word * kWidth + i] * v_[word * kWidth + i];
      for (std::size_t i = 0; i < kWidth; ++i) v_[word * kWidth + i] /= std::sqrt(square);
    }
  }
  double near(std::size_t a, std::size_t b) const {
    double dot = 0;
    for (std::size_t i = 0; i < kWidth; ++i) dot += v_[a * kWidth + i] * v_[b * kWidth + i];
    return dot;
  }
  double near(std::string_view a, std::string_view b) const { return near(index_of(corpus_, a), index_of(corpus_, b)); }
  /// The word nearest to a − b + c, which are not counted themselves.
  std::string analogy(std::string_view a, std::string_view b, std::string_view c) const {
    const std::size_t plus = index_of(corpus_, a), minus = index_of(corpus_, b), other = index_of(corpus_, c);
    const auto score = [&](std::size_t word) { return near(word, plus) - near(word, minus) + near(word, other); };
    std::size_t best = corpus_.words.size();
    for (std::size_t word = 0; word < corpus_.words.size(); ++word)
      if (word != plus && word != minus && word != other && (best == corpus_.words.size() || score(word) > score(best))) best = word;
    return corpus_.words[best];
  }
  /// Share of the words of groups whose nearest other word of a group is of their own.
  double purity() const {
    double right = 0, all = 0;
    for (std::size_t a = 0; a < corpus_.words.size(); ++a) {
      if (corpus_.group[a] < 0) continue;
      std::size_t best = a;
      for (std::size_t b = 0; b < corpus_.words.size(); ++b)
        if (b != a && corpus_.group[b] >= 0 && (best == a || near(a, b) > near(a, best))) best = b;
      right += corpus_.group[best] == corpus_.group[a];
      ++all;
    }
    return right / all;
  }

 private:
  static constexpr std::uint32_t kWidth = 12;
  const WordCorpus& corpus_;
  Doubles v_;
};

}  // namespace

TEST_CASE("the context corpus is made of its own vocabulary, sentence by sentence", "[data][lesson-17]") {
  for (const char* language : {"en", "ja"}) {
    const WordCorpus c = contexts(language, 3000, 1);
    CAPTURE(language);
    CHECK(c.words.size() == std::set<std::string>(c.words.begin(), c.words.end()).size());
    CHECK(c.words.size() == c.group.size());
    CHECK(c.words.size() < 250);
    CHECK(c.groups.size() == 9);
    std::map<std::uint32_t, int> seen;
    for (const std::uint32_t token : c.tokens) {
      REQUIRE(token < c.words.size());
      ++seen[token];
    }
    CHECK(seen.size() == c.words.size());  // every word is used
    const std::uint32_t stop = static_cast<std::uint32_t>(index_of(c, *language == 'e' ? "." : "。"));
    CHECK(seen[stop] == 3000);
    CHECK(c.tokens.back() == stop);
    for (const std::string& word : c.words) REQUIRE(word.find_first_of("{}@ \n") == std::string::npos);
    std::map<std::int32_t, int> members;
    for (const std::int32_t g : c.group) ++members[g];
    for (std::int32_t g = 0; g < 9; ++g) CHECK(members[g] >= 3);
  }
  const WordCorpus c = contexts("en", 10, 1);
  CHECK(c.words[0] == "dog");
  CHECK(c.groups[static_cast<std::size_t>(c.group[index_of(c, "puppy")])] == "dogs");
  CHECK(c.group[index_of(c, "barks")] == -1);
}

TEST_CASE("words of one group take each other's places evenly", "[data][lesson-17]") {
  for (const char* language : {"en", "ja"}) {
    const WordCorpus c = contexts(language, 20000, 2);
    std::map<std::uint32_t, double> seen;
    for (const std::uint32_t token : c.tokens) ++seen[token];
    for (std::size_t g = 0; g < c.groups.size(); ++g) {
      double least = 1e9, most = 0;
      for (std::uint32_t w = 0; w < c.words.size(); ++w) {
        if (c.group[w] != static_cast<std::int32_t>(g)) continue;
        least = std::fmin(least, seen[w]);
        most = std::fmax(most, seen[w]);
      }
      CAPTURE(language, c.groups[g], least, most);
      CHECK(most < 1.4 * least);
    }
  }
}

TEST_CASE("every line of the context tables is used", "[data]") {
  for (const std::string_view table : {kEnglishContexts, kJapaneseContexts}) {
    Grammar grammar(table);
    Rng rng(1, Stream::data);
    std::string text;
    for (int i = 0; i < 5000; ++i) grammar.write(rng, text);
    for (const Grammar::Line& line : grammar.lines()) {
      CAPTURE(line.text);
      CHECK(line.uses > 0);
    }
  }
}

TEST_CASE("the context corpus is the seed's, to the bit, and a longer one begins with the shorter", "[data]") {
  for (const char* language : {"en", "ja"}) {
    const WordCorpus some = contexts(language, 200, 5), more = contexts(language, 300, 5), other = contexts(language, 200, 6);
    CHECK(some.words == more.words);
    CHECK(some.words == other.words);
    CHECK(some.tokens != other.tokens);
    CHECK(std::equal(some.tokens.begin(), some.tokens.end(), more.tokens.begin()));
  }
  const WordCorpus en = contexts("en", 200, 5), ja = contexts("ja", 200, 5);
  CHECK(fnv1a(en.tokens.data(), 4 * en.tokens.size()) == 0x673458e117297246ull);
  CHECK(fnv1a(ja.tokens.data(), 4 * ja.tokens.size()) == 0xb984ee283d1543cdull);
}

TEST_CASE("skip-gram finds the groups of the context corpus: puppy is nearer dog than car", "[data][train][lesson-17]") {
  const WordCorpus en = contexts("en", 4000, 1);
  const Vectors v(en);
  CAPTURE(v.near("puppy", "dog"), v.near("puppy", "kitten"), v.near("puppy", "car"), v.purity());
  CHECK(v.near("puppy", "dog") > v.near("puppy", "car") + 0.3);
  CHECK(v.near("puppy", "dog") > v.near("puppy", "kitten"));
  CHECK(v.near("puppy", "kitten") > v.near("puppy", "car"));
  CHECK(v.purity() > 0.9);
  CHECK(v.near("king", "queen") > v.near("king", "apple"));
  CHECK(v.analogy("king", "man", "woman") == "queen");
  CHECK(v.analogy("prince", "boy", "girl") == "princess");
  CHECK(v.analogy("queen", "woman", "man") == "king");
  const WordCorpus ja = contexts("ja", 4000, 1);
  const Vectors w(ja);
  CAPTURE(w.near("子犬", "犬"), w.near("子犬", "車"), w.purity());
  CHECK(w.near("子犬", "犬") > w.near("子犬", "車") + 0.15);  // less: all words of Japanese stand beside the same particles
  CHECK(w.near("子犬", "犬") > w.near("子犬", "子猫"));
  CHECK(w.near("子犬", "子猫") > w.near("子犬", "車"));
  CHECK(w.purity() > 0.9);
  CHECK(w.analogy("王", "男", "女") == "女王");
  CHECK(w.analogy("王子", "少年", "少女") == "王女");
}

TEST_CASE("the context corpus refuses what it cannot be", "[data][reliability-6]") {
  CHECK_THAT(message_of([] { contexts("fr", 1, 1); }), ContainsSubstring("\"fr\"; choose en or ja"));
  CHECK_THAT(message_of([] { contexts("en", 0, 1); }), ContainsSubstring("0 sentences are asked for; choose 1 to 100000"));
  CHECK_THAT(message_of([] { contexts("en", 100001, 1); }), ContainsSubstring("100001 sentences"));
}

}  // namespace x2g
