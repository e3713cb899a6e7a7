// Copies blocks of a matrix into panels that the inner loop reads in one stride. Included by gemm.cpp only.
//
// A panel holds, for each k, `width` values side by side; missing values at the edge are 0. `along` are the values of
// one k next to each other in memory (stored K × n), `across` those a row apart (stored n × K).
#pragma once

#include <cstddef>

#include "kernels/simd.hpp"

namespace X2G_KERNELS {

using Four = xsimd::make_sized_batch_t<float, 4>;

inline void copy_four(const float* x, float* y) { Four::load_unaligned(x).store_unaligned(y); }

/// K rows of width values, 4 (Fours − 1) < width <= 4 Fours and at least 4: the last four overlap those before.
template <std::size_t Fours>
inline void copy_rows(const float* x, std::size_t ld, std::size_t K, std::size_t width, float* panel) {
  for (; K > 0; --K, x += ld, panel += width) {
    for (std::size_t v = 0; v + 1 < Fours; ++v) copy_four(x + 4 * v, panel + 4 * v);
    copy_four(x + width - 4, panel + width - 4);
  }
}

/// stored (K, n), leading dimension ld → panel [k][width], n <= width
inline void pack_along(const float* x, std::size_t ld, std::size_t K, std::size_t n, std::size_t width, float* panel) {
  if (n == width && n == 4) return copy_rows<1>(x, ld, K, width, panel);
  if (n == width && n > 4 && n <= 8) return copy_rows<2>(x, ld, K, width, panel);
  if (n == width && n == 2) {
    for (std::size_t k = 0; k < K; ++k, x += ld, panel += 2) panel[0] = x[0], panel[1] = x[1];
    return;
  }
  for (std::size_t k = 0; k < K; ++k, x += ld, panel += width) {
    std::size_t j = 0;
    for (; j + 4 <= n; j += 4) copy_four(x + j, panel + j);
    for (; j < n; ++j) panel[j] = x[j];
    for (; j < width; ++j) panel[j] = 0.0f;
  }
}

/// stored (n, K), leading dimension ld → panel [k][width], n <= width: squares of four by four are turned on their side in registers.
inline void pack_across(const float* x, std::size_t ld, std::size_t K, std::size_t n, std::size_t width, float* panel) {
  for (std::size_t j = 0; j < width; j += 4) {
    std::size_t k = 0;
    if (j + 4 <= n) {
      const float* row[4];
      for (std::size_t r = 0; r < 4; ++r) row[r] = x + (j + r) * ld;
      float* to = panel + j;
      for (; k + 4 <= K; k += 4) {
        Four square[4];
        for (std::size_t r = 0; r < 4; ++r) square[r] = Four::load_unaligned(row[r] + k);
        xsimd::transpose(square, square + 4);
        for (std::size_t r = 0; r < 4; ++r, to += width) square[r].store_unaligned(to);
      }
    }
    for (; k < K; ++k) {
      for (std::size_t r = j; r < j + 4; ++r) panel[k * width + r] = r < n ? x[r * ld + k] : 0.0f;
    }
  }
}

}  // namespace X2G_KERNELS
