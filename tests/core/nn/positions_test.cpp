#include "x2g/nn/positions.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <vector>

#include "core/ops/op_check.hpp"
#include "support/op_graph.hpp"

using namespace x2g;

TEST_CASE("sinusoidal positions are those of the paper's formula", "[nn][positions]") {
  for (const std::size_t C : {1u, 2u, 7u, 64u, 512u}) {
    std::vector<double> P(100 * C);
    sinusoidal<double>(P, 100, C);
    double worst = 0;
    for (std::size_t t = 0; t < 100; ++t)
      for (std::size_t c = 0; c < C; ++c) {
        const double angle = static_cast<double>(t) / std::pow(10000.0, static_cast<double>(c / 2 * 2) / static_cast<double>(C));
        worst = std::fmax(worst, std::fabs(P[t * C + c] - (c % 2 ? std::cos(angle) : std::sin(angle))));
      }
    CAPTURE(C);
    CHECK(worst < 1e-12);
  }
}

TEST_CASE("the first rows of sinusoidal positions are as on paper", "[nn][positions]") {
  std::vector<float> P(8);
  sinusoidal<float>(P, 2, 4);
  CHECK(test::worst(P, {0, 1, 0, 1, std::sin(1.0), std::cos(1.0), std::sin(0.01), std::cos(0.01)}) < 1e-7);
  CHECK(test::code_of([&] { sinusoidal<float>(P, 3, 4); }) == ErrorCode::shape_mismatch);
}

TEST_CASE("the product of two positions depends on their distance only", "[nn][positions]") {
  std::vector<double> P(50 * 32);
  sinusoidal<double>(P, 50, 32);
  const auto product = [&](std::size_t t, std::size_t u) {
    double sum = 0;
    for (std::size_t c = 0; c < 32; ++c) sum += P[t * 32 + c] * P[u * 32 + c];
    return sum;
  };
  for (std::size_t t = 0; t < 40; ++t) CHECK(std::fabs(product(t, t + 7) - product(3, 10)) < 1e-12);
}

TEST_CASE("a graph's sinusoidal tables start right, as buffers and as parameters, and again after a reset", "[nn][positions][graph]") {
  GraphSpec spec;
  const TensorId x = spec.input("x", {1, 2, 4});
  const TensorId y = spec.add_positions("y", x, spec.buffer("table", {3, 4}, {Init::Kind::sinusoidal}));
  spec.add_positions("z", y, spec.parameter("trained", {2, 4}, {Init::Kind::sinusoidal}, false));
  Graph<float> g(spec);
  std::vector<float> P(12);
  sinusoidal<float>(P, 3, 4);
  for (const std::uint64_t seed : {1u, 2u}) {
    g.initialize(seed);
    CHECK(std::ranges::equal(g.value("table"), P));
    CHECK(std::ranges::equal(g.value("trained"), std::span(P).first(8)));
    g.value("table")[1] = g.value("trained")[0] = 7;
  }
  g.initialize(1);
  g.value("x")[0] = 5;
  g.forward();
  CHECK(g.value("y")[0] == 5);
  CHECK(g.value("y")[1] == 1);
  CHECK(g.value("z")[1] == 2);
}
