#include "x2g/train/rate_finder.hpp"

#include <algorithm>
#include <cmath>

#include "base/in_range.hpp"
#include "kernels/math.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

constexpr double kKeep = 0.8;  // of the running mean per point: it forgets in about five

OptimizerConfig checked(const OptimizerConfig& c, double low, double high, std::uint32_t steps, bool diverged) {
  if (diverged) throw Error(ErrorCode::bad_state, "this run has diverged; reset or restore it before looking for a rate");
  if (!(low >= 1e-12 && low < high && high <= 1e6))
    throw Error(ErrorCode::invalid_argument,
                text("the rates go from ", low, " to ", high, "; they must rise, from 1e-12 at least to 1000000 at most"));
  in_range("steps", steps, 3, 100'000);
  return c;
}

}  // namespace

template <class T>
RateFinder<T>::RateFinder(Trainer<T>& run, double low, double high, std::uint32_t steps)
    : run_(run),
      found_(checked(run.optimizer(), low, high, steps, run.diverged())),
      snapshot_(run.snapshot()),
      low_(low),
      high_(high),
      steps_(steps) {
  points_.reserve(steps);
  run_.touch();
  set_rate();
}

template <class T>
void RateFinder<T>::set_rate() {
  OptimizerConfig c = found_;
  c.schedule = Schedule::constant;
  const double share = static_cast<double>(points_.size()) / (steps_ - 1);
  c.lr = std::min(high_, low_ * kernels::exp(share * kernels::log(high_ / low_)));
  run_.set_optimizer(c);
}

/// After a finished step. False ends the sweep.
template <class T>
bool RateFinder<T>::record() {
  const double loss = run_.report().loss;
  mean_ = kKeep * mean_ + (1 - kKeep) * loss;
  weight_ = kKeep * weight_ + (1 - kKeep);
  points_.push_back({run_.optimizer().lr, loss, mean_ / weight_});
  if (points_.size() >= steps_) return false;
  const double least = std::ranges::min_element(points_, {}, &RatePoint::smoothed)->smoothed;
  if (points_.back().smoothed > 4 * least && points_.back().smoothed > least + 1e-9) return false;
  set_rate();
  return true;
}

template <class T>
bool RateFinder<T>::advance() {
  if (over_) return false;
  const bool finished = run_.advance();
  if (run_.diverged() || (finished && !record())) over_ = true;
  return !over_;
}

template <class T>
void RateFinder<T>::finish() {
  over_ = true;
  if (snapshot_.empty()) return;
  run_.set_optimizer(found_);
  run_.restore(snapshot_);
  snapshot_.clear();
}

template <class T>
double RateFinder<T>::suggestion() const {
  if (points_.size() < 3) return 0;
  const auto least = static_cast<std::size_t>(std::ranges::min_element(points_, {}, &RatePoint::smoothed) - points_.begin());
  // Rates are evenly spaced in log lr, so that differences over the same number of points compare as slopes do. A tenth of the sweep to each
  // side outweighs the noise of single batches; the first points are passed over because their mean is of a few losses only.
  const std::size_t reach = std::max<std::size_t>(1, steps_ / 12), first = std::min<std::size_t>(10, points_.size() / 4);
  double steepest = 0, rate = 0;
  for (std::size_t i = first + reach; i < least && i + reach < points_.size(); ++i) {
    const double slope = points_[i + reach].smoothed - points_[i - reach].smoothed;
    if (slope < steepest) {
      steepest = slope;
      rate = points_[i].lr;
    }
  }
  return rate;
}

template class RateFinder<float>;
template class RateFinder<double>;

}  // namespace x2g
