// The point of a convex hull nearest to the origin. Used for the margin of a perceptron's data; it is no general QP solver.
// Source: P. Wolfe, "Finding the nearest point in a polytope", Mathematical Programming 11 (1976).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace x2g {

/// The nearest point (d) of the hull of the rows of z (n, d), n ≥ 1; exact to rounding, about 1e-12 of the largest row's length.
/// Each of the few rounds costs O(n d + d³).
std::vector<double> min_norm_point(std::span<const double> z, std::size_t d);

}  // namespace x2g
