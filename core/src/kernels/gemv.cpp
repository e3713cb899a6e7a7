// Sums must run along k one after the other to give gemm's bits, so lanes are different outputs: where a register has four lanes, four rows
// of W are turned on their side in registers; wider ones keep eight scalar sums going, which costs no shuffles and hides the latency too.
#include "kernels/gemv.hpp"

#include <algorithm>

#include "kernels/gemm_tile.hpp"

namespace X2G_KERNELS {
namespace {

/// Sums of `Rows` neighboring rows over one block of k.
template <std::size_t Rows>
void block_scalar(std::size_t K, const float* W, std::size_t ld, const float* x, float* sum) {
  float s[Rows] = {};
  for (std::size_t k = 0; k < K; ++k)
    for (std::size_t r = 0; r < Rows; ++r) s[r] = madd(W[r * ld + k], x[k], s[r]);
  for (std::size_t r = 0; r < Rows; ++r) sum[r] = s[r];
}

/// Of eight rows, lanes = rows. K is any; the last K % 4 go one by one.
void block_eight(std::size_t K, const float* W, std::size_t ld, const float* x, float* sum) {
  if constexpr (kLanes == 4) {
    Floats s[2] = {Floats(0.0f), Floats(0.0f)};
    std::size_t k = 0;
    for (; k + 4 <= K; k += 4) {
      for (std::size_t half = 0; half < 2; ++half) {
        const float* w = W + 4 * half * ld + k;
        const Floats r0 = load(w), r1 = load(w + ld), r2 = load(w + 2 * ld), r3 = load(w + 3 * ld);
        const Floats a = xsimd::zip_lo(r0, r2), b = xsimd::zip_lo(r1, r3), c = xsimd::zip_hi(r0, r2), d = xsimd::zip_hi(r1, r3);
        s[half] = madd(Floats(x[k]), xsimd::zip_lo(a, b), s[half]);
        s[half] = madd(Floats(x[k + 1]), xsimd::zip_hi(a, b), s[half]);
        s[half] = madd(Floats(x[k + 2]), xsimd::zip_lo(c, d), s[half]);
        s[half] = madd(Floats(x[k + 3]), xsimd::zip_hi(c, d), s[half]);
      }
    }
    store(sum, s[0]);
    store(sum + kLanes, s[1]);
    for (; k < K; ++k)
      for (std::size_t r = 0; r < 8; ++r) sum[r] = madd(W[r * ld + k], x[k], sum[r]);
  } else {
    block_scalar<8>(K, W, ld, x, sum);
  }
}

/// Columns n … n + Vectors · kLanes − 1 of a · B over one block of k.
template <std::size_t Vectors>
void block_columns(std::size_t K, const float* a, const float* B, std::size_t ld, bool accumulate, float* y) {
  Floats s[Vectors];
  for (Floats& v : s) v = Floats(0.0f);
  for (std::size_t k = 0; k < K; ++k) {
    const Floats splat_a(a[k]);
    for (std::size_t v = 0; v < Vectors; ++v) s[v] = madd(splat_a, load(B + k * ld + v * kLanes), s[v]);
  }
  for (std::size_t v = 0; v < Vectors; ++v) store(y + v * kLanes, accumulate ? load(y + v * kLanes) + s[v] : s[v]);
}

}  // namespace

void rows_times(std::size_t O, std::size_t I, const float* W, std::size_t ld, const float* x, const float* bias, float* y) {
  for (std::size_t o = 0; o < O; o += 8) {
    const std::size_t rows = std::min<std::size_t>(8, O - o);
    for (std::size_t i = 0; i < I; i += kDepth) {
      const std::size_t depth = std::min(kDepth, I - i);
      const float* w = W + o * ld + i;
      float sum[8];
      if (rows == 8) {
        block_eight(depth, w, ld, x + i, sum);
      } else {
        for (std::size_t r = 0; r < rows; ++r) block_scalar<1>(depth, w + r * ld, ld, x + i, sum + r);
      }
      for (std::size_t r = 0; r < rows; ++r) y[o + r] = i == 0 ? sum[r] : y[o + r] + sum[r];
    }
    if (bias != nullptr)
      for (std::size_t r = 0; r < rows; ++r) y[o + r] = y[o + r] + bias[o + r];
  }
}

void times_rows(std::size_t K, std::size_t N, const float* a, const float* B, std::size_t ld, float* y) {
  for (std::size_t k = 0; k < K; k += kDepth) {
    const std::size_t depth = std::min(kDepth, K - k);
    const float* b = B + k * ld;
    std::size_t n = 0;
    for (; n + 4 * kLanes <= N; n += 4 * kLanes) block_columns<4>(depth, a + k, b + n, ld, k > 0, y + n);
    for (; n + kLanes <= N; n += kLanes) block_columns<1>(depth, a + k, b + n, ld, k > 0, y + n);
    for (; n < N; ++n) {
      float s = 0;
      for (std::size_t i = 0; i < depth; ++i) s = madd(a[k + i], b[i * ld + n], s);
      y[n] = k > 0 ? y[n] + s : s;
    }
  }
}

}  // namespace X2G_KERNELS
