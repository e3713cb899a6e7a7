// One row times a matrix, in float: what decoding token by token is made of. gemm with one row packs the whole matrix to use it once;
// these read it as it lies. Sums run in gemm's order (k by k, in blocks of kDepth), so both give the same bits.
#pragma once

#include <cstddef>

#include "kernels/variant.hpp"

namespace X2G_KERNELS {

/// y[o] = Σ_i W[o,i] x[i] (+ bias[o])      W (O, I), rows ld apart; bias may be null. y must not overlap x.
void rows_times(std::size_t O, std::size_t I, const float* W, std::size_t ld, const float* x, const float* bias, float* y);

/// y[n] = Σ_k a[k] B[k,n]                  B (K, N), rows ld apart. y must not overlap a.
void times_rows(std::size_t K, std::size_t N, const float* a, const float* B, std::size_t ld, float* y);

}  // namespace X2G_KERNELS
