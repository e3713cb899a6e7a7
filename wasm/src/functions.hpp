// What stands beside the runs: points, stories, activation curves and the clock-free half of timing them.
#pragma once

#include <emscripten/val.h>

#include <string>
#include <vector>

#include "x2g/ops/activation.hpp"

namespace x2g::border {

/// {x, t: Float32Array, inputs} of a logic gate.
emscripten::val gate_points(std::string name, double inputs);
/// {x, t: Float32Array, inputs} of two Gaussian clouds.
emscripten::val blob_points(double n, double separation, double spread, double seed, double inputs);
/// {y, dy: Float32Array}: f(x) and f'(x).
emscripten::val activation_curve(std::string name, emscripten::val x);
std::string core_version();
std::string core_variant();

/// Work of a known size for JavaScript to time: one function over `elements` numbers spread over −4 … 4.
class ActivationBench {
 public:
  ActivationBench(std::string name, double elements, bool derivative);
  void run(double repeats);

 private:
  Activation f_;
  bool derivative_;
  std::vector<float> x_, y_;
};

}  // namespace x2g::border
