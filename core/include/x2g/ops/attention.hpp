// Multi-head self-attention without its projections (Vaswani et al. 2017, section 3.2).
//
//   qkv (B, T, 3C) holds q | k | v, each C = H·D wide; head h uses columns h·D … (h+1)·D − 1 of each.
//   score[i,j] = q_i · k_j / √D      causal: j ≤ i only
//   att[i,:]   = softmax(score[i,:])                att (B, H, T, T), zero where masked
//   out_i      = Σ_j att[i,j] v_j                   out (B, T, C)
//   dv_j += Σ_i att[i,j] dout_i    datt = dout vᵀ    dscore = att ∘ (datt − Σ_j att datt)
//   dq_i += Σ_j dscore[i,j] k_j / √D                 dk_j += Σ_i dscore[i,j] q_i / √D
#pragma once

#include <cstddef>
#include <span>

namespace x2g {

/// Sizes of a batch of sequences.
struct AttentionShape {
  std::size_t B;       ///< sequences
  std::size_t T;       ///< tokens of each
  std::size_t C;       ///< channels of q, of k and of v
  std::size_t H;       ///< heads, a divisor of C
  bool causal = true;  ///< false: every token sees all
};

/// Elements of scratch that both directions need.
std::size_t attention_scratch(const AttentionShape& s);

/// att (B, H, T, T) is saved for backward and for display.
template <class T>
void attention_forward(const AttentionShape& s, std::span<const T> qkv, std::span<T> att, std::span<T> out, std::span<T> scratch);

/// dqkv (B, T, 3C) accumulates.
template <class T>
void attention_backward(const AttentionShape& s, std::span<const T> qkv, std::span<const T> att, std::span<const T> dout, std::span<T> dqkv,
                        std::span<T> scratch);

}  // namespace x2g
