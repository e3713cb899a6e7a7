#include "x2g/lm/beam.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/in_range.hpp"
#include "base/order.hpp"
#include "kernels/math.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/lm/cached_decoder.hpp"

namespace x2g {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

/// lp(Y) of the header.
double length_penalty(std::uint32_t length, double alpha) { return kernels::exp(alpha * kernels::log((5.0 + length) / 6.0)); }

}  // namespace

void log_softmax(std::span<const float> logits, std::span<double> log_p) {
  if (logits.empty() || log_p.size() != logits.size())
    throw Error(ErrorCode::shape_mismatch,
                text("room for ", log_p.size(), " log-probabilities of ", logits.size(), " logits; give as many"));
  double largest = kNever, sum = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    log_p[i] = static_cast<double>(logits[i]);
    if (std::isnan(log_p[i]) || log_p[i] == -kNever)
      throw Error(ErrorCode::bad_state, text("the logit of token ", i, " is ", log_p[i], "; the model's weights have blown up"));
    largest = std::max(largest, log_p[i]);
  }
  if (largest == kNever) throw Error(ErrorCode::bad_state, "every token has probability 0; nothing can follow");
  for (const double x : log_p) sum += kernels::exp(x - largest);
  const double log_sum = kernels::log(sum);
  for (double& x : log_p) x = x - largest - log_sum;
}

CachedNext::CachedNext(CachedDecoder& decoder) : decoder_(decoder) {
  if (decoder.cache().slides())
    throw Error(ErrorCode::invalid_argument, "a sliding window cannot go back to another continuation; choose WhenFull::refuse");
  decoder_.clear();
}

std::uint32_t CachedNext::vocab() const { return decoder_.vocab(); }

void CachedNext::after(std::span<const std::uint32_t> tokens, std::span<double> log_p) {
  if (tokens.empty()) throw Error(ErrorCode::invalid_argument, "no tokens; give at least one");
  const std::size_t both = std::min(tokens.size() - 1, read_.size());  // the last token is always read, for its logits
  const auto same = static_cast<std::size_t>(
      std::mismatch(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(both), read_.begin()).first - tokens.begin());
  decoder_.forget(read_.size() - same);
  read_.resize(same);
  const std::span<const float> logits = decoder_.prefill(tokens.subspan(same));
  read_.assign(tokens.begin(), tokens.end());
  log_softmax(logits, log_p);
}

BeamSearch::BeamSearch(NextLogProbabilities& source, std::span<const std::uint32_t> prompt, BeamConfig config)
    : source_(source), config_(config), prompt_(prompt.begin(), prompt.end()) {
  const std::uint32_t V = source.vocab();
  in_range("beam search: width", config.width, 1, 1024);
  in_range("beam search: length", config.length, 1, 1024);
  in_range("beam search: shown", config.shown, 0, 1024);
  in_range("beam search: alpha", config.alpha, 0, 5);
  if (config.end_token != BeamConfig::kNoToken) in_range("beam search: end_token", config.end_token, 0, V - 1);
  if (prompt.empty()) throw Error(ErrorCode::invalid_argument, "beam search: the prompt is empty; give at least one token");
  children_ = std::min(V, std::max(config.width, config.shown));
  const std::uint64_t most = std::uint64_t{config.width} * children_ * config.length;
  if (most > BeamConfig::kMostNodes)
    throw Error(ErrorCode::invalid_argument, text("beam search: the tree may have ", most, " nodes and the limit is ",
                                                  BeamConfig::kMostNodes, "; choose a smaller width, length or number shown"));
  log_p_.resize(V);
  nodes_.push_back({.kept = true});
  beam_.push_back(0);
}

/// Appends the likeliest children of a node to the tree, best first.
void BeamSearch::expand(std::uint32_t node, std::vector<std::uint32_t>& children) {
  std::vector<std::uint32_t> ids = prompt_;
  const std::vector<std::uint32_t> own = tokens(node);
  ids.insert(ids.end(), own.begin(), own.end());
  source_.after(ids, log_p_);
  for (std::size_t id = 0; id < log_p_.size(); ++id)
    if (!(log_p_[id] <= 1e-9))  // a rounding above 0 is allowed
      throw Error(ErrorCode::bad_state, text("the log-probability of token ", id, " is ", log_p_[id], "; it must be at most 0"));

  const auto likelier = [this](std::uint32_t a, std::uint32_t b) { return log_p_[a] != log_p_[b] ? log_p_[a] > log_p_[b] : a < b; };
  best_.resize(log_p_.size());
  std::iota(best_.begin(), best_.end(), 0u);
  if (children_ < best_.size()) {  // only so many need an order
    const Before before = [](const void* f, std::uint32_t a, std::uint32_t b) {
      return (*static_cast<const decltype(likelier)*>(f))(a, b);
    };
    const std::span<std::uint32_t> heap = std::span(best_).first(children_);  // the least likely of them on top
    heapify(heap, before, &likelier);
    for (std::size_t i = children_; i < best_.size(); ++i) {
      if (!likelier(best_[i], heap[0])) continue;
      heap[0] = best_[i];
      sift_down(heap, 0, before, &likelier);
    }
    best_.resize(children_);
  }
  order(best_, likelier);
  const BeamNode parent = nodes_[node];
  for (const std::uint32_t id : best_) {
    if (log_p_[id] == kNever) break;
    BeamNode child{.parent = node, .token = id, .depth = parent.depth + 1, .log_p = log_p_[id], .total = parent.total + log_p_[id]};
    child.score = child.total / length_penalty(child.depth, config_.alpha);
    children.push_back(static_cast<std::uint32_t>(nodes_.size()));
    nodes_.push_back(child);
  }
}

bool BeamSearch::advance() {
  if (beam_.empty() || nodes_[beam_[0]].depth == config_.length) return false;
  std::vector<std::uint32_t> candidates;
  for (const std::uint32_t node : beam_) expand(node, candidates);
  if (candidates.empty()) return false;  // nothing has a probability: what is followed stays as it is
  order(candidates, [this](std::uint32_t a, std::uint32_t b) {
    return nodes_[a].total != nodes_[b].total ? nodes_[a].total > nodes_[b].total : a < b;
  });
  candidates.resize(std::min<std::size_t>(candidates.size(), config_.width - finished_.size()));
  beam_.clear();
  for (const std::uint32_t i : candidates) {
    nodes_[i].kept = true;
    nodes_[i].finished = nodes_[i].token == config_.end_token;
    (nodes_[i].finished ? finished_ : beam_).push_back(i);
  }
  return true;
}

std::vector<std::uint32_t> BeamSearch::ranked() const {
  std::vector<std::uint32_t> all = finished_;
  all.insert(all.end(), beam_.begin(), beam_.end());
  order(all, [this](std::uint32_t a, std::uint32_t b) {
    return nodes_[a].score != nodes_[b].score ? nodes_[a].score > nodes_[b].score : a < b;
  });
  return all;
}

std::vector<std::uint32_t> BeamSearch::tokens(std::uint32_t node) const {
  if (node >= nodes_.size())
    throw Error(ErrorCode::invalid_argument, text("node ", node, " is not in the tree; nodes are 0 to ", nodes_.size() - 1));
  std::vector<std::uint32_t> out(nodes_[node].depth);
  for (std::size_t i = out.size(); i-- > 0; node = nodes_[node].parent) out[i] = nodes_[node].token;
  return out;
}

}  // namespace x2g
