#include "x2g/ops/dropout.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "core/ops/op_check.hpp"
#include "support/op_graph.hpp"
#include "x2g/base/rng.hpp"

namespace x2g {
namespace {

using namespace test;
using Catch::Matchers::ContainsSubstring;

std::vector<float> mask_of(DropoutKey key, double p, std::size_t n) {
  std::vector<float> mask(n);
  dropout_mask<float>(key, p, mask);
  return mask;
}

}  // namespace

TEMPLATE_TEST_CASE("dropout passes what is kept, enlarged, and its gradient the same way", "[ops][dropout]", float, double) {
  using T = TestType;
  const std::vector<T> x{1, 2, 3}, mask{0, 2, 2}, dy{10, 20, 30};
  std::vector<T> y(3), dx{1, 1, 1};
  dropout_forward<T>(x, mask, y);
  dropout_backward<T>(mask, dy, dx);
  CHECK(y == std::vector<T>{0, 4, 6});
  CHECK(dx == std::vector<T>{1, 41, 61});
}

TEST_CASE("a dropout mask follows from the generator's words as the header says", "[ops][dropout]") {
  const DropoutKey key{.seed = 0x123456789ABCDEFull, .step = 7, .node = 3};
  const auto mask = mask_of(key, 0.4, 67);
  for (std::uint32_t i = 0; i < mask.size(); ++i) {
    const auto words = philox({i / 4, 3, 2, 7}, {0x89ABCDEFu, 0x1234567u});
    const bool kept = (words[i % 4] >> 8) / 16777216.0 >= 0.4;
    CHECK(mask[i] == (kept ? static_cast<float>(1 / 0.6) : 0.0f));
  }
}

TEST_CASE("a part of a dropout mask is that part of the whole", "[ops][dropout]") {
  const DropoutKey key{.seed = 9, .step = 1, .node = 4};
  const auto whole = mask_of(key, 0.3, 40);
  for (std::size_t first = 0; first < 12; ++first) {
    std::vector<float> part(17);
    dropout_mask<float>(key, 0.3, part, first);
    CHECK(std::equal(part.begin(), part.end(), whole.begin() + static_cast<std::ptrdiff_t>(first)));
  }
}

TEST_CASE("dropout drops the share it is told, and the mean of the mask is 1", "[ops][dropout]") {
  constexpr std::size_t n = 100'000;
  for (const double p : {0.1, 0.5, 0.9}) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
      CAPTURE(p, seed);
      const auto mask = mask_of({.seed = seed, .step = 5, .node = 2}, p, n);
      double dropped = 0, sum = 0;
      for (const float m : mask) {
        dropped += m == 0 ? 1 : 0;
        sum += m;
      }
      const double five_sigma = 5 * std::sqrt(p * (1 - p) / n);
      CHECK(std::fabs(dropped / n - p) < five_sigma);
      CHECK(std::fabs(sum / n - 1) < five_sigma / (1 - p) + 1e-6);
    }
  }
  CHECK(mask_of({}, 0, 5) == std::vector<float>(5, 1.0f));
}

TEST_CASE("masks of other seeds, steps and nodes are unrelated, and the same in float and double", "[ops][dropout]") {
  constexpr std::size_t n = 10'000;
  const DropoutKey key{.seed = 1, .step = 1, .node = 1};
  const auto mask = mask_of(key, 0.5, n);
  CHECK(mask == mask_of(key, 0.5, n));
  for (const DropoutKey other : {DropoutKey{2, 1, 1}, DropoutKey{1, 2, 1}, DropoutKey{1, 1, 2}}) {
    const auto another = mask_of(other, 0.5, n);
    double same = 0;
    for (std::size_t i = 0; i < n; ++i) same += mask[i] == another[i] ? 1 : 0;
    CHECK(std::fabs(same / n - 0.5) < 0.025);  // five standard deviations
  }
  std::vector<double> wide(n);
  dropout_mask<double>(key, 0.5, wide);
  CHECK(std::ranges::equal(wide, mask));
}

TEST_CASE("in a graph the mask changes with the step, stays within a step, and is gone when answering", "[ops][dropout][graph]") {
  GraphSpec s;
  const TensorId x = s.parameter("x", {5, 13}, {Init::Kind::normal, 1}, false);
  OpAttributes a;
  a.rate = 0.3;
  const TensorId first = s.op(OpKind::dropout, "first", {x}, a);
  end_with_mse(s, s.op(OpKind::dropout, "second", {first}, a));
  Graph<double> graph(s);
  fill(graph, 11);
  const auto mask = [&](std::string_view name) { return Doubles(graph.value(name).begin(), graph.value(name).end()); };
  graph.set_step(4);
  graph.forward();
  const Doubles kept = mask("first.mask");
  CHECK(kept != mask("second.mask"));
  Doubles expected(65);
  dropout_mask<double>({.seed = 11, .step = 4, .node = 1}, 0.3, expected);
  CHECK(mask("second.mask") == expected);
  check_gradients(graph);
  CHECK(mask("first.mask") == kept);
  graph.set_step(5);
  graph.forward();
  CHECK(mask("first.mask") != kept);

  graph.set_training(false);
  graph.forward();
  CHECK(mask("first.mask") == Doubles(65, 1.0));
  CHECK(std::ranges::equal(graph.value("second"), graph.value("x")));
  check_gradients(graph);
}

TEST_CASE("dropout refuses a rate that keeps nothing", "[ops][dropout][graph]") {
  GraphSpec s;
  const TensorId x = s.input("x", {2});
  OpAttributes a;
  for (const double rate : {1.0, -0.1, std::nan("")}) {
    a.rate = rate;
    CHECK(code_of([&] { s.op(OpKind::dropout, "y", {x}, a); }) == ErrorCode::shape_mismatch);
    CHECK_THAT(message_of([&] { s.op(OpKind::dropout, "y", {x}, a); }), ContainsSubstring("less than 1"));
  }
}

}  // namespace x2g
