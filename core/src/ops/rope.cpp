// Rotary positions: a table of angles in double, then one small rotation for each pair of features.
#include "x2g/ops/rope.hpp"

#include <cassert>
#include <cmath>
#include <numbers>

#include "kernels/math.hpp"

namespace x2g {

template <class T>
void rope_table(const RopeShape& s, std::span<T> table) {
  const std::size_t D = s.C / s.H;
  assert(D % 2 == 0 && table.size() == s.T * D);
  const double log_base = kernels::log(s.base);
  for (std::size_t i = 0; i < D / 2; ++i) {
    const double frequency = kernels::exp(-2.0 * static_cast<double>(i) / static_cast<double>(D) * log_base);
    for (std::size_t t = 0; t < s.T; ++t) {
      const double turns = static_cast<double>(s.begin + t) * frequency / (2 * std::numbers::pi), part = turns - std::floor(turns);
      table[t * D + 2 * i] = static_cast<T>(kernels::cos_2pi(part));
      table[t * D + 2 * i + 1] = static_cast<T>(kernels::sin_2pi(part));
    }
  }
}

template <class T>
void rope_forward(const RopeShape& s, std::span<const T> x, std::span<const T> table, std::span<T> y) {
  const std::size_t D = s.C / s.H;
  assert(x.size() == s.B * s.T * s.C && y.size() == x.size() && table.size() == s.T * D);
  for (std::size_t at = 0; at < x.size(); at += D) {  // one head of one token
    const T* turn = table.data() + at / s.C % s.T * D;
    for (std::size_t i = 0; i < D; i += 2) {
      const T c = turn[i], n = turn[i + 1], a = x[at + i], b = x[at + i + 1];
      y[at + i] = a * c - b * n;
      y[at + i + 1] = a * n + b * c;
    }
  }
}

template <class T>
void rope_backward(const RopeShape& s, std::span<const T> table, std::span<const T> dy, std::span<T> dx) {
  if (dx.empty()) return;
  const std::size_t D = s.C / s.H;
  assert(dy.size() == s.B * s.T * s.C && dx.size() == dy.size() && table.size() == s.T * D);
  for (std::size_t at = 0; at < dy.size(); at += D) {
    const T* turn = table.data() + at / s.C % s.T * D;
    for (std::size_t i = 0; i < D; i += 2) {
      const T c = turn[i], n = turn[i + 1], da = dy[at + i], db = dy[at + i + 1];
      // forward: y[2i] = x[2i] cos − x[2i+1] sin,  y[2i+1] = x[2i] sin + x[2i+1] cos; the way back turns by −θ
      dx[at + i] += da * c + db * n;
      dx[at + i + 1] += db * c - da * n;
    }
  }
}

template void rope_table<float>(const RopeShape&, std::span<float>);
template void rope_table<double>(const RopeShape&, std::span<double>);
template void rope_forward<float>(const RopeShape&, std::span<const float>, std::span<const float>, std::span<float>);
template void rope_forward<double>(const RopeShape&, std::span<const double>, std::span<const double>, std::span<double>);
template void rope_backward<float>(const RopeShape&, std::span<const float>, std::span<const float>, std::span<float>);
template void rope_backward<double>(const RopeShape&, std::span<const double>, std::span<const double>, std::span<double>);

}  // namespace x2g
