// What the plain and the tiled form of attend share: where a head lies, which keys a query sees, a block of scores and the way back through it.
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

/// What dscore is multiplied by before it meets k and q: ± scale, 2 scale for the squared score.
template <class T>
T score_factor(const AttendShape& s) {
  return static_cast<T>(s.score == Score::dot ? s.scale : s.score == Score::squared ? 2 * s.scale : -s.scale);
}

/// dq of queries i … i + R − 1 and dk of keys j … j + N − 1 from `rows` = score_factor · dscore, rows ld apart. Empty dq, dk: not computed.
template <class T>
void back_through_scores(const AttendShape& s, const Head& a, std::size_t i, std::size_t R, std::size_t j, std::size_t N,
                         std::span<const T> q, std::span<const T> k, const T* rows, std::size_t ld, std::span<T> dq, std::span<T> dk,
                         std::span<T> panels) {
  // forward: score[i,j] = ± scale q_i · k_j, or −scale ‖q_i − k_j‖²
  const T* qi = q.data() + a.q + i * a.ldq;
  const T* kj = k.data() + a.k + j * a.ldk;
  const bool squared = s.score == Score::squared;  // then minus each vector itself times its sum of dscore
  if (!dq.empty()) {
    T* dqi = dq.data() + a.q + i * a.ldq;
    kernels::gemm<T>(R, s.D, N, {rows, ld}, {kj, a.ldk}, dqi, a.ldq, true, nullptr, panels);
    for (std::size_t r = 0; squared && r < R; ++r)
      kernels::scale_add<T>(-kernels::sum<T>({rows + r * ld, N}), {qi + r * a.ldq, s.D}, {dqi + r * a.ldq, s.D});
  }
  if (!dk.empty()) {
    T* dkj = dk.data() + a.k + j * a.ldk;
    kernels::gemm<T>(N, s.D, R, {rows, ld, Op::transpose}, {qi, a.ldq}, dkj, a.ldk, true, nullptr, panels);
    for (std::size_t c = 0; squared && c < N; ++c) {
      T sum(0);
      for (std::size_t r = 0; r < R; ++r) sum += rows[r * ld + c];
      kernels::scale_add<T>(-sum, {kj + c * a.ldk, s.D}, {dkj + c * a.ldk, s.D});
    }
  }
}

}  // namespace x2g::attend
