// Small data sets in the plane, from a seed: logic gates and blobs.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace x2g {

/// N rows: x (N, I) and labels t (N) of 0 or 1.
struct PointSet {
  std::uint32_t inputs = 2;                                                    ///< I: coordinates of a point
  std::vector<float> x;                                                        ///< (N, I), row by row
  std::vector<float> t;                                                        ///< (N)
  std::uint32_t rows() const { return static_cast<std::uint32_t>(t.size()); }  ///< N
};

/// "and", "or", "nand", "nor", "xor", "xnor", "not-first" with 2 or 3 inputs: 2^inputs rows in counting order, the first input slowest
/// (00 01 10 11); xor of 3 = parity. Another name is Error(unknown_name).
PointSet gate(std::string_view name, std::uint32_t inputs = 2);

/// Two Gaussian clouds: n points in all, labels 0 1 0 1 …, centers ∓separation/2 along a random direction, standard deviation `spread`
/// in every coordinate. n 1 … 100 000, separation and spread 0 … 1e6, inputs 1 … 64.
PointSet blobs(std::uint32_t n, double separation, double spread, std::uint64_t seed, std::uint32_t inputs = 2);

}  // namespace x2g
