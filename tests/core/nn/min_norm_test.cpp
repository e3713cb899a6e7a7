// The nearest point of a hull: by hand, against a grid, and its optimality condition on random data.
#include "nn/min_norm.hpp"

#include <cmath>
#include <vector>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include "x2g/base/rng.hpp"

using Catch::Approx;

TEST_CASE("the nearest point of a segment is its foot, an end or the only point", "[nn][lesson-01]") {
  const std::vector<double> across{1, -1, 1, 3};
  const auto foot = x2g::min_norm_point(across, 2);
  CHECK(foot[0] == Approx(1));
  CHECK(foot[1] == Approx(0).margin(1e-12));
  const std::vector<double> beyond{2, 1, 3, 4};
  CHECK(x2g::min_norm_point(beyond, 2) == std::vector<double>{2, 1});
  const std::vector<double> single{-3, 4};
  CHECK(x2g::min_norm_point(single, 2) == single);
}

TEST_CASE("a hull around the origin has the origin as its nearest point", "[nn]") {
  const std::vector<double> triangle{1, 0, -1, 1, -1, -1};
  const auto p = x2g::min_norm_point(triangle, 2);
  CHECK(std::hypot(p[0], p[1]) < 1e-12);
}

TEST_CASE("no row lies nearer than the plane through the nearest point", "[nn]") {
  // Wolfe's condition x·z ≥ x·x for every row z is necessary and sufficient; 1e-9 is far above rounding at this size.
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    x2g::Rng rng(seed);
    const std::size_t d = 1 + rng.below(8), n = 1 + rng.below(400);
    const double shift = rng.uniform(0, 3);
    std::vector<double> z(n * d);
    for (double& v : z) v = rng.normal() + shift;
    for (std::size_t i = d; i < z.size(); i += 3 * d) {  // repeated rows must not trouble it
      for (std::size_t j = 0; j < d; ++j) z[i + j] = z[j];
    }
    const auto x = x2g::min_norm_point(z, d);
    double xx = 0;
    for (const double v : x) xx += v * v;
    for (std::size_t i = 0; i < n; ++i) {
      double s = 0;
      for (std::size_t j = 0; j < d; ++j) s += x[j] * z[i * d + j];
      CHECK(s >= xx - 1e-9);
    }
  }
}
