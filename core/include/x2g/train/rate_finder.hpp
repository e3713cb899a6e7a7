// The learning-rate finder (Smith 2015: "Cyclical learning rates", section 3.3): trains for a few steps while the rate grows exponentially,
// notes the loss of each, and puts the run back. The suggestion is the rate at which the smoothed loss falls most steeply over log lr; it
// is a hint from one short noisy run, not a measurement.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "x2g/train/trainer.hpp"

namespace x2g {

/// One step of the sweep.
struct RatePoint {
  double lr = 0;        ///< the rate of its update
  double loss = 0;      ///< of the batch before the update with this rate
  double smoothed = 0;  ///< exponential mean of the losses so far, without bias
};

/// A sweep over the run that it is given; the run must outlive it.
template <class T>
class RateFinder {
 public:
  /// From rate `low` to `high` in `steps` ≥ 3 updates. Takes the run over until finish(). Error(invalid_argument).
  RateFinder(Trainer<T>& run, double low = 1e-6, double high = 10, std::uint32_t steps = 100);
  ~RateFinder() { finish(); }
  RateFinder(const RateFinder&) = delete;
  RateFinder& operator=(const RateFinder&) = delete;

  /// One unit of work, as Trainer::advance(). False when the sweep is over: the last rate is reached, the smoothed loss is four times its
  /// least (and above it by more than 1e-9), or the run diverged.
  bool advance();
  /// The run's weights, optimizer state, step and settings as they were found; only a half-done step is begun anew.
  void finish();

  std::span<const RatePoint> points() const { return points_; }  ///< so far, rates rising
  /// The rate of the steepest descent before the smoothed loss's least; 0 while there are fewer than three points or none descends.
  double suggestion() const;

 private:
  void set_rate();
  bool record();

  Trainer<T>& run_;
  OptimizerConfig found_;
  std::vector<std::uint8_t> snapshot_;
  bool over_ = false;
  double low_, high_, mean_ = 0, weight_ = 0;
  std::uint32_t steps_;
  std::vector<RatePoint> points_;
};

extern template class RateFinder<float>;
extern template class RateFinder<double>;

}  // namespace x2g
