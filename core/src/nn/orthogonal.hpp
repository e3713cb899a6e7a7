// Random orthogonal matrices as starting weights (Saxe, McClelland, Ganguli 2013). Only Graph::initialize uses it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "x2g/base/rng.hpp"

namespace x2g {

/// What orthogonal() costs at most, in multiplications of one pass: some seconds. Specs over it are refused.
inline constexpr std::uint64_t kOrthogonalWork = 1ull << 32;

/// w (rows, columns) with orthonormal rows (rows ≤ columns) or columns, times gain; every such matrix is equally likely.
void orthogonal(std::size_t rows, std::size_t columns, double gain, Rng& rng, std::span<float> w);
void orthogonal(std::size_t rows, std::size_t columns, double gain, Rng& rng, std::span<double> w);

}  // namespace x2g
