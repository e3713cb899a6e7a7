// Copies blocks of a matrix into panels that the inner loop reads in one stride. Included by gemm.cpp only.
//
// A panel holds, for each k, `width` values side by side; missing values at the edge are 0. `along` are the values of
// one k next to each other in memory (stored K × n), `across` those a row apart (stored n × K).
#pragma once

#include <cstddef>

#include "kernels/simd.hpp"

namespace X2G_KERNELS {

/// stored (K, n), leading dimension ld → panel [k][Width], n <= Width
template <std::size_t Width>
void pack_along(const float* x, std::size_t ld, std::size_t K, std::size_t n, float* panel) {
  if (n == Width) {
    for (std::size_t k = 0; k < K; ++k, x += ld, panel += Width) {
      for (std::size_t j = 0; j < Width; ++j) panel[j] = x[j];
    }
    return;
  }
  for (std::size_t k = 0; k < K; ++k, x += ld, panel += Width) {
    for (std::size_t j = 0; j < Width; ++j) panel[j] = j < n ? x[j] : 0.0f;
  }
}

/// stored (n, K), leading dimension ld → panel [k][Width], n <= Width: squares of four by four are turned on their side in registers.
template <std::size_t Width>
void pack_across(const float* x, std::size_t ld, std::size_t K, std::size_t n, float* panel) {
  using Four = xsimd::make_sized_batch_t<float, 4>;
  for (std::size_t j = 0; j < Width; j += 4) {
    std::size_t k = 0;
    for (; j + 4 <= n && k + 4 <= K; k += 4) {
      Four square[4];
      for (std::size_t r = 0; r < 4; ++r) square[r] = Four::load_unaligned(x + (j + r) * ld + k);
      xsimd::transpose(square, square + 4);
      for (std::size_t r = 0; r < 4; ++r) square[r].store_unaligned(panel + (k + r) * Width + j);
    }
    for (; k < K; ++k) {
      for (std::size_t r = j; r < j + 4; ++r) panel[k * Width + r] = r < n ? x[r * ld + k] : 0.0f;
    }
  }
}

}  // namespace X2G_KERNELS
