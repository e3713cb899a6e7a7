// The check that every model's configuration begins with: a whole number between two bounds, refused by its name.
#pragma once

#include <cstdint>

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {

/// Error(invalid_argument) when value is not low … high.
inline void in_range(const char* name, std::uint32_t value, std::uint32_t low, std::uint32_t high) {
  if (value < low || value > high) throw Error(ErrorCode::invalid_argument, text(name, " is ", value, "; it must be ", low, " to ", high));
}

}  // namespace x2g
