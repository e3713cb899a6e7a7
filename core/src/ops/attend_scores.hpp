// What the plain and the tiled form of attend share: where a head lies, which keys a query sees, a tile of scores and the way back through it.
#pragma once

#include <algorithm>
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

/// How many keys of sequence b are real: what `lengths` says, cut to 0 … S (NaN: 0); all when nothing is said.
template <class T>
std::size_t real_keys(const AttendShape& s, std::size_t b, std::span<const T> lengths) {
  if (lengths.empty()) return s.S;
  const T length = lengths[b];
  return !(length > T(0)) ? 0 : length < static_cast<T>(s.S) ? static_cast<std::size_t>(length) : s.S;
}

/// Keys that query i sees of the first `real` ones.
inline Keys visible(const AttendShape& s, std::size_t i, std::size_t real) {
  const std::size_t at = i + s.S - s.T;
  switch (s.mask) {
    case Mask::causal: return {0, std::min(at + 1, real)};
    case Mask::wrong: return {std::min(at, real), real};
    case Mask::none: break;
  }
  return {0, real};
}

/// Keys that any of the queries i … i + rows − 1 sees: what they see only moves one way.
inline Keys visible_to_any(const AttendShape& s, std::size_t i, std::size_t rows, std::size_t real) {
  return {visible(s, i, real).begin, visible(s, i + rows - 1, real).end};
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

/// One tile of weights all the way back: queries i … i + R − 1, keys j … j + N − 1, all rows ld apart. att: (R, N). m: the tile of dropout's
/// mask, null for none; holds att ∘ m afterwards. dscore: room for (R, N). common(r, att_r, datt_r) gives Σ_j att datt of row r.
template <class T, class Common>
void back_through_tile(const AttendShape& s, const Head& a, std::size_t i, std::size_t R, std::size_t j, std::size_t N,
                       std::span<const T> q, std::span<const T> k, std::span<const T> v, std::span<const T> dout, const T* att, T* m,
                       T* dscore, std::size_t ld, Common&& common, std::span<T> dq, std::span<T> dk, std::span<T> dv, std::span<T> panels) {
  // forward: out_i = Σ_j att[i,j] m[i,j] v_j
  const T* dout_i = dout.data() + a.out + i * a.ldout;
  const bool below = !dq.empty() || !dk.empty();
  if (below)
    kernels::gemm<T>(R, N, s.Dv, {dout_i, a.ldout}, {v.data() + a.v + j * a.ldv, a.ldv, Op::transpose}, dscore, ld, false, nullptr, panels);
  for (std::size_t r = 0; m && r < R; ++r) {
    for (std::size_t c = r * ld; c < r * ld + N; ++c) {
      if (below) dscore[c] *= m[c];  // datt[i,j] = m[i,j] dout_i · v_j
      m[c] *= att[c];
    }
  }
  if (!dv.empty())
    kernels::gemm<T>(N, s.Dv, R, {m ? m : att, ld, Op::transpose}, {dout_i, a.ldout}, dv.data() + a.v + j * a.ldv, a.ldv, true, nullptr,
                     panels);
  if (!below) return;
  // forward: att[i,:] = softmax(score[i,:]) over the keys seen, zero elsewhere (so dscore is zero there too)
  const T factor = score_factor<T>(s);
  for (std::size_t r = 0; r < R; ++r) {
    const T* p = att + r * ld;
    T* d = dscore + r * ld;
    const T sum = common(r, std::span<const T>{p, N}, std::span<const T>{d, N});
    for (std::size_t c = 0; c < N; ++c) d[c] = p[c] * (d[c] - sum) * factor;
  }
  back_through_scores<T>(s, a, i, R, j, N, q, k, dscore, ld, dq, dk, panels);
}

}  // namespace x2g::attend
