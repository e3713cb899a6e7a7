// Drawing tokens: the probabilities by hand, temperature, top-k, extremes, and that frequencies follow them.
#include "x2g/lm/sampler.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include "x2g/base/error.hpp"

using Catch::Approx;
using x2g::Sampler;
using Floats = std::vector<float>;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

Floats probabilities(const Floats& logits, double temperature, std::uint32_t top_k = 0) {
  Floats p(logits.size());
  Sampler({temperature, top_k, 1}).probabilities(logits, p);
  return p;
}

}  // namespace

TEST_CASE("probabilities are the softmax of logits over temperature", "[lm][lesson-21]") {
  const Floats logits{std::log(1.0f), std::log(2.0f), std::log(5.0f)};
  const Floats one = probabilities(logits, 1);
  CHECK(one[0] == Approx(0.125).epsilon(1e-6));
  CHECK(one[1] == Approx(0.25).epsilon(1e-6));
  CHECK(one[2] == Approx(0.625).epsilon(1e-6));
  const Floats half = probabilities(logits, 0.5);  // squares: 1 : 4 : 25
  CHECK(half[0] == Approx(1.0 / 30).epsilon(1e-6));
  CHECK(half[2] == Approx(25.0 / 30).epsilon(1e-6));
  const Floats flat = probabilities(logits, 100);
  CHECK(flat[0] == Approx(1.0 / 3).margin(0.01));
}

TEST_CASE("temperature 0 takes the first largest logit", "[lm]") {
  CHECK(probabilities({1, 7, 7, 3}, 0) == Floats{0, 1, 0, 0});
  Sampler greedy({0, 0, 5});
  for (int i = 0; i < 20; ++i) CHECK(greedy.next(Floats{1, 7, 7, 3}) == 1);
}

TEST_CASE("top-k keeps the k likeliest, ties by lower id", "[lm]") {
  const Floats logits{0, 3, 1, 3, 2, 1};
  const Floats two = probabilities(logits, 1, 2);
  CHECK(two == Floats{0, 0.5f, 0, 0.5f, 0, 0});
  const Floats four = probabilities(logits, 1, 4);
  CHECK(four[2] > 0.0f);
  CHECK(four[5] == 0.0f);  // ties with token 2, which comes first
  CHECK(four[0] == 0.0f);
  CHECK(probabilities(logits, 1, 1) == Floats{0, 1, 0, 0, 0, 0});
  CHECK(probabilities(logits, 1, 6) == probabilities(logits, 1, 0));
  CHECK(probabilities(logits, 1, 1000) == probabilities(logits, 1, 0));
}

TEST_CASE("extreme logits and temperatures give finite probabilities", "[lm]") {
  for (const double temperature : {1e-300, 1e-6, 1.0, 100.0}) {
    for (const Floats& logits :
         {Floats{1e4f, -1e4f, 0}, Floats{3e38f, -3e38f, 3e38f}, Floats{-kInfinity, 0, 1}, Floats{-1e30f, -1e30f, -1e30f}, Floats{5}}) {
      const Floats p = probabilities(logits, temperature);
      double sum = 0;
      for (const float v : p) {
        CHECK(std::isfinite(v));
        CHECK(v >= 0.0f);
        sum += static_cast<double>(v);
      }
      CHECK(sum == Approx(1).margin(1e-6));
    }
  }
  CHECK(probabilities({-kInfinity, 0, 0}, 1)[0] == 0.0f);
}

TEST_CASE("drawn tokens follow the probabilities", "[lm]") {
  const Floats logits{0.3f, -1, 2, 0, -kInfinity, 1};
  const Floats p = probabilities(logits, 0.8, 4);
  Sampler sampler({0.8, 4, 77});
  const int n = 100000;
  std::vector<int> count(logits.size());
  for (int i = 0; i < n; ++i) ++count[sampler.next(logits)];
  for (std::size_t i = 0; i < logits.size(); ++i) {
    // Five standard deviations of a binomial count: one false alarm in over a million seeds, and the seed is fixed.
    const double pi = static_cast<double>(p[i]);
    CHECK(std::abs(count[i] - n * pi) <= 5 * std::sqrt(n * pi * (1 - pi)));
  }
}

TEST_CASE("the same seed draws the same tokens", "[lm]") {
  const Floats logits{0, 0.1f, 0.2f, 0.3f};
  Sampler a({1, 0, 3}), b({1, 0, 3}), c({1, 0, 4});
  int differs = 0;
  for (int i = 0; i < 200; ++i) {
    const std::uint32_t token = a.next(logits);
    CHECK(b.next(logits) == token);
    differs += c.next(logits) != token;
  }
  CHECK(differs > 50);
}

TEST_CASE("bad settings and blown-up logits are refused with the value", "[lm]") {
  for (const double temperature : {-0.1, 100.1, std::nan("")}) CHECK_THROWS_AS(Sampler({temperature, 0, 1}), x2g::Error);
  Sampler sampler({1, 0, 1});
  const auto code = [&](const Floats& logits) {
    try {
      sampler.next(logits);
    } catch (const x2g::Error& e) {
      return e.code();
    }
    FAIL("accepted");
    return x2g::ErrorCode::bad_file;
  };
  CHECK(code({}) == x2g::ErrorCode::invalid_argument);
  CHECK(code({0, std::nanf("")}) == x2g::ErrorCode::bad_state);
  CHECK(code({std::nanf(""), 0}) == x2g::ErrorCode::bad_state);
  CHECK(code({0, kInfinity}) == x2g::ErrorCode::bad_state);
  CHECK(code({-kInfinity, -kInfinity}) == x2g::ErrorCode::bad_state);
  Floats p(2);
  CHECK_THROWS_AS(sampler.probabilities(Floats{1, 2, 3}, p), x2g::Error);
}
