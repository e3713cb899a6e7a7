// Decimal numbers in text to double, correctly rounded (nearest, ties to even), whatever the machine's language: what strtod does in the "C"
// locale, without it, because the browser's standard library has no from_chars for double. No hexadecimal, no "inf" or "nan".
#pragma once

#include <string_view>

namespace x2g {

/// What parse_decimal found.
struct DecimalNumber {
  /// What is wrong with the text.
  enum class Fault : unsigned char { none, not_a_number, too_large } fault = Fault::none;  ///< which
  bool point = false;                                                                      ///< a decimal point was there
  double value = 0;                                                                        ///< 0 with a fault
};

/// All of `text`: [+-] digits [point digits] [e [+-] digits], with a digit before or after the point. Nearer to 0 than half the smallest
/// double is 0; beyond the largest is the fault too_large.
DecimalNumber parse_decimal(std::string_view text, char point = '.');

}  // namespace x2g
