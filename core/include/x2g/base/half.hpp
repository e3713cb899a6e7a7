// Sixteen-bit floating point by rounding: what a number becomes when it is stored as IEEE 754 binary16 (fp16: 5 bits of exponent, 10 of
// fraction) or as bfloat16 (bf16: 8 and 7). Nearest, ties to even; subnormals kept; too large becomes ±∞; NaN stays NaN.
// An emulation to learn from: arithmetic stays in float, only the results are rounded.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string_view>

namespace x2g {

/// A way to store a number: IEEE 754 binary32, binary16, or bfloat16.
enum class Format : std::uint8_t { fp32, fp16, bf16 };
std::string_view format_name(Format format);     ///< "fp32", "fp16", "bf16"
Format format_from_name(std::string_view name);  ///< throws Error(unknown_name)

/// What is rounded to what in a run: outputs of nodes, the weights that ops see, gradients.
struct Precision {
  Format activations = Format::fp32;  ///< of the nodes' outputs
  Format weights = Format::fp32;      ///< of what ops see of the parameters; value() stays fp32
  Format gradients = Format::fp32;    ///< of gradients, after each node's backward
  /// Whether anything is other than fp32.
  bool rounds() const { return activations != Format::fp32 || weights != Format::fp32 || gradients != Format::fp32; }
  bool operator==(const Precision&) const = default;  ///< all three equal
};

/// The nearest binary16: 65520 and more becomes ∞, steps below 2⁻¹⁴ are 2⁻²⁴.
inline float round_fp16(float x) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(x), sign = bits & 0x8000'0000u;
  std::uint32_t a = bits ^ sign;
  if (a > 0x7f80'0000u) return std::bit_cast<float>((bits & 0xffff'e000u) | 0x0040'0000u);  // NaN, quiet
  if (a < 0x3880'0000u) {  // below 2⁻¹⁴ the step is 2⁻²⁴, which is also a float's step in [½, 1)
    const float steps = (std::bit_cast<float>(a) + 0.5f) - 0.5f;
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(steps) | sign);
  }
  a = (a + 0x0fffu + ((a >> 13) & 1u)) & 0xffff'e000u;  // half a step less one bit, plus one where the last kept bit is odd
  if (a >= 0x4780'0000u) a = 0x7f80'0000u;              // 65520 and more
  return std::bit_cast<float>(a | sign);
}

/// The nearest bfloat16: a float's upper half, rounded.
inline float round_bf16(float x) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(x);
  if ((bits & 0x7fff'ffffu) > 0x7f80'0000u) return std::bit_cast<float>((bits & 0xffff'0000u) | 0x0040'0000u);
  return std::bit_cast<float>((bits + 0x7fffu + ((bits >> 16) & 1u)) & 0xffff'0000u);
}

std::uint16_t to_fp16_bits(float x);       ///< the 16 bits of round_fp16(x)
std::uint16_t to_bf16_bits(float x);       ///< … of round_bf16(x)
float from_fp16_bits(std::uint16_t bits);  ///< exact
float from_bf16_bits(std::uint16_t bits);  ///< exact

void round_to(Format format, std::span<float> x);                            ///< in place; fp32: nothing
void round_to(Format format, std::span<const float> x, std::span<float> y);  ///< y = rounded x

}  // namespace x2g
