// Temperature and top-k alone: what a page needs that only draws text.
#include "x2g/lm/sampler.hpp"

#include "lm/choice.hpp"

namespace x2g {

Sampler::Sampler(SamplerConfig config) : config_(config), rng_(config.seed, Stream::sample) {
  choice::check_temperature(config.temperature);
}

void Sampler::probabilities(std::span<const float> logits, std::span<float> p) const {
  std::vector<std::uint32_t> kept;
  choice::distribution(logits, config_.temperature, config_.top_k, p, kept);
}

std::uint32_t Sampler::next(std::span<const float> logits) {
  p_.resize(logits.size());
  choice::distribution(logits, config_.temperature, config_.top_k, p_, kept_);
  return choice::draw(p_, rng_.uniform64());  // one number a token, greedy or not: changing the temperature does not shift the rest
}

}  // namespace x2g
