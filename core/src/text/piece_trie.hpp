// Pieces of text as paths of characters from a root, and the walk over all pieces that stand at a place of a word.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "x2g/base/key_map.hpp"

namespace x2g {

class PieceTrie {
 public:
  static constexpr std::uint32_t kNone = KeyMap::kNone;
  /// The node of the path, made when it is not there.
  std::uint32_t grow(std::uint32_t node, std::uint32_t character) {
    const auto fresh = static_cast<std::uint32_t>(piece_.size());
    const std::uint32_t found = children_.insert(static_cast<std::uint64_t>(node) << 32 | character, fresh);
    if (found == fresh) piece_.push_back(kNone);
    return found;
  }
  std::uint32_t child(std::uint32_t node, std::uint32_t character) const {
    return children_.find(static_cast<std::uint64_t>(node) << 32 | character);
  }
  void add(std::span<const std::uint32_t> characters, std::uint32_t piece) {
    std::uint32_t node = 0;
    for (const std::uint32_t c : characters) node = grow(node, c);
    piece_[node] = piece;
  }
  std::uint32_t piece(std::uint32_t node) const { return piece_[node]; }

  /// Calls f(end, piece) for every piece that begins at `at`, shortest first; and f(at + 1, kNone) when the character alone is none.
  template <class F>
  void pieces_at(std::span<const std::uint32_t> word, std::uint32_t at, const F& f) const {
    std::uint32_t node = 0;
    bool alone = false;
    for (std::uint32_t end = at; end < word.size();) {
      node = child(node, word[end++]);
      if (node == kNone) break;
      if (piece_[node] == kNone) continue;
      alone = alone || end == at + 1;
      f(end, piece_[node]);
    }
    if (!alone) f(at + 1, kNone);
  }

 private:
  std::vector<std::uint32_t> piece_ = {kNone};  // of each node; node 0 is the root
  KeyMap children_;
};

/// The code points of a text; a broken byte b is 0x110000 + b, which no piece has. Ends where each character ends.
void characters_of(std::string_view text, std::vector<std::uint32_t>& characters, std::vector<std::uint32_t>* ends = nullptr);

/// ln(e^a + e^b)
double log_add(double a, double b);

/// The likeliest segmentation of a word, to be followed from its end by `from` and `by`. `unknown`: the score
/// of a character that is no piece. The piece `without` is not used. Returns ln P.
struct Viterbi {
  std::vector<double> best;
  std::vector<std::uint32_t> from, by;  // where the piece that ends here begins; which it is
  double run(std::span<const std::uint32_t> word, const PieceTrie& trie, std::span<const double> score, double unknown,
             std::uint32_t without = PieceTrie::kNone - 1);
};

}  // namespace x2g
