// Root mean square normalization, row by row. Sums go through kernels (fixed order); the other lines are plain loops.
#include "x2g/ops/rmsnorm.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "kernels/elementwise.hpp"

namespace x2g {
namespace {

// Features handled at a time in backward: dx̂ of one chunk lives on the stack.
constexpr std::size_t kChunk = 256;

}  // namespace

template <class T>
void rmsnorm_forward(const RmsNormShape& s, std::span<const T> x, std::span<const T> w, std::span<T> y, std::span<T> r) {
  assert(x.size() == s.N * s.C && y.size() == x.size() && w.size() == s.C && r.size() == s.N);
  for (std::size_t n = 0; n < s.N; ++n) {
    const auto row = x.subspan(n * s.C, s.C);
    const double mean_square = kernels::sum_of_squares<T>(row) / static_cast<double>(s.C);
    const T rn = static_cast<T>(1 / std::sqrt(mean_square + s.eps));
    T* yn = y.data() + n * s.C;
    for (std::size_t c = 0; c < s.C; ++c) yn[c] = row[c] * rn * w[c];
    r[n] = rn;
  }
}

template <class T>
void rmsnorm_backward(const RmsNormShape& s, std::span<const T> x, std::span<const T> w, std::span<const T> r, std::span<const T> dy,
                      std::span<T> dx, std::span<T> dw) {
  assert(x.size() == s.N * s.C && dy.size() == x.size() && w.size() == s.C && r.size() == s.N);
  std::array<T, kChunk> dxhat;
  for (std::size_t n = 0; n < s.N; ++n) {
    const T* xn = x.data() + n * s.C;
    const T* dyn = dy.data() + n * s.C;
    const T rn = r[n];
    // forward: y = x̂ w
    if (!dw.empty()) {
      for (std::size_t c = 0; c < s.C; ++c) dw[c] += dyn[c] * (xn[c] * rn);
    }
    if (dx.empty()) continue;

    // forward: x̂ = x r, and r depends on every x of the row: ∂r/∂x = −r³ x / C
    const auto fill_chunk = [&](std::size_t begin, std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) dxhat[i] = dyn[begin + i] * w[begin + i];
    };
    T along{};  // Σ dx̂ x
    for (std::size_t begin = 0; begin < s.C; begin += kChunk) {
      const std::size_t count = std::min(kChunk, s.C - begin);
      fill_chunk(begin, count);
      along += kernels::dot<T>({dxhat.data(), count}, {xn + begin, count});
    }
    const T k = along * rn * rn / static_cast<T>(s.C);
    for (std::size_t begin = 0; begin < s.C; begin += kChunk) {
      const std::size_t count = std::min(kChunk, s.C - begin);
      if (s.C > kChunk) fill_chunk(begin, count);  // else the only chunk is still there
      T* dxn = dx.data() + n * s.C + begin;
      for (std::size_t i = 0; i < count; ++i) dxn[i] += rn * (dxhat[i] - xn[begin + i] * k);
    }
  }
}

template void rmsnorm_forward<float>(const RmsNormShape&, std::span<const float>, std::span<const float>, std::span<float>,
                                     std::span<float>);
template void rmsnorm_forward<double>(const RmsNormShape&, std::span<const double>, std::span<const double>, std::span<double>,
                                      std::span<double>);
template void rmsnorm_backward<float>(const RmsNormShape&, std::span<const float>, std::span<const float>, std::span<const float>,
                                      std::span<const float>, std::span<float>, std::span<float>);
template void rmsnorm_backward<double>(const RmsNormShape&, std::span<const double>, std::span<const double>, std::span<const double>,
                                       std::span<const double>, std::span<double>, std::span<double>);

}  // namespace x2g
