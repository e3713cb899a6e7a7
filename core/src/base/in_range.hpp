// The check that most configurations begin with: a number between two bounds, refused by its name.
#pragma once

#include <string_view>

namespace x2g {

/// Error(invalid_argument), "`name` is `value`; it must be `low` to `high`", when it is not; NaN is not. Whole numbers up to 2^53 too.
void in_range(std::string_view name, double value, double low, double high);

}  // namespace x2g
