// GFLOP/s of the matrix products of a small GPT beside the peak measured in the same run, packing included.
// A program of its own for native and WebAssembly builds (Node): it prints a table and asserts nothing.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "kernels/gemm.hpp"
#include "kernels/simd.hpp"

using namespace x2g::kernels;

namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// Best of many repeats of about 20 ms each: other programs only ever make it slower.
template <class Work>
double best_seconds(Work&& work) {
  work();
  double best = 1e9;
  int repeats = 1;
  const double start = now();
  for (int round = 0; round < 20 || now() - start < 0.3; ++round) {
    const double t0 = now();
    for (int r = 0; r < repeats; ++r) work();
    const double t = (now() - t0) / repeats;
    best = std::min(best, t);
    repeats = std::max(1, static_cast<int>(0.01 / best));
  }
  return best;
}

/// Independent chains of a b + c: the machine's peak for this vector width.
double peak_gflops() {
  volatile float source = 1.0f;
  Floats a[10];
  for (auto& v : a) v = Floats(source);
  const Floats x(source * 0.999f), y(source * 1e-3f);
  constexpr int kLoops = 20000;
  const double t = best_seconds([&] {
    for (int i = 0; i < kLoops; ++i) {
      for (auto& v : a) v = madd(v, x, y);
    }
  });
  Floats sum(0.0f);
  for (auto& v : a) sum += v;
  float lanes[kLanes];
  store(lanes, sum);
  source = lanes[0];
  return 2.0 * kLanes * 10 * kLoops / t / 1e9;
}

void shape(const char* name, std::size_t M, std::size_t N, std::size_t K, Op a_op, Op b_op, double peak) {
  std::vector<float> a(M * K), b(K * N), c(M * N), scratch(gemm_scratch(M, N, K));
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = static_cast<float>(i % 17) - 8;
  for (std::size_t i = 0; i < b.size(); ++i) b[i] = static_cast<float>(i % 13) - 6;
  const Matrix<float> A{a.data(), a_op == Op::none ? K : M, a_op}, B{b.data(), b_op == Op::none ? N : K, b_op};
  const double t = best_seconds([&] { gemm<float>(M, N, K, A, B, c.data(), N, false, nullptr, scratch); });
  const double rate = 2.0 * static_cast<double>(M * N * K) / t / 1e9;
  std::printf("%-10s %4zu x %4zu x %4zu  %8.2f GFLOP/s  %5.1f %%  %10.3f us\n", name, M, N, K, rate, 100 * rate / peak, t * 1e6);
}

}  // namespace

int main() {
  const double peak = std::max(peak_gflops(), peak_gflops());
  std::printf("lanes %zu, measured peak %.1f GFLOP/s\n", kLanes, peak);
  const Op n = Op::none, t = Op::transpose;
  for (const std::size_t N : {128u, 384u, 512u}) shape("x Wt", 512, N, 128, n, t, peak);
  shape("x Wt", 512, 128, 512, n, t, peak);
  for (const std::size_t N : {384u, 512u}) shape("dy W", 512, 128, N, n, n, peak);
  for (const std::size_t N : {128u, 384u, 512u}) shape("dyt x", N, 128, 512, t, n, peak);
  shape("dyt x", 128, 512, 768, t, n, peak);
  shape("q kt", 64, 64, 32, n, t, peak);
  shape("att v", 64, 32, 64, n, n, peak);
  shape("attt dout", 64, 32, 64, t, n, peak);
  shape("mnist", 10, 30, 784, n, t, peak);
  shape("xor", 4, 2, 2, n, t, peak);
  shape("small", 4, 8, 2, n, t, peak);
  shape("small", 4, 8, 8, n, t, peak);
  shape("small", 8, 8, 16, n, t, peak);
  shape("small", 4, 8, 8, n, n, peak);
  shape("one row", 1, 512, 128, n, t, peak);
}
