// Philox against the published answers of its authors, and the distributions against their definitions.
#include "x2g/base/rng.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <numeric>
#include <vector>

using namespace x2g;
using Words = std::array<std::uint32_t, 4>;

TEST_CASE("philox gives the known answers of Random123", "[base]") {
  // kat_vectors of the Random123 distribution, lines "philox4x32 10".
  CHECK(philox({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}) == Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a random number depends on seed, stream and position only", "[base]") {
  Rng a(7, Stream::init), b(7, Stream::init), other_stream(7, Stream::batch), other_seed(8, Stream::init);
  std::vector<std::uint32_t> first(12);
  for (auto& w : first) w = a.bits();
  for (auto w : first) CHECK(b.bits() == w);
  CHECK(other_stream.bits() != first[0]);
  CHECK(other_seed.bits() != first[0]);
  Rng later(7, Stream::init, 2);
  for (std::size_t i = 8; i < 12; ++i) CHECK(later.bits() == first[i]);
}

TEST_CASE("uniform numbers lie in their interval and have its mean and variance", "[base]") {
  Rng rng(1);
  double sum = 0, squares = 0;
  const int n = 200000;
  for (int i = 0; i < n; ++i) {
    const double u = i % 2 == 0 ? static_cast<double>(rng.uniform()) : rng.uniform64();
    REQUIRE((u >= 0 && u < 1));
    sum += u;
    squares += u * u;
  }
  // Standard errors: 0.29/√n and 0.30/√n; five of them.
  CHECK(std::fabs(sum / n - 0.5) < 5 * 0.29 / std::sqrt(n));
  CHECK(std::fabs(squares / n - 1.0 / 3) < 5 * 0.30 / std::sqrt(n));
  for (int i = 0; i < 1000; ++i) {
    const double u = rng.uniform(-3, 1e-9);
    REQUIRE((u >= -3 && u < 1e-9));
  }
}

TEST_CASE("normal numbers have the moments and the tails of the normal distribution", "[base]") {
  Rng rng(3);
  const int n = 200000;
  double sum = 0, squares = 0, cubes = 0, fourth = 0;
  int outside = 0;
  for (int i = 0; i < n; ++i) {
    const double v = rng.normal();
    REQUIRE(std::isfinite(v));
    sum += v;
    squares += v * v;
    cubes += v * v * v;
    fourth += v * v * v * v;
    outside += std::fabs(v) > 1.959963985;
  }
  const double root = std::sqrt(n);  // standard deviations of one term: 1, √2, √15, √96, √(0.05·0.95)
  CHECK(std::fabs(sum / n) < 5 * 1.0 / root);
  CHECK(std::fabs(squares / n - 1) < 5 * 1.42 / root);
  CHECK(std::fabs(cubes / n) < 5 * 3.88 / root);
  CHECK(std::fabs(fourth / n - 3) < 5 * 9.80 / root);
  CHECK(std::fabs(outside / static_cast<double>(n) - 0.05) < 5 * 0.22 / root);
}

TEST_CASE("below draws every number equally often", "[base]") {
  for (const std::uint32_t n : {1u, 2u, 3u, 7u, 10u}) {
    Rng rng(11, n);
    std::vector<double> count(n);
    const int draws = 70000;
    for (int i = 0; i < draws; ++i) {
      const std::uint32_t v = rng.below(n);
      REQUIRE(v < n);
      ++count[v];
    }
    const double expected = static_cast<double>(draws) / n;
    double chi_square = 0;
    for (const double c : count) chi_square += (c - expected) * (c - expected) / expected;
    CHECK(chi_square < n + 5 * std::sqrt(2.0 * n));
  }
  // A range just above 2^31: a plain remainder would draw the lower half twice as often.
  Rng rng(5);
  int low = 0;
  for (int i = 0; i < 10000; ++i) low += rng.below(0xC0000000u) < 0x40000000u;
  CHECK(std::abs(low - 3333) < 5 * 48);
}

TEST_CASE("shuffle keeps the items and reaches every order of three", "[base]") {
  Rng rng(9);
  std::vector<int> count(27);
  for (int i = 0; i < 6000; ++i) {
    std::vector<int> v{0, 1, 2};
    rng.shuffle(std::span(v));
    ++count[static_cast<std::size_t>(v[0] * 9 + v[1] * 3 + v[2])];
  }
  for (const std::size_t order : {5u, 7u, 11u, 15u, 19u, 21u}) CHECK(std::abs(count[order] - 1000) < 5 * 29);
  CHECK(std::accumulate(count.begin(), count.end(), 0) == 6000);
  std::vector<int> none;
  rng.shuffle(std::span(none));
}
