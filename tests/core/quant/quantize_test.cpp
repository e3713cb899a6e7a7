// Codes, constants, packing, levels and errors of quantized matrices.
#include "x2g/quant/quantize.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <array>
#include <cmath>
#include <limits>

#include "support/arrays.hpp"
#include "support/op_graph.hpp"

namespace x2g {
namespace {

using namespace test;
using Catch::Matchers::ContainsSubstring;
using Floats = std::vector<float>;
using Code = QuantConfig::Code;
using Group = QuantConfig::Group;

Floats normals(std::size_t n, std::uint64_t seed, double deviation = 1) {
  Rng rng(seed, Stream::user);
  Floats out(n);
  for (float& w : out) w = static_cast<float>(deviation * rng.normal());
  return out;
}

QuantConfig integers(std::uint32_t bits, Group group = Group::block, std::uint32_t block = 64) {
  QuantConfig c;
  c.bits = bits;
  c.group = group;
  c.block = block;
  return c;
}

std::vector<int> codes(const Quantized& q) {
  std::vector<int> out;
  for (std::size_t i = 0; i < q.size(); ++i) out.push_back(q.code(i));
  return out;
}

/// x with Φ(x) = p, by halving an interval.
double normal_quantile(double p) {
  double low = -10, high = 10;
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (0.5 * std::erfc(-middle / std::sqrt(2.0)) < p ? low : high) = middle;
  }
  return low;
}

}  // namespace

TEST_CASE("8-bit absmax: the example by hand", "[quant]") {
  // max 2.54 → c = 0.02; −1.27 → −63.5, a tie, to the even −64; 0.01 → 0.5, a tie, to 0; 0.03 → 1.5 → 2
  const Floats W{2.54f, -1.0f, 0.5f, 0.0f};
  const Quantized q = quantize(W, 1, 4, integers(8, Group::tensor));
  CHECK(codes(q) == std::vector<int>{127, -50, 25, 0});
  CHECK(std::fabs(q.constant(0) - 0.02f) < 1e-9f);
  CHECK(q.bytes() == 4 + 4);
  const Floats back = q.dequantize();
  for (std::size_t i = 0; i < 4; ++i) CHECK(std::fabs(back[i] - W[i]) < 1e-6f);
}

TEST_CASE("ties go to the even code, in both signs", "[quant]") {
  // max 127 makes c exactly 1
  const Floats W{127, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.5f, 126.5f, -126.5f, 0.50001f};
  CHECK(codes(quantize(W, 1, W.size(), integers(8, Group::row))) == std::vector<int>{127, 0, 2, 2, 0, -2, -2, 126, -126, 1});
  // NF4: halfway between two levels
  const auto level = nf4_levels();
  QuantConfig c = quant_from_name("nf4");
  Floats halves{1};
  for (std::size_t i = 0; i + 1 < 16; ++i) halves.push_back(static_cast<float>((static_cast<double>(level[i]) + level[i + 1]) / 2));
  const Quantized q = quantize(halves, 1, halves.size(), c);
  for (std::size_t i = 0; i + 1 < 16; ++i) {
    const double middle = (static_cast<double>(level[i]) + level[i + 1]) / 2, rounded = halves[i + 1];
    const std::size_t want = rounded < middle ? i : rounded > middle ? i + 1 : i + i % 2;
    CAPTURE(i, middle, rounded);
    CHECK(static_cast<std::size_t>(q.code(i + 1)) == want);
  }
}

TEST_CASE("no number moves by more than half a step, and the largest comes back", "[quant]") {
  for (std::uint32_t bits = 2; bits <= 8; ++bits)
    for (const Group group : {Group::tensor, Group::row, Group::block})
      for (const std::uint64_t seed : {1u, 2u, 3u}) {
        const std::size_t rows = 7, columns = 37;
        const Floats W = normals(rows * columns, seed, 0.02);
        const Quantized q = quantize(W, rows, columns, integers(bits, group, 16));
        const Floats back = q.dequantize();
        const int top = (1 << (bits - 1)) - 1;
        CAPTURE(bits, static_cast<int>(group), seed);
        bool near = true, held = true, largest = true;
        for (std::size_t g = 0; g < q.groups(); ++g) {
          float most = 0;
          std::size_t at = 0;
          for (std::size_t i = g * q.group_size(); i < std::min(W.size(), (g + 1) * q.group_size()); ++i) {
            near = near && std::fabs(back[i] - W[i]) <= 0.5000001f * q.constant(g);
            held = held && std::abs(q.code(i)) <= top;
            if (std::fabs(W[i]) > most) {
              most = std::fabs(W[i]);
              at = i;
            }
          }
          largest = largest && std::abs(q.code(at)) == top && std::fabs(q.constant(g) * static_cast<float>(top) - most) <= 1e-6f * most;
        }
        CHECK(near);
        CHECK(held);
        CHECK(largest);
      }
}

TEST_CASE("codes are packed without gaps: two of 4 bits to a byte, the first in the low half", "[quant]") {
  const Floats W{7, -7, 1, -1, 3};  // c = 1
  const Quantized four = quantize(W, 1, 5, integers(4, Group::tensor));
  CHECK(codes(four) == std::vector<int>{7, -7, 1, -1, 3});
  CHECK(std::vector<int>(four.packed().begin(), four.packed().end()) == std::vector<int>{0x97, 0xf1, 0x03});
  for (std::uint32_t bits = 2; bits <= 8; ++bits) {
    const std::size_t n = 41;
    const float top = static_cast<float>((1 << (bits - 1)) - 1);
    Floats whole(n);
    for (std::size_t i = 0; i < n; ++i) whole[i] = i == 0 ? top : std::fmod(static_cast<float>(7 * i), 2 * top + 1) - top;
    const Quantized q = quantize(whole, 1, n, integers(bits, Group::tensor));
    CAPTURE(bits);
    CHECK(q.packed().size() == (n * bits + 7) / 8);
    CHECK(q.dequantize() == whole);  // c is 1: every code comes back, whatever byte borders it crosses
    Floats part(9);
    q.dequantize(13, part);
    CHECK(part == Floats(whole.begin() + 13, whole.begin() + 22));
  }
}

TEST_CASE("the levels of NF4 are the paper's quantiles of the normal distribution", "[quant]") {
  // Evenly spaced probabilities from δ to 1/2 on either side of 0: 8 steps for the positive half, 7 for the negative one, so that 0 is
  // exact; δ is the mean of 1/32 and 1/30; then divided by the largest.
  const double delta = (1.0 / 32 + 1.0 / 30) / 2, largest = normal_quantile(1 - delta);
  std::vector<double> want;
  for (int i = 0; i < 7; ++i) want.push_back(normal_quantile(delta + (0.5 - delta) * i / 7) / largest);
  for (int i = 8; i >= 0; --i) want.push_back(normal_quantile(1 - delta - (0.5 - delta) * i / 8) / largest);
  REQUIRE(want.size() == 16);
  const auto level = nf4_levels();
  CHECK(level[0] == -1);
  CHECK(level[7] == 0);
  CHECK(level[15] == 1);
  for (std::size_t i = 0; i < 16; ++i) {
    CAPTURE(i, level[i], want[i]);
    CHECK(std::fabs(static_cast<double>(level[i]) - want[i]) < 2e-7);
  }
}

TEST_CASE("NF4 takes the nearest of its levels, and suits normal weights better than 4-bit integers", "[quant]") {
  const Floats W = normals(4096, 5, 0.02);
  const Quantized nf4 = quantize(W, 64, 64, quant_from_name("nf4")), int4 = quantize(W, 64, 64, quant_from_name("int4"));
  bool nearest = true;
  for (std::size_t i = 0; i < W.size(); ++i) {
    const double v = static_cast<double>(W[i]) / nf4.constant(i / 64);
    const double taken = std::fabs(nf4_levels()[static_cast<std::size_t>(nf4.code(i))] - v);
    for (const float level : nf4_levels()) nearest = nearest && taken <= std::fabs(level - v);
  }
  CHECK(nearest);
  const QuantError a = quant_error(W, nf4.dequantize()), b = quant_error(W, int4.dequantize());
  CAPTURE(a.snr, b.snr);
  CHECK(a.mean_square < 0.85 * b.mean_square);
  std::array<int, 16> uses{};
  for (std::size_t i = 0; i < W.size(); ++i) ++uses[static_cast<std::size_t>(nf4.code(i))];
  for (const int n : uses) CHECK(n > 4096 / 16 / 5);  // no code lies idle
}

TEST_CASE("each bit is worth about 6 decibels", "[quant]") {
  const Floats W = random_floats(1 << 14, 3);
  double before = 0;
  for (std::uint32_t bits = 3; bits <= 8; ++bits) {
    const double snr = quant_error(W, quantize(W, 128, 128, integers(bits, Group::tensor)).dequantize()).snr;
    CAPTURE(bits, snr, before);
    // uniform in ±1 with 2^b − 1 levels: noise c²/12 with c = 1/(2^(b−1) − 1), signal 1/3: SNR = 20 log10(2^b − 2)
    CHECK(std::fabs(snr - 20 * std::log10(std::pow(2.0, bits) - 2)) < 0.35);
    CHECK(snr > before + 5);
    before = snr;
  }
}

TEST_CASE("one outlier spoils a whole tensor, but only its own row or block", "[quant]") {
  // Dettmers et al. 2022, figure 2: a few features of magnitude 20 and more among values below 3.5
  const std::size_t rows = 32, columns = 128;
  Floats W = normals(rows * columns, 7);
  for (float& w : W) w = std::fmax(-3.5f, std::fmin(3.5f, w));
  W[5 * columns + 17] = 200;
  const auto noise_outside_row_5 = [&](Group group) {
    const Floats back = quantize(W, rows, columns, integers(8, group)).dequantize();
    double sum = 0;
    for (std::size_t i = 0; i < W.size(); ++i)
      if (i / columns != 5) sum += (back[i] - W[i]) * static_cast<double>(back[i] - W[i]);
    return sum / static_cast<double>((rows - 1) * columns);
  };
  const double tensor = noise_outside_row_5(Group::tensor), row = noise_outside_row_5(Group::row),
               block = noise_outside_row_5(Group::block);
  CAPTURE(tensor, row, block);
  CHECK(std::fabs(tensor / (std::pow(200.0 / 127, 2) / 12) - 1) < 0.1);  // c²/12 of the spoiled step
  CHECK(row < tensor / 1000);
  CHECK(block <= row);
  // within row 5, blocks save the half row that the outlier is not in
  const Floats by_row = quantize(W, rows, columns, integers(8, Group::row)).dequantize();
  const Floats by_block = quantize(W, rows, columns, integers(8)).dequantize();
  const auto half = [&](const Floats& back) {
    return quant_error(std::span(W).subspan(5 * columns + 64, 64), std::span(back).subspan(5 * columns + 64, 64)).mean_square;
  };
  CHECK(half(by_block) < half(by_row) / 1000);
}

TEST_CASE("double quantization costs 0.127 bits a weight instead of 0.5, and hardly any accuracy", "[quant]") {
  const std::size_t rows = 512, columns = 512;
  const Floats W = normals(rows * columns, 11, 0.02);
  const Quantized plain = quantize(W, rows, columns, quant_from_name("nf4")),
                  twice = quantize(W, rows, columns, quant_from_name("nf4-double"));
  CHECK(plain.bits_per_weight() == 4.5);
  // 4096 blocks: a byte each, 16 constants of 4 bytes, 4 of the mean
  CHECK(twice.bytes() == rows * columns / 2 + 4096 + 16 * 4 + 4);
  CHECK(std::fabs(twice.bits_per_weight() - 4.127) < 1e-3);  // section 3: 0.127
  const double a = quant_error(W, plain.dequantize()).snr, b = quant_error(W, twice.dequantize()).snr;
  CAPTURE(a, b);
  CHECK(b < a);
  CHECK(b > a - 0.05);
  bool near = true;
  for (std::size_t g = 0; g < twice.groups(); ++g)
    near = near && std::fabs(twice.constant(g) - plain.constant(g)) < 0.02f * plain.constant(g);
  CHECK(near);
  CHECK(codes(plain) == codes(twice));
}

TEST_CASE("bytes are known before a matrix is quantized", "[quant]") {
  for (const char* name : {"int2", "int3", "int4", "int5", "int8", "nf4", "nf4-double"})
    for (const std::uint32_t block : {1u, 16u, 64u, 100u})
      for (const Group group : {Group::tensor, Group::row, Group::block}) {
        QuantConfig c = quant_from_name(name);
        c.block = block;
        c.group = group;
        if (c.double_quantized && group != Group::block) continue;
        for (const std::size_t columns : {1u, 13u, 64u, 67u}) {
          CAPTURE(name, block, columns);
          CHECK(quantize(normals(9 * columns, 1), 9, columns, c).bytes() == quantized_bytes(9, columns, c));
        }
      }
  CHECK(quantized_bytes(4096, 4096, quant_from_name("nf4")) == 4096ull * 4096 / 2 + 4096 * 64 * 4);
  CHECK(quantized_bytes(3, 5, integers(4, Group::row)) == 8 + 12);
}

TEST_CASE("zeros, a single number and the smallest numbers survive", "[quant]") {
  for (const char* name : {"int2", "int8", "nf4", "nf4-double"}) {
    const QuantConfig c = quant_from_name(name);
    CAPTURE(name);
    CHECK(quantize(Floats(100), 10, 10, c).dequantize() == Floats(100));
    const Floats one = quantize(Floats{-3.0f}, 1, 1, c).dequantize();
    CHECK(std::fabs(one[0] + 3) < 1e-6f);
    for (const float tiny : {1e-45f, 1e-40f, 1e38f, std::numeric_limits<float>::max()}) {
      const Floats W{tiny, -tiny, 0, tiny};
      for (const float w : quantize(W, 2, 2, c).dequantize()) CHECK(std::isfinite(w));
    }
  }
  // a block of zeros beside a large one stays zero, whatever its decoded constant
  Floats W(128);
  for (std::size_t i = 0; i < 64; ++i) W[i] = static_cast<float>(i);
  const Quantized q = quantize(W, 2, 64, quant_from_name("nf4-double"));
  CHECK(q.constant(1) >= 0);
  const Floats back = q.dequantize();
  CHECK(std::ranges::all_of(std::span(back).subspan(64), [](float w) { return w == 0; }));
}

TEST_CASE("quantization error: largest, mean square and decibels", "[quant]") {
  const Floats exact{3, 4, 0, 0}, off{3, 4, 0, 0.5f};
  const QuantError e = quant_error(exact, off);
  CHECK(e.max == 0.5);
  CHECK(e.mean_square == 0.0625);
  CHECK(std::fabs(e.snr - 20) < 1e-9);  // 25 / 0.25 = 100
  CHECK(quant_error(exact, exact).snr == std::numeric_limits<double>::infinity());
  CHECK(quant_error(Floats{0}, Floats{1}).snr == -std::numeric_limits<double>::infinity());
}

TEST_CASE("quantization refuses what it cannot do", "[quant][reliability-6]") {
  const Floats W(12, 1.0f);
  const auto refused = [&](QuantConfig c, std::size_t rows = 3, std::size_t columns = 4) {
    return message_of([&] { quantize(W, rows, columns, c); });
  };
  CHECK_THAT(refused(integers(1)), ContainsSubstring("bits is 1; integers may have 2 to 8"));
  CHECK_THAT(refused(integers(9)), ContainsSubstring("bits is 9"));
  CHECK_THAT(refused(integers(8, Group::block, 0)), ContainsSubstring("block is 0; it must be 1 to 1048576"));
  QuantConfig c = quant_from_name("nf4");
  c.bits = 8;
  CHECK_THAT(refused(c), ContainsSubstring("nf4 has 4"));
  c = quant_from_name("nf4-double");
  c.group = Group::row;
  CHECK_THAT(refused(c), ContainsSubstring("choose group block"));
  CHECK_THAT(refused(integers(8), 4, 4), ContainsSubstring("W holds 12 numbers; 4 rows of 4"));
  CHECK_THAT(refused(integers(8), 0, 0), ContainsSubstring("W holds 12"));
  Floats bad = W;
  bad[7] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THAT(message_of([&] { quantize(bad, 3, 4, integers(8)); }), ContainsSubstring("number 7 is NaN"));
  const Quantized q = quantize(W, 3, 4, integers(8));
  CHECK(code_of([&] { (void)q.code(12); }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { (void)q.constant(1); }) == ErrorCode::invalid_argument);
  Floats out(5);
  CHECK_THAT(message_of([&] { q.dequantize(8, out); }), ContainsSubstring("8 to 13 are asked for; the matrix has 12"));
  CHECK_THAT(message_of([] { quant_from_name("int9"); }), ContainsSubstring("\"int9\"; there are int2 to int8"));
  CHECK_THAT(message_of([] { quant_group_from_name("column"); }), ContainsSubstring("tensor, row, block"));
  CHECK(quant_group_from_name("row") == Group::row);
  CHECK(code_of([&] { quant_error(W, Floats(3)); }) == ErrorCode::shape_mismatch);
  CHECK(code_of([] { quantized_bytes(0, 3, {}); }) == ErrorCode::invalid_argument);
}

}  // namespace x2g
