#include "x2g/text/unigram.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "io/json.hpp"
#include "kernels/math.hpp"
#include "text/piece_trie.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/text/visible.hpp"

namespace x2g {
namespace {

constexpr double kUnknownPenalty = 10;  // as SentencePiece has it
constexpr double kLowest = -std::numeric_limits<double>::infinity();

void check_length(std::string_view input) {
  if (input.size() > Unigram::kLongestText) {
    throw Error(ErrorCode::invalid_argument,
                text("a text of ", input.size(), " bytes; encode at most ", Unigram::kLongestText, " at a time"));
  }
}

}  // namespace

struct Unigram::State {
  TokenTable tokens;
  std::vector<double> score;  // of the pieces, without the bytes
  PieceTrie trie;             // its pieces are places in `score`
  Split split = Split::words;
  double unknown = 0;

  /// Puts the tokens of characters [from, to) of a piece of text before those there are: ids run backward.
  void put(std::vector<std::uint32_t>& ids, std::string_view word, std::span<const std::uint32_t> ends, std::uint32_t from,
           std::uint32_t piece) const {
    if (piece != PieceTrie::kNone) {
      ids.push_back(kBytes + piece);
      return;
    }
    for (std::uint32_t at = ends[from]; at-- > (from == 0 ? 0 : ends[from - 1]);) ids.push_back(static_cast<unsigned char>(word[at]));
  }

  /// Calls f(word, its characters, their ends) for each word of a text.
  template <class F>
  void words(std::string_view input, const F& f) const {
    std::vector<std::uint32_t> characters, ends;
    for (std::size_t at = 0; at < input.size();) {
      const std::string_view word = input.substr(at, piece_length(input, at, split));
      characters.clear();
      ends.clear();
      characters_of(word, characters, &ends);
      f(word, characters, ends);
      at += word.size();
    }
  }

  /// ln Σ P^alpha of the beginnings of a word.
  void forward(std::span<const std::uint32_t> word, double alpha, std::vector<double>& sum) const {
    sum.assign(word.size() + 1, kLowest);
    sum[0] = 0;
    for (std::uint32_t at = 0; at < word.size(); ++at) {
      trie.pieces_at(word, at, [&](std::uint32_t end, std::uint32_t piece) {
        sum[end] = log_add(sum[end], sum[at] + alpha * (piece == PieceTrie::kNone ? unknown : score[piece]));
      });
    }
  }
};

Unigram::Unigram(std::span<const UnigramPiece> pieces, Split split) : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.split = split;
  if (pieces.empty() || pieces.size() > kMostPieces) {
    throw Error(ErrorCode::invalid_argument, text(pieces.size(), " pieces; a vocabulary has 1 to ", kMostPieces));
  }
  for (std::uint32_t b = 0; b < kBytes; ++b) s.tokens.add_hidden(std::string(1, static_cast<char>(b)));
  std::vector<std::uint32_t> characters;
  for (const UnigramPiece& p : pieces) {
    const auto fault = [&p](std::string_view why) {
      throw Error(ErrorCode::invalid_argument, text("the piece \"", visible(p.text), "\" ", why));
    };
    if (!is_utf8(p.text)) fault("is not UTF-8");
    characters.clear();
    characters_of(p.text, characters);
    if (characters.empty() || characters.size() > kLongestPiece)
      fault(text("has ", characters.size(), " characters; 1 to ", kLongestPiece, " are allowed"));
    if (!(p.score <= 0) || !std::isfinite(p.score)) fault(text("has the score ", p.score, "; it must be ln of a probability, 0 or below"));
    if (s.tokens.add(p.text) != kBytes + s.score.size()) fault("is given twice");
    s.trie.add(characters, static_cast<std::uint32_t>(s.score.size()));
    s.score.push_back(p.score);
  }
  s.unknown = *std::min_element(s.score.begin(), s.score.end()) - kUnknownPenalty;
}

Unigram::~Unigram() = default;
Unigram::Unigram(Unigram&&) noexcept = default;
Unigram& Unigram::operator=(Unigram&&) noexcept = default;

std::uint32_t Unigram::size() const { return state_->tokens.size(); }

std::string_view Unigram::token(std::uint32_t id) const {
  if (id >= size()) throw Error(ErrorCode::invalid_argument, text("token ", id, " does not exist; ids are 0 to ", size() - 1));
  return state_->tokens[id];
}

double Unigram::score(std::uint32_t id) const {
  if (id < kBytes) return state_->unknown;
  token(id);  // checks the id
  return state_->score[id - kBytes];
}

std::string Unigram::label(std::uint32_t id) const {
  const std::string_view bytes = token(id);
  if (id >= kBytes) return visible(bytes);
  constexpr std::string_view kHex = "0123456789ABCDEF";
  return {kHex[id >> 4], kHex[id & 15]};
}

std::uint32_t Unigram::find(std::string_view piece) const { return state_->tokens.find(piece); }

std::vector<std::uint32_t> Unigram::encode(std::string_view input) const {
  check_length(input);
  const State& s = *state_;
  std::vector<std::uint32_t> ids;
  Viterbi best;
  s.words(input, [&](std::string_view word, std::span<const std::uint32_t> characters, std::span<const std::uint32_t> ends) {
    best.run(characters, s.trie, s.score, s.unknown);
    const std::size_t first = ids.size();
    for (auto at = static_cast<std::uint32_t>(characters.size()); at > 0; at = best.from[at])
      s.put(ids, word, ends, best.from[at], best.by[at]);
    std::reverse(ids.begin() + static_cast<std::ptrdiff_t>(first), ids.end());
  });
  return ids;
}

std::vector<std::uint32_t> Unigram::sample(std::string_view input, double alpha, Rng& rng) const {
  check_length(input);
  if (!(alpha >= 0 && alpha <= 100)) {
    throw Error(ErrorCode::invalid_argument, text("alpha is ", alpha, "; choose 0 (all segmentations alike) to 100 (the likeliest)"));
  }
  const State& s = *state_;
  std::vector<std::uint32_t> ids;
  std::vector<double> sum;
  struct Edge {
    std::uint32_t from, to, piece;
  };
  std::vector<Edge> edges;  // all pieces of a word, by where they end
  std::vector<std::uint32_t> first_edge;
  s.words(input, [&](std::string_view word, std::span<const std::uint32_t> characters, std::span<const std::uint32_t> ends) {
    s.forward(characters, alpha, sum);
    const auto n = static_cast<std::uint32_t>(characters.size());
    first_edge.assign(n + 2, 0);
    for (std::uint32_t at = 0; at < n; ++at)
      s.trie.pieces_at(characters, at, [&](std::uint32_t end, std::uint32_t) { ++first_edge[end + 1]; });
    for (std::uint32_t end = 0; end <= n; ++end) first_edge[end + 1] += first_edge[end];
    edges.resize(first_edge[n + 1]);
    std::vector<std::uint32_t> next(first_edge.begin(), first_edge.end() - 1);
    for (std::uint32_t at = 0; at < n; ++at) {
      s.trie.pieces_at(characters, at, [&](std::uint32_t end, std::uint32_t piece) { edges[next[end]++] = {at, end, piece}; });
    }
    // From the end: the last piece with its share of all segmentations, then the one before it, and so on.
    const std::size_t begin = ids.size();
    for (std::uint32_t at = n; at > 0;) {
      const double u = rng.uniform64();
      double reached = 0;
      std::uint32_t e = first_edge[at];
      for (; e + 1 < first_edge[at + 1]; ++e) {
        const double score = edges[e].piece == PieceTrie::kNone ? s.unknown : s.score[edges[e].piece];
        reached += kernels::exp(sum[edges[e].from] + alpha * score - sum[at]);
        if (u < reached) break;
      }
      s.put(ids, word, ends, edges[e].from, edges[e].piece);
      at = edges[e].from;
    }
    std::reverse(ids.begin() + static_cast<std::ptrdiff_t>(begin), ids.end());
  });
  return ids;
}

double Unigram::log_probability(std::string_view input) const {
  check_length(input);
  double total = 0;
  std::vector<double> sum;
  state_->words(input, [&](std::string_view, std::span<const std::uint32_t> characters, std::span<const std::uint32_t>) {
    state_->forward(characters, 1, sum);
    total += sum.back();
  });
  return total;
}

std::string Unigram::decode(std::span<const std::uint32_t> ids) const {
  std::string out;
  for (const std::uint32_t id : ids) out += token(id);
  return out;
}

}  // namespace x2g
