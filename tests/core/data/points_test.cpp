// Gates row by row, blobs by their statistics.
#include "x2g/data/points.hpp"

#include <cmath>
#include <string>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include "x2g/base/error.hpp"

using Catch::Approx;

namespace {

std::string labels(const x2g::PointSet& set) {
  std::string out;
  for (const float t : set.t) out += t == 1.0f ? '1' : '0';
  return out;
}

}  // namespace

TEST_CASE("gates list their rows in counting order with the right truth values", "[data][lesson-01]") {
  CHECK(x2g::gate("and").x == std::vector<float>{0, 0, 0, 1, 1, 0, 1, 1});
  CHECK(x2g::gate("and", 3).x == std::vector<float>{0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0, 1, 1, 1});
  struct Case {
    const char* name;
    const char *two, *three;
  };
  for (const Case& c :
       {Case{"and", "0001", "00000001"}, Case{"or", "0111", "01111111"}, Case{"nand", "1110", "11111110"}, Case{"nor", "1000", "10000000"},
        Case{"xor", "0110", "01101001"}, Case{"xnor", "1001", "10010110"}, Case{"not-first", "1100", "11110000"}}) {
    CHECK(labels(x2g::gate(c.name, 2)) == c.two);
    CHECK(labels(x2g::gate(c.name, 3)) == c.three);
  }
}

TEST_CASE("an unknown gate or number of inputs is refused", "[data]") {
  CHECK_THROWS_AS(x2g::gate("maybe"), x2g::Error);
  CHECK_THROWS_AS(x2g::gate("and", 1), x2g::Error);
  CHECK_THROWS_AS(x2g::gate("and", 4), x2g::Error);
  try {
    x2g::gate("maybe");
  } catch (const x2g::Error& e) {
    CHECK(e.code() == x2g::ErrorCode::unknown_name);
    CHECK(e.message().find("\"maybe\"") != std::string::npos);
  }
}

TEST_CASE("blobs alternate labels and have the asked separation and spread", "[data]") {
  const std::uint32_t n = 20000;
  const x2g::PointSet set = x2g::blobs(n, 4.0, 0.5, 3);
  REQUIRE(set.rows() == n);
  double mean[2][2] = {}, square = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    REQUIRE(set.t[i] == static_cast<float>(i % 2));
    for (std::uint32_t k = 0; k < 2; ++k) mean[i % 2][k] += static_cast<double>(set.x[2 * i + k]) / (n / 2);
  }
  CHECK(std::hypot(mean[1][0] - mean[0][0], mean[1][1] - mean[0][1]) == Approx(4.0).margin(0.03));
  CHECK(mean[1][0] + mean[0][0] == Approx(0).margin(0.03));
  for (std::uint32_t i = 0; i < n; ++i) {
    const double d = static_cast<double>(set.x[2 * i]) - mean[i % 2][0];
    square += d * d / n;
  }
  CHECK(std::sqrt(square) == Approx(0.5).margin(0.02));
}

TEST_CASE("blobs are the same for the same seed and differ for another", "[data]") {
  CHECK(x2g::blobs(50, 3, 1, 7).x == x2g::blobs(50, 3, 1, 7).x);
  CHECK(x2g::blobs(50, 3, 1, 7).x != x2g::blobs(50, 3, 1, 8).x);
  CHECK(x2g::blobs(5, 3, 1, 7, 3).x.size() == 15);
}

TEST_CASE("blobs outside their ranges are refused", "[data]") {
  CHECK_THROWS_AS(x2g::blobs(0, 1, 1, 1), x2g::Error);
  CHECK_THROWS_AS(x2g::blobs(100001, 1, 1, 1), x2g::Error);
  CHECK_THROWS_AS(x2g::blobs(10, -1, 1, 1), x2g::Error);
  CHECK_THROWS_AS(x2g::blobs(10, 1, std::nan(""), 1), x2g::Error);
  CHECK_THROWS_AS(x2g::blobs(10, 1, 1, 1, 0), x2g::Error);
}
