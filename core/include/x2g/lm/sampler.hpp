// Draws the next token from logits by temperature and top-k. More steps, each to be looked at: lm/decoding.hpp, which draws the same tokens
// from the same seed when set alike.
// Temperature divides the logits; 0 means greedy (the first largest). top_k keeps the k largest (ties by lower id); 0 keeps all.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "x2g/base/rng.hpp"

namespace x2g {

/// How bold the choice is.
struct SamplerConfig {
  double temperature = 1.0;  ///< 0 … 100
  std::uint32_t top_k = 0;   ///< 0 = all
  std::uint64_t seed = 1;    ///< of the draws
};

/// Draws one token after the other; the same seed and logits give the same tokens.
class Sampler {
 public:
  explicit Sampler(SamplerConfig config);  ///< throws Error(invalid_argument)
  /// Draws a token; uses one random number. NaN or +∞ among the logits is an Error(bad_state), −∞ is probability 0.
  std::uint32_t next(std::span<const float> logits);
  /// The probabilities next() would draw from (V), for display.
  void probabilities(std::span<const float> logits, std::span<float> p) const;

 private:
  SamplerConfig config_;
  Rng rng_;
  std::vector<float> p_;
  std::vector<std::uint32_t> kept_;
};

}  // namespace x2g
