// The next token from logits, as a chain of steps that can each be looked at: penalties → temperature → top-k → top-p → min-p → typical →
// draw. Each step either changes the logits or removes tokens and makes the rest sum to 1 again. What it is not: a search over whole
// texts (lm/beam.hpp). x logit, p probability, h the tokens so far (the caller says which: prompt and text, or only the last n).
//
//   repetition  x > 0: x / θ, else x θ for every token in h (Keskar et al. 2019, "CTRL", section 4.1. The paper divides either way, which
//               raises a negative logit; multiplying those is what has become usual.) The result depends on where the logits' zero lies.
//   presence, frequency   x − count_h α_f − [count_h > 0] α_p (OpenAI's API reference; negative values invite what was said already)
//   temperature p = softmax(x / T); T = 0 is greedy, the first largest logit
//   top-k       the k largest (Fan, Lewis, Dauphin 2018)
//   top-p       the fewest largest whose sum reaches p (Holtzman et al. 2020, section 3.1)
//   min-p       p_i ≥ min_p · max p (Nguyen et al. 2024, section 3)
//   typical     in the order of |−log p_i − H|, H the entropy, the fewest whose sum reaches τ (Meister et al. 2023, equation 11)
//
// Ties go to the lower id. A sum or a product that misses its bound by 1e-7, a rounding of its floats, counts as reaching it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "x2g/base/rng.hpp"

namespace x2g {

/// The settings of all steps; as they come, only the draw is left.
struct DecodingConfig {
  double repetition = 1;    ///< θ: 0.1 … 10; 1 = off
  double presence = 0;      ///< α_p: −10 … 10
  double frequency = 0;     ///< α_f: −10 … 10
  double temperature = 1;   ///< T: 0 … 100
  std::uint32_t top_k = 0;  ///< 0 = all
  double top_p = 1;         ///< above 0, to 1 = all
  double min_p = 0;         ///< 0 = all, to 1
  double typical = 1;       ///< τ: above 0, to 1 = all
  std::uint64_t seed = 1;   ///< of the draws
};

/// In running order. `model` is the softmax of the logits as they come.
enum class DecodingStep : std::uint8_t { model, penalties, temperature, top_k, top_p, min_p, typical };
inline constexpr std::size_t kDecodingSteps = 7;  ///< enumerators of DecodingStep
inline constexpr std::uint8_t kKeptToken = 255;   ///< removed by none

/// What every step left, for one token.
struct DecodingTrace {
  std::vector<float> p;                              ///< (kDecodingSteps, V): the distribution after each step
  std::vector<std::uint8_t> removed_by;              ///< (V): the DecodingStep that removed the token, or kKeptToken
  std::array<std::uint32_t, kDecodingSteps> kept{};  ///< tokens left after each step
  /// The distribution (V) that a step left.
  std::span<const float> after(DecodingStep step) const {
    const std::size_t V = removed_by.size();
    return std::span(p).subspan(static_cast<std::size_t>(step) * V, V);
  }
};

/// Draws one token after the other; the same seed, logits and history give the same tokens.
class Decoder {
 public:
  explicit Decoder(DecodingConfig config);                  ///< throws Error(invalid_argument) for every field out of range
  const DecodingConfig& config() const { return config_; }  ///< as given

  /// Draws a token; uses one random number, whatever the settings. NaN or +∞ among the logits is an Error(bad_state), −∞ is probability 0.
  std::uint32_t next(std::span<const float> logits, std::span<const std::uint32_t> history = {});
  /// The probabilities next() would draw from (V).
  void probabilities(std::span<const float> logits, std::span<const std::uint32_t> history, std::span<float> p);
  /// The same, step by step. Draws nothing.
  DecodingTrace trace(std::span<const float> logits, std::span<const std::uint32_t> history = {});

 private:
  void penalize(std::span<const float> logits, std::span<const std::uint32_t> history);
  void choose(std::span<float> p, DecodingTrace* trace);
  void keep_mass(std::span<float> p, double mass);
  void drop(std::span<float> p, std::size_t first_kept);

  DecodingConfig config_;
  Rng rng_;
  std::vector<float> x_, p_, key_;           // (V) penalized logits, probabilities, what tokens are ranked by (least first)
  std::vector<std::uint32_t> kept_, count_;  // ids still in the running; occurrences in the history (V)
};

}  // namespace x2g
