// Early stopping (Prechelt 1998: "Early stopping — but when?", the patience form): keeps the snapshot of the best loss seen and says when it
// has not got better for long enough. Looks at the numbers it is given; it does not run or stop anything.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "x2g/train/trainer.hpp"

namespace x2g {

/// Fed with one validation loss after the other.
class BestKeeper {
 public:
  /// A new best; no better yet; no better for `patience` observations.
  enum class Verdict : std::uint8_t { better, waiting, stop };

  /// patience: observations in a row that may be no better, at least 1; min_delta ≥ 0: what a better one must win. Error(invalid_argument).
  explicit BestKeeper(std::uint32_t patience, double min_delta = 0);

  /// One more validation loss of the run as it stands; a better one takes a snapshot. NaN is never better.
  template <class T>
  Verdict observe(double loss, const Trainer<T>& run) {
    const Verdict verdict = judge(loss, run.steps());
    if (verdict == Verdict::better) snapshot_ = run.snapshot();
    return verdict;
  }

  bool has_best() const { return !snapshot_.empty(); }                  ///< something better than +∞ was seen
  double best() const { return best_; }                                 ///< +∞ before the first
  std::uint64_t best_step() const { return best_step_; }                ///< of the run at its best; 0 before the first
  std::uint32_t waited() const { return waited_; }                      ///< observations since the best
  std::span<const std::uint8_t> snapshot() const { return snapshot_; }  ///< for Trainer::restore; empty before the first
  void reset();                                                         ///< forgets the best

 private:
  Verdict judge(double loss, std::uint64_t step);

  std::uint32_t patience_, waited_ = 0;
  double min_delta_, best_ = std::numeric_limits<double>::infinity();
  std::uint64_t best_step_ = 0;
  std::vector<std::uint8_t> snapshot_;
};

}  // namespace x2g
