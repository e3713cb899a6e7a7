// Numbers that an op uses as places in memory are looked at before it runs: they come from whoever sets the inputs, in the browser from a
// page's script. The lessons' engines draw them themselves and leave the check out.
#pragma once

#include <cstddef>
#include <span>

#include "base/parts.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g::table {

/// Each must be 0 … below − 1, or negative where that means "none"; NaN is neither.
template <class T>
void expect_indices([[maybe_unused]] const char* op, [[maybe_unused]] const char* what, [[maybe_unused]] std::span<const T> indices,
                    [[maybe_unused]] std::size_t below, [[maybe_unused]] bool negative_is_none = false) {
#if X2G_WHOLE_ENGINE
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const T v = indices[i];
    if ((v >= 0 || negative_is_none) && v < static_cast<T>(below)) continue;
    throw Error(ErrorCode::invalid_argument, text(op, ": ", what, " number ", i, " is ", static_cast<double>(v), "; it must be 0 to ",
                                                  static_cast<double>(below) - 1, negative_is_none ? ", or negative for none" : ""));
  }
#endif
}

}  // namespace x2g::table
