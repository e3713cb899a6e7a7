// The chain of decoding.hpp. Tokens still in the running stand in a list; removing some sets their probability to 0 and divides the rest by
// their sum, in id order. Nothing is sorted: a heap gives up its first tokens one by one until their sum is reached.
#include "x2g/lm/decoding.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "base/order.hpp"
#include "kernels/math.hpp"
#include "lm/choice.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

constexpr double kRounding = 1e-7;  // half a unit of a float's last place is 6e-8

void require(bool good, const char* name, double value, const char* range) {
  if (!good) throw Error(ErrorCode::invalid_argument, text(name, " is ", value, "; it must be ", range));
}

void validate(const DecodingConfig& c) {
  require(c.repetition >= 0.1 && c.repetition <= 10, "repetition", c.repetition, "0.1 to 10, 1 for no penalty");
  require(c.presence >= -10 && c.presence <= 10, "presence", c.presence, "-10 to 10, 0 for no penalty");
  require(c.frequency >= -10 && c.frequency <= 10, "frequency", c.frequency, "-10 to 10, 0 for no penalty");
  choice::check_temperature(c.temperature);
  require(c.top_p > 0 && c.top_p <= 1, "top_p", c.top_p, "above 0 and at most 1, 1 to keep all");
  require(c.min_p >= 0 && c.min_p <= 1, "min_p", c.min_p, "0 to 1, 0 to keep all");
  require(c.typical > 0 && c.typical <= 1, "typical", c.typical, "above 0 and at most 1, 1 to keep all");
}

bool later(const void* keys, std::uint32_t a, std::uint32_t b) {  // a heap in this order has the least key on top
  const auto* key = static_cast<const float*>(keys);
  return key[a] != key[b] ? key[a] > key[b] : a > b;
}

/// Takes down the distribution after a step, and blames it for the tokens that are gone.
void note(DecodingTrace* trace, DecodingStep step, std::span<const float> p, std::span<const std::uint32_t> kept) {
  if (!trace) return;
  const auto row = static_cast<std::size_t>(step);
  std::ranges::copy(p, trace->p.begin() + static_cast<std::ptrdiff_t>(row * p.size()));
  std::vector<bool> here(p.size());
  for (const std::uint32_t id : kept) here[id] = true;
  for (std::size_t id = 0; id < p.size(); ++id)
    if (!here[id] && trace->removed_by[id] == kKeptToken) trace->removed_by[id] = static_cast<std::uint8_t>(step);
  trace->kept[row] = static_cast<std::uint32_t>(kept.size());
}

/// What distribution() leaves: `kept`, or all of them when that is empty, but for tokens that the model itself rules out.
void list_kept(std::span<const float> logits, std::vector<std::uint32_t>& kept) {
  if (kept.empty()) {
    kept.resize(logits.size());
    std::iota(kept.begin(), kept.end(), 0u);
  }
  std::erase_if(kept, [&](std::uint32_t id) { return logits[id] == -std::numeric_limits<float>::infinity(); });
}

}  // namespace

Decoder::Decoder(DecodingConfig config) : config_(config), rng_(config.seed, Stream::sample) { validate(config); }

void Decoder::penalize(std::span<const float> logits, std::span<const std::uint32_t> history) {
  x_.assign(logits.begin(), logits.end());
  if (config_.repetition == 1 && config_.presence == 0 && config_.frequency == 0) return;
  count_.assign(logits.size(), 0);
  for (const std::uint32_t id : history) {
    if (id >= logits.size())
      throw Error(ErrorCode::invalid_argument, text("the history holds token ", id, "; ids are 0 to ", logits.size() - 1));
    ++count_[id];
  }
  for (std::size_t id = 0; id < x_.size(); ++id) {
    if (count_[id] == 0) continue;
    double x = static_cast<double>(x_[id]);
    x = x > 0 ? x / config_.repetition : x * config_.repetition;
    x_[id] = static_cast<float>(x - static_cast<double>(count_[id]) * config_.frequency - config_.presence);
  }
}

/// Keeps kept_[first …] and shares the probability of the others among them.
void Decoder::drop(std::span<float> p, std::size_t first) {
  for (std::size_t i = 0; i < first; ++i) p[kept_[i]] = 0;
  kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(first));
  double sum = 0;
  for (const float v : p) sum += static_cast<double>(v);
  for (float& v : p) v = static_cast<float>(static_cast<double>(v) / sum);
}

/// Keeps the tokens of least key whose probabilities reach `mass`.
void Decoder::keep_mass(std::span<float> p, double mass) {
  heapify(kept_, later, key_.data());
  double reached = 0;
  std::size_t left = kept_.size();  // the heap shrinks; what it gave up stands behind it
  while (left > 0 && (left == kept_.size() || reached < mass - kRounding)) {
    --left;
    std::swap(kept_[0], kept_[left]);
    reached += static_cast<double>(p[kept_[left]]);
    sift_down(std::span(kept_).first(left), 0, later, key_.data());
  }
  drop(p, left);
}

/// From the penalized logits to the last distribution.
void Decoder::choose(std::span<float> p, DecodingTrace* trace) {
  const DecodingConfig& c = config_;
  choice::distribution(x_, c.temperature, c.top_k, p, kept_);
  if (!trace && c.top_p == 1 && c.min_p == 0 && c.typical == 1) return;
  list_kept(x_, kept_);
  note(trace, DecodingStep::top_k, p, kept_);
  key_.resize(p.size());

  if (c.top_p < 1) {
    for (const std::uint32_t id : kept_) key_[id] = -x_[id];
    keep_mass(p, c.top_p);
  }
  note(trace, DecodingStep::top_p, p, kept_);

  if (c.min_p > 0) {
    const double least = c.min_p * static_cast<double>(*std::ranges::max_element(p)) * (1 - kRounding);
    const auto kept = std::partition(kept_.begin(), kept_.end(), [&](std::uint32_t id) { return static_cast<double>(p[id]) < least; });
    drop(p, static_cast<std::size_t>(kept - kept_.begin()));
  }
  note(trace, DecodingStep::min_p, p, kept_);

  if (c.typical < 1) {
    double entropy = 0;  // H = −Σ p log p
    for (const float v : p)
      if (v > 0) entropy -= static_cast<double>(v) * kernels::log(static_cast<double>(v));
    for (const std::uint32_t id : kept_)
      key_[id] = p[id] > 0 ? static_cast<float>(std::fabs(-kernels::log(static_cast<double>(p[id])) - entropy))
                           : std::numeric_limits<float>::infinity();
    keep_mass(p, c.typical);
  }
  note(trace, DecodingStep::typical, p, kept_);
}

std::uint32_t Decoder::next(std::span<const float> logits, std::span<const std::uint32_t> history) {
  penalize(logits, history);
  p_.resize(logits.size());
  choose(p_, nullptr);
  return choice::draw(p_, rng_.uniform64());
}

void Decoder::probabilities(std::span<const float> logits, std::span<const std::uint32_t> history, std::span<float> p) {
  penalize(logits, history);
  choose(p, nullptr);
}

DecodingTrace Decoder::trace(std::span<const float> logits, std::span<const std::uint32_t> history) {
  DecodingTrace trace;
  trace.p.resize(kDecodingSteps * logits.size());
  trace.removed_by.assign(logits.size(), kKeptToken);
  p_.resize(logits.size());
  const auto show = [&](DecodingStep step, std::span<const float> x, double temperature) {
    choice::distribution(x, temperature, 0, p_, kept_);
    list_kept(x, kept_);
    note(&trace, step, p_, kept_);
  };
  show(DecodingStep::model, logits, 1);
  penalize(logits, history);
  show(DecodingStep::penalties, x_, 1);
  show(DecodingStep::temperature, x_, config_.temperature);
  choose(p_, &trace);
  return trace;
}

}  // namespace x2g
