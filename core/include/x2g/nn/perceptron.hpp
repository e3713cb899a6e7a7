// Rosenblatt's perceptron (1958) with its learning rule: learns only from mistakes.
//
//   s = Σ w_i x_i + b     y = 1 if s ≥ 0 (or s > 0) else 0     e = t − y     w += η e x     b += η e
//
// In double; |s| below 1e-9 counts as 0, so that decimal steps like 0.1 behave as on paper.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "x2g/data/points.hpp"

namespace x2g {

struct PerceptronConfig {
  bool fires_at_zero = true;  ///< true: y = 1 if s ≥ 0; false: y = 1 if s > 0
  double rate = 0.1;          ///< η, > 0 … 1e6
  bool shuffled = false;      ///< a new order every epoch from the seed, else as given
  std::uint64_t seed = 1;
  std::vector<double> start;  ///< w…, b (inputs + 1 values); empty = zeros
};

/// One look at one example: a row of the trace table. step and epoch count from 1, example from 0.
struct PerceptronTrace {
  std::uint64_t step = 0, epoch = 0;
  std::uint32_t example = 0;
  std::vector<double> x, before, after;  ///< before/after: w…, b
  double sum = 0, target = 0, output = 0, error = 0;
};

/// What is known about convergence (Novikoff 1962): at most (R/γ)² mistakes when separable from zero weights.
/// R and γ are over the examples with a constant 1 appended (the bias as a weight): R the longest, γ the largest margin any direction has,
/// found as the nearest point of the hull of ±(x, 1) to the origin (Wolfe 1976), exact to rounding. A margin under 1e-9 R counts as none.
struct PerceptronBound {
  bool separable = false;
  double radius = 0, margin = 0, bound = 0;
};

/// Everything that step() depends on beside data and config; small enough to keep one per step.
/// The order of a shuffled epoch is drawn again from (seed, epoch), so it is not part of it.
struct PerceptronState {
  std::vector<double> base, gain;  ///< w…, b = base + rate · gain
  double rate = 0;
  std::uint64_t steps = 0, mistakes = 0, clean = 0, cycle_length = 0;
};

class Perceptron {
 public:
  Perceptron(PointSet data, PerceptronConfig config);  ///< throws Error(invalid_argument)
  const PerceptronTrace& step();                       ///< looks at one example
  const PerceptronTrace& last() const { return trace_; }
  bool converged() const { return clean_ >= data_.rows(); }  ///< a whole pass without a mistake
  /// The weights at the start of this epoch are those of an earlier one: from here it repeats for ever.
  /// Known only without shuffling, and for cycles of up to 4096 epochs.
  bool cycles() const { return cycle_length_ > 0; }
  std::uint64_t cycle_length() const { return cycle_length_; }  ///< in steps
  std::uint64_t steps() const { return steps_; }
  std::uint64_t mistakes() const { return mistakes_; }
  std::uint64_t epochs() const;                           ///< whole passes done
  std::span<const double> weights() const { return w_; }  ///< w…, b
  void set_weights(std::span<const double> w);            ///< forgets clean passes and cycles; steps and mistakes count on
  void set_rate(double rate);                             ///< likewise, when it differs
  PerceptronState state() const;
  void restore(const PerceptronState& s);  ///< Error(bad_file) when it does not fit; the run then goes on as from there, same bits
  double sum(std::span<const double> x) const;
  double output(std::span<const double> x) const;
  std::uint32_t wrong() const;  ///< examples misclassified now
  const PointSet& data() const { return data_; }
  PerceptronBound bound() const;

 private:
  void next_epoch();
  void draw_order();
  void rebase();
  PointSet data_;
  PerceptronConfig config_;
  std::vector<double> w_, base_, gain_;  // w = base + η gain
  std::vector<std::uint32_t> order_;
  std::vector<std::uint64_t> seen_;  // checksum of gain at the start of each epoch, a ring of the newest 4096
  std::uint64_t seen_from_ = 0;      // the epoch of its first entry
  PerceptronTrace trace_;
  std::uint64_t steps_ = 0, mistakes_ = 0, clean_ = 0, cycle_length_ = 0;
};

}  // namespace x2g
