#include "base/in_range.hpp"

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {

void in_range(std::string_view name, double value, double low, double high) {
  if (value >= low && value <= high) return;
  throw Error(ErrorCode::invalid_argument, text(name, " is ", value, "; it must be ", low, " to ", high));
}

}  // namespace x2g
