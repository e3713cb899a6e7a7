// Points in the plane that no straight line separates, from a seed: circles, moons, spirals. Gates and blobs are points.hpp's.
//
// Labels go round, 0 1 … 0 1 …, so that the first points of a set are balanced, too. Noise is added to both coordinates: normal numbers of
// the given standard deviation. The same seed with more points begins with the same points.
#pragma once

#include <cstdint>

#include "x2g/data/points.hpp"

namespace x2g {

/// Label 0 on the unit circle, label 1 on the circle of radius `factor` in its middle. n 1 … 100 000, factor in (0, 1), noise 0 … 10.
PointSet circles(std::uint32_t n, double factor, double noise, std::uint64_t seed);

/// Two half circles that reach into each other: label 0 (cos πu, sin πu), label 1 (1 − cos πu, ½ − sin πu), u uniform in [0, 1).
PointSet moons(std::uint32_t n, double noise, std::uint64_t seed);

/// `classes` arms from radius 0.1 to 1: at radius r arm k stands at the angle 2π (turns (r − 0.1)/0.9 + k/classes). classes 2 … 8, turns in
/// (0, 4]. Labels are 0 … classes − 1.
PointSet spirals(std::uint32_t n, std::uint32_t classes, double turns, double noise, std::uint64_t seed);

}  // namespace x2g
