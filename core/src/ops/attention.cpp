// Causal multi-head attention as small matrix products, one (batch, head) after the other, queries in blocks.
// With the causal mask a tile of a few queries meets only the keys up to its last row, so nearly half the work is never done.
#include "x2g/ops/attention.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "kernels/elementwise.hpp"
#include "kernels/gemm.hpp"

namespace x2g {
namespace {

using kernels::Causal;
using kernels::Op;

constexpr std::size_t kQueryBlock = 64;  // rows of scores worked on at a time: packing keys and values anew for each costs little

// Where one (batch, head) finds its parts, and how far a block of queries looks.
struct Head {
  std::size_t D, ld;     // head size; elements from one token of qkv to the next (3C)
  std::size_t q, k, v;   // offsets into qkv
  std::size_t att, out;  // offsets into att and out
};

Head head_at(const AttentionShape& s, std::size_t b, std::size_t h) {
  const std::size_t D = s.C / s.H, q = b * s.T * 3 * s.C + h * D;
  return {D, 3 * s.C, q, q + s.C, q + 2 * s.C, (b * s.H + h) * s.T * s.T, b * s.T * s.C + h * D};
}

std::size_t keys_seen(const AttentionShape& s, std::size_t query_end) { return s.causal ? query_end : s.T; }

/// What a product with the scores of queries i0 … leaves out.
Causal part(const AttentionShape& s, Causal::Part which, std::size_t i0) { return {s.causal ? which : Causal::Part::none, i0}; }

template <class T>
T score_scale(std::size_t D) {
  return T(1) / std::sqrt(static_cast<T>(D));
}

}  // namespace

std::size_t attention_scratch(const AttentionShape& s) {
  const std::size_t D = s.C / s.H, R = std::min(kQueryBlock, s.T);
  const std::size_t panels =
      std::max({kernels::gemm_scratch(R, s.T, D), kernels::gemm_scratch(R, D, s.T), kernels::gemm_scratch(s.T, D, R)});
  return panels + R * s.T;  // packed panels, then datt/dscore of one block of queries
}

template <class T>
void attention_forward(const AttentionShape& s, std::span<const T> qkv, std::span<T> att, std::span<T> out, std::span<T> scratch) {
  assert(s.H > 0 && s.C % s.H == 0 && qkv.size() == s.B * s.T * 3 * s.C);
  assert(att.size() == s.B * s.H * s.T * s.T && out.size() == s.B * s.T * s.C);
  assert(scratch.size() >= attention_scratch(s));
  for (std::size_t b = 0; b < s.B; ++b) {
    for (std::size_t h = 0; h < s.H; ++h) {
      const Head a = head_at(s, b, h);
      const T scale = score_scale<T>(a.D);
      for (std::size_t i0 = 0; i0 < s.T; i0 += kQueryBlock) {
        const std::size_t R = std::min(kQueryBlock, s.T - i0), keys = keys_seen(s, i0 + R);
        T* rows = att.data() + a.att + i0 * s.T;
        // score[i,j] = q_i · k_j (the division by √D is part of the softmax)
        kernels::gemm<T>(R, keys, a.D, {qkv.data() + a.q + i0 * a.ld, a.ld}, {qkv.data() + a.k, a.ld, Op::transpose}, rows, s.T, false,
                         nullptr, scratch, part(s, Causal::Part::c, i0));
        for (std::size_t i = 0; i < R; ++i) {
          const std::size_t n = keys_seen(s, i0 + i + 1);  // entries j < n are visible
          const std::span<T> row{rows + i * s.T, s.T};
          kernels::softmax<T>(row.first(n), scale, row.first(n));
          kernels::fill<T>(T(0), row.subspan(n));
        }
        // out_i = Σ_j att[i,j] v_j
        kernels::gemm<T>(R, a.D, keys, {rows, s.T}, {qkv.data() + a.v, a.ld}, out.data() + a.out + i0 * s.C, s.C, false, nullptr, scratch,
                         part(s, Causal::Part::a, i0));
      }
    }
  }
}

template <class T>
void attention_backward(const AttentionShape& s, std::span<const T> qkv, std::span<const T> att, std::span<const T> dout, std::span<T> dqkv,
                        std::span<T> scratch) {
  assert(s.H > 0 && s.C % s.H == 0 && qkv.size() == s.B * s.T * 3 * s.C);
  assert(att.size() == s.B * s.H * s.T * s.T && dout.size() == s.B * s.T * s.C);
  assert(scratch.size() >= attention_scratch(s));
  if (dqkv.empty()) return;
  const std::size_t block = std::min(kQueryBlock, s.T) * s.T;
  const std::span<T> panels = scratch.first(attention_scratch(s) - block);
  T* datt = scratch.data() + panels.size();  // (R, keys) with rows s.T apart
  for (std::size_t b = 0; b < s.B; ++b) {
    for (std::size_t h = 0; h < s.H; ++h) {
      const Head a = head_at(s, b, h);
      const T scale = score_scale<T>(a.D);
      for (std::size_t i0 = 0; i0 < s.T; i0 += kQueryBlock) {
        const std::size_t R = std::min(kQueryBlock, s.T - i0), keys = keys_seen(s, i0 + R);
        const T* rows = att.data() + a.att + i0 * s.T;
        const T* dout_i = dout.data() + a.out + i0 * s.C;

        // forward: out_i = Σ_j att[i,j] v_j
        kernels::gemm<T>(keys, a.D, R, {rows, s.T, Op::transpose}, {dout_i, s.C}, dqkv.data() + a.v, a.ld, true, nullptr, panels,
                         part(s, Causal::Part::a_transposed, i0));  // dv_j += Σ_i att[i,j] dout_i
        kernels::gemm<T>(R, keys, a.D, {dout_i, s.C}, {qkv.data() + a.v, a.ld, Op::transpose}, datt, s.T, false, nullptr, panels,
                         part(s, Causal::Part::c, i0));  // datt[i,j] = dout_i · v_j

        // forward: att[i,:] = softmax(score[i,:] / √D), zero beyond the n visible entries
        for (std::size_t i = 0; i < R; ++i) {
          const std::size_t n = keys_seen(s, i0 + i + 1);
          T* d = datt + i * s.T;
          kernels::softmax_backward<T>({rows + i * s.T, n}, scale, {d, n});
          std::fill(d + n, d + keys, T(0));
        }

        // forward: score[i,j] = q_i · k_j
        kernels::gemm<T>(R, a.D, keys, {datt, s.T}, {qkv.data() + a.k, a.ld}, dqkv.data() + a.q + i0 * a.ld, a.ld, true, nullptr, panels,
                         part(s, Causal::Part::a, i0));  // dq_i += Σ_j dscore[i,j] k_j
        kernels::gemm<T>(keys, a.D, R, {datt, s.T, Op::transpose}, {qkv.data() + a.q + i0 * a.ld, a.ld}, dqkv.data() + a.k, a.ld, true,
                         nullptr, panels, part(s, Causal::Part::a_transposed, i0));  // dk_j += Σ_i dscore[i,j] q_i
      }
    }
  }
}

template void attention_forward<float>(const AttentionShape&, std::span<const float>, std::span<float>, std::span<float>, std::span<float>);
template void attention_forward<double>(const AttentionShape&, std::span<const double>, std::span<double>, std::span<double>,
                                        std::span<double>);
template void attention_backward<float>(const AttentionShape&, std::span<const float>, std::span<const float>, std::span<const float>,
                                        std::span<float>, std::span<float>);
template void attention_backward<double>(const AttentionShape&, std::span<const double>, std::span<const double>, std::span<const double>,
                                         std::span<double>, std::span<double>);

}  // namespace x2g
