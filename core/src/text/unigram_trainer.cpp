#include "x2g/text/unigram_trainer.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/order.hpp"
#include "kernels/math.hpp"
#include "text/piece_trie.hpp"
#include "text/word_counts.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/text/tokenizer.hpp"

namespace x2g {
namespace {

constexpr double kKept = 0.75;        // of the pieces each round; Kudo 2018 keeps 80 %, SentencePiece 75 %
constexpr int kEmSteps = 2;           // a round
constexpr double kLeastCount = 1e-6;  // of a piece in EM, so that no score is infinite
constexpr double kUnknown = -100;     // ln p of a broken byte; it stands in no piece, so it only shifts the likelihood
constexpr std::uint32_t kMostTokens = 65536, kMostSeeds = 200000;
constexpr std::size_t kMostSubstrings = 500000;  // different ones counted; longer ones are not begun beyond it

struct Word {
  double count;
  std::uint32_t begin, length;  // its characters among State::characters
};

/// A piece is where it first stood: characters [begin, begin + length).
struct Piece {
  std::uint32_t begin, length;
  double score;
};

}  // namespace

struct UnigramTrainer::State {
  UnigramTrainerConfig config;
  std::vector<Word> words;
  std::vector<std::uint32_t> characters;
  std::vector<Piece> pieces;  // the single characters first
  std::uint32_t single = 0;
  PieceTrie trie;
  double text_characters = 0, log_likelihood = 0;

  std::span<const std::uint32_t> word(const Word& w) const { return std::span(characters).subspan(w.begin, w.length); }
  std::span<const std::uint32_t> piece(const Piece& p) const { return std::span(characters).subspan(p.begin, p.length); }
  std::uint32_t wanted() const { return config.vocabulary - Unigram::kBytes; }
  void cut(std::string_view text);
  void seed();
  void index();
  void expect();
  void drop(std::size_t keep);
  std::vector<double> scores() const;
};

void UnigramTrainer::State::cut(std::string_view text) {
  const WordCounts found = count_words(text, config.split);
  for (std::uint32_t w = 0; w < found.counts.size(); ++w) {
    const auto begin = static_cast<std::uint32_t>(characters.size());
    characters_of(found.words[w], characters);
    words.push_back({static_cast<double>(found.counts[w]), begin, static_cast<std::uint32_t>(characters.size()) - begin});
    text_characters += words[w].count * words[w].length;
  }
}

/// All substrings of words that stand at least twice, grown by one character a round from those one shorter.
void UnigramTrainer::State::seed() {
  struct Node {
    std::uint32_t begin, length;
    double count, child;  // how often it stands; the most frequent of its continuations
  };
  struct Spot {
    std::uint32_t word, at, node;  // a place where a substring that is frequent enough begins
  };
  PieceTrie paths;
  std::vector<Node> nodes(1);
  std::vector<Spot> spots, next;
  for (std::uint32_t w = 0; w < words.size(); ++w) {
    for (std::uint32_t at = 0; at < words[w].length; ++at) spots.push_back({w, at, 0});
  }
  for (std::uint32_t length = 1; length <= config.longest && !spots.empty() && nodes.size() < kMostSubstrings; ++length) {
    next.clear();
    for (const Spot& s : spots) {
      const Word& w = words[s.word];
      const std::uint32_t last = w.begin + s.at + length - 1;
      if (s.at + length > w.length || characters[last] >= 0x110000) continue;
      const std::uint32_t node = paths.grow(s.node, characters[last]);
      if (node == nodes.size()) nodes.push_back({w.begin + s.at, length, 0, 0});
      nodes[node].count += w.count;
      nodes[s.node].child = std::max(nodes[s.node].child, nodes[node].count);
      next.push_back({s.word, s.at, node});
    }
    spots.clear();
    for (const Spot& s : next) {
      if (nodes[s.node].count >= 2) spots.push_back(s);
    }
  }
  std::vector<std::uint32_t> rows;
  for (std::uint32_t n = 1; n < nodes.size(); ++n) {
    if (nodes[n].length == 1) pieces.push_back({nodes[n].begin, 1, nodes[n].count});
    // A substring that is always continued in the same way says nothing that the longer one does not.
    if (nodes[n].length > 1 && nodes[n].count >= 2 && nodes[n].child < nodes[n].count) rows.push_back(n);
  }
  single = static_cast<std::uint32_t>(pieces.size());
  const auto weight = [&nodes](std::uint32_t n) { return nodes[n].count * nodes[n].length; };
  order(rows, [&](std::uint32_t a, std::uint32_t b) { return weight(a) != weight(b) ? weight(a) > weight(b) : a < b; });
  if (single + Unigram::kBytes > config.vocabulary) {
    throw Error(ErrorCode::invalid_argument,
                text("a vocabulary of ", config.vocabulary, " tokens; 256 bytes and the ", single, " characters of this text alone are ",
                     single + Unigram::kBytes, ": choose ", single + Unigram::kBytes, " to ", kMostTokens));
  }
  const std::size_t most = std::max(config.seed_pieces, wanted());
  for (const std::uint32_t n : rows) {
    if (pieces.size() >= most) break;
    pieces.push_back({nodes[n].begin, nodes[n].length, nodes[n].count * nodes[n].length});
  }
  double sum = 0;
  for (const Piece& p : pieces) sum += p.score;
  for (Piece& p : pieces) p.score = kernels::log(p.score / sum);
}

void UnigramTrainer::State::index() {
  trie = {};
  for (std::uint32_t i = 0; i < pieces.size(); ++i) trie.add(piece(pieces[i]), i);
}

std::vector<double> UnigramTrainer::State::scores() const {
  std::vector<double> out(pieces.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = pieces[i].score;
  return out;
}

/// One step of EM: the expected count of every piece over all segmentations of the words, by forward and backward sums.
void UnigramTrainer::State::expect() {
  constexpr double kLowest = -std::numeric_limits<double>::infinity();
  const std::vector<double> score = scores();
  std::vector<double> expected(pieces.size()), before, after;
  double likelihood = 0;
  for (const Word& w : words) {
    const auto line = word(w);
    const auto of = [&](std::uint32_t p) { return p == PieceTrie::kNone ? kUnknown : score[p]; };
    before.assign(w.length + 1, kLowest);
    after.assign(w.length + 1, kLowest);
    before[0] = after[w.length] = 0;
    for (std::uint32_t at = 0; at < w.length; ++at) {
      trie.pieces_at(line, at, [&](std::uint32_t end, std::uint32_t p) { before[end] = log_add(before[end], before[at] + of(p)); });
    }
    for (std::uint32_t at = w.length; at-- > 0;) {
      trie.pieces_at(line, at, [&](std::uint32_t end, std::uint32_t p) { after[at] = log_add(after[at], after[end] + of(p)); });
    }
    for (std::uint32_t at = 0; at < w.length; ++at) {
      trie.pieces_at(line, at, [&](std::uint32_t end, std::uint32_t p) {
        if (p != PieceTrie::kNone) expected[p] += w.count * kernels::exp(before[at] + score[p] + after[end] - before[w.length]);
      });
    }
    likelihood += w.count * before[w.length];
  }
  log_likelihood = likelihood / text_characters;
  double sum = 0;
  for (double& e : expected) sum += e = std::max(e, kLeastCount);
  for (std::size_t i = 0; i < pieces.size(); ++i) pieces[i].score = kernels::log(expected[i] / sum);
}

/// Keeps the characters and those pieces without which the likelihood would fall most.
void UnigramTrainer::State::drop(std::size_t keep) {
  const std::vector<double> score = scores();
  std::vector<double> count(pieces.size()), loss(pieces.size());
  Viterbi best;
  double sum = 0;
  for (const Word& w : words) {
    best.run(word(w), trie, score, kUnknown);
    for (std::uint32_t at = w.length; at > 0; at = best.from[at]) {
      if (best.by[at] != PieceTrie::kNone) count[best.by[at]] += w.count;
      sum += w.count;
    }
  }
  for (std::uint32_t i = single; i < pieces.size(); ++i) {
    if (count[i] == 0) continue;
    // ln p with the piece, and of what would stand for it: its parts would be counted so much more often, and so would all tokens.
    const Piece& p = pieces[i];
    best.run(piece(p), trie, score, kUnknown, i);
    double parts = 0, others = 0;
    for (std::uint32_t at = p.length; at > 0; at = best.from[at]) ++parts;
    const double total = kernels::log(sum + count[i] * (parts - 1));
    for (std::uint32_t at = p.length; at > 0; at = best.from[at]) others += kernels::log(count[best.by[at]] + count[i]) - total;
    loss[i] = count[i] * (kernels::log(count[i]) - kernels::log(sum) - others);
  }
  std::vector<std::uint32_t> rows(pieces.size() - single);
  std::iota(rows.begin(), rows.end(), single);
  order(rows, [&](std::uint32_t a, std::uint32_t b) { return loss[a] != loss[b] ? loss[a] > loss[b] : a < b; });
  rows.resize(std::min(rows.size(), keep - single));
  order(rows, [](std::uint32_t a, std::uint32_t b) { return a < b; });
  std::vector<Piece> kept(pieces.begin(), pieces.begin() + single);
  for (const std::uint32_t i : rows) kept.push_back(pieces[i]);
  pieces = std::move(kept);
}

UnigramTrainer::UnigramTrainer(std::string_view input, UnigramTrainerConfig config) : state_(std::make_unique<State>()) {
  if (input.empty()) throw Error(ErrorCode::invalid_argument, "an empty text has no pieces; give at least one character");
  if (input.size() > kLongestText) {
    throw Error(ErrorCode::invalid_argument, text("a text of ", input.size(), " bytes; train on at most ", kLongestText));
  }
  if (config.vocabulary <= Unigram::kBytes || config.vocabulary > kMostTokens) {
    throw Error(ErrorCode::invalid_argument, text("a vocabulary of ", config.vocabulary, " tokens; it must have ", Unigram::kBytes + 1,
                                                  " to ", kMostTokens, ", 256 of them bytes"));
  }
  if (config.seed_pieces < 1 || config.seed_pieces > kMostSeeds) {
    throw Error(ErrorCode::invalid_argument, text(config.seed_pieces, " pieces to start with; choose 1 to ", kMostSeeds));
  }
  if (config.longest < 1 || config.longest > Unigram::kLongestPiece) {
    throw Error(ErrorCode::invalid_argument, text("pieces of up to ", config.longest, " characters; choose 1 to ", Unigram::kLongestPiece));
  }
  if (config.split > Split::none) throw Error(ErrorCode::invalid_argument, "no such split; choose words, lines or none");
  state_->config = config;
  state_->cut(input);
  state_->seed();
  if (state_->pieces.empty()) throw Error(ErrorCode::invalid_argument, "not one whole character in this text; is it UTF-8?");
  state_->index();
  for (int i = 0; i < kEmSteps; ++i) state_->expect();
}

UnigramTrainer::~UnigramTrainer() = default;
UnigramTrainer::UnigramTrainer(UnigramTrainer&&) noexcept = default;
UnigramTrainer& UnigramTrainer::operator=(UnigramTrainer&&) noexcept = default;

bool UnigramTrainer::step() {
  State& s = *state_;
  if (s.pieces.size() <= s.wanted()) return false;
  const auto less = static_cast<std::size_t>(static_cast<double>(s.pieces.size()) * kKept);
  s.drop(std::max<std::size_t>({s.wanted(), less, s.single}));
  s.index();
  for (int i = 0; i < kEmSteps; ++i) s.expect();
  return true;
}

std::uint32_t UnigramTrainer::size() const { return Unigram::kBytes + static_cast<std::uint32_t>(state_->pieces.size()); }
double UnigramTrainer::log_likelihood() const { return state_->log_likelihood; }

std::vector<UnigramPiece> UnigramTrainer::pieces() const {
  const State& s = *state_;
  std::vector<std::uint32_t> rows(s.pieces.size());
  std::iota(rows.begin(), rows.end(), 0u);
  order(rows, [&s](std::uint32_t a, std::uint32_t b) {
    return s.pieces[a].score != s.pieces[b].score ? s.pieces[a].score > s.pieces[b].score : a < b;
  });
  std::vector<UnigramPiece> out;
  for (const std::uint32_t i : rows) {
    UnigramPiece p{{}, std::min(s.pieces[i].score, 0.0)};
    for (const std::uint32_t c : s.piece(s.pieces[i])) append_utf8(p.text, static_cast<char32_t>(c));
    out.push_back(std::move(p));
  }
  return out;
}

Unigram UnigramTrainer::model() const { return Unigram(pieces(), state_->config.split); }

}  // namespace x2g
