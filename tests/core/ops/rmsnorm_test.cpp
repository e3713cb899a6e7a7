#include "x2g/ops/rmsnorm.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "core/ops/op_check.hpp"
#include "reference/rmsnorm.hpp"
#include "support/op_graph.hpp"

namespace x2g {
namespace {

using namespace test;
using Catch::Matchers::ContainsSubstring;
using reference::Array;
using reference::Complex;

constexpr double kEps = 1e-5;

template <class T>
void compare(const RmsNormShape& s, std::uint64_t seed, double value_bound, double gradient_bound) {
  CAPTURE(s.N, s.C, seed);
  const Doubles x = values(s.N * s.C, seed, -2, 4), w = values(s.C, seed + 10), dy = values(s.N * s.C, seed + 20);
  const auto tx = as<T>(x), tw = as<T>(w), tdy = as<T>(dy);
  std::vector<T> y(s.N * s.C), r(s.N);
  Gradient<T> dx(s.N * s.C), dw(s.C);
  rmsnorm_forward<T>(s, tx, tw, y, r);
  rmsnorm_backward<T>(s, tx, tw, r, tdy, dx.span(), dw.span());
  const auto clear = reference::rmsnorm_forward<double>(s, x, w);
  const auto g = reference::rmsnorm_backward<double>(s, x, w, clear.r, dy);
  CHECK(distance(y, clear.y) < value_bound);
  CHECK(worst(r, clear.r) < value_bound);
  CHECK(distance(dx.value, dx.with(g.dx)) < gradient_bound);
  CHECK(distance(dw.value, dw.with(g.dw)) < gradient_bound);
}

}  // namespace

TEST_CASE("rmsnorm divides a row by its root mean square, as on paper", "[ops][rmsnorm]") {
  // mean square (1 + 49) / 2 = 25
  const std::vector<double> x{1, 7}, w{5, 10};
  std::vector<double> y(2), r(1);
  rmsnorm_forward<double>({1, 2, 0}, x, w, y, r);
  CHECK(r[0] == 0.2);
  CHECK(std::fabs(y[0] - 1) < 1e-15);
  CHECK(std::fabs(y[1] - 14) < 1e-14);
}

TEST_CASE("the rmsnorm reference's gradients are those of the complex step", "[ops][rmsnorm][gradient]") {
  for (const RmsNormShape s : {RmsNormShape{2, 3, kEps}, RmsNormShape{3, 5, kEps}, RmsNormShape{4, 16, 0.1}}) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
      const Doubles x = values(s.N * s.C, seed, -2, 4), w = values(s.C, seed + 10), dy = values(s.N * s.C, seed + 20);
      const auto g = reference::rmsnorm_backward<double>(s, x, w, reference::rmsnorm_forward<double>(s, x, w).r, dy);
      const auto lift = [](const Doubles& v) { return Array<Complex>(v.begin(), v.end()); };
      const auto by_x = [&](const Array<Complex>& p) { return reference::rmsnorm_forward(s, p, lift(w)).y; };
      const auto by_w = [&](const Array<Complex>& p) { return reference::rmsnorm_forward(s, lift(x), p).y; };
      CHECK(distance(g.dx, reference::complex_step(by_x, x, dy)) < kComplexStep);
      CHECK(distance(g.dw, reference::complex_step(by_w, w, dy)) < kComplexStep);
    }
  }
}

TEMPLATE_TEST_CASE("rmsnorm agrees with its reference and adds to gradients", "[ops][rmsnorm][gradient]", float, double) {
  for (const RmsNormShape s : {RmsNormShape{3, 5, kEps}, RmsNormShape{4, 16, kEps}, RmsNormShape{6, 700, kEps}})
    for (const std::uint64_t seed : {1u, 2u, 3u}) compare<TestType>(s, seed, kValue<TestType>, kGradient<TestType>);
}

TEST_CASE("rmsnorm works for every width from 1 to 67", "[ops][rmsnorm]") {
  for (std::size_t n = 1; n <= 67; ++n) compare<float>({3, n, kEps}, n, 1e-6, 1e-5);
}

TEST_CASE("rmsnorm leaves out the gradients that nobody wants", "[ops][rmsnorm]") {
  const RmsNormShape s{3, 300, kEps};  // more than one chunk
  const auto x = as<float>(values(900, 1)), w = as<float>(values(300, 2)), dy = as<float>(values(900, 3));
  std::vector<float> y(900), r(3), all_dx(900), all_dw(300), dx(900), dw(300);
  rmsnorm_forward<float>(s, x, w, y, r);
  rmsnorm_backward<float>(s, x, w, r, dy, all_dx, all_dw);
  rmsnorm_backward<float>(s, x, w, r, dy, dx, {});
  rmsnorm_backward<float>(s, x, w, r, dy, {}, dw);
  CHECK(dx == all_dx);
  CHECK(dw == all_dw);
}

TEST_CASE("a graph with rmsnorm has the right gradients, and refuses a wrong weight and a wrong eps", "[ops][rmsnorm][graph]") {
  GraphSpec s;
  const TensorId x = s.parameter("x", {2, 3, 5}, {Init::Kind::normal, 1}, false);
  const TensorId w = s.parameter("w", {5}, {Init::Kind::normal, 1}, false);
  end_with_mse(s, s.op(OpKind::rmsnorm, "y", {x, w}));
  CHECK(shape_of(s, s.require("y.rrms")) == Shape{6});
  Graph<double> graph(s);
  fill(graph, 3);
  check_gradients(graph);
  Graph<double> forward_only(s, graph);
  fill(forward_only, 3);
  CHECK(forward_only.forward() == graph.forward());

  GraphSpec bad;
  const TensorId bx = bad.input("x", {2, 5}), bw = bad.input("w", {4});
  CHECK(code_of([&] { bad.op(OpKind::rmsnorm, "y", {bx, bw}); }) == ErrorCode::shape_mismatch);
  CHECK_THAT(message_of([&] { bad.op(OpKind::rmsnorm, "y", {bx, bw}); }), ContainsSubstring("(4)") && ContainsSubstring("(5)"));
  OpAttributes a;
  a.eps = 0;
  CHECK_THAT(message_of([&] { bad.op(OpKind::rmsnorm, "y", {bx, bad.input("w5", {5})}, a); }), ContainsSubstring("eps is 0"));
}

}  // namespace x2g
