// The two steps that every way of drawing a token shares: a distribution by temperature and top-k, and the draw. Sampler needs nothing
// else, so a page that only samples downloads nothing else; Decoder (lm/decoding.hpp) puts its other steps around them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace x2g::choice {

/// p = softmax of the `top_k` largest logits (0 = all, ties by lower id) over the temperature (0: the first largest), 0 elsewhere.
/// `kept` becomes the ids that remain, in no order; empty when that is all of them.
void distribution(std::span<const float> logits, double temperature, std::uint32_t top_k, std::span<float> p,
                  std::vector<std::uint32_t>& kept);

/// The token at which the running sum passes u in [0, 1).
std::uint32_t draw(std::span<const float> p, double u);

/// Error(invalid_argument) unless 0 … 100.
void check_temperature(double temperature);

}  // namespace x2g::choice
