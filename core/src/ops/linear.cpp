// The fully connected layer as three matrix products. Not a kernel: gemm does the work.
#include "x2g/ops/linear.hpp"

#include <algorithm>
#include <cassert>

#include "kernels/elementwise.hpp"
#include "kernels/gemm.hpp"

namespace x2g {

using kernels::Op;

namespace {

constexpr std::size_t kFew = 4;  // outputs that are no vector: their gradients are summed one after the other, in the same order

}  // namespace

std::size_t linear_scratch(const LinearShape& s) {
  return std::max({kernels::gemm_scratch(s.N, s.O, s.I), kernels::gemm_scratch(s.N, s.I, s.O), kernels::gemm_scratch(s.O, s.I, s.N)});
}

template <class T>
void linear_forward(const LinearShape& s, std::span<const T> x, std::span<const T> W, std::span<const T> b, std::span<T> y,
                    std::span<T> scratch) {
  assert(x.size() == s.N * s.I && W.size() == s.O * s.I && y.size() == s.N * s.O);
  assert(b.empty() || b.size() == s.O);
  // y (N, O) = x (N, I) Wᵀ (I, O) + b
  kernels::gemm<T>(s.N, s.O, s.I, {x.data(), s.I}, {W.data(), s.I, Op::transpose}, y.data(), s.O, false, b.empty() ? nullptr : b.data(),
                   scratch);
}

template <class T>
void linear_backward(const LinearShape& s, std::span<const T> x, std::span<const T> W, std::span<const T> dy, std::span<T> dx,
                     std::span<T> dW, std::span<T> db, std::span<T> scratch) {
  assert(dy.size() == s.N * s.O);
  // forward: y[n,o] = Σ_i x[n,i] W[o,i] + b[o]
  if (!dx.empty()) {  // ∂y[n,o]/∂x[n,i] = W[o,i]:  dx (N, I) += dy (N, O) W (O, I)
    kernels::gemm<T>(s.N, s.I, s.O, {dy.data(), s.O}, {W.data(), s.I}, dx.data(), s.I, true, nullptr, scratch);
  }
  if (!dW.empty()) {  // ∂y[n,o]/∂W[o,i] = x[n,i]:  dW (O, I) += dyᵀ (O, N) x (N, I)
    kernels::gemm<T>(s.O, s.I, s.N, {dy.data(), s.O, Op::transpose}, {x.data(), s.I}, dW.data(), s.I, true, nullptr, scratch);
  }
  if (!db.empty()) {  // ∂y[n,o]/∂b[o] = 1:  db += Σ_n dy[n,:]
    if (s.O < kFew) {
      for (std::size_t o = 0; o < s.O; ++o) {
        T sum = db[o];
        for (std::size_t i = o; i < dy.size(); i += s.O) sum += dy[i];
        db[o] = sum;
      }
    } else {
      for (std::size_t n = 0; n < s.N; ++n) kernels::accumulate<T>(dy.subspan(n * s.O, s.O), db);
    }
  }
}

template void linear_forward<float>(const LinearShape&, std::span<const float>, std::span<const float>, std::span<const float>,
                                    std::span<float>, std::span<float>);
template void linear_forward<double>(const LinearShape&, std::span<const double>, std::span<const double>, std::span<const double>,
                                     std::span<double>, std::span<double>);
template void linear_backward<float>(const LinearShape&, std::span<const float>, std::span<const float>, std::span<const float>,
                                     std::span<float>, std::span<float>, std::span<float>, std::span<float>);
template void linear_backward<double>(const LinearShape&, std::span<const double>, std::span<const double>, std::span<const double>,
                                      std::span<double>, std::span<double>, std::span<double>, std::span<double>);

}  // namespace x2g
