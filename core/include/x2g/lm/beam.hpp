// Beam search: of all continuations the `width` likeliest are followed, step by step. The whole tree is kept, the branches that were cut
// too, so that a page can draw it. Not a sampler: nothing is drawn at random (lm/decoding.hpp).
//
//   total(Y) = Σ log p(y_t | y_<t)     score(Y) = total(Y) / lp(Y)     lp(Y) = ((5 + |Y|) / (5 + 1))^α
//
// Source: Wu et al. 2016, "Google's Neural Machine Translation System", section 7, equation 14, without the coverage term, which needs a
// source text. |Y| counts the tokens behind the prompt, the end token too. α = 0: plain log-probability, which prefers short texts.
//
// A continuation that ends with the end token is finished and leaves the beam, which goes on with one place less (Sutskever, Vinyals, Le
// 2014, section 3.2). Within a step all have one length, so they are compared by total; at the end all are compared by score. Ties go to
// the earlier parent, then to the lower token. Width 1 is greedy; a width of V^L follows everything.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace x2g {

class CachedDecoder;

/// Where log-probabilities come from.
class NextLogProbabilities {
 public:
  virtual ~NextLogProbabilities() = default;
  virtual std::uint32_t vocab() const = 0;  ///< V
  /// log p of every next token (V) after these tokens, prompt and all. −∞ is never followed; NaN and numbers above 0 are an Error.
  virtual void after(std::span<const std::uint32_t> tokens, std::span<double> log_p) = 0;
};

/// log softmax of logits, in double. Error(bad_state) when they hold NaN or +∞ or nothing but −∞.
void log_softmax(std::span<const float> logits, std::span<double> log_p);

/// A cached decoder as source. Continuations share what they begin with: only what differs from the last call is read again. The decoder
/// must not slide, must outlive this and be used by nobody else meanwhile.
class CachedNext final : public NextLogProbabilities {
 public:
  explicit CachedNext(CachedDecoder& decoder);  ///< Error(invalid_argument) for a decoder that slides
  std::uint32_t vocab() const override;         ///< V
  void after(std::span<const std::uint32_t> tokens, std::span<double> log_p) override;

 private:
  CachedDecoder& decoder_;
  std::vector<std::uint32_t> read_;
};

/// How wide and how far is searched.
struct BeamConfig {
  static constexpr std::uint32_t kNoToken = 0xffff'ffff;  ///< no end token: every continuation reaches the length
  static constexpr std::uint64_t kMostNodes = 1u << 20;   ///< of the tree
  std::uint32_t width = 4;                                ///< 1 … 1024
  std::uint32_t length = 20;                              ///< tokens behind the prompt: 1 … 1024
  double alpha = 0.6;                                     ///< α: 0 … 5
  std::uint32_t end_token = kNoToken;                     ///< finishes a continuation
  std::uint32_t shown = 0;  ///< children of each node that the tree holds at least: 0 … 1024; the width when that is more
};

/// One token of one continuation.
struct BeamNode {
  static constexpr std::uint32_t kRoot = 0xffff'ffff;  ///< the parent of node 0
  std::uint32_t parent = kRoot;                        ///< node before
  std::uint32_t token = 0;                             ///< id
  std::uint32_t depth = 0;                             ///< |Y|; 0 and no token for the root
  double log_p = 0;                                    ///< of the token
  double total = 0;                                    ///< of all tokens
  double score = 0;                                    ///< by length
  bool kept = false;                                   ///< in the beam when its step was done, or finished
  bool finished = false;                               ///< its token is the end token
};

/// One search, step by step.
class BeamSearch {
 public:
  /// Error(invalid_argument) for every field out of range, an empty prompt, and a tree that may have more than 2²⁰ nodes.
  BeamSearch(NextLogProbabilities& source, std::span<const std::uint32_t> prompt, BeamConfig config);

  /// One more token for every continuation in the beam. False when there was nothing left to do: all finished, or the length reached.
  bool advance();

  std::span<const BeamNode> tree() const { return nodes_; }      ///< parents stand before their children; node 0 is the prompt
  std::span<const std::uint32_t> beam() const { return beam_; }  ///< nodes followed, likeliest first
  std::vector<std::uint32_t> ranked() const;                     ///< nodes finished or followed, best score first
  std::vector<std::uint32_t> tokens(std::uint32_t node) const;   ///< behind the prompt

 private:
  void expand(std::uint32_t node, std::vector<std::uint32_t>& children);

  NextLogProbabilities& source_;
  BeamConfig config_;
  std::uint32_t children_ = 0;  // recorded of each node
  std::vector<std::uint32_t> prompt_, beam_, finished_, best_;
  std::vector<double> log_p_;  // (V)
  std::vector<BeamNode> nodes_;
};

}  // namespace x2g
