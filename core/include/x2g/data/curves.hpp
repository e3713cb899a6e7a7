// Curves to fit: a sine, and any curve that somebody drew.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace x2g {

/// Points (x, y) of a curve, x rising.
struct CurveSet {
  std::vector<float> x;  ///< (N)
  std::vector<float> y;  ///< (N)
};

/// y = sin(2π periods x) + noise at n even places of [0, 1], both ends included; normal noise of the given standard deviation.
/// n 2 … 100 000, periods in (0, 32], noise 0 … 10.
CurveSet sine(std::uint32_t n, double periods, double noise, std::uint64_t seed);

/// How a drawn curve runs between its points: straight, or as a cubic without overshoot (monotone where the points are; Fritsch, Butland
/// 1984, the harmonic mean of neighboring slopes).
enum class Interpolation : std::uint8_t { linear, smooth };
Interpolation interpolation_from_name(std::string_view name);  ///< "linear", "smooth"; else Error(unknown_name)

/// The curve through the given points at n even places from the smallest x to the largest, with noise as in sine(). The points may come in
/// any order; of several with the same x the last counts, as when one draws over a line again. Two different x at least, 100 000 points at
/// most, all finite and within ±1e6.
CurveSet drawn_curve(std::span<const float> x, std::span<const float> y, std::uint32_t n, Interpolation how, double noise,
                     std::uint64_t seed);

}  // namespace x2g
