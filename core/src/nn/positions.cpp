#include "x2g/nn/positions.hpp"

#include <cmath>
#include <numbers>

#include "kernels/math.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {

template <class T>
void sinusoidal(std::span<T> P, std::size_t rows, std::size_t C) {
  if (P.size() != rows * C)
    throw Error(ErrorCode::shape_mismatch,
                text("the table of positions has ", P.size(), " numbers; it must have ", rows, " rows of ", C, ", ", rows * C, " in all"));
  const double log_base = kernels::log(10000.0);
  for (std::size_t c = 0; c < C; ++c) {
    const double frequency = kernels::exp(-static_cast<double>(c - c % 2) / static_cast<double>(C) * log_base);
    for (std::size_t t = 0; t < rows; ++t) {
      const double turns = static_cast<double>(t) * frequency / (2 * std::numbers::pi), part = turns - std::floor(turns);
      P[t * C + c] = static_cast<T>(c % 2 ? kernels::cos_2pi(part) : kernels::sin_2pi(part));
    }
  }
}

template void sinusoidal<float>(std::span<float>, std::size_t, std::size_t);
template void sinusoidal<double>(std::span<double>, std::size_t, std::size_t);

}  // namespace x2g
