#include "x2g/ops/embedding.hpp"

#include <catch2/catch_template_test_macros.hpp>

#include "core/ops/op_check.hpp"
#include "reference/tables.hpp"

namespace x2g {

using namespace test;
using reference::Array;
using reference::Complex;

TEST_CASE("embedding copies the row of each id, as on paper", "[ops][embedding]") {
  const std::vector<float> ids{2, 0, 2}, W{1, 2, 3, 4, 5, 6};
  std::vector<float> y(6);
  embedding_forward<float>({3, 3, 2}, ids, W, y);
  CHECK(y == std::vector<float>{5, 6, 1, 2, 5, 6});
}

TEST_CASE("embedding backward adds up the rows of an id that occurs twice", "[ops][embedding]") {
  const std::vector<float> ids{2, 0, 2}, dy{1, 2, 3, 4, 10, 20};
  std::vector<float> dW(6, 100);
  embedding_backward<float>({3, 3, 2}, ids, dy, dW);
  CHECK(dW == std::vector<float>{103, 104, 100, 100, 111, 122});
  embedding_backward<float>({3, 3, 2}, ids, dy, {});  // not wanted: nothing happens
}

TEMPLATE_TEST_CASE("embedding agrees with a one-hot product and its gradient", "[ops][embedding][gradient]", float, double) {
  for (const EmbeddingShape s : {EmbeddingShape{4, 3, 2}, EmbeddingShape{9, 2, 5}, EmbeddingShape{5, 11, 7}}) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
      const Doubles ids = whole(s.N, seed, s.V), W = values(s.V * s.C, seed), dy = values(s.N * s.C, seed + 10);
      const auto tids = as<TestType>(ids), tW = as<TestType>(W), tdy = as<TestType>(dy);
      std::vector<TestType> y(s.N * s.C);
      embedding_forward<TestType>(s, tids, tW, y);
      CHECK(doubles(y) == reference::embedding_forward<double>(s, ids, W));

      const Doubles dW = reference::embedding_backward<double>(s, ids, dy);
      const auto by_W = [&](const Array<Complex>& p) { return reference::embedding_forward(s, ids, p); };
      CHECK(distance(dW, reference::complex_step(by_W, W, dy)) < kComplexStep);
      Gradient<TestType> g(W.size());
      embedding_backward<TestType>(s, tids, tdy, g.span());
      CHECK(distance(g.value, g.with(dW)) < kGradient<TestType>);
    }
  }
}

TEST_CASE("embedding works for every count and width from 0 to 67", "[ops][embedding]") {
  for (std::size_t n = 0; n <= 67; ++n) {
    for (const EmbeddingShape s : {EmbeddingShape{n, 5, 3}, EmbeddingShape{4, 5, n}}) {
      const Doubles ids = whole(s.N, n, s.V), W = values(s.V * s.C, n + 1), dy = values(s.N * s.C, n + 2);
      const auto tids = as<float>(ids), tW = as<float>(W), tdy = as<float>(dy);
      std::vector<float> y(s.N * s.C);
      Gradient<float> g(W.size());
      embedding_forward<float>(s, tids, tW, y);
      embedding_backward<float>(s, tids, tdy, g.span());
      CHECK(doubles(y) == reference::embedding_forward<double>(s, ids, W));
      CHECK(distance(g.value, g.with(reference::embedding_backward<double>(s, ids, dy))) < 1e-6);
    }
  }
}

}  // namespace x2g
