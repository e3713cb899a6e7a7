#include "x2g/nn/perceptron.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "nn/min_norm.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

constexpr double kZero = 1e-9;                    // |s| below this is 0
constexpr std::size_t kRemembered = 4096;         // epochs whose starting weights are kept
constexpr std::uint64_t kEpochBlocks = 1u << 20;  // random blocks reserved for one epoch's order

void check_rate(double rate) {
  if (!(rate > 0 && rate <= 1e6)) {
    throw Error(ErrorCode::invalid_argument, text("a learning rate of ", rate, "; it must be above 0 and at most 1e6"));
  }
}

void check_weights(std::span<const double> w, std::size_t inputs) {
  if (w.size() != inputs + 1) {
    throw Error(ErrorCode::shape_mismatch,
                text(w.size(), " weights for ", inputs, " inputs; give ", inputs + 1, ": one each and the bias last"));
  }
  for (const double v : w) {
    if (!(std::abs(v) <= 1e9)) throw Error(ErrorCode::invalid_argument, text("a weight of ", v, "; weights must lie within ±1e9"));
  }
}

}  // namespace

Perceptron::Perceptron(PointSet data, PerceptronConfig config) : data_(std::move(data)), config_(std::move(config)) {
  const std::size_t n = data_.rows();
  if (n == 0 || n > 100000) throw Error(ErrorCode::invalid_argument, text(n, " examples; a perceptron needs 1 to 100000"));
  if (data_.inputs < 1 || data_.inputs > 64) {
    throw Error(ErrorCode::invalid_argument, text(data_.inputs, " inputs; a perceptron takes 1 to 64"));
  }
  if (data_.x.size() != n * data_.inputs) {
    throw Error(ErrorCode::shape_mismatch,
                text(data_.x.size(), " coordinates for ", n, " examples of ", data_.inputs, " inputs; give ", n * data_.inputs));
  }
  for (const float x : data_.x) {
    if (!(std::abs(x) <= 1e6f)) {
      throw Error(ErrorCode::invalid_argument, text("an input of ", static_cast<double>(x), "; inputs must lie within ±1e6"));
    }
  }
  for (const float t : data_.t) {
    if (t != 0.0f && t != 1.0f)
      throw Error(ErrorCode::invalid_argument, text("a target of ", static_cast<double>(t), "; targets are 0 or 1"));
  }
  check_rate(config_.rate);
  if (!config_.start.empty()) check_weights(config_.start, data_.inputs);
  w_ = config_.start;
  w_.resize(data_.inputs + 1, 0.0);
  base_ = w_;
  gain_.assign(w_.size(), 0.0);
  order_.resize(n);
  std::iota(order_.begin(), order_.end(), 0u);
}

void Perceptron::set_weights(std::span<const double> w) {
  check_weights(w, data_.inputs);
  w_.assign(w.begin(), w.end());
  rebase();
}

void Perceptron::set_rate(double rate) {
  check_rate(rate);
  if (rate == config_.rate) return;
  config_.rate = rate;
  rebase();
}

/// After an outside change: what was known about convergence and cycles no longer holds.
void Perceptron::rebase() {
  base_ = w_;
  std::fill(gain_.begin(), gain_.end(), 0.0);
  seen_.clear();
  clean_ = 0;
  cycle_length_ = 0;
}

std::uint64_t Perceptron::epochs() const { return steps_ / data_.rows(); }

/// The order of an epoch is a function of the seed and the epoch alone.
void Perceptron::draw_order() {
  std::iota(order_.begin(), order_.end(), 0u);
  Rng(config_.seed, Stream::batch, epochs() * kEpochBlocks).shuffle(std::span(order_));
}

void Perceptron::next_epoch() {
  const std::uint64_t epoch = epochs();
  if (config_.shuffled) {
    draw_order();
    if (!converged()) clean_ = 0;  // only a pass within one epoch is known to meet every example
    return;
  }
  if (cycles() || converged()) return;
  // Equal sums of updates are equal weights. They are compared by a 64-bit checksum.
  const std::uint64_t now = fnv1a(gain_.data(), gain_.size() * sizeof(double));
  if (seen_.empty()) seen_from_ = epoch;
  const std::uint64_t index = epoch - seen_from_;
  for (std::uint64_t back = 1; back <= seen_.size(); ++back) {
    if (seen_[(index - back) % kRemembered] == now) {
      cycle_length_ = back * data_.rows();
      return;
    }
  }
  if (seen_.size() < kRemembered)
    seen_.push_back(now);
  else
    seen_[index % kRemembered] = now;
}

PerceptronState Perceptron::state() const { return {base_, gain_, config_.rate, steps_, mistakes_, clean_, cycle_length_}; }

void Perceptron::restore(const PerceptronState& s) {
  const auto within = [](double v) { return std::abs(v) <= 1e15; };
  if (s.base.size() != w_.size() || s.gain.size() != w_.size() || !std::all_of(s.base.begin(), s.base.end(), within) ||
      !std::all_of(s.gain.begin(), s.gain.end(), within) || !(s.rate > 0 && s.rate <= 1e6)) {
    throw Error(ErrorCode::bad_file, text("this state is not of a perceptron with ", w_.size(), " weights, or it is damaged"));
  }
  base_ = s.base;
  gain_ = s.gain;
  config_.rate = s.rate;
  for (std::size_t i = 0; i < w_.size(); ++i) w_[i] = base_[i] + s.rate * gain_[i];
  steps_ = s.steps;
  mistakes_ = s.mistakes;
  clean_ = s.clean;
  cycle_length_ = s.cycle_length;
  seen_.clear();  // a cycle not yet known is found again within one more of it
  if (config_.shuffled) draw_order();
}

double Perceptron::sum(std::span<const double> x) const {
  if (x.size() != data_.inputs) throw Error(ErrorCode::shape_mismatch, text(x.size(), " inputs; this perceptron takes ", data_.inputs));
  double s = w_.back();
  for (std::size_t i = 0; i < data_.inputs; ++i) s += w_[i] * x[i];
  return s;
}

double Perceptron::output(std::span<const double> x) const {
  const double s = sum(x);
  if (std::abs(s) < kZero) return config_.fires_at_zero ? 1 : 0;
  return s > 0 ? 1 : 0;
}

const PerceptronTrace& Perceptron::step() {
  const std::size_t n = data_.rows(), inputs = data_.inputs;
  const std::size_t position = static_cast<std::size_t>(steps_ % n);
  if (position == 0) next_epoch();
  const std::uint32_t example = order_[position];
  trace_.epoch = epochs() + 1;
  trace_.step = ++steps_;
  trace_.example = example;
  trace_.x.assign(data_.x.begin() + static_cast<std::ptrdiff_t>(example * inputs),
                  data_.x.begin() + static_cast<std::ptrdiff_t>((example + 1) * inputs));
  trace_.before = w_;
  trace_.sum = sum(trace_.x);
  trace_.output = output(trace_.x);
  trace_.target = static_cast<double>(data_.t[example]);
  trace_.error = trace_.target - trace_.output;
  if (trace_.error == 0) {
    ++clean_;
  } else {
    // w += η e x and b += η e, kept as w = w₀ + η Σ e x: the sum of data is exact, so weights that return are equal to the bit.
    for (std::size_t i = 0; i <= inputs; ++i) {
      gain_[i] += trace_.error * (i < inputs ? trace_.x[i] : 1.0);
      w_[i] = base_[i] + config_.rate * gain_[i];
    }
    ++mistakes_;
    clean_ = 0;
  }
  trace_.after = w_;
  return trace_;
}

std::uint32_t Perceptron::wrong() const {
  std::vector<double> x(data_.inputs);
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < data_.rows(); ++i) {
    std::copy_n(data_.x.begin() + static_cast<std::ptrdiff_t>(i * data_.inputs), data_.inputs, x.begin());
    count += output(x) != static_cast<double>(data_.t[i]);
  }
  return count;
}

PerceptronBound Perceptron::bound() const {
  const std::size_t n = data_.rows(), d = data_.inputs + 1;
  std::vector<double> z(n * d);  // z_i = ±(x_i, 1): separable means w·z_i > 0 for all i
  PerceptronBound out;
  for (std::size_t i = 0; i < n; ++i) {
    const double sign = data_.t[i] == 1.0f ? 1 : -1;
    double length = 1;
    for (std::size_t j = 0; j + 1 < d; ++j) {
      const double x = static_cast<double>(data_.x[i * data_.inputs + j]);
      z[i * d + j] = sign * x;
      length += x * x;
    }
    z[i * d + d - 1] = sign;
    out.radius = std::max(out.radius, std::sqrt(length));
  }
  // The largest margin is the distance of the hull of the z_i from the origin, along its nearest point. It is then measured on the
  // examples themselves, so that the bound holds whatever the rounding.
  const std::vector<double> nearest = min_norm_point(z, d);
  double length = 0;
  for (const double v : nearest) length += v * v;
  length = std::sqrt(length);
  if (length <= 1e-9 * out.radius) return out;
  double margin = out.radius;
  for (std::size_t i = 0; i < n; ++i) {
    double s = 0;
    for (std::size_t j = 0; j < d; ++j) s += nearest[j] * z[i * d + j];
    margin = std::min(margin, s / length);
  }
  if (margin <= 1e-9 * out.radius) return out;
  out.separable = true;
  out.margin = margin;
  out.bound = (out.radius / margin) * (out.radius / margin);
  return out;
}

}  // namespace x2g
