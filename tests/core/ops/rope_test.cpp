#include "x2g/ops/rope.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <numbers>

#include "support/model_check.hpp"
#include "core/ops/op_check.hpp"
#include "reference/rope.hpp"
#include "x2g/base/error.hpp"

namespace x2g {
namespace {

using namespace test;
using Catch::Matchers::ContainsSubstring;
using reference::Array;
using reference::Complex;

template <class T>
struct Run {
  std::vector<T> table, y;
  Gradient<T> dx;
};

template <class T>
Run<T> run(const RopeShape& s, const Doubles& x, const Doubles& dy) {
  Run<T> r{std::vector<T>(s.T * (s.C / s.H)), std::vector<T>(x.size()), Gradient<T>(x.size())};
  const auto tx = as<T>(x), tdy = as<T>(dy);
  rope_table<T>(s, r.table);
  rope_forward<T>(s, tx, r.table, r.y);
  rope_backward<T>(s, r.table, tdy, r.dx.span());
  return r;
}

template <class T>
void compare(const RopeShape& s, std::uint64_t seed) {
  CAPTURE(s.B, s.T, s.C, s.H, s.begin, seed);
  const Doubles x = values(s.B * s.T * s.C, seed, -2, 4), dy = values(x.size(), seed + 10);
  const auto r = run<T>(s, x, dy);
  const auto f = [&](const Array<Complex>& p) { return reference::rope_forward(s, p); };
  CHECK(distance(r.y, reference::rope_forward<double>(s, x)) < kValue<T>);
  CHECK(distance(r.dx.value, r.dx.with(reference::complex_step(f, x, dy))) < kGradient<T>);
}

GraphSpec rotated(const Shape& shape, const OpAttributes& a) {
  GraphSpec g;
  const TensorId y = g.op(OpKind::rope, "y", {g.parameter("x", shape, {Init::Kind::normal, 1}, false)}, a);
  g.mse("loss", y, g.input("t", shape));
  return g;
}

std::string refused(const Shape& shape, const OpAttributes& a) {
  try {
    rotated(shape, a);
  } catch (const Error& e) {
    CHECK(e.code() == ErrorCode::shape_mismatch);
    return e.message();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("rope turns a pair by its position, as on paper", "[ops][rope]") {
  // D = 4: the first pair turns by t, the second by t/100. At t = 1 the vector (1, 0, 0, 2) becomes (cos 1, sin 1, −2 sin 0.01, 2 cos 0.01).
  const auto r = run<double>({1, 2, 4, 1}, {1, 0, 0, 2, 1, 0, 0, 2}, Doubles(8));
  CHECK(worst(r.y, {1, 0, 0, 2, std::cos(1.0), std::sin(1.0), -2 * std::sin(0.01), 2 * std::cos(0.01)}) < 1e-14);
}

TEMPLATE_TEST_CASE("rope agrees with its reference and adds to gradients", "[ops][rope][gradient]", float, double) {
  for (const RopeShape& s : {RopeShape{2, 3, 4, 1}, RopeShape{2, 5, 12, 3}, RopeShape{1, 7, 8, 2, 500, 100}})
    for (const std::uint64_t seed : {1u, 2u, 3u}) compare<TestType>(s, seed);
}

TEST_CASE("rope works for every length and half head from 1 to 67", "[ops][rope]") {
  for (std::size_t n = 1; n <= 67; ++n) {
    compare<float>({1, n, 4, 2}, n);
    compare<float>({1, 2, 2 * n, 1}, n);
  }
}

TEST_CASE("the table of angles stays exact far from the start", "[ops][rope]") {
  const RopeShape s{1, 2048, 64, 1};
  std::vector<double> table(s.T * 64);
  rope_table<double>(s, table);
  double worst_error = 0;
  for (std::size_t t = 0; t < s.T; ++t)
    for (std::size_t i = 0; i < 32; ++i) {
      const double angle = static_cast<double>(t) * std::pow(10000.0, -static_cast<double>(i) / 32);
      worst_error = std::fmax(worst_error, std::fabs(table[t * 64 + 2 * i] - std::cos(angle)));
      worst_error = std::fmax(worst_error, std::fabs(table[t * 64 + 2 * i + 1] - std::sin(angle)));
    }
  CHECK(worst_error < 5e-12);
}

TEST_CASE("rope keeps lengths, and products depend on the distance only", "[ops][rope]") {
  const RopeShape s{1, 40, 6, 1};
  const Doubles q = values(6, 1), k = values(6, 2);
  Doubles xq, xk;
  for (std::size_t t = 0; t < s.T; ++t) {
    xq.insert(xq.end(), q.begin(), q.end());
    xk.insert(xk.end(), k.begin(), k.end());
  }
  const auto rq = run<double>(s, xq, xq), rk = run<double>(s, xk, xk);
  const auto product = [&](const std::vector<double>& a, std::size_t t, const std::vector<double>& b, std::size_t u) {
    double sum = 0;
    for (std::size_t d = 0; d < 6; ++d) sum += a[t * 6 + d] * b[u * 6 + d];
    return sum;
  };
  for (std::size_t t = 3; t < s.T; ++t) {
    CHECK(std::fabs(product(rq.y, t, rq.y, t) - product(rq.y, 0, rq.y, 0)) < 1e-13);
    CHECK(std::fabs(product(rq.y, t, rk.y, t - 3) - product(rq.y, 3, rk.y, 0)) < 1e-13);
  }
  CHECK(std::fabs(product(rq.y, 5, rk.y, 0) - product(rq.y, 0, rk.y, 5)) > 1e-3);  // but on its direction too
}

TEST_CASE("in a graph rope passes the gradient check", "[ops][rope][graph]") {
  OpAttributes a;
  a.heads = 2;
  for (const double base : {10000.0, 3.0}) {
    a.base = base;
    Graph<double> g(rotated({2, 3, 8}, a));
    g.initialize(1);
    const Deviation d = deviation(g);
    CHECK(d.norm < 1e-7);
    CHECK(d.element < 1e-5);
    CHECK(g.value("y.angles").size() == 3 * 4);
    Graph<double> answers(rotated({2, 3, 8}, a), {.gradients = false});
    answers.initialize(1);
    CHECK(answers.forward() == g.forward());
  }
}

TEST_CASE("rope refuses odd heads and bad bases", "[ops][rope][graph]") {
  OpAttributes a;
  a.heads = 2;
  CHECK_THAT(refused({2, 6}, a), ContainsSubstring("(batch, length, channels)"));
  CHECK_THAT(refused({1, 2, 6}, a), ContainsSubstring("heads of an even size"));
  CHECK_THAT(refused({1, 2, 7}, a), ContainsSubstring("heads is 2"));
  a.base = 0;
  CHECK_THAT(refused({1, 2, 8}, a), ContainsSubstring("base is 0"));
}

}  // namespace x2g
