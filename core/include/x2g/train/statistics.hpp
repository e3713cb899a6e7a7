// What is in a tensor, in a few numbers: for looking at activations, weights and gradients layer by layer. Computed when asked, never while
// training; in double and in a fixed order, so that the same run gives the same figures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "x2g/graph/graph.hpp"

namespace x2g {

/// All but count and non_finite are of the finite elements; 0 where there is none.
struct TensorStatistics {
  std::size_t count = 0;       ///< elements
  std::size_t non_finite = 0;  ///< of them NaN or ±∞
  double mean = 0;             ///< Σx/n
  double variance = 0;         ///< Σ(x − mean)²/n
  double norm = 0;             ///< √Σx²
  double min = 0;              ///< the smallest
  double max = 0;              ///< the largest
  double zeros = 0;            ///< share that is exactly 0
  double saturated = 0;        ///< share beyond 99% of the way from the middle of the range to an end: outputs of sigmoid and tanh; else 0
  /// Outputs of relu: units that are 0 in every example of the batch, and all units. A unit is one place of the last axis, or a channel
  /// of a (B, C, H, W) tensor; 0 of 0 for other tensors.
  std::size_t dead_units = 0;
  std::size_t units = 0;                 ///< all units
  std::vector<std::uint64_t> histogram;  ///< by edges e₀ < … < eₙ: n counts of [eᵢ, eᵢ₊₁), the last with its end
  std::uint64_t below = 0;               ///< finite elements left of the first edge
  std::uint64_t above = 0;               ///< right of the last
};

/// Of plain numbers: no saturated, no dead units. edges: none, or two and more that rise; else Error(invalid_argument).
template <class T>
TensorStatistics statistics(std::span<const T> x, std::span<const double> edges = {});

/// Which numbers of a tensor are meant.
enum class Side : std::uint8_t { value, gradient };

/// Of a graph's tensor as it stands. Error(unknown_name); Error(invalid_argument) for the gradient of a tensor that has none.
template <class T>
TensorStatistics statistics(const Graph<T>& graph, std::string_view name, Side side = Side::value, std::span<const double> edges = {});

}  // namespace x2g
