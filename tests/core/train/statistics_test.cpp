// Statistics of tensors on numbers that can be checked by hand, and on the layers of a graph.
#include "x2g/train/statistics.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/nn/models.hpp"

using namespace x2g;
using Catch::Approx;

TEMPLATE_TEST_CASE("moments, ends, zeros and histogram by hand", "[train][statistics]", float, double) {
  using T = TestType;
  const std::vector<T> x{-2, 0, 1, 1, 0, 3, 5, 8};
  const std::vector<double> edges{0, 1, 3, 5};
  const TensorStatistics s = statistics<T>(x, edges);
  CHECK(s.count == 8);
  CHECK(s.mean == 2);
  CHECK(s.variance == (16 + 4 + 1 + 1 + 4 + 1 + 9 + 36) / 8.0);
  CHECK(s.norm == Approx(std::sqrt(104)));
  CHECK(s.min == -2);
  CHECK(s.max == 8);
  CHECK(s.zeros == 0.25);
  CHECK(s.histogram == std::vector<std::uint64_t>{2, 2, 2});  // [0, 1), [1, 3), [3, 5]
  CHECK(s.below == 1);
  CHECK(s.above == 1);
}

TEST_CASE("what is not finite is counted and left out", "[train][statistics]") {
  const float inf = std::numeric_limits<float>::infinity();
  const std::vector<float> x{1, std::nanf(""), 3, inf, -inf};
  const std::vector<double> edges{0, 2, 4};
  const TensorStatistics s = statistics<float>(x, edges);
  CHECK(s.non_finite == 3);
  CHECK(s.mean == 2);
  CHECK(s.variance == 1);
  CHECK(s.max == 3);
  CHECK(s.histogram == std::vector<std::uint64_t>{1, 1});
  const std::vector<float> none{std::nanf("")};
  CHECK(statistics<float>(none).mean == 0);
  CHECK(statistics<float>(std::span<const float>{}).count == 0);
}

TEST_CASE("ten thousand normal numbers have mean 0, variance 1 and every bin is counted once", "[train][statistics]") {
  std::vector<double> x(10'000), edges(21);
  Rng rng(1, Stream::data);
  for (double& v : x) v = rng.normal();
  for (std::size_t i = 0; i < edges.size(); ++i) edges[i] = -3 + 0.3 * static_cast<double>(i);
  const TensorStatistics s = statistics<double>(x, edges);
  CHECK(std::abs(s.mean) < 0.05);
  CHECK(std::abs(s.variance - 1) < 0.05);
  CHECK(std::accumulate(s.histogram.begin(), s.histogram.end(), s.below + s.above) == 10'000);
  std::size_t counted = 0;
  for (const double v : x) counted += v >= edges[9] && v < edges[10];
  CHECK(s.histogram[9] == counted);
}

TEST_CASE("saturated units of tanh and sigmoid, dead ones of relu", "[train][statistics][lesson-08]") {
  MlpConfig c;
  c.sizes = {1, 4, 4, 1};
  c.hidden = Activation::tanh;
  c.batch = 2;
  Graph<float> g(mlp(c));
  g.value("x")[0] = 1;
  g.value("x")[1] = -1;
  for (std::size_t i = 0; i < 4; ++i) g.value("W1")[i] = i < 3 ? 100.0f : 0.1f;  // three of four units at their ends
  g.forward();
  CHECK(statistics(g, "h1").saturated == 0.75);
  CHECK(statistics(g, "h1").units == 0);
  CHECK(statistics(g, "z1").saturated == 0);

  c.hidden = Activation::sigmoid;
  Graph<double> s(mlp(c));
  s.value("x")[0] = 5.2;   // σ = 0.99451…
  s.value("x")[1] = -5.4;  // σ = 0.00449…
  for (double& w : s.value("W1")) w = 1;
  s.forward();
  CHECK(statistics(s, "h1").saturated == 0.5);

  c.hidden = Activation::relu;
  Graph<float> r(mlp(c));
  r.value("x")[0] = 1;
  r.value("x")[1] = 2;
  const float weights[] = {1, -1, 1, -1}, biases[] = {0, 0, -1.5, 1.5};
  std::ranges::copy(weights, r.value("W1").begin());
  std::ranges::copy(biases, r.value("b1").begin());
  r.forward();
  const TensorStatistics t = statistics(r, "h1");
  CHECK(t.units == 4);
  CHECK(t.dead_units == 1);  // the second: −1 and −2; the third and fourth fire for one example each
  CHECK(t.zeros == 0.5);
  CHECK(t.saturated == 0);
}

TEST_CASE("gradients have statistics too, inputs have none; edges are checked", "[train][statistics]") {
  MlpConfig c;
  c.sizes = {2, 3, 1};
  c.batch = 4;
  Graph<float> g(mlp(c));
  g.initialize(1);
  for (float& v : g.value("x")) v = 1;
  g.forward();
  g.backward();
  double squares = 0;
  for (const float v : g.grad("W1")) squares += static_cast<double>(v) * static_cast<double>(v);
  CHECK(squares > 0);
  CHECK(statistics(g, "W1", Side::gradient).norm == std::sqrt(squares));
  CHECK_THROWS_AS(statistics(g, "x", Side::gradient), Error);
  CHECK_THROWS_AS(statistics(g, "W7"), Error);
  for (const std::vector<double>& edges : {std::vector<double>{1}, {1, 1}, {2, 1}, {0, std::nan("")}, {0, INFINITY}})
    CHECK_THROWS_AS(statistics(g, "W1", Side::value, edges), Error);
}
