// Clear version of rotary positions: every pair as a complex number times e^(iθ), as the paper writes it. With a plain complex
// multiplication, so that the scalar may itself be complex (derivatives by complex step).
#pragma once

#include "reference/scalar.hpp"
#include "x2g/ops/rope.hpp"

namespace x2g::reference {

template <class S>
Array<S> rope_forward(const RopeShape& s, const Array<S>& x) {
  const std::size_t D = s.C / s.H;
  Array<S> y(x.size());
  for (std::size_t b = 0; b < s.B; ++b) {
    for (std::size_t t = 0; t < s.T; ++t) {
      for (std::size_t h = 0; h < s.H; ++h) {
        for (std::size_t i = 0; i < D / 2; ++i) {
          const double angle = static_cast<double>(s.begin + t) * std::pow(s.base, -2.0 * static_cast<double>(i) / static_cast<double>(D));
          const std::size_t at = (b * s.T + t) * s.C + h * D + 2 * i;
          y[at] = x[at] * std::cos(angle) - x[at + 1] * std::sin(angle);
          y[at + 1] = x[at] * std::sin(angle) + x[at + 1] * std::cos(angle);
        }
      }
    }
  }
  return y;
}

}  // namespace x2g::reference
