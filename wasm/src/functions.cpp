#include "functions.hpp"

#include <span>

#include "border.hpp"
#include "x2g/base/error.hpp"
#include "x2g/data/points.hpp"
#include "x2g/version.hpp"

namespace x2g::border {
namespace {

val points_to_js(const PointSet& set) {
  val out = val::object();
  out.set("x", to_js(std::span<const float>(set.x)));
  out.set("t", to_js(std::span<const float>(set.t)));
  out.set("inputs", set.inputs);
  return out;
}

}  // namespace

val gate_points(std::string name, double inputs) { return points_to_js(gate(name, count("inputs", inputs, 1, 8))); }

val blob_points(double n, double separation, double spread, double seed, double inputs) {
  return points_to_js(blobs(count("n", n, 1, 100'000), separation, spread, seed_of(seed), count("inputs", inputs, 1, 64)));
}

val activation_curve(std::string name, val x) {
  const Activation f = activation_from_name(name);
  const std::vector<float> in = floats("x", x, 1u << 20);
  std::vector<float> result(in.size());
  val out = val::object();
  activation_forward<float>(f, in, result);
  out.set("y", to_js(std::span<const float>(result)));
  activation_derivative<float>(f, in, result);
  out.set("dy", to_js(std::span<const float>(result)));
  return out;
}

std::string core_version() { return std::string(version()); }
std::string core_variant() { return std::string(variant()); }

ActivationBench::ActivationBench(std::string name, double elements, bool derivative)
    : f_(activation_from_name(name)), derivative_(derivative), x_(count("elements", elements, 1, 1 << 22)), y_(x_.size()) {
  for (std::size_t i = 0; i < x_.size(); ++i) x_[i] = static_cast<float>(i * 2654435761u % 65536u) / 8192.0f - 4.0f;
}

void ActivationBench::run(double repeats) {
  for (std::uint64_t i = whole("repeats", repeats, 1, 1e9); i > 0; --i) {
    if (derivative_)
      activation_derivative<float>(f_, x_, y_);
    else
      activation_forward<float>(f_, x_, y_);
  }
}

}  // namespace x2g::border
