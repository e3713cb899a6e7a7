#include "text/piece_trie.hpp"

#include <limits>
#include <utility>

#include "kernels/math.hpp"
#include "x2g/text/tokenizer.hpp"

namespace x2g {

void characters_of(std::string_view text, std::vector<std::uint32_t>& characters, std::vector<std::uint32_t>* ends) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode_utf8(text, at);
    const bool broken = c.value == 0xFFFD && text.substr(at, c.bytes) != "\xEF\xBF\xBD";
    for (std::uint32_t i = 0; i < (broken ? c.bytes : 1); ++i) {
      characters.push_back(broken ? 0x110000u + static_cast<unsigned char>(text[at + i]) : static_cast<std::uint32_t>(c.value));
      if (ends != nullptr) ends->push_back(static_cast<std::uint32_t>(broken ? at + i + 1 : at + c.bytes));
    }
    at += c.bytes;
  }
}

double log_add(double a, double b) {
  if (a < b) std::swap(a, b);
  return b == -std::numeric_limits<double>::infinity() ? a : a + kernels::log1p_fraction(kernels::exp(b - a));
}

double Viterbi::run(std::span<const std::uint32_t> word, const PieceTrie& trie, std::span<const double> score, double unknown,
                    std::uint32_t without) {
  best.assign(word.size() + 1, -std::numeric_limits<double>::infinity());
  from.resize(word.size() + 1);
  by.resize(word.size() + 1);
  best[0] = 0;
  for (std::uint32_t at = 0; at < word.size(); ++at) {
    trie.pieces_at(word, at, [&](std::uint32_t end, std::uint32_t piece) {
      if (piece == without) return;
      const double sum = best[at] + (piece == PieceTrie::kNone ? unknown : score[piece]);
      if (sum <= best[end]) return;  // of equals the one that begins first
      best[end] = sum;
      from[end] = at;
      by[end] = piece;
    });
  }
  return best[word.size()];
}

}  // namespace x2g
