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
  bool fires_at_zero = true;   ///< true: y = 1 if s ≥ 0; false: y = 1 if s > 0
  double rate = 0.1;           ///< η, > 0 … 1e6
  bool shuffled = false;       ///< a new order every epoch from the seed, else as given
  std::uint64_t seed = 1;
  std::vector<double> start;   ///< w…, b (inputs + 1 values); empty = zeros
};

/// One look at one example: a row of the trace table.
struct PerceptronTrace {
  std::uint64_t step = 0, epoch = 0;
  std::uint32_t example = 0;
  std::vector<double> x, before, after;  ///< before/after: w…, b
  double sum = 0, target = 0, output = 0, error = 0;
};

/// What is known about convergence (Novikoff 1962): at most (R/γ)² mistakes when separable from zero weights.
/// R and γ are over the examples with a constant 1 appended (the bias as a weight); γ by the best separating direction found.
struct PerceptronBound {
  bool separable = false;
  double radius = 0, margin = 0, bound = 0;
};

class Perceptron {
 public:
  Perceptron(PointSet data, PerceptronConfig config);  ///< throws Error(invalid_argument)
  const PerceptronTrace& step();                       ///< looks at one example
  const PerceptronTrace& last() const { return trace_; }
  bool converged() const { return clean_ >= data_.rows(); }  ///< a whole pass without a mistake
  /// The state (weights and position) has occurred before: from here it repeats for ever. Known only without shuffling.
  bool cycles() const { return cycle_length_ > 0; }
  std::uint64_t cycle_length() const { return cycle_length_; }  ///< in steps
  std::uint64_t steps() const { return steps_; }
  std::uint64_t mistakes() const { return mistakes_; }
  std::uint64_t epochs() const;                        ///< whole passes done
  std::span<const double> weights() const { return w_; }  ///< w…, b
  void set_weights(std::span<const double> w);
  double sum(std::span<const double> x) const;
  double output(std::span<const double> x) const;
  std::uint32_t wrong() const;                         ///< examples misclassified now
  const PointSet& data() const { return data_; }
  PerceptronBound bound() const;

 private:
  void next_epoch();
  PointSet data_;
  PerceptronConfig config_;
  std::vector<double> w_;
  std::vector<std::uint32_t> order_;
  std::vector<std::vector<double>> seen_;  // weights at the start of each epoch, newest 4096
  PerceptronTrace trace_;
  std::uint64_t steps_ = 0, mistakes_ = 0, clean_ = 0, cycle_length_ = 0;
};

}  // namespace x2g
