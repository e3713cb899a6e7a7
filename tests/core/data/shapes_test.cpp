// Circles, moons and spirals: where their points lie, and that the seed alone decides.
#include "x2g/data/shapes.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cmath>
#include <functional>
#include <limits>
#include <numbers>

#include "support/op_graph.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

using namespace test;
using Catch::Matchers::ContainsSubstring;

std::uint64_t hash(const PointSet& set) { return fnv1a(set.t.data(), 4 * set.t.size(), fnv1a(set.x.data(), 4 * set.x.size())); }

using Make = std::function<PointSet(std::uint32_t n, double noise, std::uint64_t seed)>;
const Make kMakers[] = {
    [](std::uint32_t n, double noise, std::uint64_t seed) { return circles(n, 0.5, noise, seed); },
    [](std::uint32_t n, double noise, std::uint64_t seed) { return moons(n, noise, seed); },
    [](std::uint32_t n, double noise, std::uint64_t seed) { return spirals(n, 3, 1, noise, seed); },
};

/// Share of points whose class the best of many straight lines through the plane gets right (two classes).
double best_line(const PointSet& set) {
  double best = 0;
  for (int angle = 0; angle < 60; ++angle)
    for (int offset = -20; offset <= 20; ++offset) {
      const double a = angle * std::numbers::pi / 60;
      double right = 0;
      for (std::uint32_t i = 0; i < set.rows(); ++i)
        right += (std::cos(a) * set.x[2 * i] + std::sin(a) * set.x[2 * i + 1] > offset / 10.0) == (set.t[i] == 1);
      best = std::fmax(best, std::fmax(right, set.rows() - right) / set.rows());
    }
  return best;
}

}  // namespace

TEST_CASE("circles without noise have two radii and all angles", "[data]") {
  const PointSet set = circles(4000, 0.4, 0, 1);
  double quarter[4] = {};
  for (std::uint32_t i = 0; i < set.rows(); ++i) {
    const double x = set.x[2 * i], y = set.x[2 * i + 1], r = std::hypot(x, y);
    REQUIRE(std::fabs(r - (set.t[i] == 1 ? 0.4 : 1)) < 1e-6);
    quarter[(x > 0) + 2 * (y > 0)] += 1.0 / set.rows();
  }
  for (const double share : quarter) CHECK(std::fabs(share - 0.25) < 0.03);
}

TEST_CASE("moons without noise are two half circles that reach into each other", "[data]") {
  const PointSet set = moons(2000, 0, 2);
  for (std::uint32_t i = 0; i < set.rows(); ++i) {
    const double x = set.x[2 * i], y = set.x[2 * i + 1];
    if (set.t[i] == 0) {
      REQUIRE(std::fabs(x * x + y * y - 1) < 1e-6);
      REQUIRE(y >= -1e-6);
    } else {
      REQUIRE(std::fabs((x - 1) * (x - 1) + (y - 0.5) * (y - 0.5) - 1) < 1e-6);
      REQUIRE(y <= 0.5 + 1e-6);
    }
  }
  CHECK(best_line(set) > 0.85);  // most of it is easy
  CHECK(best_line(set) < 0.97);  // but never all
}

TEST_CASE("the arms of a spiral are one arm turned", "[data]") {
  for (const std::uint32_t classes : {2u, 3u, 5u, 8u})
    for (const double turns : {0.5, 1.0, 2.5}) {
      const PointSet set = spirals(500, classes, turns, 0, 3);
      for (std::uint32_t i = 0; i < set.rows(); ++i) {
        const double x = set.x[2 * i], y = set.x[2 * i + 1], r = std::hypot(x, y);
        REQUIRE(r >= 0.1 - 1e-6);
        REQUIRE(r <= 1 + 1e-6);
        const double angle = 2 * std::numbers::pi * (turns * (r - 0.1) / 0.9 + set.t[i] / static_cast<double>(classes));
        REQUIRE(std::hypot(x - r * std::cos(angle), y - r * std::sin(angle)) < 1e-5);
      }
    }
  CHECK(best_line(spirals(1000, 2, 1.5, 0, 3)) < 0.75);
}

TEST_CASE("labels of shapes go round, so that every class has its share", "[data]") {
  for (const std::uint32_t classes : {2u, 3u, 7u}) {
    const PointSet set = spirals(100, classes, 1, 0.1, 4);
    CHECK(set.inputs == 2);
    CHECK(set.x.size() == 200);
    for (std::uint32_t i = 0; i < 100; ++i) CHECK(set.t[i] == static_cast<float>(i % classes));
  }
  CHECK(circles(1, 0.5, 0, 1).rows() == 1);
}

TEST_CASE("noise has the asked standard deviation in both coordinates", "[data]") {
  for (const Make& make : kMakers) {
    const PointSet clean = make(20000, 0, 5), noisy = make(20000, 0.2, 5);
    double square[2] = {}, mean[2] = {};
    for (std::size_t i = 0; i < clean.x.size(); ++i) {
      const double d = noisy.x[i] - clean.x[i];
      mean[i % 2] += d / 20000;
      square[i % 2] += d * d / 20000;
    }
    for (int k = 0; k < 2; ++k) {
      CHECK(std::fabs(mean[k]) < 0.01);
      CHECK(std::fabs(std::sqrt(square[k]) - 0.2) < 0.005);
    }
  }
}

TEST_CASE("shapes are the seed's, to the bit, and more points begin with the fewer", "[data]") {
  for (const Make& make : kMakers) {
    const PointSet some = make(101, 0.1, 7), more = make(200, 0.1, 7);
    CHECK(hash(some) == hash(make(101, 0.1, 7)));
    CHECK(hash(some) != hash(make(101, 0.1, 8)));
    CHECK(std::equal(some.x.begin(), some.x.end(), more.x.begin()));
  }
  CHECK(hash(circles(64, 0.5, 0.1, 1)) == 0x2b89a7ecdec496caull);
  CHECK(hash(moons(64, 0.1, 1)) == 0x46bb3f0b006310adull);
  CHECK(hash(spirals(64, 3, 1.5, 0.1, 1)) == 0xcbf5779a683ab49dull);
}

TEST_CASE("shapes refuse what they cannot be", "[data][reliability-6]") {
  CHECK_THAT(message_of([] { circles(0, 0.5, 0, 1); }), ContainsSubstring("circles of 0 points; choose 1 to 100000"));
  CHECK_THAT(message_of([] { moons(100001, 0, 1); }), ContainsSubstring("moons of 100001"));
  CHECK_THAT(message_of([] { circles(5, 1, 0, 1); }), ContainsSubstring("factor 1; the inner radius"));
  CHECK_THAT(message_of([] { circles(5, std::nan(""), 0, 1); }), ContainsSubstring("factor NaN"));
  CHECK_THAT(message_of([] { moons(5, -1, 1); }), ContainsSubstring("noise -1; choose 0 to 10"));
  CHECK_THAT(message_of([] { spirals(5, 1, 1, 0, 1); }), ContainsSubstring("1 arms; choose 2 to 8"));
  CHECK_THAT(message_of([] { spirals(5, 2, 5, 0, 1); }), ContainsSubstring("5 turns"));
  CHECK_THAT(message_of([] { spirals(5, 2, 1, std::numeric_limits<double>::infinity(), 1); }), ContainsSubstring("noise Infinity"));
}

}  // namespace x2g
