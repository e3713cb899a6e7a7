// Cutting a text into the pieces that byte pair encoding never merges across.
// words: as GPT-2 does (Radford et al. 2019), by the pattern
//          's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
//        written out by hand, with the classes of Unicode 16; a broken byte counts as a symbol (U+FFFD is one).
// lines: after every "\n".   none: the whole text is one piece.
#pragma once

#include <cstddef>
#include <string_view>

namespace x2g {

/// How a text is cut; see above.
enum class Split { words, lines, none };

/// Bytes of the piece that starts at byte `at` < text.size(); at least 1. The pieces in turn make up the text.
std::size_t piece_length(std::string_view text, std::size_t at, Split split);

}  // namespace x2g
