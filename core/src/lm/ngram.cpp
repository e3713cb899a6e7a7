#include "x2g/lm/ngram.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/order.hpp"
#include "kernels/math.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

constexpr std::uint32_t kOrders = 5, kVocabulary = 65536, kRows = 4000000;
constexpr double kStupid = 0.4;  // Brants et al. 2007, section 4

void check_smoothing(Smoothing smoothing, double k, double discount) {
  if (smoothing > Smoothing::stupid) throw Error(ErrorCode::invalid_argument, "no such smoothing; choose none, add-k, back-off or stupid");
  if (smoothing == Smoothing::add_k && !(k > 0 && k <= 1000)) {
    throw Error(ErrorCode::invalid_argument, text("k is ", k, "; add-k takes a k above 0, up to 1000"));
  }
  if (smoothing == Smoothing::back_off && !(discount > 0 && discount < 1)) {
    throw Error(ErrorCode::invalid_argument, text("a discount of ", discount, "; it must lie between 0 and 1, without the ends"));
  }
}

}  // namespace

/// Level l stands for the last l tokens of the context. Levels 0 … top have been seen; longer contexts have not.
struct Ngram::Chain {
  std::uint32_t wanted = 0, top = 0;         // context tokens that count; of them seen
  std::array<std::uint32_t, kOrders> row{};  // their rows
  std::array<double, kOrders> pass{};        // α: what p of the level below is multiplied with for a token that did not follow
  std::array<double, kOrders> total{};       // Σ_w over the level; not 1 for the scores of stupid back-off
  bool empty = false;                        // nothing was counted at all: 1/V
};

Ngram::Ngram(NgramConfig config) : config_(config), kinds_(kOrders + 1) {
  if (config.order < 1 || config.order > kOrders) {
    throw Error(ErrorCode::invalid_argument, text("order ", config.order, "; an n-gram here has 1 to ", kOrders, " tokens"));
  }
  if (config.vocabulary < 1 || config.vocabulary > kVocabulary) {
    throw Error(ErrorCode::invalid_argument, text("a vocabulary of ", config.vocabulary, " tokens; it must have 1 to ", kVocabulary));
  }
  if (config.most_ngrams < 1 || config.most_ngrams > kRows) {
    throw Error(ErrorCode::invalid_argument, text("at most ", config.most_ngrams, " n-grams; allow 1 to ", kRows));
  }
  check_smoothing(config.smoothing, config.k, config.discount);
  rows_.push_back({0, 0});
}

void Ngram::smooth(Smoothing smoothing, double k, double discount) {
  check_smoothing(smoothing, k, discount);
  config_.smoothing = smoothing;
  config_.k = k;
  config_.discount = discount;
}

void Ngram::check(std::span<const std::uint32_t> ids) const {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] >= config_.vocabulary) {
      throw Error(ErrorCode::invalid_argument,
                  text("token ", ids[i], " at place ", i, " does not exist; ids are 0 to ", config_.vocabulary - 1));
    }
  }
}

void Ngram::add(std::span<const std::uint32_t> ids) {
  check(ids);
  if (ids.size() > std::numeric_limits<std::uint32_t>::max() - rows_[0].followed) {
    throw Error(ErrorCode::invalid_argument, text(ids.size(), " more tokens; a model counts up to 4294967295 in all"));
  }
  std::array<std::uint32_t, kOrders + 1> last{};  // last[m]: the row of the last m tokens
  std::uint32_t known = 0;                        // how many of them there are
  for (const std::uint32_t token : ids) {
    if (rows_.size() + config_.order > config_.most_ngrams + std::size_t{1}) {
      std::uint32_t fresh = 0;
      for (std::uint32_t m = 0; m <= std::min(known, config_.order - 1); ++m) fresh += child_of(last[m], token) == 0 ? 1 : 0;
      if (rows_.size() + fresh > config_.most_ngrams + std::size_t{1}) {
        throw Error(ErrorCode::out_of_memory,
                    text("more than ", config_.most_ngrams, " different n-grams in this text; choose a smaller order or less text"));
      }
    }
    for (std::uint32_t m = std::min(known, config_.order - 1) + 1; m-- > 0;) {  // longest first: last[m] is still of the step before
      const auto fresh = static_cast<std::uint32_t>(rows_.size());
      const std::uint32_t row = children_.insert(static_cast<std::uint64_t>(last[m]) << 32 | token, fresh);
      if (row == fresh) {
        rows_.push_back({token, 0, 0, 0, 0, rows_[last[m]].child});
        rows_[last[m]].child = fresh;
        ++rows_[last[m]].kinds;
        ++kinds_[m + 1];
      }
      ++rows_[row].count;
      ++rows_[last[m]].followed;
      last[m + 1] = row;
    }
    known = std::min(known + 1, config_.order - 1);
  }
}

/// The row of the n-gram one token longer; 0 when it was never seen (no continuation is row 0).
std::uint32_t Ngram::child_of(std::uint32_t row, std::uint32_t token) const {
  const std::uint32_t found = children_.find(static_cast<std::uint64_t>(row) << 32 | token);
  return found == KeyMap::kNone ? 0 : found;
}

/// The row of an n-gram; 0 when it was never seen, and for the empty one.
std::uint32_t Ngram::find(std::span<const std::uint32_t> ngram) const {
  std::uint32_t row = 0;
  for (const std::uint32_t token : ngram) {
    row = child_of(row, token);
    if (row == 0) return 0;
  }
  return row;
}

/// The tokens of a context that count: the last order − 1, checked.
std::span<const std::uint32_t> Ngram::used(std::span<const std::uint32_t> context) const {
  const auto last = context.last(std::min<std::size_t>(context.size(), config_.order - 1));
  check(last);
  return last;
}

Ngram::Chain Ngram::chain(std::span<const std::uint32_t> context) const {
  Chain c;
  context = used(context);
  c.wanted = static_cast<std::uint32_t>(context.size());
  c.empty = rows_[0].followed == 0;
  for (std::uint32_t l = 1; l <= c.wanted; ++l) {
    const std::uint32_t row = find(context.last(l));
    if (row == 0 || rows_[row].followed == 0) break;  // a longer context cannot have been followed if this was not
    c.row[c.top = l] = row;
  }
  if (c.empty || config_.smoothing == Smoothing::none || config_.smoothing == Smoothing::add_k) return c;

  const bool stupid = config_.smoothing == Smoothing::stupid;
  for (std::uint32_t l = 0; l <= c.top; ++l) {
    const Row& h = rows_[c.row[l]];
    double below = 0;  // Σ over the tokens that followed h of what the level below says of them
    if (l == 0) {
      below = static_cast<double>(h.kinds) / config_.vocabulary;
    } else {
      for (std::uint32_t w = h.child; w != 0; w = rows_[w].sibling) below += probability(c, l - 1, rows_[w].token);
    }
    double left = (l == 0 ? 1.0 : c.total[l - 1]) - below;  // the same sum over the tokens that did not
    if (left < 1e-9 && l > 0) {                             // a difference of nearly equal sums: add up what is left, one by one
      left = 0;
      for (std::uint32_t w = 0; w < config_.vocabulary; ++w) left += child_of(c.row[l], w) == 0 ? probability(c, l - 1, w) : 0;
    }
    if (h.kinds == config_.vocabulary) {
      c.pass[l] = 0;  // every token followed: nothing is discounted, nothing passed down
      c.total[l] = 1;
    } else if (stupid) {
      c.pass[l] = kStupid;
      c.total[l] = 1 + kStupid * left;
    } else {
      c.pass[l] = config_.discount * h.kinds / h.followed / left;
      c.total[l] = 1;
    }
  }
  return c;
}

/// p of back-off, or the score of stupid back-off, by the context of one level.
double Ngram::probability(const Chain& c, std::uint32_t level, std::uint32_t token) const {
  double factor = 1;
  for (std::uint32_t l = level + 1; l-- > 0;) {
    const Row& h = rows_[c.row[l]];
    if (const std::uint32_t row = child_of(c.row[l], token); row != 0) {
      const double taken = config_.smoothing == Smoothing::back_off && c.pass[l] > 0 ? config_.discount : 0;
      return factor * (rows_[row].count - taken) / h.followed;
    }
    factor *= c.pass[l];
  }
  return factor / config_.vocabulary;
}

double Ngram::probability(std::span<const std::uint32_t> context, std::uint32_t token) const {
  check({&token, 1});
  const Chain c = chain(context);
  const Row& h = rows_[c.row[c.top]];
  const bool whole = c.top == c.wanted;  // the context asked for was seen
  const std::uint32_t row = whole ? child_of(c.row[c.top], token) : 0;
  const double count = row == 0 ? 0 : rows_[row].count, followed = whole ? h.followed : 0;
  switch (config_.smoothing) {
    case Smoothing::none: return followed > 0 ? count / followed : 0;
    case Smoothing::add_k: return (count + config_.k) / (followed + config_.k * config_.vocabulary);
    default: return c.empty ? 1.0 / config_.vocabulary : probability(c, c.top, token) / c.total[c.top];
  }
}

void Ngram::distribution(std::span<const std::uint32_t> context, std::span<double> p) const {
  if (p.size() != config_.vocabulary) {
    throw Error(ErrorCode::shape_mismatch,
                text("room for ", p.size(), " probabilities; the vocabulary has ", config_.vocabulary, " tokens: give as many"));
  }
  const Chain c = chain(context);
  const bool whole = c.top == c.wanted;
  const Row& h = rows_[c.row[c.top]];
  if (config_.smoothing == Smoothing::none || config_.smoothing == Smoothing::add_k) {
    const double k = config_.smoothing == Smoothing::none ? 0 : config_.k;
    const double sum = (whole ? h.followed : 0) + k * config_.vocabulary;
    std::fill(p.begin(), p.end(), k > 0 ? k / sum : 0);
    for (std::uint32_t w = whole ? h.child : 0; w != 0; w = rows_[w].sibling) p[rows_[w].token] = (rows_[w].count + k) / sum;
    return;
  }
  for (std::uint32_t w = 0; w < p.size(); ++w) {
    p[w] = c.empty ? 1.0 / config_.vocabulary : probability(c, c.top, w) / c.total[c.top];
  }
}

Perplexity Ngram::perplexity(std::span<const std::uint32_t> ids) const {
  if (ids.empty()) throw Error(ErrorCode::invalid_argument, "no tokens to predict; perplexity needs at least one");
  check(ids);
  Perplexity out{0, 0, ids.size(), 0};
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::size_t from = i > config_.order - 1 ? i - (config_.order - 1) : 0;
    const double p = probability(ids.subspan(from, i - from), ids[i]);
    if (p > 0)
      out.nats -= kernels::log(p);
    else
      ++out.unseen;
  }
  out.nats = out.unseen > 0 ? std::numeric_limits<double>::infinity() : out.nats / static_cast<double>(ids.size());
  out.perplexity = out.unseen > 0 ? out.nats : kernels::exp(out.nats);
  return out;
}

std::uint32_t Ngram::next(std::span<const std::uint32_t> context, Rng& rng) const {
  std::vector<double> p(config_.vocabulary);
  distribution(context, p);
  const double u = rng.uniform64();
  double reached = 0;
  std::uint32_t last = config_.vocabulary;
  for (std::uint32_t i = 0; i < p.size(); ++i) {
    if (p[i] <= 0) continue;
    last = i;
    reached += p[i];
    if (u < reached) return i;
  }
  if (last == config_.vocabulary) {
    throw Error(ErrorCode::bad_state, "the text never continued this context; smooth the counts, back off or choose a smaller order");
  }
  return last;  // Σp may end a rounding below 1
}

NgramContext Ngram::context(std::span<const std::uint32_t> context) const {
  const Chain c = chain(context);
  const Row& h = rows_[c.row[c.top]];
  return {c.top, c.top == c.wanted ? h.followed : 0, c.top == c.wanted ? h.kinds : 0};
}

std::vector<NgramCount> Ngram::continuations(std::span<const std::uint32_t> context, std::uint32_t most) const {
  context = used(context);
  const std::uint32_t row = find(context);
  std::vector<std::uint32_t> found;
  if (row != 0 || context.empty()) {
    for (std::uint32_t w = rows_[row].child; w != 0; w = rows_[w].sibling) found.push_back(w);
  }
  order(found, [this](std::uint32_t a, std::uint32_t b) {
    return rows_[a].count != rows_[b].count ? rows_[a].count > rows_[b].count : rows_[a].token < rows_[b].token;
  });
  std::vector<NgramCount> out;
  for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), most); ++i) out.push_back({rows_[found[i]].token, rows_[found[i]].count});
  return out;
}

std::uint64_t Ngram::count(std::span<const std::uint32_t> ngram) const {
  if (ngram.size() > config_.order) {
    throw Error(ErrorCode::invalid_argument, text(ngram.size(), " tokens; this model counts n-grams of 1 to ", config_.order));
  }
  check(ngram);
  if (ngram.empty()) return rows_[0].followed;
  const std::uint32_t row = find(ngram);
  return row == 0 ? 0 : rows_[row].count;
}

std::uint32_t Ngram::kinds(std::uint32_t length) const {
  if (length < 1 || length > config_.order) {
    throw Error(ErrorCode::invalid_argument, text("n-grams of ", length, " tokens; this model counts those of 1 to ", config_.order));
  }
  return kinds_[length];
}

std::uint64_t Ngram::bytes() const { return rows_.capacity() * sizeof(Row) + children_.bytes(); }

}  // namespace x2g
