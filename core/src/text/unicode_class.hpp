// Which of the four classes of GPT-2's pre-tokenization a code point has: letter (L*), number (N*), blank (White_Space) or anything else.
// Exact for all code points of Unicode 16; the tables are written by tests/golden/make_unicode.py.
#pragma once

#include <cstdint>

namespace x2g {

enum class CharClass : std::uint8_t { letter, number, blank, other };
CharClass char_class(char32_t c);

}  // namespace x2g
