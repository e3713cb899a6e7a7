// Sines and drawn curves: where they pass, what they do between their points, and that the seed alone decides the noise.
#include "x2g/data/curves.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "support/op_graph.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

using namespace test;
using Catch::Matchers::ContainsSubstring;
using Floats = std::vector<float>;

std::uint64_t hash(const CurveSet& set) { return fnv1a(set.y.data(), 4 * set.y.size(), fnv1a(set.x.data(), 4 * set.x.size())); }

}  // namespace

TEST_CASE("a sine is a sine, at even places from 0 to 1", "[data][lesson-03]") {
  for (const double periods : {0.5, 1.0, 3.0, 32.0}) {
    const CurveSet set = sine(101, periods, 0, 1);
    for (std::size_t i = 0; i < 101; ++i) {
      const double x = static_cast<double>(i) / 100;
      REQUIRE(std::fabs(set.x[i] - x) < 1e-7);
      REQUIRE(std::fabs(set.y[i] - std::sin(2 * std::numbers::pi * periods * x)) < 1e-6);
    }
  }
  const CurveSet noisy = sine(50000, 1, 0.3, 2), clean = sine(50000, 1, 0, 2);
  double square = 0;
  for (std::size_t i = 0; i < noisy.y.size(); ++i) square += std::pow(noisy.y[i] - clean.y[i], 2) / 50000;
  CHECK(std::fabs(std::sqrt(square) - 0.3) < 0.005);
}

TEST_CASE("a drawn curve passes through its points, whatever their order", "[data][lesson-03]") {
  const Floats x{2, 0, 1, 4, 3}, y{5, 1, -1, 2, 2};
  for (const Interpolation how : {Interpolation::linear, Interpolation::smooth}) {
    const CurveSet set = drawn_curve(x, y, 5, how, 0, 1);
    CHECK(set.x == Floats{0, 1, 2, 3, 4});
    for (std::size_t i = 0; i < 5; ++i) CHECK(std::fabs(set.y[i] - Floats{1, -1, 5, 2, 2}[i]) < 1e-6f);
  }
  const CurveSet half = drawn_curve(x, y, 9, Interpolation::linear, 0, 1);
  CHECK(half.y == Floats{1, 0, -1, 2, 5, 3.5f, 2, 2, 2});
}

TEST_CASE("a smooth curve never overshoots, and has no corners where the points go on in one direction", "[data]") {
  const Floats x{0, 1, 1.5f, 3, 4, 4.25f, 6}, y{0, 0.1f, 4, 4.2f, -1, -1, 3};
  const CurveSet set = drawn_curve(x, y, 6001, Interpolation::smooth, 0, 1);
  double bend = 0, corner = 0;
  const CurveSet straight = drawn_curve(x, y, 6001, Interpolation::linear, 0, 1);
  for (std::size_t i = 0; i < set.x.size(); ++i) {
    std::size_t k = 0;
    while (k + 2 < x.size() && set.x[i] > x[k + 1]) ++k;
    REQUIRE(set.y[i] >= std::min(y[k], y[k + 1]) - 1e-5f);
    REQUIRE(set.y[i] <= std::max(y[k], y[k + 1]) + 1e-5f);
    if (i < 1 || i + 1 >= set.x.size()) continue;
    const auto turn = [&](const Floats& v) { return std::fabs(v[i + 1] - 2 * static_cast<double>(v[i]) + v[i - 1]) / 0.001; };
    bend = std::fmax(bend, turn(set.y));
    corner = std::fmax(corner, turn(straight.y));
  }
  CAPTURE(bend, corner);
  CHECK(corner > 7);   // the straight one changes its slope by 7.7 at once
  CHECK(bend < 0.15);  // the smooth one little by little
}

TEST_CASE("between the points of a parabola a smooth curve is nearer to it than a straight one", "[data]") {
  Floats x, y;
  for (int i = 0; i <= 20; ++i) {
    x.push_back(static_cast<float>(i) / 20 - 0.25f);
    y.push_back(x.back() * x.back());
  }
  const auto error = [&](Interpolation how) {
    const CurveSet set = drawn_curve(x, y, 301, how, 0, 1);
    double most = 0;
    for (std::size_t i = 0; i < 301; ++i) most = std::fmax(most, std::fabs(set.y[i] - static_cast<double>(set.x[i]) * set.x[i]));
    return most;
  };
  CHECK(std::fabs(error(Interpolation::linear) - 0.05 * 0.05 / 4) < 1e-5);  // h²/8 times the second derivative, 2
  CHECK(error(Interpolation::smooth) < 0.5 * error(Interpolation::linear));
}

TEST_CASE("drawing over a line again replaces it", "[data]") {
  const Floats x{0, 1, 2, 1, 1}, y{0, 5, 0, 6, 7};
  CHECK(drawn_curve(x, y, 3, Interpolation::linear, 0, 1).y == Floats{0, 7, 0});
}

TEST_CASE("curves are the seed's, to the bit", "[data]") {
  const Floats x{-1, 0.25f, 2}, y{3, -2, 0.5f};
  CHECK(hash(sine(64, 2, 0.1, 1)) != hash(sine(64, 2, 0.1, 2)));
  CHECK(hash(sine(64, 2, 0.1, 1)) == 0x1af5bd5c27bd78f3ull);
  CHECK(hash(drawn_curve(x, y, 64, Interpolation::smooth, 0.1, 1)) == 0x21c0c577461c6b19ull);
}

TEST_CASE("curves refuse what they cannot be", "[data][reliability-6]") {
  CHECK_THAT(message_of([] { sine(1, 1, 0, 1); }), ContainsSubstring("a curve of 1 points; choose 2 to 100000"));
  CHECK_THAT(message_of([] { sine(10, 0, 0, 1); }), ContainsSubstring("0 periods"));
  CHECK_THAT(message_of([] { sine(10, 1, 11, 1); }), ContainsSubstring("noise 11; choose 0 to 10"));
  const auto drawn = [](const Floats& x, const Floats& y, std::uint32_t n = 10) {
    return message_of([&] { drawn_curve(x, y, n, Interpolation::smooth, 0, 1); });
  };
  CHECK_THAT(drawn({0, 1}, {0}), ContainsSubstring("2 x and 1 y"));
  CHECK_THAT(drawn({}, {}), ContainsSubstring("fewer than two different x"));
  CHECK_THAT(drawn({1, 1, 1}, {0, 1, 2}), ContainsSubstring("fewer than two different x"));
  CHECK_THAT(drawn({0, std::nanf("")}, {0, 1}), ContainsSubstring("point 1 of the drawing is (NaN, 1)"));
  CHECK_THAT(drawn({0, 1}, {2e6f, 1}), ContainsSubstring("within -1e6 to 1e6"));
  CHECK_THAT(drawn({0, 1}, {0, 1}, 0), ContainsSubstring("a curve of 0 points"));
  CHECK_THAT(message_of([] { interpolation_from_name("cubic"); }), ContainsSubstring("linear, smooth"));
  CHECK(interpolation_from_name("smooth") == Interpolation::smooth);
}

}  // namespace x2g
