// Batched matrix product: one gemm per matrix, two for its gradients.
#include "x2g/ops/matmul.hpp"

#include <algorithm>
#include <cassert>

#include "kernels/gemm.hpp"

namespace x2g {

using kernels::Op;

std::size_t matmul_scratch(const MatmulShape& s) {
  // forward, da (M, K) with a sum over N, db (K, N) or (N, K) with a sum over M
  return std::max({kernels::gemm_scratch(s.M, s.N, s.K), kernels::gemm_scratch(s.M, s.K, s.N), kernels::gemm_scratch(s.K, s.N, s.M),
                   kernels::gemm_scratch(s.N, s.K, s.M)});
}

template <class T>
void matmul_forward(const MatmulShape& s, std::span<const T> a, std::span<const T> b, std::span<T> y, std::span<T> scratch) {
  assert(a.size() == s.batch * s.M * s.K && b.size() == s.batch * s.K * s.N && y.size() == s.batch * s.M * s.N);
  assert(scratch.size() >= matmul_scratch(s));
  for (std::size_t n = 0; n < s.batch; ++n) {
    const T *an = a.data() + n * s.M * s.K, *bn = b.data() + n * s.K * s.N;
    const kernels::Matrix<T> B = s.transposed ? kernels::Matrix<T>{bn, s.K, Op::transpose} : kernels::Matrix<T>{bn, s.N};
    kernels::gemm<T>(s.M, s.N, s.K, {an, s.K}, B, y.data() + n * s.M * s.N, s.N, false, nullptr, scratch);
  }
}

template <class T>
void matmul_backward(const MatmulShape& s, std::span<const T> a, std::span<const T> b, std::span<const T> dy, std::span<T> da,
                     std::span<T> db, std::span<T> scratch) {
  assert(dy.size() == s.batch * s.M * s.N && scratch.size() >= matmul_scratch(s));
  for (std::size_t n = 0; n < s.batch; ++n) {
    const T *an = a.data() + n * s.M * s.K, *bn = b.data() + n * s.K * s.N, *g = dy.data() + n * s.M * s.N;
    // forward: y[i,j] = Σ_k a[i,k] b[k,j], with b[j,k] in its place where b is transposed
    if (!da.empty()) {  // da[i,k] += Σ_j dy[i,j] b[k,j]
      const kernels::Matrix<T> B = s.transposed ? kernels::Matrix<T>{bn, s.K} : kernels::Matrix<T>{bn, s.N, Op::transpose};
      kernels::gemm<T>(s.M, s.K, s.N, {g, s.N}, B, da.data() + n * s.M * s.K, s.K, true, nullptr, scratch);
    }
    if (db.empty()) continue;
    T* const out = db.data() + n * s.K * s.N;
    if (s.transposed) {  // db[j,k] += Σ_i dy[i,j] a[i,k]
      kernels::gemm<T>(s.N, s.K, s.M, {g, s.N, Op::transpose}, {an, s.K}, out, s.K, true, nullptr, scratch);
    } else {  // db[k,j] += Σ_i a[i,k] dy[i,j]
      kernels::gemm<T>(s.K, s.N, s.M, {an, s.K, Op::transpose}, {g, s.N}, out, s.N, true, nullptr, scratch);
    }
  }
}

template void matmul_forward<float>(const MatmulShape&, std::span<const float>, std::span<const float>, std::span<float>, std::span<float>);
template void matmul_forward<double>(const MatmulShape&, std::span<const double>, std::span<const double>, std::span<double>,
                                     std::span<double>);
template void matmul_backward<float>(const MatmulShape&, std::span<const float>, std::span<const float>, std::span<const float>,
                                     std::span<float>, std::span<float>, std::span<float>);
template void matmul_backward<double>(const MatmulShape&, std::span<const double>, std::span<const double>, std::span<const double>,
                                      std::span<double>, std::span<double>, std::span<double>);

}  // namespace x2g
