// Finds out which tile of registers matrix products should work in here. The tile changes no bit of a result, only its time: an engine that
// keeps one value too many for its registers halves the speed of one tile and not of another, and which depends on its version.
// core has no clock, so the host lends one. Not a benchmark: it looks for large differences.
#pragma once

#include <cstddef>
#include <vector>

namespace x2g {

/// A browser optimizes a function only after some time of use, in the background. So the work is spread: a host calls round() between pieces
/// of its own work, and only the last rounds, when all tiles have been optimized, count.
class TileProbe {
 public:
  static constexpr std::size_t kRounds = 12;    ///< Rounds in all.
  static constexpr std::size_t kCounted = 4;    ///< The last ones, which are measured.
  static constexpr std::size_t kMostTiles = 4;  ///< Of one set of instructions.

  /// Multiplies with every tile for about a quarter of a millisecond, or from tick to tick of a coarser clock. `now`: milliseconds from any
  /// start. The last round leaves the fastest tile in use, the usual one unless another is clearly faster. False once nothing is left to do.
  bool round(double (*now)());

 private:
  std::size_t rounds_ = 0;
  double best_[kMostTiles] = {};  // products a millisecond
  std::vector<float> memory_;
};

}  // namespace x2g
