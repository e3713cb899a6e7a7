#include "x2g/ops/elementwise.hpp"

#include <catch2/catch_template_test_macros.hpp>

#include "core/ops/op_check.hpp"
#include "reference/tables.hpp"

namespace x2g {

using namespace test;
using reference::Array;
using reference::Complex;

TEMPLATE_TEST_CASE("add sums two tensors and hands its gradient to both", "[ops][add]", float, double) {
  for (std::size_t n = 0; n <= 67; ++n) {
    const Doubles a = values(n, 1), b = values(n, 2), dy = values(n, 3);
    const auto ta = as<TestType>(a), tb = as<TestType>(b), tdy = as<TestType>(dy);
    std::vector<TestType> y(n);
    add_forward<TestType>(ta, tb, y);
    for (std::size_t i = 0; i < n; ++i) CHECK(y[i] == ta[i] + tb[i]);

    Gradient<TestType> da(n, 7), db(n, 8), only(n, 7);
    add_backward<TestType>(tdy, da.span(), db.span());
    for (std::size_t i = 0; i < n; ++i) {
      CHECK(da.value[i] == static_cast<TestType>(da.start[i]) + tdy[i]);
      CHECK(db.value[i] == static_cast<TestType>(db.start[i]) + tdy[i]);
    }
    add_backward<TestType>(tdy, only.span(), {});
    CHECK(only.value == da.value);
  }
}

TEST_CASE("adding a tensor to itself gives twice the gradient", "[ops][add]") {
  const std::vector<float> dy{1, -2, 3};
  std::vector<float> dx(3);
  add_backward<float>(dy, dx, dx);
  CHECK(dx == std::vector<float>{2, -4, 6});
}

TEST_CASE("positions are added to every sequence of the batch, as on paper", "[ops][positions]") {
  const std::vector<float> x{1, 2, 3, 4, 5, 6, 7, 8}, P{10, 20, 30, 40, 50, 60};  // B 2, T 2, C 2; P has a third row
  std::vector<float> y(8), dP(6, 1);
  add_positions_forward<float>({2, 2, 2}, x, P, y);
  CHECK(y == std::vector<float>{11, 22, 33, 44, 15, 26, 37, 48});
  add_positions_backward<float>({2, 2, 2}, x, {}, dP);
  CHECK(dP == std::vector<float>{7, 9, 11, 13, 1, 1});
}

TEMPLATE_TEST_CASE("position gradients are those of the complex step", "[ops][positions][gradient]", float, double) {
  for (const PositionShape s : {PositionShape{1, 1, 1}, PositionShape{3, 4, 5}, PositionShape{2, 7, 3}}) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
      const std::size_t rows = s.T + 2;  // the table may be longer than the sequence
      const Doubles x = values(s.B * s.T * s.C, seed), P = values(rows * s.C, seed + 10);
      const Doubles dy = values(x.size(), seed + 20);
      const auto lift = [](const Doubles& v) { return Array<Complex>(v.begin(), v.end()); };
      const auto by_x = [&](const Array<Complex>& p) { return reference::add_positions_forward(s, p, lift(P)); };
      const auto by_P = [&](const Array<Complex>& p) { return reference::add_positions_forward(s, lift(x), p); };
      const auto tx = as<TestType>(x), tP = as<TestType>(P), tdy = as<TestType>(dy);
      std::vector<TestType> y(x.size());
      add_positions_forward<TestType>(s, tx, tP, y);
      Gradient<TestType> dx(x.size()), dP(P.size());
      add_positions_backward<TestType>(s, tdy, dx.span(), dP.span());
      CHECK(distance(y, reference::add_positions_forward<double>(s, x, P)) < kValue<TestType>);
      CHECK(distance(dx.value, dx.with(reference::complex_step(by_x, x, dy))) < kGradient<TestType>);
      CHECK(distance(dP.value, dP.with(reference::complex_step(by_P, P, dy))) < kGradient<TestType>);
    }
  }
}

}  // namespace x2g
