// The chain of decoding steps: each by hand, what each removes, ties, agreement with Sampler and with plain sorting, refusals.
#include "x2g/lm/decoding.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "support/arrays.hpp"
#include "support/counting_new.hpp"
#include "x2g/base/error.hpp"
#include "x2g/lm/sampler.hpp"

using namespace x2g;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using Floats = std::vector<float>;
using Ids = std::vector<std::uint32_t>;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Logits whose softmax are these probabilities.
Floats logits_of(const Floats& p) {
  Floats x;
  for (const float v : p) x.push_back(std::log(v));
  return x;
}

Floats probabilities(const Floats& logits, const DecodingConfig& c, const Ids& history = {}) {
  Floats p(logits.size());
  Decoder(c).probabilities(logits, history, p);
  return p;
}

Ids survivors(const Floats& logits, const DecodingConfig& c) {
  const DecodingTrace t = Decoder(c).trace(logits);
  Ids ids;
  for (std::uint32_t i = 0; i < t.removed_by.size(); ++i)
    if (t.removed_by[i] == kKeptToken) ids.push_back(i);
  return ids;
}

/// Made-up logits on a grid of sixteenths, so that ties occur.
Floats some_logits(std::size_t n, std::uint64_t seed) {
  Floats x = test::random_floats(n, seed, -4, 4);
  for (float& v : x) v = std::round(v * 16) / 16;
  return x;
}

}  // namespace

TEST_CASE("top-p keeps the fewest tokens that reach the sum", "[lm][decoding][lesson-24]") {
  const Floats x = logits_of({0.05f, 0.5f, 0.1f, 0.3f, 0.05f});
  CHECK(survivors(x, {.top_p = 0.9}) == Ids{1, 2, 3});      // 0.5 + 0.3 + 0.1 reaches it exactly
  CHECK(survivors(x, {.top_p = 0.91}) == Ids{0, 1, 2, 3});  // one of the two 0.05: the lower id
  CHECK(survivors(x, {.top_p = 0.5}) == Ids{1});
  CHECK(survivors(x, {.top_p = 1e-12}) == Ids{1});
  CHECK(survivors(x, {.top_p = 1}) == Ids{0, 1, 2, 3, 4});
  const Floats p = probabilities(x, {.top_p = 0.8});
  CHECK(p[1] == Approx(0.625).epsilon(1e-6));
  CHECK(p[3] == Approx(0.375).epsilon(1e-6));
  CHECK(p[0] == 0.0f);
}

TEST_CASE("min-p keeps what is likely beside the likeliest", "[lm][decoding][lesson-24]") {
  const Floats x = logits_of({0.05f, 0.5f, 0.1f, 0.3f, 0.05f});
  CHECK(survivors(x, {.min_p = 0.1}) == Ids{0, 1, 2, 3, 4});  // 0.05 = 0.1 · 0.5
  CHECK(survivors(x, {.min_p = 0.11}) == Ids{1, 2, 3});
  CHECK(survivors(x, {.min_p = 1}) == Ids{1});
  CHECK(survivors({2, 2, 2}, {.min_p = 1}) == Ids{0, 1, 2});
}

TEST_CASE("typical sampling may drop the likeliest token", "[lm][decoding][lesson-24]") {
  // p = 0.4, 0.1 six times: H = −0.4 ln 0.4 − 0.6 ln 0.1 = 1.7481; −ln 0.4 = 0.9163 is 0.83 away, −ln 0.1 = 2.3026 only 0.55.
  const Floats x = logits_of({0.4f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f});
  CHECK(survivors(x, {.typical = 0.25}) == Ids{1, 2, 3});
  CHECK(survivors(x, {.typical = 0.6}) == Ids{1, 2, 3, 4, 5, 6});
  CHECK(survivors(x, {.typical = 0.61}) == Ids{0, 1, 2, 3, 4, 5, 6});
  const Floats p = probabilities(x, {.typical = 0.2});
  CHECK(p[1] == Approx(0.5));
  CHECK(p[0] == 0.0f);
}

TEST_CASE("the repetition penalty divides positive logits and multiplies negative ones, once a token", "[lm][decoding][lesson-24]") {
  const Floats x{2, -1, 1, 0};
  const Floats same = probabilities({1, -2, 1, 0}, {});
  CHECK(probabilities(x, {.repetition = 2}, {0, 1, 0, 0}) == same);
  CHECK(probabilities(x, {.repetition = 2}, {}) == probabilities(x, {}));
  CHECK(probabilities(x, {.repetition = 1}, {0, 1}) == probabilities(x, {}));
}

TEST_CASE("the frequency penalty counts, the presence penalty does not", "[lm][decoding][lesson-24]") {
  const Floats x{2, -1, 1, 0};
  CHECK(probabilities(x, {.frequency = 0.5}, {0, 1, 0, 0}) == probabilities({0.5f, -1.5f, 1, 0}, {}));
  CHECK(probabilities(x, {.presence = 0.5}, {0, 1, 0, 0}) == probabilities({1.5f, -1.5f, 1, 0}, {}));
  CHECK(probabilities(x, {.presence = -1}, {3}) == probabilities({2, -1, 1, 1}, {}));
  // repetition first, then the two subtractions: 2/2 − 3 · 0.25 − 0.5
  CHECK(probabilities(x, {.repetition = 2, .presence = 0.5, .frequency = 0.25}, {0, 0, 0}) == probabilities({-0.25f, -1, 1, 0}, {}));
}

TEST_CASE("a greedy loop ends when repetition is penalized", "[lm][decoding][lesson-24]") {
  // A made-up model: after token i the likeliest is i + 1 mod 3, then 3, 4, …
  const auto logits = [](std::uint32_t last) {
    Floats x(8);
    for (std::uint32_t i = 0; i < 8; ++i) x[i] = i == (last + 1) % 3 ? 4.0f : 3.0f - 0.1f * static_cast<float>(i);
    return x;
  };
  const auto run = [&](double penalty) {
    Decoder greedy({.repetition = penalty, .temperature = 0});
    Ids ids{0};
    while (ids.size() < 7) ids.push_back(greedy.next(logits(ids.back()), ids));
    return ids;
  };
  CHECK(run(1) == Ids{0, 1, 2, 0, 1, 2, 0});
  CHECK(run(2) == Ids{0, 1, 2, 3, 4, 5, 6});
}

TEST_CASE("a trace tells what each step left and which step removed a token", "[lm][decoding][lesson-24]") {
  const Floats x{std::log(0.4f), std::log(0.2f), std::log(0.2f), std::log(0.1f), std::log(0.06f), std::log(0.04f), -kInfinity};
  Decoder decoder({.temperature = 1, .top_k = 5, .top_p = 0.8, .min_p = 0.4, .typical = 0.45});
  const DecodingTrace t = decoder.trace(x);
  const auto by = [](DecodingStep s) { return static_cast<std::uint8_t>(s); };
  // top-k drops 0.04; of the rest, over 0.96, 0.4 + 0.2 + 0.2 reach 0.8 · 0.96; min-p drops nothing; then p = ½, ¼, ¼: H = 1.04 lies
  // 0.35 from each, but −ln ½ and −ln ¼ = 2 · −ln ½ round, so only the number left is sure
  CHECK(t.removed_by[6] == by(DecodingStep::model));
  CHECK(t.removed_by[5] == by(DecodingStep::top_k));
  CHECK(t.removed_by[4] == by(DecodingStep::top_p));
  CHECK(t.removed_by[3] == by(DecodingStep::top_p));
  CHECK(t.kept[0] == 6);
  CHECK(t.kept[2] == 6);
  CHECK(t.kept[3] == 5);
  CHECK(t.kept[4] == 3);
  CHECK(t.kept[5] == 3);
  CHECK(t.kept[6] < 3);
  CHECK(t.after(DecodingStep::model)[0] == Approx(0.4));
  CHECK(t.after(DecodingStep::top_k)[0] == Approx(0.4 / 0.96));
  CHECK(t.after(DecodingStep::top_p)[0] == Approx(0.5));
  for (std::size_t step = 0; step < kDecodingSteps; ++step) {
    const auto p = t.after(static_cast<DecodingStep>(step));
    CHECK(std::accumulate(p.begin(), p.end(), 0.0) == Approx(1).margin(1e-6));
  }
  Floats last(x.size());
  decoder.probabilities(x, {}, last);
  CHECK(std::ranges::equal(last, t.after(DecodingStep::typical)));
}

TEST_CASE("greedy removes all but the first largest at the temperature, and the extremes do what they say", "[lm][decoding][lesson-24]") {
  const DecodingTrace t = Decoder({.temperature = 0, .top_p = 0.5}).trace(Floats{1, 7, 7, 3});
  CHECK(t.removed_by == std::vector<std::uint8_t>{2, kKeptToken, 2, 2});
  CHECK(t.kept == std::array<std::uint32_t, kDecodingSteps>{4, 4, 1, 1, 1, 1, 1});
  CHECK(probabilities({0, 1, 2}, {.temperature = 1e-3})[2] == 1.0f);
  CHECK(probabilities({0, 1, 2}, {.temperature = 100})[0] == Approx(1.0 / 3).margin(0.01));
}

TEST_CASE("set alike, the chain draws what Sampler draws", "[lm][decoding]") {
  const double temperature = GENERATE(0.0, 0.7, 1.3);
  const std::uint32_t top_k = GENERATE(0u, 1u, 5u, 1000u);
  Sampler sampler({temperature, top_k, 9});
  Decoder decoder({.temperature = temperature, .top_k = top_k, .seed = 9}), plain({.temperature = temperature, .top_k = top_k, .seed = 9});
  for (std::uint64_t i = 0; i < 200; ++i) {
    const Floats x = some_logits(50, i);
    const std::uint32_t token = sampler.next(x);
    CHECK(decoder.next(x, Ids{1, 2}) == token);
    plain.trace(x);  // looking draws nothing
    CHECK(plain.next(x) == token);
  }
}

TEST_CASE("seeds go on drawing what they drew before the chain was built", "[lm][decoding]") {
  Sampler sampler({0.8, 20, 5});
  Ids drawn;
  for (std::uint64_t i = 0; i < 12; ++i) drawn.push_back(sampler.next(test::random_floats(65, i, -3, 3)));
  CHECK(drawn == Ids{4, 46, 28, 3, 15, 32, 34, 28, 62, 26, 58, 34});
}

TEST_CASE("the heap keeps what sorting everything would keep", "[lm][decoding]") {
  const std::size_t V = GENERATE(1u, 2u, 17u, 300u);
  const double mass = GENERATE(0.1, 0.5, 0.9, 0.999);
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const Floats x = some_logits(V, seed);
    const Floats p = probabilities(x, {});
    const auto keep = [&](auto&& before) {
      Ids ids(V);
      std::iota(ids.begin(), ids.end(), 0u);
      std::ranges::stable_sort(ids, before);
      double sum = 0;
      std::size_t n = 0;
      while (n == 0 || (n < V && sum < mass - 1e-7)) sum += static_cast<double>(p[ids[n++]]);
      ids.resize(n);
      std::ranges::sort(ids);
      return ids;
    };
    CAPTURE(V, mass, seed);
    CHECK(survivors(x, {.top_p = mass}) == keep([&](std::uint32_t a, std::uint32_t b) { return x[a] > x[b]; }));
    double entropy = 0;
    for (const float v : p) entropy -= static_cast<double>(v) * std::log(static_cast<double>(v));
    const auto distance = [&](std::uint32_t i) { return static_cast<float>(std::fabs(-std::log(static_cast<double>(p[i])) - entropy)); };
    const Ids typical = survivors(x, {.typical = mass});
    const Ids sorted = keep([&](std::uint32_t a, std::uint32_t b) { return distance(a) < distance(b); });
    CHECK(typical.size() == sorted.size());
    for (std::size_t i = 0; i < typical.size(); ++i) CHECK(p[typical[i]] == p[sorted[i]]);
  }
}

TEST_CASE("drawn tokens follow the last distribution, and a draw allocates nothing after the first", "[lm][decoding]") {
  const Floats x{0.3f, -1, 2, 0, -kInfinity, 1, 0.9f, 0.8f};
  Decoder decoder({.repetition = 1.2, .temperature = 0.9, .top_k = 7, .top_p = 0.9, .min_p = 0.05, .typical = 0.95, .seed = 77});
  const Ids history{2, 5, 5};
  Floats p(x.size());
  decoder.probabilities(x, history, p);
  decoder.next(x, history);
  std::vector<int> count(x.size());
  const auto before = test::allocations();
  const int n = 50000;
  for (int i = 0; i < n; ++i) ++count[decoder.next(x, history)];
  CHECK(test::allocations() == before);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double pi = static_cast<double>(p[i]);
    CHECK(std::abs(count[i] - n * pi) <= 5 * std::sqrt(n * pi * (1 - pi)));  // five standard deviations; the seed is fixed
  }
}

TEST_CASE("settings of decoding out of range are refused with the value", "[lm][decoding][reliability-6]") {
  const auto refused = [](DecodingConfig c) {
    try {
      Decoder decoder(c);
    } catch (const Error& e) {
      CHECK(e.code() == ErrorCode::invalid_argument);
      return e.message();
    }
    return std::string("accepted");
  };
  const double nan = std::nan("");
  CHECK_THAT(refused({.repetition = 0}), ContainsSubstring("repetition is 0"));
  CHECK_THAT(refused({.repetition = nan}), ContainsSubstring("repetition is NaN"));
  CHECK_THAT(refused({.presence = 11}), ContainsSubstring("presence is 11"));
  CHECK_THAT(refused({.frequency = -11}), ContainsSubstring("frequency is -11"));
  CHECK_THAT(refused({.temperature = -1}), ContainsSubstring("temperature of -1"));
  CHECK_THAT(refused({.top_p = 0}), ContainsSubstring("top_p is 0"));
  CHECK_THAT(refused({.top_p = nan}), ContainsSubstring("top_p is NaN"));
  CHECK_THAT(refused({.min_p = 1.5}), ContainsSubstring("min_p is 1.5"));
  CHECK_THAT(refused({.typical = 0}), ContainsSubstring("typical is 0"));

  Decoder decoder({.repetition = 2, .top_p = 0.9});
  const auto code = [&](const Floats& x, const Ids& history = {}) {
    try {
      decoder.next(x, history);
    } catch (const Error& e) {
      return e.code();
    }
    return ErrorCode::bad_file;
  };
  CHECK(code({}) == ErrorCode::invalid_argument);
  CHECK(code({0, std::nanf("")}) == ErrorCode::bad_state);
  CHECK(code({0, kInfinity}) == ErrorCode::bad_state);
  CHECK(code({-kInfinity, -kInfinity}) == ErrorCode::bad_state);
  CHECK(code({0, 1}, {2}) == ErrorCode::invalid_argument);
}
