// Slice, concat, transpose, reshape: by hand, against the clear versions, and that backward is forward's mirror.
#include "x2g/ops/shape.hpp"

#include <catch2/catch_template_test_macros.hpp>

#include <algorithm>

#include "core/ops/op_check.hpp"
#include "reference/shape.hpp"

namespace x2g {
namespace {

using namespace test;
using reference::Array;
using reference::Complex;

template <class T>
std::vector<T> transposed(const TransposeShape& s, const Doubles& x) {
  const auto tx = as<T>(x);
  std::vector<T> y(x.size());
  transpose_forward<T>(s, tx, y);
  return y;
}

}  // namespace

TEST_CASE("slices of a small matrix are those on paper", "[ops][slice]") {
  const std::vector<float> x{1, 2, 3, 4, 5, 6, 7, 8};  // (2, 4)
  std::vector<float> y(4), dx(8, 10);
  slice_forward<float>({2, 4, 1, 2}, x, y);
  CHECK(y == std::vector<float>{2, 3, 6, 7});
  slice_backward<float>({2, 4, 1, 2}, y, dx);
  CHECK(dx == std::vector<float>{10, 12, 13, 10, 10, 16, 17, 10});
}

TEST_CASE("a concat of two small matrices is that on paper", "[ops][concat]") {
  const std::vector<float> a{1, 2}, b{3, 4, 5, 6};  // (2, 1) and (2, 2)
  std::vector<float> y(6, -1), da(2, 10), db(4, 10);
  concat_forward<float>({2, 3, 0, 1}, a, y);
  concat_forward<float>({2, 3, 1, 2}, b, y);
  CHECK(y == std::vector<float>{1, 3, 4, 2, 5, 6});
  concat_backward<float>({2, 3, 0, 1}, y, da);
  concat_backward<float>({2, 3, 1, 2}, y, db);
  CHECK(da == std::vector<float>{11, 12});
  CHECK(db == std::vector<float>{13, 14, 15, 16});
}

TEST_CASE("a matrix and a stack of them are transposed as on paper", "[ops][transpose]") {
  const Doubles x{1, 2, 3, 4, 5, 6};
  CHECK(transposed<float>({{1, 1, 2, 3}, {0, 1, 3, 2}}, x) == std::vector<float>{1, 4, 2, 5, 3, 6});
  // (1, 2, 3, 1) → heads before time, as attention does: order 0 2 1 3
  CHECK(transposed<float>({{1, 2, 3, 1}, {0, 2, 1, 3}}, x) == std::vector<float>{1, 4, 2, 5, 3, 6});
  CHECK(transposed<float>({}, {7}) == std::vector<float>{7});
}

TEMPLATE_TEST_CASE("every order of axes moves every element to its place, and its gradient back", "[ops][transpose][gradient]", float,
                   double) {
  std::array<std::size_t, 4> order{0, 1, 2, 3};
  do {
    for (const std::array<std::size_t, 4> dims : {std::array<std::size_t, 4>{2, 3, 4, 5}, {1, 1, 5, 67}, {3, 1, 2, 33}}) {
      for (const std::uint64_t seed : {1u, 2u, 3u}) {
        CAPTURE(order[0], order[1], order[2], order[3], dims[3], seed);
        const TransposeShape s{dims, order};
        const Doubles x = values(dims[0] * dims[1] * dims[2] * dims[3], seed), dy = values(x.size(), seed + 1);
        CHECK(transposed<TestType>(s, x) == as<TestType>(reference::transpose(s, x)));

        TransposeShape back;  // the inverse order takes dy to where x's elements were
        for (std::size_t k = 0; k < 4; ++k) {
          back.dims[k] = dims[order[k]];
          back.order[order[k]] = k;
        }
        Gradient<TestType> dx(x.size());
        const auto tdy = as<TestType>(dy);
        transpose_backward<TestType>(s, tdy, dx.span());
        CHECK(dx.value == as<TestType>(dx.with(reference::transpose(back, dy))));
        transpose_backward<TestType>(s, tdy, {});  // not wanted: nothing happens
      }
    }
  } while (std::ranges::next_permutation(order).found);
}

TEMPLATE_TEST_CASE("slices and concats agree with the clear versions for every width", "[ops][slice][concat][gradient]", float, double) {
  for (std::size_t width = 1; width <= 67; ++width) {
    for (const std::size_t begin : {0u, 1u, 5u}) {
      const BandShape s{3, begin + width + width % 3, begin, width};
      CAPTURE(width, begin, s.total);
      const Doubles x = values(s.outer * s.total, width), part = values(s.outer * width, width + 1);
      const auto tx = as<TestType>(x), tpart = as<TestType>(part);
      std::vector<TestType> cut(part.size()), joined = tx;
      slice_forward<TestType>(s, tx, cut);
      concat_forward<TestType>(s, tpart, joined);
      CHECK(cut == as<TestType>(reference::slice(s, x)));
      CHECK(joined == as<TestType>(reference::concat(s, part, x)));

      Gradient<TestType> dx(x.size()), dpart(part.size());
      slice_backward<TestType>(s, tpart, dx.span());
      concat_backward<TestType>(s, tx, dpart.span());
      CHECK(dx.value == as<TestType>(dx.with(reference::concat(s, part, Doubles(x.size())))));
      CHECK(dpart.value == as<TestType>(dpart.with(reference::slice(s, x))));
      slice_backward<TestType>(s, tpart, {});
      concat_backward<TestType>(s, tx, {});
    }
  }
}

TEST_CASE("the clear versions' mirrors are what the complex step says", "[ops][slice][concat][gradient]") {
  const BandShape s{3, 7, 2, 4};
  const Doubles x = values(21, 1), part = values(12, 2);
  const auto cut = [&](const Array<Complex>& p) { return reference::slice(s, p); };
  const auto join = [&](const Array<Complex>& p) { return reference::concat(s, p, Array<Complex>(21)); };
  CHECK(distance(reference::concat(s, part, Doubles(21)), reference::complex_step(cut, x, part)) < kComplexStep);
  CHECK(distance(reference::slice(s, x), reference::complex_step(join, part, x)) < kComplexStep);
}

TEST_CASE("reshape copies, and adds its gradient", "[ops][reshape]") {
  for (std::size_t n = 0; n <= 67; ++n) {
    const auto x = as<float>(values(n, 1)), dy = as<float>(values(n, 2));
    std::vector<float> y(n);
    Gradient<float> dx(n);
    reshape_forward<float>(x, y);
    CHECK(y == x);
    reshape_backward<float>(dy, dx.span());
    CHECK(dx.value == as<float>(dx.with(doubles(dy))));
    reshape_backward<float>(dy, {});
  }
}

}  // namespace x2g
