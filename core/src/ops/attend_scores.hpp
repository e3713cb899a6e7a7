// What the plain and the tiled form of attend share: where a head lies, which keys a query sees, and a block of scores.
#pragma once

#include <cstddef>
#include <span>

#include "kernels/elementwise.hpp"
#include "kernels/gemm.hpp"
#include "x2g/ops/attend.hpp"

namespace x2g::attend {

using kernels::Op;

/// Offsets of one (batch, head) into q, k, v, out and the (T, S) matrices; elements from one token to the next.
struct Head {
  std::size_t q, k, v, out, matrix;
  std::size_t ldq, ldk, ldv, ldout;
};

inline Head head_at(const AttendShape& s, std::size_t b, std::size_t h) {
  const std::size_t g = h / (s.H / s.G);
  return {b * s.T * s.H * s.D + h * s.D,
          b * s.S * s.G * s.D + g * s.D,
          b * s.S * s.G * s.Dv + g * s.Dv,
          b * s.T * s.H * s.Dv + h * s.Dv,
          (b * s.H + h) * s.T * s.S,
          s.H * s.D,
          s.G * s.D,
          s.G * s.Dv,
          s.H * s.Dv};
}

/// Keys begin … end − 1.
struct Keys {
  std::size_t begin, end;
  std::size_t count() const { return end - begin; }
};

inline Keys visible(const AttendShape& s, std::size_t i) {
  switch (s.mask) {
    case Mask::causal: return {0, i + s.S - s.T + 1};
    case Mask::wrong: return {i + s.S - s.T, s.S};
    case Mask::none: break;
  }
  return {0, s.S};
}

/// Keys that any of the queries i … i + rows − 1 sees: what they see only moves one way.
inline Keys visible(const AttendShape& s, std::size_t i, std::size_t rows) {
  const Keys first = visible(s, i), last = visible(s, i + rows - 1);
  return {first.begin, last.end};
}

/// rows[r, c] = score of query i + r and key j + c, r < R, c < N; rows lie ld apart.
template <class T>
void scores(const AttendShape& s, const Head& a, std::size_t h, std::size_t i, std::size_t R, std::size_t j, std::size_t N,
            std::span<const T> q, std::span<const T> k, T* rows, std::size_t ld, std::span<T> panels) {
  const T* qi = q.data() + a.q + i * a.ldq;
  const T* kj = k.data() + a.k + j * a.ldk;
  const T scale = static_cast<T>(s.score == Score::negated ? -s.scale : s.scale);
  if (s.score == Score::squared) {  // differences first: ‖q‖² + ‖k‖² − 2 q·k would cancel
    for (std::size_t r = 0; r < R; ++r) {
      for (std::size_t c = 0; c < N; ++c) {
        T sum(0);
        for (std::size_t d = 0; d < s.D; ++d) {
          const T difference = qi[r * a.ldq + d] - kj[c * a.ldk + d];
          sum += difference * difference;
        }
        rows[r * ld + c] = -scale * sum;
      }
    }
  } else {
    kernels::gemm<T>(R, N, s.D, {qi, a.ldq}, {kj, a.ldk, Op::transpose}, rows, ld, false, nullptr, panels);
    for (std::size_t r = 0; r < R; ++r) kernels::scale<T>(scale, {rows + r * ld, N});
  }
  if (!s.alibi) return;
  const T slope = static_cast<T>(alibi_slope(h, s.H));
  for (std::size_t r = 0; r < R; ++r) {
    const std::size_t at = i + r + s.S;  // T + i', so that S < T stays unsigned
    for (std::size_t c = 0; c < N; ++c) {
      const std::size_t key = j + c + s.T;
      rows[r * ld + c] -= slope * static_cast<T>(at > key ? at - key : key - at);
    }
  }
}

}  // namespace x2g::attend
