// Rounding to 16 bits: every half value both ways, every gap between neighbours at its middle, and the compiler's own _Float16.
#include "x2g/base/half.hpp"

#include <catch2/catch_test_macros.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"

using namespace x2g;

namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
std::uint32_t bits_of(float x) { return std::bit_cast<std::uint32_t>(x); }

/// The value of 16 bits by the definition: (−1)ˢ · 2^(e − bias) · (1 + f), or 2^(1 − bias) · f for e = 0.
double by_definition(std::uint16_t bits, int exponent_bits, int fraction_bits) {
  const int bias = (1 << (exponent_bits - 1)) - 1, e = (bits >> fraction_bits) & ((1 << exponent_bits) - 1);
  const double f = std::ldexp(bits & ((1 << fraction_bits) - 1), -fraction_bits);
  const double size = e == (1 << exponent_bits) - 1 ? (f == 0 ? kInf : std::nan(""))
                      : e == 0                      ? std::ldexp(f, 1 - bias)
                                                    : std::ldexp(1 + f, e - bias);
  return bits & 0x8000 ? -size : size;
}

}  // namespace

TEST_CASE("all 65536 fp16 and bf16 values mean what the definition says and survive rounding", "[base][half]") {
  std::size_t wrong = 0;
  for (std::uint32_t i = 0; i < 65536; ++i) {
    const auto h = static_cast<std::uint16_t>(i);
    const float a = from_fp16_bits(h), b = from_bf16_bits(h);
    const double x = by_definition(h, 5, 10), y = by_definition(h, 8, 7);
    wrong += std::isnan(x) ? !std::isnan(a) : static_cast<double>(a) != x || std::signbit(a) != std::signbit(x);
    wrong += std::isnan(y) ? !std::isnan(b) : static_cast<double>(b) != y || std::signbit(b) != std::signbit(y);
    wrong += std::isnan(a) ? !std::isnan(round_fp16(a)) : bits_of(round_fp16(a)) != bits_of(a) || to_fp16_bits(a) != h;
    wrong += std::isnan(b) ? !std::isnan(round_bf16(b)) : bits_of(round_bf16(b)) != bits_of(b) || to_bf16_bits(b) != h;
  }
  CHECK(wrong == 0);
}

TEST_CASE("between two neighbours the nearer is taken and the even one from the middle", "[base][half]") {
  const auto check = [](float (*value)(std::uint16_t), float (*round)(float), std::uint16_t largest) {
    std::size_t wrong = 0;
    for (std::uint16_t h = 0; h < largest; ++h) {
      const float low = value(h), high = value(static_cast<std::uint16_t>(h + 1)), even = h & 1 ? high : low;
      const auto middle = static_cast<float>((static_cast<double>(low) + high) / 2);
      if (static_cast<double>(middle) * 2 != static_cast<double>(low) + high) continue;  // bf16: below a float's own least step
      for (const float sign : {1.0f, -1.0f}) {
        wrong += bits_of(round(sign * middle)) != bits_of(sign * even);
        wrong += bits_of(round(sign * std::nextafter(middle, low))) != bits_of(sign * low);
        wrong += bits_of(round(sign * std::nextafter(middle, kInf))) != bits_of(sign * high);
      }
    }
    return wrong;
  };
  CHECK(check(from_fp16_bits, round_fp16, 0x7bff) == 0);
  CHECK(check(from_bf16_bits, round_bf16, 0x7f7f) == 0);
}

TEST_CASE("the ends of the ranges: overflow, least subnormals, signed zeros, NaN", "[base][half]") {
  CHECK(round_fp16(65504) == 65504);
  CHECK(round_fp16(65519.99f) == 65504);
  CHECK(round_fp16(65520) == kInf);
  CHECK(round_fp16(-1e30f) == -kInf);
  CHECK(round_fp16(kInf) == kInf);
  CHECK(round_fp16(0x1p-24f) == 0x1p-24f);
  CHECK(round_fp16(0x1p-25f) == 0);
  CHECK(round_fp16(0x1.8p-25f) == 0x1p-24f);
  CHECK(std::signbit(round_fp16(-1e-20f)));
  CHECK(std::isnan(round_fp16(std::nanf(""))));
  CHECK(round_bf16(std::numeric_limits<float>::max()) == kInf);
  CHECK(round_bf16(1 + 0x1p-8f) == 1);
  CHECK(round_bf16(1 + 0x1.8p-7f) == 1 + 0x1p-6f);
  CHECK(std::isnan(round_bf16(std::bit_cast<float>(0x7f800001u))));  // a NaN whose upper half reads as infinity
  CHECK(std::isnan(round_fp16(std::bit_cast<float>(0xff800001u))));
}

#ifdef __FLT16_MAX__
TEST_CASE("a million floats of every size round as the compiler's _Float16 does", "[base][half]") {
  Rng rng(11, Stream::data);
  std::size_t wrong = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    std::uint32_t word = rng.bits();
    if (i & 1) word = (word & 0x807f'ffffu) | (100 + word % 44) << 23;  // half of them near fp16's range
    const float x = std::bit_cast<float>(word);
    const auto expected = static_cast<float>(static_cast<_Float16>(x));
    wrong += std::isnan(x) ? !std::isnan(round_fp16(x)) : bits_of(round_fp16(x)) != bits_of(expected);
    wrong += !std::isnan(x) && to_fp16_bits(x) != std::bit_cast<std::uint16_t>(static_cast<_Float16>(x));
  }
  CHECK(wrong == 0);
}
#endif

TEST_CASE("arrays are rounded in place or beside, fp32 leaves them alone, names are known", "[base][half]") {
  const std::vector<float> x{0.1f, 1e-8f, 70000, -3};
  std::vector<float> y(4);
  round_to(Format::fp16, x, y);
  CHECK(y == std::vector<float>{round_fp16(0.1f), 0, kInf, -3});
  round_to(Format::bf16, x, y);
  CHECK(y == std::vector<float>{round_bf16(0.1f), round_bf16(1e-8f), round_bf16(70000), -3});
  round_to(Format::fp32, x, y);
  CHECK(y == x);
  round_to(Format::bf16, y);
  CHECK(y[0] == round_bf16(0.1f));
  for (const Format f : {Format::fp32, Format::fp16, Format::bf16}) CHECK(format_from_name(format_name(f)) == f);
  CHECK_THROWS_AS(format_from_name("fp8"), Error);
}
