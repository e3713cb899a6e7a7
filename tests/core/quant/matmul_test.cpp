// Products with quantized weights against decode-then-multiply, and LLM.int8()'s split.
#include "x2g/quant/matmul.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cmath>
#include <limits>

#include "support/arrays.hpp"
#include "support/op_graph.hpp"
#include "x2g/ops/linear.hpp"

namespace x2g {
namespace {

using namespace test;
using Catch::Matchers::ContainsSubstring;
using Floats = std::vector<float>;

constexpr double kNone = std::numeric_limits<double>::infinity();

/// x Wᵀ + b in double.
Doubles plain(std::size_t N, std::size_t I, std::size_t O, const Floats& x, const Floats& W, const Floats& b = {}) {
  Doubles y(N * O);
  for (std::size_t n = 0; n < N; ++n)
    for (std::size_t o = 0; o < O; ++o) {
      double sum = b.empty() ? 0 : b[o];
      for (std::size_t i = 0; i < I; ++i) sum += static_cast<double>(x[n * I + i]) * W[o * I + i];
      y[n * O + o] = sum;
    }
  return y;
}

}  // namespace

TEST_CASE("a product with quantized weights is the product with the decoded ones, to the bit", "[quant]") {
  struct Size {
    std::size_t N, I, O;
  };
  for (const char* name : {"int2", "int3", "int4", "int8", "nf4", "nf4-double"})
    for (const auto group : {QuantConfig::Group::tensor, QuantConfig::Group::row, QuantConfig::Group::block})
      for (const Size& s : {Size{1, 1, 1}, Size{3, 67, 33}, Size{17, 64, 100}, Size{2, 600, 31}})
        for (const std::uint64_t seed : {1u, 2u, 3u}) {
          QuantConfig c = quant_from_name(name);
          c.group = group;
          c.double_quantized = c.double_quantized && group == QuantConfig::Group::block;
          const Floats x = random_floats(s.N * s.I, seed), W = random_floats(s.O * s.I, seed + 10), b = random_floats(s.O, seed + 20);
          const Quantized q = quantize(W, s.O, s.I, c);
          const Floats decoded = q.dequantize();
          Floats y(s.N * s.O, 7), whole(y.size()), scratch(linear_scratch({s.N, s.I, s.O}));
          quantized_matmul(q, s.N, x, b, y);
          linear_forward<float>({s.N, s.I, s.O}, x, decoded, b, whole, scratch);
          CAPTURE(name, static_cast<int>(group), s.N, s.I, s.O, seed);
          CHECK(same_bits(y, whole));
          CHECK(distance(y, plain(s.N, s.I, s.O, x, decoded, b)) < 1e-5);
          quantized_matmul(q, s.N, x, {}, y);
          CHECK(distance(y, plain(s.N, s.I, s.O, x, decoded)) < 1e-5);
        }
}

TEST_CASE("8-bit integer products follow the paper's formula", "[quant]") {
  // x = (1, 2, −4): c = 4/127, codes 32 (31.75), 64 (63.5, a tie, to the even), −127; W = (127, 1, 0) with c = 1
  const Floats x{1, 2, -4}, W{127, 1, 0};
  Floats y(1);
  const Int8Report all = int8_matmul(1, 3, 1, kNone, x, W, y);
  CHECK(all.outliers == 0);
  CHECK(all.integer_terms == 3);
  CHECK(std::fabs(y[0] - (32 * 127 + 64) * (4.0f / 127)) < 1e-4f);
}

TEST_CASE("without outliers 8-bit products are within about a percent", "[quant]") {
  const std::size_t N = 16, I = 256, O = 24;
  const Floats x = random_floats(N * I, 1), W = random_floats(O * I, 2);
  Floats y(N * O);
  int8_matmul(N, I, O, 6, x, W, y);
  const double error = distance(y, plain(N, I, O, x, W));
  CAPTURE(error);
  CHECK(error < 0.012);
  CHECK(error > 1e-4);  // rounding there is
}

TEST_CASE("a feature with outliers ruins 8-bit products until it is taken out", "[quant]") {
  const std::size_t N = 16, I = 256, O = 24;
  Floats x = random_floats(N * I, 3);
  const Floats W = random_floats(O * I, 4);
  for (std::size_t n = 0; n < N; ++n) x[n * I + 100] = n % 2 ? 60.0f : -60.0f;  // one feature, every token (section 4 of the paper)
  for (std::size_t n = 0; n < N; n += 3) x[n * I + 7] = 20.0f;
  Floats spoiled(N * O), split(N * O);
  const Doubles exact = plain(N, I, O, x, W);
  CHECK(int8_matmul(N, I, O, kNone, x, W, spoiled).outliers == 0);
  const Int8Report report = int8_matmul(N, I, O, 6, x, W, split);
  CHECK(report.outliers == 2);
  CHECK(report.integer_terms == N * O * (I - 2));
  // Judged by what the ordinary features add: the outliers' share is large and exact in both.
  Floats ordinary = x;
  for (std::size_t n = 0; n < N; ++n) ordinary[n * I + 100] = ordinary[n * I + 7] = 0;
  const Doubles small = plain(N, I, O, ordinary, W);
  const auto error = [&](const Floats& y) {
    double noise = 0, signal = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
      noise += (y[i] - exact[i]) * (y[i] - exact[i]);
      signal += small[i] * small[i];
    }
    return std::sqrt(noise / signal);
  };
  CAPTURE(error(spoiled), error(split));
  CHECK(error(split) < 0.012);
  CHECK(error(spoiled) > 20 * error(split));
}

TEST_CASE("all features outliers: nothing is left to round", "[quant]") {
  const Floats x{7, -8, 9, 10}, W{1.5f, 2.25f, -3, 0.125f};
  Floats y(4);
  CHECK(int8_matmul(2, 2, 2, 6, x, W, y).outliers == 2);
  const Doubles exact = plain(2, 2, 2, x, W);
  CHECK(distance(y, exact) < 1e-7);
}

TEST_CASE("quantized products refuse what does not fit", "[quant][reliability-6]") {
  const Quantized q = quantize(Floats(12, 1.0f), 3, 4, {});
  Floats x(8), y(6), b(3);
  CHECK_THAT(message_of([&] { quantized_matmul(q, 1, x, b, y); }), ContainsSubstring("x holds 8 numbers; it must hold 1 x 4"));
  CHECK_THAT(message_of([&] { quantized_matmul(q, 2, x, Floats(2), y); }), ContainsSubstring("b holds 2 numbers; it must hold 1 x 3"));
  CHECK_THAT(message_of([&] { quantized_matmul(q, 2, x, b, b); }), ContainsSubstring("y holds 3"));
  CHECK(message_of([&] { quantized_matmul(q, 2, x, b, y); }) == "no error");
  CHECK(code_of([&] { quantized_matmul(Quantized(), 2, x, b, y); }) == ErrorCode::shape_mismatch);
  const Floats W(12);
  CHECK_THAT(message_of([&] { int8_matmul(2, 4, 3, 0, x, W, y); }), ContainsSubstring("threshold is 0"));
  CHECK_THAT(message_of([&] { int8_matmul(2, 4, 3, std::nan(""), x, W, y); }), ContainsSubstring("threshold is NaN"));
  CHECK_THAT(message_of([&] { int8_matmul(2, 5, 3, 6, x, W, y); }), ContainsSubstring("x holds 8"));
  CHECK_THAT(message_of([&] { int8_matmul(2, 200000, 3, 6, x, W, y); }), ContainsSubstring("up to 133000"));
  x[3] = std::numeric_limits<float>::infinity();
  CHECK(message_of([&] { int8_matmul(2, 4, 3, 6, x, W, y); }) == "no error");  // an outlier like any other: stays in float
  x[3] = std::nanf("");
  CHECK_THAT(message_of([&] { int8_matmul(2, 4, 3, 6, x, W, y); }), ContainsSubstring("number 3 is NaN"));
}

}  // namespace x2g
