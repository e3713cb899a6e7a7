// Weights in few bits: every number becomes a small code, and the numbers of a group share one constant.
//
//   integer, b bits   q = round(w / c), ties to even, held to ±(2^(b−1) − 1)   c = max|w| / (2^(b−1) − 1)   ŵ = c q      symmetric, absmax
//   nf4               q = nearest of 16 levels to w / c, ties to the even one  c = max|w|                   ŵ = c level[q]
//
// The levels of NF4 are quantiles of a normal distribution, so that normal weights use all codes alike (Dettmers et al. 2023, "QLoRA",
// section 3 and appendix E). Double quantization: the constants, less their mean, become 8-bit integers, 256 of them to a constant of
// their own (section 3; there 8-bit floats). Codes are packed without gaps, the first in the lowest bits: two of 4 bits to a byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace x2g {

/// How numbers are coded and which share a constant.
struct QuantConfig {
  /// What a code stands for: a whole number, or one of NF4's levels.
  enum class Code : std::uint8_t { integer, nf4 };
  /// Which numbers share a constant: all, those of a row (an output of a linear layer), or `block` successive ones.
  enum class Group : std::uint8_t { tensor, row, block };

  Code code = Code::integer;      ///< formulas at the head of this file
  Group group = Group::block;     ///< see Group
  std::uint32_t bits = 8;         ///< integer: 2 … 8; nf4: 4
  std::uint32_t block = 64;       ///< group block: 1 … 2^20 numbers; blocks run through the flattened tensor, across rows
  bool double_quantized = false;  ///< block only
  void validate() const;          ///< throws Error(invalid_argument)
  bool operator==(const QuantConfig&) const = default;  ///< all fields alike
};

/// "int2" … "int8", "nf4" in blocks of 64; "nf4-double" is what QLoRA stores. Else Error(unknown_name).
QuantConfig quant_from_name(std::string_view name);
QuantConfig::Group quant_group_from_name(std::string_view name);  ///< "tensor", "row", "block"; else Error(unknown_name)

/// The 16 levels of NF4, −1 … 1 in rising order, 0 among them.
std::span<const float> nf4_levels();

/// A matrix (rows, columns) in codes and constants.
class Quantized {
 public:
  const QuantConfig& config() const { return config_; }   ///< as given to quantize()
  std::size_t rows() const { return rows_; }              ///< outputs O of a linear layer's weight
  std::size_t columns() const { return columns_; }        ///< inputs I
  std::size_t size() const { return rows_ * columns_; }   ///< numbers, and codes
  std::size_t groups() const { return groups_; }          ///< constants: ⌈size / group_size⌉
  std::size_t group_size() const { return group_size_; }  ///< numbers in a group; the last may have fewer

  int code(std::size_t i) const;           ///< integer: −127 … 127 at most; nf4: 0 … 15. Error(invalid_argument) beyond the end
  float constant(std::size_t g) const;     ///< c of group g as decoding sees it: after double quantization. Error as above
  std::vector<float> level_table() const;  ///< by the bits of a code: what c is multiplied by (2^bits entries)

  /// Numbers begin … begin + out.size() of the flattened matrix. Error(shape_mismatch) beyond its end.
  void dequantize(std::size_t begin, std::span<float> out) const;
  std::vector<float> dequantize() const;  ///< all of them

  std::span<const std::uint8_t> packed() const { return codes_; }  ///< the codes as they are stored, ⌈size · bits / 8⌉ bytes
  std::uint64_t bytes() const;                                     ///< of codes and constants: quantized_bytes() of the same shape
  double bits_per_weight() const;                                  ///< 8 bytes / size

 private:
  friend Quantized quantize(std::span<const float> W, std::size_t rows, std::size_t columns, const QuantConfig& c);
  void pack(std::size_t i, unsigned raw);
  unsigned raw(std::size_t i) const;
  void quantize_constants();
  float decoded_constant(std::size_t g) const;

  QuantConfig config_;
  std::size_t rows_ = 0, columns_ = 0, groups_ = 0, group_size_ = 0;
  std::vector<std::uint8_t> codes_;          // ⌈size · bits / 8⌉
  std::vector<float> constants_;             // by group; empty when double quantized
  std::vector<std::int8_t> constant_codes_;  // by group, of the constants less their mean
  std::vector<float> constant_steps_;        // by 256 groups
  float constant_mean_ = 0;
};

/// W holds rows × columns finite numbers, 1 … 2^31 of them. Error(shape_mismatch | invalid_argument).
Quantized quantize(std::span<const float> W, std::size_t rows, std::size_t columns, const QuantConfig& c);

/// Bytes of codes and constants of a matrix of that shape; double quantization counts a byte a group, 4 bytes per 256 groups and 4 for the
/// mean.
std::uint64_t quantized_bytes(std::uint64_t rows, std::uint64_t columns, const QuantConfig& c);

/// What quantization lost, over all numbers of a matrix.
struct QuantError {
  double max = 0;          ///< largest |ŵ − w|
  double mean_square = 0;  ///< of ŵ − w
  double snr = 0;          ///< mean w² / mean (ŵ − w)² in decibels; +∞ where nothing was lost
};
/// Error(shape_mismatch) unless both hold the same number of numbers, one or more.
QuantError quant_error(std::span<const float> exact, std::span<const float> approximate);

}  // namespace x2g
