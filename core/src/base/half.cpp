#include "x2g/base/half.hpp"

#include <algorithm>

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {

std::string_view format_name(Format format) { return format == Format::fp32 ? "fp32" : format == Format::fp16 ? "fp16" : "bf16"; }

Format format_from_name(std::string_view name) {
  for (const Format format : {Format::fp32, Format::fp16, Format::bf16})
    if (name == format_name(format)) return format;
  throw Error(ErrorCode::unknown_name, text("no number format is called \"", name.substr(0, 80), "\"; there are fp32, fp16, bf16"));
}

std::uint16_t to_fp16_bits(float x) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(round_fp16(x)), sign = bits >> 16 & 0x8000u, a = bits & 0x7fff'ffffu;
  if (a >= 0x7f80'0000u) return static_cast<std::uint16_t>(sign | 0x7c00u | (a >> 13 & 0x3ffu));
  if (a >= 0x3880'0000u) return static_cast<std::uint16_t>(sign | (a - (112u << 23)) >> 13);                // bias 127 becomes 15
  return static_cast<std::uint16_t>(sign | static_cast<std::uint32_t>(std::bit_cast<float>(a) * 0x1p24f));  // whole steps, exact
}

std::uint16_t to_bf16_bits(float x) { return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(round_bf16(x)) >> 16); }

float from_fp16_bits(std::uint16_t bits) {
  const std::uint32_t sign = (bits & 0x8000u) << 16, exponent = bits >> 10 & 0x1fu, fraction = bits & 0x3ffu;
  if (exponent == 0x1f) return std::bit_cast<float>(sign | 0x7f80'0000u | fraction << 13);
  if (exponent == 0) return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(static_cast<float>(fraction) * 0x1p-24f));
  return std::bit_cast<float>(sign | (exponent + 112) << 23 | fraction << 13);
}

float from_bf16_bits(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

void round_to(Format format, std::span<const float> x, std::span<float> y) {
  switch (format) {
    case Format::fp32:
      if (x.data() != y.data()) std::ranges::copy(x, y.begin());
      return;
    case Format::fp16: std::ranges::transform(x, y.begin(), [](float v) { return round_fp16(v); }); return;
    case Format::bf16: std::ranges::transform(x, y.begin(), [](float v) { return round_bf16(v); }); return;
  }
}

void round_to(Format format, std::span<float> x) { round_to(format, x, x); }

}  // namespace x2g
