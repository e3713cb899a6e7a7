// Matrix multiplication in double, for gradient checks and reference runs: plain loops, a strip of a row at a time, the
// sum over k in order. Not tuned.
#include <algorithm>

#include "kernels/gemm.hpp"

namespace x2g::kernels {

template <>
void gemm<double>(std::size_t M, std::size_t N, std::size_t K, Matrix<double> A, Matrix<double> B, double* C, std::size_t ldc,
                  bool accumulate, const double* bias, std::span<double>, Causal) {
  constexpr std::size_t kStrip = 16;
  const std::size_t a_row = A.op == Op::none ? A.ld : 1, a_k = A.op == Op::none ? 1 : A.ld;
  const std::size_t b_k = B.op == Op::none ? B.ld : 1, b_column = B.op == Op::none ? 1 : B.ld;
  for (std::size_t j = 0; j < N; j += kStrip) {
    const std::size_t n = std::min(kStrip, N - j);
    for (std::size_t i = 0; i < M; ++i) {
      double sum[kStrip] = {};
      for (std::size_t k = 0; k < K; ++k) {
        const double a = A.data[i * a_row + k * a_k];
        const double* b = B.data + k * b_k + j * b_column;
        for (std::size_t s = 0; s < n; ++s) sum[s] += a * b[s * b_column];
      }
      double* c = C + i * ldc + j;
      for (std::size_t s = 0; s < n; ++s) {
        const double total = accumulate ? c[s] + sum[s] : sum[s];
        c[s] = bias != nullptr ? total + bias[j + s] : total;
      }
    }
  }
}

}  // namespace x2g::kernels
