// Counting, smoothing and perplexity by hand; sums over the vocabulary; real English and Japanese text; sampling; what is refused.
#include "x2g/lm/ngram.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <string>
#include <vector>

#include "x2g/base/error.hpp"
#include "x2g/data/stories.hpp"
#include "x2g/text/tokenizer.hpp"

using Catch::Approx;
using x2g::Ngram;
using x2g::Smoothing;
using Ids = std::vector<std::uint32_t>;

namespace {

Ngram model(std::uint32_t order, std::uint32_t vocabulary, Smoothing smoothing, const Ids& text, double k = 1, double discount = 0.5) {
  Ngram m({order, vocabulary, smoothing, k, discount});
  m.add(text);
  return m;
}

std::vector<double> distribution(const Ngram& m, const Ids& context) {
  std::vector<double> p(m.config().vocabulary);
  m.distribution(context, p);
  return p;
}

std::string refusal(auto&& call, x2g::ErrorCode code) {
  try {
    call();
  } catch (const x2g::Error& e) {
    CHECK(e.code() == code);
    return e.message();
  }
  return "accepted";
}

const Ids kAbabc{0, 1, 0, 1, 2};  // "ababc": a 2, b 2, c 1; ab 2, ba 1, bc 1

}  // namespace

TEST_CASE("n-grams of all lengths are counted", "[ngram][lesson-13]") {
  const Ngram m = model(3, 3, Smoothing::none, kAbabc);
  CHECK(m.count(Ids{}) == 5);
  CHECK(m.count(Ids{0}) == 2);
  CHECK(m.count(Ids{0, 1}) == 2);
  CHECK(m.count(Ids{1, 0}) == 1);
  CHECK(m.count(Ids{0, 1, 0}) == 1);
  CHECK(m.count(Ids{0, 1, 2}) == 1);
  CHECK(m.count(Ids{2, 0}) == 0);
  CHECK(m.kinds(1) == 3);
  CHECK(m.kinds(2) == 3);  // ab ba bc
  CHECK(m.kinds(3) == 3);  // aba bab abc
  const auto next = m.continuations(Ids{0, 1}, 10);
  REQUIRE(next.size() == 2);  // once each: by id
  CHECK((next[0].token == 0 && next[0].count == 1 && next[1].token == 2 && next[1].count == 1));
  CHECK(m.continuations(Ids{2}, 10).empty());
  CHECK(m.continuations(Ids{}, 2).size() == 2);
  CHECK(m.context(Ids{0, 1}).seen == 2);
  CHECK(m.context(Ids{0, 1}).kinds == 2);
  CHECK(m.context(Ids{2, 2}).seen == 0);
  CHECK(m.context(Ids{2, 0}).length == 1);
  CHECK(m.context(Ids{2, 0}).seen == 0);
}

TEST_CASE("two sequences do not run into each other", "[ngram]") {
  Ngram m({2, 3, Smoothing::none});
  m.add(Ids{0, 1});
  m.add(Ids{2, 0});
  CHECK(m.count(Ids{1, 2}) == 0);
  CHECK(m.count(Ids{0}) == 2);
  CHECK(m.context(Ids{0}).seen == 1);  // the last a was followed by nothing
}

TEST_CASE("add-k by hand", "[ngram][lesson-13]") {
  // p(b|a) = (2+1)/(2+3) = 3/5, p(a|b) = p(c|b) = (1+1)/(2+3) = 2/5, p(b|b) = 1/5; c was never followed: 1/3 each.
  const Ngram m = model(2, 3, Smoothing::add_k, kAbabc);
  CHECK(m.probability(Ids{0}, 1) == Approx(3.0 / 5));
  CHECK(m.probability(Ids{1}, 2) == Approx(2.0 / 5));
  CHECK(m.probability(Ids{1}, 1) == Approx(1.0 / 5));
  CHECK(m.probability(Ids{2}, 0) == Approx(1.0 / 3));
  // "abc": p(a) = (2+1)/(5+3) = 3/8; 3/8 · 3/5 · 2/5 = 9/100; perplexity (100/9)^(1/3) = 2.2314…
  const x2g::Perplexity p = m.perplexity(Ids{0, 1, 2});
  CHECK(p.perplexity == Approx(std::cbrt(100.0 / 9)).epsilon(1e-12));
  CHECK(p.nats == Approx(std::log(100.0 / 9) / 3).epsilon(1e-12));
  CHECK(p.tokens == 3);
  CHECK(p.unseen == 0);
  // k = 1/2: p(b|a) = 2.5 / 3.5
  CHECK(model(2, 3, Smoothing::add_k, kAbabc, 0.5).probability(Ids{0}, 1) == Approx(2.5 / 3.5));
}

TEST_CASE("back-off by hand", "[ngram][lesson-13]") {
  // All three letters are seen: p(a) = p(b) = 2/5, p(c) = 1/5. After a: p(b|a) = (2−½)/2 = 3/4; the other 1/4 goes to a and c as 2 : 1.
  const Ngram m = model(2, 3, Smoothing::back_off, kAbabc);
  CHECK(m.probability(Ids{0}, 1) == Approx(3.0 / 4));
  CHECK(m.probability(Ids{0}, 0) == Approx(1.0 / 6));
  CHECK(m.probability(Ids{0}, 2) == Approx(1.0 / 12));
  CHECK(m.probability(Ids{2}, 0) == Approx(2.0 / 5));  // never followed: as without context
  // "ac": 2/5 · 1/12 = 1/30
  CHECK(m.perplexity(Ids{0, 2}).perplexity == Approx(std::sqrt(30.0)).epsilon(1e-12));
  // A fourth letter nobody saw: p(a) = 1.5/5, p(c) = 0.5/5, and the 3·½/5 taken away all goes to it.
  const Ngram four = model(2, 4, Smoothing::back_off, kAbabc);
  CHECK(four.probability(Ids{}, 0) == Approx(0.3));
  CHECK(four.probability(Ids{}, 2) == Approx(0.1));
  CHECK(four.probability(Ids{}, 3) == Approx(0.3));
}

TEST_CASE("stupid back-off by hand, divided by its sum", "[ngram]") {
  // S(b|a) = 1, S(a|a) = 0.4 · 2/5 = 0.16, S(c|a) = 0.4 · 1/5 = 0.08; together 1.24.
  const Ngram m = model(2, 3, Smoothing::stupid, kAbabc);
  CHECK(m.probability(Ids{0}, 1) == Approx(1 / 1.24));
  CHECK(m.probability(Ids{0}, 0) == Approx(0.16 / 1.24));
  CHECK(m.probability(Ids{0}, 2) == Approx(0.08 / 1.24));
}

TEST_CASE("without smoothing unseen contexts are silent and perplexity infinite", "[ngram][lesson-13]") {
  const Ngram m = model(2, 3, Smoothing::none, kAbabc);
  CHECK(distribution(m, {0}) == std::vector<double>{0, 1, 0});
  CHECK(distribution(m, {2}) == std::vector<double>{0, 0, 0});
  CHECK(m.perplexity(Ids{0, 1, 0, 1}).perplexity == Approx(std::pow(5.0 / 2 * 1 * 2 * 1, 0.25)));  // 2/5 · 1 · 1/2 · 1
  const x2g::Perplexity p = m.perplexity(Ids{0, 0, 2, 1});
  CHECK(std::isinf(p.perplexity));
  CHECK(p.unseen == 3);  // aa, ac→(c was last), cb
  x2g::Rng rng(1);
  CHECK(refusal([&] { m.next(Ids{2}, rng); }, x2g::ErrorCode::bad_state).find("smooth") != std::string::npos);
}

TEST_CASE("an untrained model guesses uniformly: its perplexity is the size of the vocabulary", "[ngram][lesson-13]") {
  for (const Smoothing s : {Smoothing::add_k, Smoothing::back_off, Smoothing::stupid}) {
    const Ngram m({4, 37, s});
    CHECK(m.perplexity(kAbabc).perplexity == Approx(37).epsilon(1e-12));
  }
}

TEST_CASE("probabilities sum to 1 after any context, seen or not", "[ngram]") {
  for (const char* language : {"en", "ja"}) {
    const std::string text = x2g::stories(language, 20000, 3);
    const x2g::Tokenizer t = x2g::Tokenizer::characters(text);
    const Ids ids = t.encode(text);
    for (const Smoothing s : {Smoothing::add_k, Smoothing::back_off, Smoothing::stupid}) {
      for (std::uint32_t order = 1; order <= 5; ++order) {
        Ngram m({order, t.size() + 3, s});  // three tokens nobody ever saw
        m.add(ids);
        x2g::Rng rng(order);
        double worst = 0, apart = 0, least = 1;
        for (int i = 0; i < 40; ++i) {
          Ids context(rng.below(7));
          const std::uint32_t from = rng.below(static_cast<std::uint32_t>(ids.size() - 7));
          for (std::size_t j = 0; j < context.size(); ++j) context[j] = i % 3 == 0 ? rng.below(t.size() + 3) : ids[from + j];
          const std::vector<double> p = distribution(m, context);
          double sum = 0;
          for (std::uint32_t w = 0; w < p.size(); ++w) {
            sum += p[w];
            least = std::min(least, p[w]);
            if (w % 17 == 0) apart = std::max(apart, std::abs(p[w] - m.probability(context, w)));
          }
          worst = std::max(worst, std::abs(sum - 1));
        }
        CAPTURE(language, static_cast<int>(s), order);
        CHECK(worst < 1e-12);
        CHECK(apart < 1e-15);
        CHECK(least > 0);
      }
    }
  }
}

TEST_CASE("tokens seen everywhere leave nothing to pass down", "[ngram]") {
  // Every pair and every triple of three letters occurs: back-off must not discount, and not divide by what is left over.
  Ngram m({3, 3, Smoothing::back_off});
  x2g::Rng rng(2);
  Ids ids(3000);
  for (auto& i : ids) i = rng.below(3);
  m.add(ids);
  CHECK(m.kinds(3) == 27);
  const Ngram plain = model(3, 3, Smoothing::none, ids);
  for (std::uint32_t a = 0; a < 9; ++a) {
    const Ids context{a / 3, a % 3};
    CHECK(distribution(m, context) == distribution(plain, context));
  }
}

TEST_CASE("longer contexts predict held-out stories better until there is too little text", "[ngram][lesson-13]") {
  for (const char* language : {"en", "ja"}) {
    const std::string train = x2g::stories(language, 120000, 1), held_out = x2g::stories(language, 8000, 2);
    const x2g::Tokenizer t = x2g::Tokenizer::characters(train + held_out);
    const Ids ids = t.encode(train), other = t.encode(held_out);
    std::vector<double> back_off, add_one;
    for (std::uint32_t order = 1; order <= 5; ++order) {
      Ngram m({order, t.size()});
      m.add(ids);
      back_off.push_back(m.perplexity(other).perplexity);
      m.smooth(Smoothing::add_k, 1, 0.5);
      add_one.push_back(m.perplexity(other).perplexity);
    }
    CAPTURE(language, back_off, add_one);
    CHECK(back_off[0] < t.size());
    for (int i = 1; i < 5; ++i) CHECK(back_off[i] < back_off[i - 1]);
    CHECK(back_off[4] < 4);
    CHECK(add_one[4] > back_off[4]);
  }
}

TEST_CASE("drawn tokens follow the probabilities, and the seed", "[ngram]") {
  const Ngram m = model(2, 4, Smoothing::back_off, kAbabc);
  x2g::Rng rng(7), again(7);
  std::vector<int> drawn(4);
  const int n = 40000;
  bool same = true;
  for (int i = 0; i < n; ++i) {
    const std::uint32_t token = m.next(Ids{0}, rng);
    same = same && token == m.next(Ids{3, 0}, again);  // only the last token counts
    ++drawn[token];
  }
  CHECK(same);
  const std::vector<double> p = distribution(m, {0});
  for (int w = 0; w < 4; ++w) CHECK(std::abs(drawn[w] - n * p[w]) <= 5 * std::sqrt(n * p[w] * (1 - p[w])));
}

TEST_CASE("bad orders, vocabularies, tokens and settings are refused with the range", "[ngram]") {
  using x2g::ErrorCode;
  CHECK(refusal([] { Ngram({0, 5}); }, ErrorCode::invalid_argument).find("1 to 5") != std::string::npos);
  CHECK(refusal([] { Ngram({6, 5}); }, ErrorCode::invalid_argument).find("order 6") != std::string::npos);
  CHECK(refusal([] { Ngram({0xFFFFFFFFu, 5}); }, ErrorCode::invalid_argument) != "accepted");
  CHECK(refusal([] { Ngram({2, 0}); }, ErrorCode::invalid_argument).find("1 to 65536") != std::string::npos);
  CHECK(refusal([] { Ngram({2, 65537}); }, ErrorCode::invalid_argument) != "accepted");
  for (const double bad : {0.0, -1.0, 1001.0, std::nan("")}) {
    CHECK(refusal([&] { Ngram({2, 5, Smoothing::add_k, bad}); }, ErrorCode::invalid_argument).find("above 0") != std::string::npos);
    CHECK(refusal([&] { Ngram({2, 5, Smoothing::back_off, 1, bad}); }, ErrorCode::invalid_argument) != "accepted");
  }
  CHECK(refusal([] { Ngram({2, 5, static_cast<Smoothing>(9)}); }, ErrorCode::invalid_argument) != "accepted");
  CHECK(refusal([] { Ngram({2, 5, Smoothing::none, 1, 0.5, 0}); }, ErrorCode::invalid_argument) != "accepted");
  Ngram m({2, 3});
  CHECK(refusal([&] { m.add(Ids{0, 1, 3}); }, ErrorCode::invalid_argument).find("token 3 at place 2") != std::string::npos);
  CHECK(m.count(Ids{}) == 0);  // nothing of it was counted
  CHECK(refusal([&] { m.probability(Ids{4}, 0); }, ErrorCode::invalid_argument) != "accepted");
  CHECK(refusal([&] { m.probability(Ids{0}, 3); }, ErrorCode::invalid_argument).find("0 to 2") != std::string::npos);
  CHECK(refusal([&] { m.perplexity(Ids{}); }, ErrorCode::invalid_argument) != "accepted");
  CHECK(refusal([&] { m.count(Ids{0, 0, 0}); }, ErrorCode::invalid_argument).find("1 to 2") != std::string::npos);
  CHECK(refusal([&] { m.kinds(3); }, ErrorCode::invalid_argument) != "accepted");
  std::vector<double> p(2);
  CHECK(refusal([&] { m.distribution(Ids{}, p); }, ErrorCode::shape_mismatch).find("3 tokens") != std::string::npos);
}

TEST_CASE("more n-grams than allowed is a message, and the counts stay whole", "[ngram]") {
  Ngram m({3, 100, Smoothing::back_off, 1, 0.5, 50});
  Ids ids(100);
  for (std::uint32_t i = 0; i < 100; ++i) ids[i] = i;
  CHECK(refusal([&] { m.add(ids); }, x2g::ErrorCode::out_of_memory).find("50 different n-grams") != std::string::npos);
  const std::uint64_t counted = m.count(Ids{});
  CHECK(m.kinds(1) + m.kinds(2) + m.kinds(3) <= 50);
  CHECK(counted == 17);  // 17 + 16 + 15 = 48; the next token would make 51
  m.add(Ids(1000, 0));   // 0, 00, 000: two more
  CHECK(m.count(Ids{0, 0, 0}) == 998);
  std::vector<double> p(100);
  m.distribution(Ids{3, 4}, p);
  double sum = 0;
  for (const double v : p) sum += v;
  CHECK(sum == Approx(1).epsilon(1e-12));
  CHECK(m.bytes() < 20000);
}
