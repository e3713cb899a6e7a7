// Clear version of attention over separate queries, keys and values: the formulas of ops/attend.hpp, one query at a time.
// Only forward: gradients are taken by complex step. lengths (B) and mask (B, H, T, S) may be empty.
#pragma once

#include <cstdlib>

#include "reference/scalar.hpp"
#include "x2g/ops/attend.hpp"

namespace x2g::reference {

template <class S>
struct AttendResult {
  Array<S> scores, att, out;
};

/// ALiBi slopes written as in the paper: 2^(−8/n), its powers; the rest from twice the power of two.
inline double slope(std::size_t head, std::size_t heads) {
  std::size_t power = 1;
  while (power * 2 <= heads) power *= 2;
  if (head < power) return std::pow(2.0, -8.0 / static_cast<double>(power) * static_cast<double>(head + 1));
  return std::pow(2.0, -8.0 / static_cast<double>(2 * power) * static_cast<double>(2 * (head - power) + 1));
}

inline bool sees(const AttendShape& s, std::size_t b, std::size_t i, std::size_t j, const Array<double>& lengths) {
  if (!lengths.empty() && static_cast<double>(j) >= lengths[b]) return false;
  const std::size_t at = i + s.S - s.T;
  return s.mask == Mask::none || (s.mask == Mask::causal ? j <= at : j >= at);
}

template <class S>
AttendResult<S> attend_forward(const AttendShape& s, const Array<S>& q, const Array<S>& k, const Array<S>& v,
                               const Array<double>& lengths = {}, const Array<double>& mask = {}) {
  AttendResult<S> r{Array<S>(s.B * s.H * s.T * s.S), Array<S>(s.B * s.H * s.T * s.S), Array<S>(s.B * s.T * s.H * s.Dv)};
  for (std::size_t b = 0; b < s.B; ++b) {
    for (std::size_t h = 0; h < s.H; ++h) {
      const std::size_t g = h * s.G / s.H;
      for (std::size_t i = 0; i < s.T; ++i) {
        const std::size_t row = ((b * s.H + h) * s.T + i) * s.S;
        for (std::size_t j = 0; j < s.S; ++j) {
          S f(0);
          for (std::size_t d = 0; d < s.D; ++d) {
            const S x = q[(b * s.T + i) * s.H * s.D + h * s.D + d], y = k[(b * s.S + j) * s.G * s.D + g * s.D + d];
            f += s.score == Score::squared ? -(x - y) * (x - y) : s.score == Score::negated ? -x * y : x * y;
          }
          r.scores[row + j] = s.scale * f;
          const double distance = static_cast<double>(i + s.S) - static_cast<double>(s.T + j);
          if (s.alibi) r.scores[row + j] -= slope(h, s.H) * std::abs(distance);
        }
        S top(-1e300), sum(0);
        for (std::size_t j = 0; j < s.S; ++j)
          if (sees(s, b, i, j, lengths)) top = maximum(top, r.scores[row + j]);
        for (std::size_t j = 0; j < s.S; ++j)
          if (sees(s, b, i, j, lengths)) sum += r.att[row + j] = std::exp(r.scores[row + j] - top);
        for (std::size_t j = 0; j < s.S; ++j) {
          if (sum != S(0)) r.att[row + j] /= sum;
          const S weight = mask.empty() ? r.att[row + j] : r.att[row + j] * mask[row + j];
          for (std::size_t d = 0; d < s.Dv; ++d)
            r.out[(b * s.T + i) * s.H * s.Dv + h * s.Dv + d] += weight * v[(b * s.S + j) * s.G * s.Dv + g * s.Dv + d];
        }
      }
    }
  }
  return r;
}

struct AttendGradients {
  Array<double> dq, dk, dv;
};

/// By complex step through the forward formulas.
inline AttendGradients attend_gradients(const AttendShape& s, const Array<double>& q, const Array<double>& k, const Array<double>& v,
                                        const Array<double>& dout, const Array<double>& lengths = {}, const Array<double>& mask = {}) {
  const auto lift = [](const Array<double>& x) { return Array<Complex>(x.begin(), x.end()); };
  const Array<Complex> cq = lift(q), ck = lift(k), cv = lift(v);
  return {complex_step([&](const Array<Complex>& p) { return attend_forward(s, p, ck, cv, lengths, mask).out; }, q, dout),
          complex_step([&](const Array<Complex>& p) { return attend_forward(s, cq, p, cv, lengths, mask).out; }, k, dout),
          complex_step([&](const Array<Complex>& p) { return attend_forward(s, cq, ck, p, lengths, mask).out; }, v, dout)};
}

}  // namespace x2g::reference
