#include "lm/choice.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/order.hpp"
#include "kernels/math.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g::choice {
namespace {

/// The first largest logit; throws on an empty row, NaN, +∞ or a row of nothing but −∞.
std::uint32_t first_largest(std::span<const float> logits) {
  if (logits.empty()) throw Error(ErrorCode::invalid_argument, "no logits to sample from; the model must have at least one token");
  std::size_t best = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    if (std::isnan(logits[i]) || logits[i] == std::numeric_limits<float>::infinity()) {
      throw Error(ErrorCode::bad_state, text("the logit of token ", i, " is ", static_cast<double>(logits[i]),
                                             "; the model's weights have blown up: reset it and train at a lower rate"));
    }
    if (logits[i] > logits[best]) best = i;
  }
  if (logits[best] == -std::numeric_limits<float>::infinity()) {
    throw Error(ErrorCode::bad_state, "every token has probability 0; nothing can be drawn");
  }
  return static_cast<std::uint32_t>(best);
}

}  // namespace

void check_temperature(double temperature) {
  if (!(temperature >= 0 && temperature <= 100)) {
    throw Error(ErrorCode::invalid_argument, text("a temperature of ", temperature, "; choose 0 (always the likeliest) to 100"));
  }
}

void distribution(std::span<const float> logits, double temperature, std::uint32_t top_k, std::span<float> p,
                  std::vector<std::uint32_t>& kept) {
  if (p.size() != logits.size()) {
    throw Error(ErrorCode::shape_mismatch, text("room for ", p.size(), " probabilities of ", logits.size(), " logits; give as many"));
  }
  const std::uint32_t best = first_largest(logits);
  const std::size_t k = temperature == 0 ? 1 : top_k == 0 ? logits.size() : std::min<std::size_t>(top_k, logits.size());
  // Which tokens are kept: marked by 1 in p, so that the sum below runs in id order whatever their rank.
  std::fill(p.begin(), p.end(), k == logits.size() ? 1.0f : 0.0f);
  kept.clear();
  if (k == 1) {
    kept.push_back(best);
    p[best] = 1;
    return;
  }
  if (k < logits.size()) {  // a heap of the k best so far, the worst of them on top
    const Before better = [](const void* row, std::uint32_t a, std::uint32_t b) {
      const auto* x = static_cast<const float*>(row);
      return x[a] != x[b] ? x[a] > x[b] : a < b;
    };
    kept.resize(k);
    std::iota(kept.begin(), kept.end(), 0u);
    heapify(kept, better, logits.data());
    for (auto i = static_cast<std::uint32_t>(k); i < logits.size(); ++i) {
      if (!better(logits.data(), i, kept[0])) continue;
      kept[0] = i;
      sift_down(kept, 0, better, logits.data());
    }
    for (const std::uint32_t i : kept) p[i] = 1;
  }
  // p_i = exp((x_i − max)/T) / Σ. The largest is subtracted first, so nothing overflows; 1/T is kept finite for T near 0.
  const double scale = std::min(1 / temperature, 1e30), largest = static_cast<double>(logits[best]);
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (p[i] == 0.0f) continue;
    p[i] = static_cast<float>(kernels::exp((static_cast<double>(logits[i]) - largest) * scale));
    sum += static_cast<double>(p[i]);
  }
  for (float& v : p) v = static_cast<float>(static_cast<double>(v) / sum);
}

std::uint32_t draw(std::span<const float> p, double u) {
  double reached = 0;
  std::uint32_t last = 0;
  for (std::uint32_t i = 0; i < p.size(); ++i) {
    if (p[i] <= 0) continue;
    last = i;
    reached += static_cast<double>(p[i]);
    if (u < reached) return i;
  }
  return last;  // Σp may end a rounding below 1
}

}  // namespace x2g::choice
