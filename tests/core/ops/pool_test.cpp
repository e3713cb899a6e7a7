#include "x2g/ops/pool.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <limits>

#include "core/ops/op_check.hpp"
#include "reference/conv.hpp"
#include "support/op_graph.hpp"

namespace x2g {
namespace {

using namespace test;
using Catch::Matchers::ContainsSubstring;
using reference::Array;
using reference::Complex;

// Windows side by side, overlapping, with a rest, with padding, along one axis only.
const PoolShape kShapes[] = {
    {.N = 3, .h = {6, 2, 2, 0, 1}, .w = {8, 2, 2, 0, 1}},
    {.N = 2, .h = {7, 3, 2, 1, 1}, .w = {5, 3, 1, 1, 1}},
    {.N = 2, .h = {.in = 1, .kernel = 1}, .w = {13, 4, 3, 2, 1}},
};

/// The reference's gradient is the complex step itself: both results are piecewise linear in x.
template <class T>
void compare(const PoolShape& s, std::uint64_t seed) {
  CAPTURE(s.N, s.h.in, s.w.in, s.h.kernel, s.w.kernel, s.w.stride, seed);
  const std::size_t size = s.N * s.h.out() * s.w.out();
  const Doubles in = values(s.N * s.h.in * s.w.in, seed), din = values(size, seed + 1);
  const auto x = as<T>(in), dy = as<T>(din);
  std::vector<T> y(size), argmax(size);
  Gradient<T> dx(x.size()), dx_avg(x.size());

  max_pool_forward<T>(s, x, y, argmax);
  max_pool_backward<T>(s, argmax, dy, dx.span());
  const auto clear = reference::max_pool_forward<double>(s, in);
  CHECK(doubles(y) == clear.y);
  CHECK(doubles(argmax) == clear.argmax);
  const auto max_of = [&](const Array<Complex>& p) { return reference::max_pool_forward(s, p).y; };
  CHECK(distance(dx.value, dx.with(reference::complex_step(max_of, in, din))) < kValue<T>);

  avg_pool_forward<T>(s, x, y);
  avg_pool_backward<T>(s, dy, dx_avg.span());
  CHECK(distance(y, reference::avg_pool_forward<double>(s, in)) < kValue<T>);
  const auto mean_of = [&](const Array<Complex>& p) { return reference::avg_pool_forward(s, p); };
  CHECK(distance(dx_avg.value, dx_avg.with(reference::complex_step(mean_of, in, din))) < kValue<T>);
}

OpAttributes window(Window w) {
  OpAttributes a;
  a.window = w;
  return a;
}

}  // namespace

TEST_CASE("pooling a 4 by 4 plane by twos, as on paper", "[ops][pool]") {
  const std::vector<double> x{1,  2,  5, 0,  //
                              3,  4,  0, 5,  //
                              -1, -2, 7, 7, -3, -4, 7, 7};
  const PoolShape s{.N = 1, .h = {4, 2, 2, 0, 1}, .w = {4, 2, 2, 0, 1}};
  std::vector<double> y(4), argmax(4), dx(16);
  max_pool_forward<double>(s, x, y, argmax);
  CHECK(y == std::vector<double>{4, 5, -1, 7});
  CHECK(argmax == std::vector<double>{5, 2, 8, 10});  // the first of equals
  max_pool_backward<double>(s, argmax, std::vector<double>{1, 2, 3, 4}, dx);
  CHECK(dx == std::vector<double>{0, 0, 2, 0, 0, 1, 0, 0, 3, 0, 4, 0, 0, 0, 0, 0});
  avg_pool_forward<double>(s, x, y);
  CHECK(y == std::vector<double>{2.5, 2.5, -2.5, 7});
}

TEST_CASE("padding never wins a maximum and counts as zero in a mean", "[ops][pool]") {
  const std::vector<float> x{-4, -2};
  const PoolShape s{.N = 1, .h = {.in = 1, .kernel = 1}, .w = {2, 2, 2, 1, 1}};
  std::vector<float> y(2), argmax(2);
  max_pool_forward<float>(s, x, y, argmax);
  CHECK(y == std::vector<float>{-4, -2});
  avg_pool_forward<float>(s, x, y);
  CHECK(y == std::vector<float>{-2, -1});
}

TEST_CASE("a window with a NaN gives NaN, and the others are as before", "[ops][pool]") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const PoolShape s{.N = 1, .h = {.in = 1, .kernel = 1}, .w = {6, 3, 3, 0, 1}};
  std::vector<float> y(2), argmax(2);
  for (std::size_t at = 0; at < 3; ++at) {
    std::vector<float> x{1, 2, 3, 4, 5, 6};
    x[at] = nan;
    max_pool_forward<float>(s, x, y, argmax);
    CHECK(std::isnan(y[0]));
    CHECK(argmax[0] == static_cast<float>(at));
    CHECK(y[1] == 6);
  }
}

TEMPLATE_TEST_CASE("pooling agrees with its reference and adds to gradients", "[ops][pool][gradient]", float, double) {
  for (const PoolShape& s : kShapes)
    for (const std::uint64_t seed : {1u, 2u, 3u}) compare<TestType>(s, seed);
}

TEST_CASE("pooling works for widths 1 to 67", "[ops][pool]") {
  for (std::size_t n = 1; n <= 67; ++n)
    compare<float>({.N = 2, .h = {.in = 3, .kernel = 2}, .w = {n, n < 5 ? n : 5, 2, n < 2 ? 0u : 1u, 1}}, n);
}

TEST_CASE("graphs with pooling have the right gradients", "[ops][pool][graph]") {
  const Window w{.kernel = {2, 3}, .stride = {2, 2}, .padding = {0, 1}};
  for (const OpKind kind : {OpKind::max_pool, OpKind::avg_pool}) {
    for (const Shape& x : {Shape{2, 2, 5, 6}, Shape{2, 2, 6}}) {
      GraphSpec s;
      end_with_mse(s, s.op(kind, "y", {s.parameter("x", x, {Init::Kind::normal, 1}, false)}, window(w)));
      CHECK(shape_of(s, s.require("y")) == (x.rank == 4 ? Shape{2, 2, 2, 3} : Shape{2, 2, 3}));
      Graph<double> graph(s);
      fill(graph, 9);
      check_gradients(graph);
    }
  }
}

TEST_CASE("pooling says what does not fit", "[ops][pool][graph]") {
  GraphSpec s;
  const TensorId x = s.input("x", {2, 3, 5, 4});
  const auto with = [&](Window w) { return message_of([&] { s.op(OpKind::max_pool, "y", {x}, window(w)); }); };
  CHECK_THAT(with({.kernel = {2, 5}, .stride = {2, 2}}), ContainsSubstring("spans 5 along the width"));
  CHECK_THAT(with({.kernel = {2, 2}, .stride = {2, 2}, .padding = {2, 0}}), ContainsSubstring("half of the kernel, 1"));
  CHECK_THAT(with({.kernel = {2, 2}, .stride = {2, 2}, .padding = {}, .dilation = {2, 1}}), ContainsSubstring("leave it 1"));
  CHECK_THAT(with({.kernel = {0, 2}}), ContainsSubstring("kernel along the height is 0"));
  CHECK_THAT(message_of([&] { s.op(OpKind::avg_pool, "y", {s.input("flat", {4, 4})}); }), ContainsSubstring("(B, channels, L)"));
  CHECK_THAT(message_of([&] { s.op(OpKind::max_pool, "y", {s.input("wide", {1, 1, 4097, 4096})}); }), ContainsSubstring("2^24"));
  CHECK(s.nodes().empty());
}

}  // namespace x2g
