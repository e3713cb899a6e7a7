#include "text/unicode_class.hpp"

#include <algorithm>
#include <iterator>

#include "text/unicode_table.hpp"

namespace x2g {
namespace {

/// Whether c lies in a range: an odd number of edges are at or below it.
template <class T, std::size_t N>
bool inside(const T (&edges)[N], std::uint32_t c) {
  return (std::upper_bound(std::begin(edges), std::end(edges), c) - std::begin(edges)) % 2 == 1;
}

/// The White_Space property.
bool blank(char32_t c) {
  return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

}  // namespace

CharClass char_class(char32_t c) {
  if (c < 0x80) {
    if ((c | 32) >= 'a' && (c | 32) <= 'z') return CharClass::letter;
    if (c >= '0' && c <= '9') return CharClass::number;
    return blank(c) ? CharClass::blank : CharClass::other;
  }
  if (blank(c)) return CharClass::blank;
  if (c < 0x10000) {
    if (inside(kLetters, c)) return CharClass::letter;
    return inside(kNumbers, c) ? CharClass::number : CharClass::other;
  }
  if (c < 0x20000) {
    if (inside(kLetters1, c - 0x10000)) return CharClass::letter;
    return inside(kNumbers1, c - 0x10000) ? CharClass::number : CharClass::other;
  }
  return inside(kLetters2, c) ? CharClass::letter : CharClass::other;
}

}  // namespace x2g
