#include "x2g/text/bpe_trainer.hpp"

#include <algorithm>

#include "base/order.hpp"
#include "text/word_counts.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/text/tokenizer.hpp"

namespace x2g {
namespace {

constexpr std::uint32_t kMostTokens = 65536;

/// A different piece of the text: how often it stands there, and its tokens among State::symbols.
struct Word {
  std::uint64_t count;
  std::uint32_t begin, length;
};

struct Pair {
  std::uint32_t left, right;
  std::int64_t count = 0;
  bool joined = false;               // there is a rule for it
  std::uint32_t round = 0;           // the step in which it grew last
  std::vector<std::uint32_t> words;  // where it may stand: words it once stood in, each once in a row
};

/// A pair as it was counted at some time; the heap drops or renews it when it comes up.
struct Entry {
  std::int64_t count;
  std::uint32_t pair;
};

}  // namespace

struct BpeTrainer::State {
  BpeTrainerConfig config;
  TokenTable tokens;
  std::vector<BpeRule> rules;
  std::vector<BpeMerge> merges;
  std::vector<Word> words;
  std::vector<std::uint32_t> symbols;
  std::vector<Pair> pairs;
  KeyMap pair_of;  // left << 32 | right to its place in pairs
  std::vector<Entry> heap;
  std::uint32_t round = 0;           // steps begun
  std::vector<std::uint32_t> grown;  // pairs that became more frequent in this one
  std::uint64_t text_tokens = 0, text_characters = 0;

  void cut(std::string_view text);
  void alphabet(const TokenTable& pieces);
  std::uint32_t pair(std::uint32_t left, std::uint32_t right);
  void change(std::uint32_t left, std::uint32_t right, std::int64_t by, std::uint32_t word);
  void join(std::uint32_t word, std::uint32_t left, std::uint32_t right, std::uint32_t token);
  bool before(std::uint32_t a, std::uint32_t b) const;
  bool below(const Entry& a, const Entry& b) const { return a.count != b.count ? a.count < b.count : before(b.pair, a.pair); }
  void push(std::uint32_t pair);
  bool pop(Entry& top);
};

/// Of two pairs equally frequent, which is joined first.
bool BpeTrainer::State::before(std::uint32_t a, std::uint32_t b) const {
  const Pair &x = pairs[a], &y = pairs[b];
  return x.left != y.left ? x.left < y.left : x.right < y.right;
}

void BpeTrainer::State::push(std::uint32_t pair) {
  heap.push_back({pairs[pair].count, pair});
  std::push_heap(heap.begin(), heap.end(), [this](const Entry& a, const Entry& b) { return below(a, b); });
}

/// The most frequent pair, taken off the heap. An entry that counted too many goes back with its count of today; one that counted too few
/// has a later entry above it.
bool BpeTrainer::State::pop(Entry& top) {
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), [this](const Entry& a, const Entry& b) { return below(a, b); });
    top = heap.back();
    heap.pop_back();
    const std::int64_t now = pairs[top.pair].count;
    if (top.count == now && now > 0) return true;
    if (top.count > now && now > 0) push(top.pair);
  }
  return false;
}

std::uint32_t BpeTrainer::State::pair(std::uint32_t left, std::uint32_t right) {
  const auto fresh = static_cast<std::uint32_t>(pairs.size());
  const std::uint32_t place = pair_of.insert(static_cast<std::uint64_t>(left) << 32 | right, fresh);
  if (place == fresh) pairs.push_back({left, right, 0, false, 0, {}});
  return place;
}

void BpeTrainer::State::change(std::uint32_t left, std::uint32_t right, std::int64_t by, std::uint32_t word) {
  const std::uint32_t place = pair(left, right);
  Pair& p = pairs[place];
  p.count += by;
  if (by < 0) return;
  if (p.words.empty() || p.words.back() != word) p.words.push_back(word);
  if (p.round != round) {
    p.round = round;
    grown.push_back(place);
  }
}

/// The tokens to start with, and the words spelled in them.
void BpeTrainer::State::alphabet(const TokenTable& pieces) {
  if (config.unit == BpeUnit::bytes) {
    for (const std::uint8_t b : gpt2_byte_order()) {
      const char byte = static_cast<char>(b);
      tokens.add({&byte, 1});
    }
  } else {
    std::vector<bool> seen(0x110000);
    for (std::uint32_t i = 0; i < pieces.size(); ++i) {
      for (std::size_t at = 0; at < pieces[i].size();) {
        const CodePoint c = decode_utf8(pieces[i], at);
        seen[c.value] = true;
        at += c.bytes;
      }
    }
    std::string one;
    for (char32_t c = 0; c < seen.size(); ++c) {
      if (!seen[c]) continue;
      one.clear();
      append_utf8(one, c);
      tokens.add(one);
    }
  }
  if (config.vocabulary < tokens.size()) {
    throw Error(ErrorCode::invalid_argument, text("a vocabulary of ", config.vocabulary, " tokens; the ",
                                                  config.unit == BpeUnit::bytes ? "bytes" : "characters of this text", " alone are ",
                                                  tokens.size(), ": choose ", tokens.size(), " to ", kMostTokens));
  }
  std::string one;
  for (std::uint32_t i = 0; i < pieces.size(); ++i) {
    words[i].begin = static_cast<std::uint32_t>(symbols.size());
    for (std::size_t at = 0; at < pieces[i].size();) {
      const CodePoint c = config.unit == BpeUnit::bytes ? CodePoint{0, 1} : decode_utf8(pieces[i], at);
      std::string_view unit = pieces[i].substr(at, c.bytes);
      if (c.value == 0xFFFD) unit = one = "\xEF\xBF\xBD";  // a broken byte counts as the replacement character
      symbols.push_back(tokens.find(unit));
      at += c.bytes;
    }
    words[i].length = static_cast<std::uint32_t>(symbols.size()) - words[i].begin;
    text_tokens += words[i].count * words[i].length;
  }
}

void BpeTrainer::State::cut(std::string_view text) {
  const WordCounts found = count_words(text, config.split);
  for (const std::uint64_t count : found.counts) words.push_back({count, 0, 0});
  for (std::size_t at = 0; at < text.size(); at += decode_utf8(text, at).bytes) ++text_characters;
  alphabet(found.words);
  for (std::uint32_t w = 0; w < words.size(); ++w) {
    const auto count = static_cast<std::int64_t>(words[w].count);
    for (std::uint32_t i = 1; i < words[w].length; ++i) {
      change(symbols[words[w].begin + i - 1], symbols[words[w].begin + i], count, w);
    }
  }
  for (std::uint32_t p = 0; p < pairs.size(); ++p) push(p);
}

/// Joins a pair wherever it stands in a word, from the left, and keeps the counts of its neighbours right.
void BpeTrainer::State::join(std::uint32_t w, std::uint32_t left, std::uint32_t right, std::uint32_t token) {
  Word& word = words[w];
  std::uint32_t* s = symbols.data() + word.begin;
  const auto count = static_cast<std::int64_t>(word.count);
  std::uint32_t to = 0;
  for (std::uint32_t from = 0; from < word.length; ++from) {
    if (s[from] != left || from + 1 == word.length || s[from + 1] != right) {
      s[to++] = s[from];
      continue;
    }
    if (to > 0) {
      change(s[to - 1], left, -count, w);
      change(s[to - 1], token, count, w);
    }
    ++from;
    if (from + 1 < word.length) {
      change(right, s[from + 1], -count, w);
      change(token, s[from + 1], count, w);
    }
    s[to++] = token;
    text_tokens -= word.count;
  }
  word.length = to;
}

BpeTrainer::BpeTrainer(std::string_view input, BpeTrainerConfig config) : state_(std::make_unique<State>()) {
  if (input.empty()) throw Error(ErrorCode::invalid_argument, "an empty text has no pairs; give at least one character");
  if (input.size() > kLongestText) {
    throw Error(ErrorCode::invalid_argument, text("a text of ", input.size(), " bytes; train on at most ", kLongestText));
  }
  if (config.unit > BpeUnit::bytes || config.split > Split::none) throw Error(ErrorCode::invalid_argument, "no such unit or split");
  if (config.vocabulary > kMostTokens) {
    throw Error(ErrorCode::invalid_argument, text("a vocabulary of ", config.vocabulary, " tokens; at most ", kMostTokens, " are allowed"));
  }
  if (config.least < 1) throw Error(ErrorCode::invalid_argument, "a pair must stand at least 1 time to be joined; choose 1 or more");
  state_->config = config;
  state_->cut(input);
}

BpeTrainer::~BpeTrainer() = default;
BpeTrainer::BpeTrainer(BpeTrainer&&) noexcept = default;
BpeTrainer& BpeTrainer::operator=(BpeTrainer&&) noexcept = default;

bool BpeTrainer::step() {
  State& s = *state_;
  Entry top{};
  while (s.tokens.size() < s.config.vocabulary && s.pop(top)) {
    if (top.count < static_cast<std::int64_t>(s.config.least)) {
      s.push(top.pair);
      return false;
    }
    const std::uint32_t left = s.pairs[top.pair].left, right = s.pairs[top.pair].right;
    const std::uint32_t token = s.tokens.add(std::string(s.tokens[left]).append(s.tokens[right]));
    const bool fresh = !s.pairs[top.pair].joined;  // a pair joined before can arise again, when its parts are spelled another way
    s.pairs[top.pair].joined = true;
    const std::vector<std::uint32_t> where = std::move(s.pairs[top.pair].words);
    ++s.round;
    s.grown.clear();
    for (const std::uint32_t w : where) s.join(w, left, right, token);
    s.pairs[top.pair].count = 0;
    s.pairs[top.pair].words.clear();
    for (const std::uint32_t p : s.grown) {
      if (s.pairs[p].count > 0) s.push(p);
    }
    if (!fresh) continue;
    s.rules.push_back({left, right, token});
    s.merges.push_back({left, right, token, static_cast<std::uint64_t>(top.count)});
    return true;
  }
  return false;
}

const std::vector<BpeMerge>& BpeTrainer::merges() const { return state_->merges; }

std::vector<BpeMerge> BpeTrainer::candidates(std::uint32_t most) const {
  const State& s = *state_;
  std::vector<std::uint32_t> rows;
  for (std::uint32_t p = 0; p < s.pairs.size(); ++p) {
    if (s.pairs[p].count >= static_cast<std::int64_t>(s.config.least)) rows.push_back(p);
  }
  order(rows, [&s](std::uint32_t a, std::uint32_t b) {
    return s.pairs[a].count != s.pairs[b].count ? s.pairs[a].count > s.pairs[b].count : s.before(a, b);
  });
  std::vector<BpeMerge> out;
  for (std::size_t i = 0; i < std::min<std::size_t>(rows.size(), most); ++i) {
    const Pair& p = s.pairs[rows[i]];
    const std::uint32_t known = s.tokens.find(std::string(s.tokens[p.left]).append(s.tokens[p.right]));
    out.push_back({p.left, p.right, known == TokenTable::kNone ? s.tokens.size() : known, static_cast<std::uint64_t>(p.count)});
  }
  return out;
}

std::uint32_t BpeTrainer::size() const { return state_->tokens.size(); }

std::string_view BpeTrainer::token(std::uint32_t id) const {
  if (id >= size()) throw Error(ErrorCode::invalid_argument, text("token ", id, " does not exist; ids are 0 to ", size() - 1));
  return state_->tokens[id];
}

std::uint64_t BpeTrainer::text_tokens() const { return state_->text_tokens; }
std::uint64_t BpeTrainer::text_characters() const { return state_->text_characters; }

Bpe BpeTrainer::model() const { return Bpe({state_->config.unit, state_->config.split, state_->tokens, state_->rules}); }

}  // namespace x2g
