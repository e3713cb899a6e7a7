#include "x2g/data/points.hpp"

#include <cmath>

#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

/// The truth value of a row given how many of its inputs are 1 and whether the first one is.
bool truth(std::string_view name, std::uint32_t ones, std::uint32_t inputs, bool first) {
  if (name == "and") return ones == inputs;
  if (name == "or") return ones > 0;
  if (name == "nand") return ones < inputs;
  if (name == "nor") return ones == 0;
  if (name == "xor") return ones % 2 == 1;
  if (name == "xnor") return ones % 2 == 0;
  if (name == "not-first") return !first;
  throw Error(ErrorCode::unknown_name, text("no gate is called \"", name, "\"; choose and, or, nand, nor, xor, xnor or not-first"));
}

}  // namespace

PointSet gate(std::string_view name, std::uint32_t inputs) {
  if (inputs < 2 || inputs > 3) {
    throw Error(ErrorCode::invalid_argument, text("a gate with ", inputs, " inputs; it must have 2 or 3"));
  }
  PointSet set;
  set.inputs = inputs;
  for (std::uint32_t row = 0; row < (1u << inputs); ++row) {
    std::uint32_t ones = 0;
    for (std::uint32_t i = 0; i < inputs; ++i) {
      const std::uint32_t bit = (row >> (inputs - 1 - i)) & 1u;  // the first input counts slowest: 00 01 10 11
      ones += bit;
      set.x.push_back(static_cast<float>(bit));
    }
    const bool first = (row >> (inputs - 1)) != 0;
    set.t.push_back(truth(name, ones, inputs, first) ? 1.0f : 0.0f);
  }
  return set;
}

PointSet blobs(std::uint32_t n, double separation, double spread, std::uint64_t seed, std::uint32_t inputs) {
  if (n < 1 || n > 100000) throw Error(ErrorCode::invalid_argument, text("blobs of ", n, " points; choose 1 to 100000"));
  if (inputs < 1 || inputs > 64) throw Error(ErrorCode::invalid_argument, text("blobs with ", inputs, " inputs; choose 1 to 64"));
  if (!(separation >= 0 && separation <= 1e6)) {
    throw Error(ErrorCode::invalid_argument, text("blobs ", separation, " apart; choose a separation of 0 to 1e6"));
  }
  if (!(spread >= 0 && spread <= 1e6)) {
    throw Error(ErrorCode::invalid_argument, text("blobs with a spread of ", spread, "; choose 0 to 1e6"));
  }
  Rng rng(seed, Stream::data);
  std::vector<double> direction(inputs);
  double norm = 0;
  while (norm < 1e-12) {  // a normal vector divided by its length is uniform on the sphere
    norm = 0;
    for (double& d : direction) {
      d = rng.normal();
      norm += d * d;
    }
  }
  norm = std::sqrt(norm);

  PointSet set;
  set.inputs = inputs;
  set.x.reserve(static_cast<std::size_t>(n) * inputs);
  set.t.reserve(n);
  for (std::uint32_t row = 0; row < n; ++row) {
    const bool one = row % 2 == 1;
    const double center = (one ? 0.5 : -0.5) * separation / norm;
    for (std::uint32_t i = 0; i < inputs; ++i) {
      set.x.push_back(static_cast<float>(center * direction[i] + spread * rng.normal()));
    }
    set.t.push_back(one ? 1.0f : 0.0f);
  }
  return set;
}

}  // namespace x2g
