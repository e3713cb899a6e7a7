// βᵗ for bias corrections, the same bits on every engine. Not a general power.
#pragma once

#include <cstdint>

namespace x2g {

/// By squaring: exact order of operations.
inline double power(double base, std::uint64_t exponent) {
  double result = 1;
  for (; exponent; exponent >>= 1, base *= base)
    if (exponent & 1) result *= base;
  return result;
}

}  // namespace x2g
