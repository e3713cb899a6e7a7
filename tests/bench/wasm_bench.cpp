// x2g-bench: what the shipped engines' tables do not offer and a benchmark needs: bare products, kernels by name, the peak, and Eigen's
// products beside them. Built like the engines (`./lab bench` alone builds it); no page loads it. Not a test: it checks nothing.
#include <emscripten/bind.h>

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "kernels/elementwise.hpp"
#include "kernels/gemm.hpp"
#include "kernels/simd.hpp"
#include "support/peak.hpp"
#include "x2g/base/error.hpp"

namespace {

using x2g::Activation;
using x2g::kernels::Op;
using Floats = std::span<float>;
using Constants = std::span<const float>;

// Addresses are plain numbers to JavaScript.
float* at(std::size_t address) { return reinterpret_cast<float*>(address); }

std::size_t buffer(std::size_t count) {
  return reinterpret_cast<std::size_t>(std::aligned_alloc(64, (count * sizeof(float) + 63) / 64 * 64));
}
void release(std::size_t address) { std::free(at(address)); }
emscripten::val view(std::size_t address, std::size_t count) { return emscripten::val(emscripten::typed_memory_view(count, at(address))); }

/// `count` products C (M, N) = op(A) op(B), one behind the other in memory.
void gemm(int repeats, std::size_t M, std::size_t N, std::size_t K, bool ta, bool tb, std::size_t count, std::size_t A, std::size_t B,
          std::size_t C) {
  std::vector<float> scratch(x2g::kernels::gemm_scratch(M, N, K));
  for (int r = 0; r < repeats; ++r)
    for (std::size_t i = 0; i < count; ++i)
      x2g::kernels::gemm<float>(M, N, K, {at(A) + i * M * K, ta ? M : K, ta ? Op::transpose : Op::none},
                                {at(B) + i * K * N, tb ? K : N, tb ? Op::transpose : Op::none}, at(C) + i * M * N, N, false, nullptr,
                                scratch);
}

/// The same by Eigen.
void eigen(int repeats, std::ptrdiff_t M, std::ptrdiff_t N, std::ptrdiff_t K, bool ta, bool tb, std::ptrdiff_t count, std::size_t A,
           std::size_t B, std::size_t C) {
  using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using View = Eigen::Map<const Matrix>;
  for (int r = 0; r < repeats; ++r)
    for (std::ptrdiff_t i = 0; i < count; ++i) {
      const View a(at(A) + i * M * K, ta ? K : M, ta ? M : K), b(at(B) + i * K * N, tb ? N : K, tb ? K : N);
      Eigen::Map<Matrix> c(at(C) + i * M * N, M, N);
      if (ta && tb)
        c.noalias() = a.transpose() * b.transpose();
      else if (ta)
        c.noalias() = a.transpose() * b;
      else if (tb)
        c.noalias() = a * b.transpose();
      else
        c.noalias() = a * b;
    }
}

/// Floating-point operations of `repeats` calls of the chains that gemm is held against.
double peak(int repeats, std::size_t kind) {
  float values[x2g::test::kMostChained] = {};
  double flop = 0;
  for (int r = 0; r < repeats; ++r) flop += x2g::test::chains(values, kind);
  return flop;
}
std::size_t peak_kinds() { return x2g::test::kChainKinds; }

/// Reads `count` numbers (a multiple of 32) and adds them up, in eight sums of a vector: what a matrix used once can be read at.
float read(int repeats, std::size_t address, std::size_t count) {
  using x2g::kernels::kLanes;
  x2g::kernels::Floats sums[8];
  for (auto& s : sums) s = x2g::kernels::Floats(0.0f);
  for (int r = 0; r < repeats; ++r) {
    const float* from = at(address);
    for (const float* const end = from + count; from != end; from += 8 * kLanes)
      for (std::size_t i = 0; i < 8; ++i) sums[i] = sums[i] + x2g::kernels::load(from + i * kLanes);
  }
  for (int i = 1; i < 8; ++i) sums[0] = sums[0] + sums[i];
  return xsimd::reduce_add(sums[0]);
}

/// Five arrays of n at `address`: x, dy, y, m, v.
void elementwise(const std::string& kind, int repeats, std::size_t address, std::size_t n) {
  float* const p = at(address);
  const Constants x(p, n), dy(p + n, n);
  const Floats y(p + 2 * n, n), m(p + 3 * n, n), v(p + 4 * n, n);
  namespace k = x2g::kernels;
  const auto loop = [&](auto&& work) {
    for (int r = 0; r < repeats; ++r) work();
  };
  if (kind == "exp") return loop([&] { k::exp<float>(x, y); });
  if (kind == "gelu_tanh backward") return loop([&] { k::activation_backward<float>(Activation::gelu_tanh, x, y, dy, m); });
  if (kind == "adamw") return loop([&] { k::adamw<float>({1e-3, 0.9, 0.99, 1e-8, 0.1, 0.5, 0.5, 1}, y, dy, m, v); });
  if (kind == "softmax of 64")
    return loop([&] {
      for (std::size_t i = 0; i < n; i += 64) k::softmax<float>(x.subspan(i, 64), 0.125f, y.subspan(i, 64));
    });
  const Activation f = x2g::activation_from_name(kind);
  loop([&] { k::activation<float>(f, x, y); });
}

}  // namespace

EMSCRIPTEN_BINDINGS(x2g_bench) {
  emscripten::function("buffer", &buffer);
  emscripten::function("release", &release);
  emscripten::function("view", &view);
  emscripten::function("gemm", &gemm);
  emscripten::function("eigen", &eigen);
  emscripten::function("peak", &peak);
  emscripten::function("peakKinds", &peak_kinds);
  emscripten::function("read", &read);
  emscripten::function("elementwise", &elementwise);
}
