// Clear version of multi-head self-attention: the formulas of ops/attention.hpp, one query at a time.
#pragma once

#include "reference/scalar.hpp"
#include "x2g/ops/attention.hpp"

namespace x2g::reference {

/// Index of feature d of head h in part 0 = q, 1 = k, 2 = v of token (b, t).
inline std::size_t qkv_at(const AttentionShape& s, std::size_t b, std::size_t t, std::size_t part, std::size_t h, std::size_t d) {
  return (b * s.T + t) * 3 * s.C + part * s.C + h * (s.C / s.H) + d;
}

template <class S>
struct AttentionResult {
  Array<S> att, out;
};

template <class S>
AttentionResult<S> attention_forward(const AttentionShape& s, const Array<S>& qkv) {
  const std::size_t D = s.C / s.H;
  AttentionResult<S> r{Array<S>(s.B * s.H * s.T * s.T), Array<S>(s.B * s.T * s.C)};
  for (std::size_t b = 0; b < s.B; ++b) {
    for (std::size_t h = 0; h < s.H; ++h) {
      for (std::size_t i = 0; i < s.T; ++i) {
        const std::size_t seen = s.causal ? i + 1 : s.T;
        S* att = &r.att[((b * s.H + h) * s.T + i) * s.T];
        for (std::size_t j = 0; j < seen; ++j) {
          for (std::size_t d = 0; d < D; ++d) att[j] += qkv[qkv_at(s, b, i, 0, h, d)] * qkv[qkv_at(s, b, j, 1, h, d)];
          att[j] /= std::sqrt(static_cast<double>(D));
        }
        S top = att[0], sum(0);
        for (std::size_t j = 1; j < seen; ++j) top = maximum(top, att[j]);
        for (std::size_t j = 0; j < seen; ++j) sum += att[j] = std::exp(att[j] - top);
        for (std::size_t j = 0; j < seen; ++j) att[j] /= sum;
        for (std::size_t j = 0; j < seen; ++j) {
          for (std::size_t d = 0; d < D; ++d) {
            r.out[(b * s.T + i) * s.C + h * D + d] += att[j] * qkv[qkv_at(s, b, j, 2, h, d)];
          }
        }
      }
    }
  }
  return r;
}

template <class S>
Array<S> attention_backward(const AttentionShape& s, const Array<S>& qkv, const Array<S>& att, const Array<S>& dout) {
  const std::size_t D = s.C / s.H;
  Array<S> dqkv(qkv.size()), datt(s.T);
  for (std::size_t b = 0; b < s.B; ++b) {
    for (std::size_t h = 0; h < s.H; ++h) {
      for (std::size_t i = 0; i < s.T; ++i) {
        const std::size_t seen = s.causal ? i + 1 : s.T;
        const S* p = &att[((b * s.H + h) * s.T + i) * s.T];
        S common(0);
        for (std::size_t j = 0; j < seen; ++j) {
          datt[j] = S(0);
          for (std::size_t d = 0; d < D; ++d) {
            const S dout_i = dout[(b * s.T + i) * s.C + h * D + d];
            dqkv[qkv_at(s, b, j, 2, h, d)] += p[j] * dout_i;
            datt[j] += dout_i * qkv[qkv_at(s, b, j, 2, h, d)];
          }
          common += p[j] * datt[j];
        }
        for (std::size_t j = 0; j < seen; ++j) {
          const S dscore = p[j] * (datt[j] - common) / std::sqrt(static_cast<double>(D));
          for (std::size_t d = 0; d < D; ++d) {
            dqkv[qkv_at(s, b, i, 0, h, d)] += dscore * qkv[qkv_at(s, b, j, 1, h, d)];
            dqkv[qkv_at(s, b, j, 1, h, d)] += dscore * qkv[qkv_at(s, b, i, 0, h, d)];
          }
        }
      }
    }
  }
  return dqkv;
}

}  // namespace x2g::reference
