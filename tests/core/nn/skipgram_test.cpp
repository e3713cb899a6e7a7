// Skip-gram with negative sampling: its loss by the paper's formula, its gradients, the draws behind its batches, and what its vectors learn.
#include "x2g/nn/skipgram.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <memory>

#include "support/op_graph.hpp"
#include "x2g/train/skipgram_batches.hpp"
#include "x2g/train/trainer.hpp"

namespace x2g {
namespace {

using namespace test;
using Catch::Matchers::ContainsSubstring;
using Tokens = std::vector<std::uint32_t>;

std::shared_ptr<const Tokens> shared(Tokens tokens) { return std::make_shared<const Tokens>(std::move(tokens)); }

/// Words 0 and 1 stand between 4 and 5, words 2 and 3 between 6 and 7.
Tokens two_kinds(std::size_t sentences) {
  Rng rng(5, Stream::user);
  Tokens out;
  while (out.size() < 3 * sentences) {
    const std::uint32_t kind = rng.below(2);
    for (const std::uint32_t word : {4 + 2 * kind + rng.below(2), 2 * kind + rng.below(2), 4 + 2 * kind + rng.below(2)})
      out.push_back(word);
  }
  return out;
}

double cosine(std::span<const float> a, std::span<const float> b) {
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += static_cast<double>(a[i]) * b[i];
    aa += static_cast<double>(a[i]) * a[i];
    bb += static_cast<double>(b[i]) * b[i];
  }
  return ab / std::sqrt(aa * bb);
}

/// Everything that `steps` batches of a text hold.
struct Drawn {
  std::vector<std::uint32_t> center, context, others;
};
Drawn draw(const SkipGramConfig& c, SkipGramBatches<float>& batches, std::uint64_t steps) {
  Graph<float> g(skipgram(c));
  Drawn d;
  for (std::uint64_t step = 0; step < steps; ++step) {
    batches.fill(step, g);
    const auto words = g.value("words");
    for (const float id : g.value("center")) d.center.push_back(static_cast<std::uint32_t>(id));
    for (std::size_t i = 0; i < words.size(); ++i) (i < c.batch ? d.context : d.others).push_back(static_cast<std::uint32_t>(words[i]));
  }
  return d;
}

}  // namespace

TEST_CASE("the skip-gram loss is equation 4 of the paper, averaged over pairs", "[nn][skipgram]") {
  const SkipGramConfig c{.vocab = 6, .channels = 3, .negatives = 4, .batch = 5};
  Graph<double> g(skipgram(c));
  for (const char* name : {"in.weight", "out.weight"}) std::ranges::copy(values(18, name[0]), g.value(name).begin());
  const Doubles center = whole(5, 1, 6), words = whole(25, 2, 6);
  std::ranges::copy(center, g.value("center").begin());
  std::ranges::copy(words, g.value("words").begin());
  std::ranges::fill(g.value("labels").first(5), 1.0);
  double want = 0;
  for (std::size_t n = 0; n < 5; ++n) {
    for (std::size_t k = 0; k < 5; ++k) {
      double score = 0;
      for (std::size_t i = 0; i < 3; ++i)
        score += g.value("in.weight")[static_cast<std::size_t>(center[n]) * 3 + i] *
                 g.value("out.weight")[static_cast<std::size_t>(words[k * 5 + n]) * 3 + i];
      want -= std::log(1 / (1 + std::exp(k ? score : -score))) / 5;
    }
  }
  CHECK(std::fabs(g.forward() - want) < 1e-12);
  check_gradients(g);
}

TEST_CASE("skip-gram starts without an opinion: every probability is one half", "[nn][skipgram]") {
  const SkipGramConfig c{.vocab = 8, .channels = 4, .negatives = 3, .batch = 16};
  Graph<float> g(skipgram(c));
  g.initialize(1);
  SkipGramBatches<float>(shared(two_kinds(10)), 8, 2, 1).fill(0, g);
  CHECK(std::fabs(g.forward() - 4 * std::log(2.0f)) < 1e-6);
  CHECK(std::ranges::all_of(g.value("mean.probs"), [](float p) { return p == 0.5f; }));
}

TEST_CASE("words that share contexts end near each other", "[nn][skipgram][train]") {
  const SkipGramConfig c{.vocab = 8, .channels = 6, .negatives = 5, .batch = 64};
  OptimizerConfig adamw;
  adamw.kind = OptimizerConfig::Kind::adamw;
  adamw.lr = 0.02;
  Trainer<float> trainer(skipgram(c), adamw, std::make_unique<SkipGramBatches<float>>(shared(two_kinds(400)), 8, 1, 7), 7);
  const double start = trainer.report().loss;
  trainer.step(400);
  CHECK(trainer.report().loss < 0.8 * start);
  const auto vector = [&](std::size_t word) { return std::span<const float>(trainer.graph().value("in.weight")).subspan(word * 6, 6); };
  for (const std::size_t a : {0u, 1u})
    for (const std::size_t b : {2u, 3u}) {
      CAPTURE(a, b);
      CHECK(cosine(vector(0), vector(1)) > cosine(vector(a), vector(b)) + 0.3);
      CHECK(cosine(vector(2), vector(3)) > cosine(vector(a), vector(b)) + 0.3);
    }
}

TEST_CASE("skip-gram pairs are near words, nearer ones more often", "[train][skipgram]") {
  Tokens row(40);
  for (std::uint32_t i = 0; i < 40; ++i) row[i] = i;
  SkipGramBatches<float> batches(shared(row), 40, 3, 2);
  const Drawn d = draw({.vocab = 40, .channels = 1, .negatives = 1, .batch = 1000}, batches, 60);
  std::array<double, 4> share{};
  for (std::size_t i = 0; i < d.center.size(); ++i) {
    const std::uint32_t distance = d.center[i] > d.context[i] ? d.center[i] - d.context[i] : d.context[i] - d.center[i];
    REQUIRE(distance >= 1);
    REQUIRE(distance <= 3);
    share[distance] += 1.0 / static_cast<double>(d.center.size());
  }
  // 40 − d pairs of distance d, each with weight 4 − d
  const double all = 3 * 39 + 2 * 38 + 1 * 37;
  for (std::size_t k = 1; k <= 3; ++k) CHECK(std::fabs(share[k] - static_cast<double>((4 - k) * (40 - k)) / all) < 0.01);
}

TEST_CASE("skip-gram's random words follow count to the power 3/4, the true neighbor left out", "[train][skipgram]") {
  Tokens tokens;  // 0: 81 times, 1: 16 times, 2: never, 3: once → 27 : 8 : 0 : 1
  for (int i = 0; i < 98; ++i) tokens.push_back(i < 81 ? 0 : i < 97 ? 1 : 3);
  SkipGramBatches<float> batches(shared(tokens), 4, 1, 3);
  const Drawn d = draw({.vocab = 4, .channels = 1, .negatives = 1, .batch = 2000}, batches, 60);
  const double weight[] = {27, 8, 0, 1};
  for (const std::uint32_t context : {0u, 1u}) {
    std::array<double, 4> seen{};
    double all = 0;
    for (std::size_t i = 0; i < d.others.size(); ++i) {
      if (d.context[i] != context) continue;
      ++seen[d.others[i]];
      ++all;
    }
    CHECK(seen[context] == 0);
    CHECK(seen[2] == 0);
    for (const std::uint32_t word : {0u, 1u, 3u}) {
      CAPTURE(context, word, all);
      if (word != context) CHECK(std::fabs(seen[word] / all - weight[word] / (36 - weight[context])) < 0.01);
    }
  }
}

TEST_CASE("a skip-gram batch depends on seed and step alone", "[train][skipgram]") {
  const SkipGramConfig c{.vocab = 8, .channels = 2, .negatives = 3, .batch = 32};
  Graph<float> a(skipgram(c)), b(skipgram(c));
  const auto text = shared(two_kinds(30));
  SkipGramBatches<float> first(text, 8, 2, 9), second(text, 8, 2, 9), other(text, 8, 2, 10);
  for (std::uint64_t step = 0; step < 5; ++step) first.fill(step, a);
  second.fill(4, b);
  CHECK(std::ranges::equal(a.value("center"), b.value("center")));
  CHECK(std::ranges::equal(a.value("words"), b.value("words")));
  other.fill(4, b);
  CHECK_FALSE(std::ranges::equal(a.value("words"), b.value("words")));
  second.fill(5, b);
  CHECK_FALSE(std::ranges::equal(a.value("words"), b.value("words")));
}

TEST_CASE("skip-gram refuses what it cannot be or read", "[nn][skipgram][reliability-6]") {
  CHECK_THAT(message_of([] { skipgram({.vocab = 1}); }), ContainsSubstring("vocab is 1; it must be 2 to 65536"));
  CHECK_THAT(message_of([] { skipgram({.negatives = 0}); }), ContainsSubstring("negatives is 0; it must be 1 to 64"));
  CHECK_THAT(message_of([] { skipgram({.channels = 5000}); }), ContainsSubstring("channels is 5000"));
  CHECK_THAT(message_of([] { skipgram({.batch = 0}); }), ContainsSubstring("batch is 0"));
  const auto source = [](Tokens tokens, std::uint32_t window) {
    return message_of([&] { SkipGramBatches<float>(shared(std::move(tokens)), 4, window, 1); });
  };
  CHECK_THAT(source({0, 1}, 0), ContainsSubstring("window is 0; it must be 1 to 64"));
  CHECK_THAT(source({0, 4}, 1), ContainsSubstring("token 4; tokens must be below 4"));
  CHECK_THAT(source({2, 2, 2}, 1), ContainsSubstring("1 different tokens; it needs 2 or more"));
  CHECK_THAT(source({}, 1), ContainsSubstring("0 different tokens"));
  CHECK(source({0, 3}, 64) == "no error");
  Graph<float> small(skipgram({.vocab = 3}));
  SkipGramBatches<float> large(shared({0, 3}), 4, 64, 1);
  CHECK_THAT(message_of([&] { large.fill(0, small); }), ContainsSubstring("vocabulary of 4; the model's is 3"));
}

}  // namespace x2g
