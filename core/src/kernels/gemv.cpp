// Sums must run along k one after the other to give gemm's bits, so lanes are different outputs: where a register has four lanes, four rows
// of W are turned on their side in registers; wider ones keep eight scalar sums going, which costs no shuffles and hides the latency too.
#include "kernels/gemv.hpp"

#include <algorithm>

#include "kernels/gemm_tile.hpp"

// Before loops of a few rounds, which are not worth the bytes of eight.
#ifdef __clang__
#define X2G_ROLLED _Pragma("clang loop unroll(disable) vectorize(disable)")
#else
#define X2G_ROLLED
#endif

namespace X2G_KERNELS {
namespace {

/// Sums of eight rows over one block of k, lanes = rows where four fit; the last K % 4 of a row are left. Returns how many are done.
/// `ahead`: 8 K numbers that are wanted next. They are touched line by line, in the order in which they lie, which a machine's own prefetching
/// sees through sooner than eight rows at once (WebAssembly has no instruction for it).
std::size_t block_eight(std::size_t K, const float* W, std::size_t ld, const float* x, const volatile float* ahead, float* sum) {
  if constexpr (kLanes == 4) {
    constexpr std::size_t kLine = 16;  // numbers
    Floats s[2] = {Floats(0.0f), Floats(0.0f)};
    std::size_t k = 0;
    for (; k + 4 <= K; k += 4, ahead += 2 * kLine) {
      static_cast<void>(ahead[0]);
      static_cast<void>(ahead[kLine]);
      const Floats x0(x[k]), x1(x[k + 1]), x2(x[k + 2]), x3(x[k + 3]);
      for (std::size_t half = 0; half < 2; ++half) {
        const float* w = W + 4 * half * ld + k;
        const Floats r0 = load(w), r1 = load(w + ld), r2 = load(w + 2 * ld), r3 = load(w + 3 * ld);
        const Floats a = xsimd::zip_lo(r0, r2), b = xsimd::zip_lo(r1, r3), c = xsimd::zip_hi(r0, r2), d = xsimd::zip_hi(r1, r3);
        s[half] = madd(x0, xsimd::zip_lo(a, b), s[half]);
        s[half] = madd(x1, xsimd::zip_hi(a, b), s[half]);
        s[half] = madd(x2, xsimd::zip_lo(c, d), s[half]);
        s[half] = madd(x3, xsimd::zip_hi(c, d), s[half]);
      }
    }
    store(sum, s[0]);
    store(sum + kLanes, s[1]);
    return k;
  } else {
    float s[8] = {};
    for (std::size_t k = 0; k < K; ++k)
      for (std::size_t r = 0; r < 8; ++r) s[r] = madd(W[r * ld + k], x[k], s[r]);
    std::copy_n(s, 8, sum);
    return K;
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
    if (O >= 8) o = std::min(o, O - 8);  // the last eight overlap those before
    const std::size_t rows = std::min<std::size_t>(8, O - o), next = O - o >= 16 ? 8 * ld : 0;
    for (std::size_t i = 0; i < I; i += kDepth) {
      const std::size_t depth = std::min(kDepth, I - i);
      const float* w = W + o * ld + i;
      float held[8];
      float* const sum = i == 0 ? y + o : held;
      const std::size_t done = rows == 8 ? block_eight(depth, w, ld, x + i, w + next, sum) : 0;
      if (sum != held && done == depth) continue;
      X2G_ROLLED
      for (std::size_t r = 0; r < rows; ++r) {
        float s = done == 0 ? 0 : sum[r];
        X2G_ROLLED
        for (std::size_t k = done; k < depth; ++k) s = madd(w[r * ld + k], x[i + k], s);
        y[o + r] = i == 0 ? s : y[o + r] + s;
      }
    }
    if (bias == nullptr) continue;
    X2G_ROLLED
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
