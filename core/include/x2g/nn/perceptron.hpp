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

/// How a perceptron learns.
struct PerceptronConfig {
  bool fires_at_zero = true;  ///< true: y = 1 if s ≥ 0; false: y = 1 if s > 0
  double rate = 0.1;          ///< η, > 0 … 1e6
  bool shuffled = false;      ///< a new order every epoch from the seed, else as given
  std::uint64_t seed = 1;     ///< of the order, when shuffled
  std::vector<double> start;  ///< w…, b (inputs + 1 values); empty = zeros
};

/// One look at one example: a row of the trace table. step and epoch count from 1, example from 0.
struct PerceptronTrace {
  std::uint64_t step = 0;      ///< from 1; 0 before the first look
  std::uint64_t epoch = 0;     ///< from 1
  std::uint32_t example = 0;   ///< row of the data, from 0
  std::vector<double> x;       ///< the example
  std::vector<double> before;  ///< w…, b before the step
  std::vector<double> after;   ///< w…, b after it
  double sum = 0;              ///< s
  double target = 0;           ///< t
  double output = 0;           ///< y
  double error = 0;            ///< e = t − y
};

/// What is known about convergence (Novikoff 1962): at most (R/γ)² mistakes when separable from zero weights.
/// R and γ are over the examples with a constant 1 appended (the bias as a weight): R the longest, γ the largest margin any direction has,
/// found as the nearest point of the hull of ±(x, 1) to the origin (Wolfe 1976), exact to rounding. A margin under 1e-9 R counts as none.
struct PerceptronBound {
  bool separable = false;  ///< some line, plane … has all ones on one side and all zeros on the other
  double radius = 0;       ///< R
  double margin = 0;       ///< γ; 0 when not separable
  double bound = 0;        ///< (R/γ)²; 0 when not separable
};

/// Everything that step() depends on beside data and config; small enough to keep one per step.
/// The order of a shuffled epoch is drawn again from (seed, epoch), so it is not part of it.
struct PerceptronState {
  std::vector<double> base;        ///< w…, b = base + rate · gain
  std::vector<double> gain;        ///< sums of e x and of e: whole numbers for whole inputs
  double rate = 0;                 ///< η as it stood
  std::uint64_t steps = 0;         ///< looks so far
  std::uint64_t mistakes = 0;      ///< of them wrong
  std::uint64_t clean = 0;         ///< right ones in a row
  std::uint64_t cycle_length = 0;  ///< in steps; 0: no cycle known
};

/// One run: data, weights, and where it stands.
class Perceptron {
 public:
  Perceptron(PointSet data, PerceptronConfig config);        ///< throws Error(invalid_argument)
  const PerceptronTrace& step();                             ///< looks at one example
  const PerceptronTrace& last() const { return trace_; }     ///< the newest look; all zero before the first
  bool converged() const { return clean_ >= data_.rows(); }  ///< a whole pass without a mistake
  /// The weights at the start of this epoch are those of an earlier one: from here it repeats for ever.
  /// Known only without shuffling, and for cycles of up to 4096 epochs.
  bool cycles() const { return cycle_length_ > 0; }
  std::uint64_t cycle_length() const { return cycle_length_; }  ///< in steps
  std::uint64_t steps() const { return steps_; }                ///< looks so far
  std::uint64_t mistakes() const { return mistakes_; }          ///< of them wrong
  std::uint64_t epochs() const;                                 ///< whole passes done
  std::span<const double> weights() const { return w_; }        ///< w…, b
  void set_weights(std::span<const double> w);                  ///< forgets clean passes and cycles; steps and mistakes count on
  void set_rate(double rate);                                   ///< likewise, when it differs
  PerceptronState state() const;                                ///< to restore() later
  void restore(const PerceptronState& s);          ///< Error(bad_file) when it does not fit; the run then goes on as from there, same bits
  double sum(std::span<const double> x) const;     ///< s at a point of as many coordinates as inputs
  double output(std::span<const double> x) const;  ///< y: 0 or 1
  std::uint32_t wrong() const;                     ///< examples misclassified now
  const PointSet& data() const { return data_; }   ///< as given
  PerceptronBound bound() const;                   ///< computed anew at each call, from the data alone

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
