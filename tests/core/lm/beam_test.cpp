// Beam search against following everything, greedy, a tree by hand, length penalty, a real model's cached decoder, refusals.
#include "x2g/lm/beam.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <limits>

#include "support/model_check.hpp"
#include "x2g/base/error.hpp"
#include "x2g/lm/cached_decoder.hpp"
#include "x2g/nn/models.hpp"

using namespace x2g;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using Ids = std::vector<std::uint32_t>;

namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

/// A made-up language: logits are a function of the last two tokens.
class Pairs final : public NextLogProbabilities {
 public:
  Pairs(std::uint32_t vocab, std::uint64_t seed) : vocab_(vocab), seed_(seed) {}
  std::uint32_t vocab() const override { return vocab_; }
  void after(std::span<const std::uint32_t> tokens, std::span<double> log_p) override {
    Rng rng(seed_, Stream::user, 1000 * tokens.back() + (tokens.size() > 1 ? 1 + tokens[tokens.size() - 2] : 0));
    std::vector<float> logits(vocab_);
    for (float& x : logits) x = static_cast<float>(1.5 * rng.normal());
    log_softmax(logits, log_p);
  }

 private:
  std::uint32_t vocab_;
  std::uint64_t seed_;
};

/// Fixed tables: the row of the last token.
class Table final : public NextLogProbabilities {
 public:
  explicit Table(std::vector<std::vector<double>> p) : p_(std::move(p)) {}
  std::uint32_t vocab() const override { return static_cast<std::uint32_t>(p_.size()); }
  void after(std::span<const std::uint32_t> tokens, std::span<double> log_p) override {
    for (std::size_t i = 0; i < p_.size(); ++i) log_p[i] = std::log(p_[tokens.back()][i]);
  }

 private:
  std::vector<std::vector<double>> p_;
};

BeamSearch searched(NextLogProbabilities& source, const Ids& prompt, const BeamConfig& c) {
  BeamSearch search(source, prompt, c);
  while (search.advance()) {}
  return search;
}

struct Best {
  Ids ids;
  double score = kNever;
};

/// Every continuation of up to `length` tokens, by recursion.
void exhaust(NextLogProbabilities& source, const Ids& prompt, const BeamConfig& c, Ids& ids, double total, Best& best) {
  const bool ended = !ids.empty() && ids.back() == c.end_token;
  if (ended || ids.size() == c.length) {
    const double score = total / std::pow((5.0 + static_cast<double>(ids.size())) / 6, c.alpha);
    if (score > best.score) best = {ids, score};
    return;
  }
  Ids all = prompt;
  all.insert(all.end(), ids.begin(), ids.end());
  std::vector<double> log_p(source.vocab());
  source.after(all, log_p);
  for (std::uint32_t id = 0; id < log_p.size(); ++id) {
    ids.push_back(id);
    exhaust(source, prompt, c, ids, total + log_p[id], best);
    ids.pop_back();
  }
}

}  // namespace

TEST_CASE("a beam of everything finds what following everything finds, a smaller one nothing better", "[lm][beam][lesson-24]") {
  const double alpha = GENERATE(0.0, 0.6, 2.0);
  const std::uint32_t end = GENERATE(BeamConfig::kNoToken, 4u);
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Pairs source(5, seed);
    BeamConfig c{.width = 625, .length = 4, .alpha = alpha, .end_token = end};
    Best best;
    Ids ids;
    exhaust(source, {0}, c, ids, 0, best);
    const BeamSearch all = searched(source, {0}, c);
    const std::uint32_t first = all.ranked()[0];
    CHECK(all.tokens(first) == best.ids);
    CHECK(all.tree()[first].score == Approx(best.score).epsilon(1e-12));
    for (const std::uint32_t width : {1u, 2u, 3u, 8u}) {
      c.width = width;
      const BeamSearch narrow = searched(source, {0}, c);
      CHECK(narrow.ranked().size() == width);
      CHECK(narrow.tree()[narrow.ranked()[0]].score <= best.score + 1e-12);
    }
  }
}

TEST_CASE("width 1 is greedy", "[lm][beam][lesson-24]") {
  Pairs source(9, 3);
  const BeamSearch search = searched(source, {2}, {.width = 1, .length = 12});
  Ids ids{2};
  std::vector<double> log_p(9);
  double total = 0;
  for (int i = 0; i < 12; ++i) {
    source.after(ids, log_p);
    const auto best = std::ranges::max_element(log_p);
    total += *best;
    ids.push_back(static_cast<std::uint32_t>(best - log_p.begin()));
  }
  const std::uint32_t node = search.ranked()[0];
  CHECK(search.tokens(node) == Ids(ids.begin() + 1, ids.end()));
  CHECK(search.tree()[node].total == Approx(total));
}

TEST_CASE("a beam of two finds the garden path that greedy misses, and its tree is the one drawn by hand", "[lm][beam][lesson-24]") {
  // After 0: 0.6 → 1, 0.4 → 2. After 1 everything is even (⅓); after 2 almost sure to come to 0 (0.9).
  Table source({{0, 0.6, 0.4}, {1.0 / 3, 1.0 / 3, 1.0 / 3}, {0.9, 0.05, 0.05}});
  BeamSearch search(source, Ids{0}, {.width = 2, .length = 2, .alpha = 0});
  CHECK(search.advance());
  CHECK(search.beam().size() == 2);
  CHECK(search.advance());
  CHECK_FALSE(search.advance());
  const auto tree = search.tree();
  REQUIRE(tree.size() == 7);  // root, 1, 2, two children of each; the 0 after 0 has no probability
  CHECK(tree[1].token == 1);
  CHECK(tree[1].kept);
  CHECK(tree[2].token == 2);
  CHECK(tree[2].log_p == Approx(std::log(0.4)));
  CHECK(tree[3].parent == 1);
  CHECK(tree[3].token == 0);  // of three equal ones the lower ids
  CHECK(tree[3].kept);        // 0.2 is the second of the step, before the 0.2 of node 4
  CHECK_FALSE(tree[4].kept);
  CHECK(tree[5].parent == 2);
  CHECK(tree[5].total == Approx(std::log(0.36)));
  CHECK_FALSE(tree[6].kept);
  CHECK(search.tokens(search.ranked()[0]) == Ids{2, 0});
  CHECK(searched(source, {0}, {.width = 1, .length = 2}).tokens(searched(source, {0}, {.width = 1, .length = 2}).ranked()[0]) == Ids{1, 0});
}

TEST_CASE("length penalty turns the choice from a short text to a long one", "[lm][beam][lesson-24]") {
  // 0: 0.3 ends (token 2), 0.7 → 1; 1: 0.6 → 1 again, 0.4 ends. Three tokens 1 1 1: 0.7 · 0.6 · 0.6 = 0.252; the end at once: 0.3.
  Table source({{0, 0.7, 0.3}, {0, 0.6, 0.4}, {0, 0, 1}});
  BeamConfig c{.width = 9, .length = 3, .alpha = 0, .end_token = 2};
  const BeamSearch plain = searched(source, {0}, c);
  CHECK(plain.tokens(plain.ranked()[0]) == Ids{2});
  CHECK(plain.tree()[plain.ranked()[0]].finished);
  c.alpha = 1;  // ln 0.3 / 1 = −1.204;  ln 0.252 / (8/6) = −1.034
  const BeamSearch penalized = searched(source, {0}, c);
  CHECK(penalized.tokens(penalized.ranked()[0]) == Ids{1, 1, 1});
  CHECK(penalized.tree()[penalized.ranked()[0]].score == Approx(std::log(0.252) * 6 / 8));
  CHECK(penalized.ranked().size() == 4);  // three ended, one followed to the end
}

TEST_CASE("finished continuations leave the beam, which ends when all have", "[lm][beam]") {
  Table source({{0, 0.5, 0.5}, {0, 0, 1}, {0, 0, 1}});
  BeamSearch search(source, Ids{0}, {.width = 2, .length = 50, .end_token = 2});
  CHECK(search.advance());
  CHECK(search.beam().size() == 1);
  CHECK(search.advance());
  CHECK(search.beam().empty());
  CHECK_FALSE(search.advance());
  CHECK(search.ranked().size() == 2);
}

TEST_CASE("a cached decoder gives the search what the whole pass gives", "[lm][beam][lesson-25]") {
  const GptConfig c{.vocab = 7, .layers = 2, .heads = 2, .channels = 16, .context = 10, .batch = 1, .loss = false};
  Graph<float> g(gpt(c));
  g.initialize(1);
  test::scatter_parameters(g, 0.4, 1);
  class Whole final : public NextLogProbabilities {
   public:
    explicit Whole(Graph<float>& graph) : graph_(graph) {}
    std::uint32_t vocab() const override { return 7; }
    void after(std::span<const std::uint32_t> tokens, std::span<double> log_p) override {
      const auto input = graph_.value("ids");
      std::ranges::fill(input, 0.0f);
      for (std::size_t i = 0; i < tokens.size(); ++i) input[i] = static_cast<float>(tokens[i]);
      graph_.forward();
      log_softmax(graph_.value("logits").subspan((tokens.size() - 1) * 7, 7), log_p);
    }

   private:
    Graph<float>& graph_;
  } whole(g);
  CachedDecoder decoder(g);
  CachedNext cached(decoder);
  const BeamConfig config{.width = 4, .length = 7, .alpha = 0.6, .end_token = 3, .shown = 6};
  const BeamSearch a = searched(whole, {1, 2, 5}, config), b = searched(cached, {1, 2, 5}, config);
  REQUIRE(a.tree().size() == b.tree().size());
  for (std::size_t i = 0; i < a.tree().size(); ++i) {
    CHECK(a.tree()[i].token == b.tree()[i].token);
    CHECK(a.tree()[i].total == b.tree()[i].total);
    CHECK(a.tree()[i].kept == b.tree()[i].kept);
  }
  std::vector<double> once(7), twice(7);
  cached.after(Ids{1, 2}, once);
  cached.after(Ids{1, 2}, twice);
  CHECK(once == twice);
}

TEST_CASE("log softmax is exact at extremes, and blown-up logits are refused", "[lm][beam]") {
  std::vector<double> p(3);
  log_softmax(std::vector<float>{1000, 1000, -std::numeric_limits<float>::infinity()}, p);
  CHECK(p[0] == Approx(-std::log(2.0)));
  CHECK(p[2] == kNever);
  CHECK_THROWS_AS(log_softmax(std::vector<float>{0, std::nanf(""), 1}, p), Error);
  CHECK_THROWS_AS(log_softmax(std::vector<float>{0, 1}, p), Error);
  CHECK_THROWS_AS(log_softmax(std::vector<float>(3, -std::numeric_limits<float>::infinity()), p), Error);
}

TEST_CASE("beams out of range are refused with the figures", "[lm][beam][reliability-6]") {
  Pairs source(5, 1);
  const auto refused = [&](const BeamConfig& c, const Ids& prompt = {0}) {
    try {
      BeamSearch search(source, prompt, c);
    } catch (const Error& e) {
      CHECK(e.code() == ErrorCode::invalid_argument);
      return e.message();
    }
    return std::string("accepted");
  };
  CHECK_THAT(refused({.width = 0}), ContainsSubstring("width is 0"));
  CHECK_THAT(refused({.width = 1025}), ContainsSubstring("1 to 1024"));
  CHECK_THAT(refused({.length = 0}), ContainsSubstring("length is 0"));
  CHECK_THAT(refused({.alpha = -1}), ContainsSubstring("alpha is -1"));
  CHECK_THAT(refused({.alpha = std::nan("")}), ContainsSubstring("alpha is NaN"));
  CHECK_THAT(refused({.end_token = 5}), ContainsSubstring("end_token is 5"));
  CHECK_THAT(refused({.shown = 1025}), ContainsSubstring("shown is 1025"));
  CHECK_THAT(refused({.width = 1024, .length = 1024}), ContainsSubstring("5242880 nodes"));
  CHECK_THAT(refused({}, {}), ContainsSubstring("prompt is empty"));
  Table broken({{0.5, std::nan("")}, {0.5, 0.5}});
  BeamSearch search(broken, Ids{0}, {});
  CHECK_THROWS_AS(search.advance(), Error);
  CHECK_THROWS_AS(search.tokens(99), Error);
}
