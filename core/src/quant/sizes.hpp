// How many of what a quantized matrix has: shared by quantize.cpp, which makes one, and config.cpp, which only counts.
#pragma once

#include <cstddef>
#include <cstdint>

#include "x2g/quant/quantize.hpp"

namespace x2g {

inline constexpr std::size_t kConstantsPerStep = 256;  // block of the second quantization (Dettmers et al. 2023, section 3)

/// ⌈whole / each⌉
inline std::uint64_t parts(std::uint64_t whole, std::uint64_t each) { return (whole + each - 1) / each; }

/// Numbers that share a constant.
inline std::uint64_t group_length(std::uint64_t rows, std::uint64_t columns, const QuantConfig& c) {
  if (c.group == QuantConfig::Group::tensor) return rows * columns;
  return c.group == QuantConfig::Group::row ? columns : c.block;
}

}  // namespace x2g
