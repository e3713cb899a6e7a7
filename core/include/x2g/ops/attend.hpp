// Attention of queries over keys and values that come as three tensors: self- and cross-attention, shared key/value heads, every
// intermediate kept (Vaswani et al. 2017, section 3.2). The fused self-attention of training at speed is ops/attention.hpp.
//
//   q (B, T, H·D)   k (B, S, G·D)   v (B, S, G·Dv)     G key/value heads: query head h uses head h / (H/G) of them
//                                                      (G = H: Vaswani; G < H: Ainslie et al. 2023, GQA; G = 1: Shazeer 2019, MQA)
//   score[i,j] = scale · f(q_i, k_j) − slope_h |i' − j|    f = q·k, −q·k or −‖q − k‖²      i' = i + S − T: the last query meets the last key
//   att[i,:]   = softmax of score[i,:] over the visible j  causal: j ≤ i'   none: all   wrong: j ≥ i'   and j < length_b
//   out_i      = Σ_j att[i,j] m[i,j] v_j                   scores, att, m (B, H, T, S)    out (B, T, H·Dv)
//
//   dv_j += Σ_i att[i,j] m[i,j] dout_i     datt[i,j] = m[i,j] dout_i · v_j     dscore = att ∘ (datt − Σ_j att datt)
//   dot:      dq_i += scale Σ_j dscore[i,j] k_j            dk_j += scale Σ_i dscore[i,j] q_i           (negated: −scale)
//   squared:  dq_i += 2 scale Σ_j dscore[i,j] (k_j − q_i)  dk_j += 2 scale Σ_i dscore[i,j] (q_i − k_j)
//
// `scores` holds every pair, masked ones too; `att` is zero behind the mask. The slopes are those of ALiBi (Press et al. 2022, section 3
// and appendix): 2^(−8(h+1)/H) when H is a power of two; else those of the next lower power P, then every other one of 2P's. The paper's
// bias −slope (i' − j) is meant for j ≤ i'; with the other masks the distance counts, as there.
//
// Padding (Vaswani et al. 2017 leave it to the batch): lengths (B), how many keys of each sequence are real; those behind are hidden from
// every query, whatever the mask. Sequences are padded at their end. A length is cut to 0 … S; a query that sees no key at all has
// att, out and gradients of zero. Queries in the padding give numbers as others do: ignore them by target −1. Empty: no padding.
// Dropout of the weights (not in the paper but in its authors' code, and in GPT-2's): m is ops/dropout.hpp's mask of (B, H, T, S)
// elements, 0 with probability p, else 1/(1 − p); `att` stays the softmax.
#pragma once

#include <cstddef>
#include <span>

#include "x2g/graph/spec.hpp"
#include "x2g/ops/dropout.hpp"

namespace x2g {

/// Sizes and attributes, as above.
struct AttendShape {
  std::size_t B;             ///< sequences
  std::size_t T;             ///< queries of each
  std::size_t S;             ///< keys of each; causal and wrong need S ≥ T
  std::size_t H;             ///< heads
  std::size_t G;             ///< heads of keys and values, a divisor of H
  std::size_t D;             ///< size of a query or key
  std::size_t Dv;            ///< size of a value
  double scale = 1;          ///< factor of the scores
  Mask mask = Mask::causal;  ///< which keys a query may see
  Score score = Score::dot;  ///< f
  bool alibi = false;        ///< slopes by distance
  double dropout = 0;        ///< p of the weights, in [0, 1); 0: m = 1
};

/// Of head 0 … heads − 1.
double alibi_slope(std::size_t head, std::size_t heads);

/// Elements of scratch that both directions need.
std::size_t attend_scratch(const AttendShape& s);

/// lengths: (B), or empty for no padding. mask: m, (B, H, T, S), read only where s.dropout is not 0.
template <class T>
void attend_forward(const AttendShape& s, std::span<const T> q, std::span<const T> k, std::span<const T> v, std::span<T> scores,
                    std::span<T> att, std::span<T> out, std::span<T> scratch, std::span<const T> lengths = {},
                    std::span<const T> mask = {});

/// `lengths` and `mask` as in forward. An empty dq, dk or dv is not computed.
template <class T>
void attend_backward(const AttendShape& s, std::span<const T> q, std::span<const T> k, std::span<const T> v, std::span<const T> att,
                     std::span<const T> dout, std::span<T> dq, std::span<T> dk, std::span<T> dv, std::span<T> scratch,
                     std::span<const T> lengths = {}, std::span<const T> mask = {});

/// What the tiled form knew after each block of keys, for every query: the largest score so far and the sum of e^(score − largest), both
/// (B, H, T, number of key blocks); and lse (B, H, T), the logarithm of Σ e^score at the end. Each may be empty.
/// Before a query has seen any key: −∞ and 0.
template <class T>
struct AttendTrace {
  std::span<T> largest;  ///< m by block
  std::span<T> sum;      ///< l by block
  std::span<T> lse;      ///< at the end; a query without keys: −∞
};

/// Elements of scratch for blocks of these sizes.
std::size_t attend_tiled_scratch(const AttendShape& s, std::size_t query_block, std::size_t key_block);

/// The same `out` without ever holding (T, S) numbers: blocks of keys one after the other, the softmax corrected as larger scores appear
/// (Milakov, Gimelshein 2018, "Online normalizer calculation for softmax", section 3; Dao et al. 2022, "FlashAttention", algorithm 1).
///   m' = max(m, max_j s_j)    l' = l e^(m − m') + Σ_j e^(s_j − m')    out' = (out l e^(m − m') + Σ_j e^(s_j − m') v_j) / l'
/// Blocks are 1 … T queries by 1 … S keys; `out` is divided by l once, at the end. m is not held: each tile's part is made from its key.
template <class T>
void attend_tiled_forward(const AttendShape& s, std::size_t query_block, std::size_t key_block, std::span<const T> q, std::span<const T> k,
                          std::span<const T> v, std::span<T> out, AttendTrace<T> trace, std::span<T> scratch,
                          std::span<const T> lengths = {}, const DropoutKey& dropout = {});

/// The same for the way back.
std::size_t attend_tiled_backward_scratch(const AttendShape& s, std::size_t query_block, std::size_t key_block);

/// Gradients without (T, S) numbers: each tile's weights are computed again, att[i,j] = e^(score − lse_i) (Dao et al. 2022, algorithm 4).
///   Σ_j att datt = dout_i · out_i, since datt[i,j] = m[i,j] dout_i · v_j        dscore = att ∘ (datt − dout_i · out_i)
/// `out` and `lse` are those of attend_tiled_forward; an empty dq, dk or dv is not computed.
template <class T>
void attend_tiled_backward(const AttendShape& s, std::size_t query_block, std::size_t key_block, std::span<const T> q, std::span<const T> k,
                           std::span<const T> v, std::span<const T> out, std::span<const T> lse, std::span<const T> dout, std::span<T> dq,
                           std::span<T> dk, std::span<T> dv, std::span<T> scratch, std::span<const T> lengths = {},
                           const DropoutKey& dropout = {});

}  // namespace x2g
