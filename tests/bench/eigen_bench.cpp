// Eigen's products of the same shapes, natively, beside core_bench.cpp's: part of x2g_bench. Its vectors are those of this machine
// (-march=native), as those that ours choose are. It asserts nothing.
#include <benchmark/benchmark.h>

#include <Eigen/Core>

namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// C (M, N) = op(A) op(B): forward is A Bᵀ, an input's gradient A B, a weight's gradient Aᵀ B.
template <bool ta, bool tb>
void product(benchmark::State& state) {
  const Eigen::Index M = state.range(0), N = state.range(1), K = state.range(2);
  const Matrix A = Matrix::Constant(ta ? K : M, ta ? M : K, 0.5f), B = Matrix::Constant(tb ? N : K, tb ? K : N, 0.25f);
  Matrix C(M, N);
  for (auto _ : state) {
    if constexpr (ta)
      C.noalias() = A.transpose() * B;
    else if constexpr (tb)
      C.noalias() = A * B.transpose();
    else
      C.noalias() = A * B;
    benchmark::DoNotOptimize(C.data());
    benchmark::ClobberMemory();
  }
  state.counters["GFLOP/s"] = benchmark::Counter(2e-9 * static_cast<double>(M * N * K), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK_TEMPLATE(product, false, true)
    ->Name("gemm/eigen:forward")
    ->Args({512, 128, 128})
    ->Args({512, 384, 128})
    ->Args({512, 512, 128})
    ->Args({512, 128, 512});
BENCHMARK_TEMPLATE(product, false, false)->Name("gemm/eigen:input_gradient")->Args({512, 128, 512});
BENCHMARK_TEMPLATE(product, true, false)->Name("gemm/eigen:weight_gradient")->Args({512, 128, 512});
BENCHMARK_TEMPLATE(product, false, true)->Name("gemm/eigen:small")->Args({64, 64, 32});

}  // namespace
