// Attention over separate queries, keys and values, one (batch, head) after the other; backward works on queries in blocks.
#include "x2g/ops/attend.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "ops/attend_scores.hpp"

namespace x2g {
namespace {

using namespace attend;

constexpr std::size_t kQueryBlock = 32;  // rows of datt worked on at a time

std::size_t panels_needed(const AttendShape& s) {
  const std::size_t R = std::min(kQueryBlock, s.T), width = std::max(s.D, s.Dv);
  return std::max({kernels::gemm_scratch(s.T, s.S, width), kernels::gemm_scratch(s.T, width, s.S), kernels::gemm_scratch(s.S, width, R)});
}

}  // namespace

double alibi_slope(std::size_t head, std::size_t heads) {
  std::size_t power = 1;
  while (2 * power <= heads) power *= 2;
  const bool extra = head >= power;  // beyond the power of two: 2·power's slopes 1, 3, 5, …
  double ratio = 0x1p-8;             // 2^(−8/1)
  for (std::size_t n = extra ? 2 * power : power; n > 1; n /= 2) ratio = std::sqrt(ratio);  // 2^(−8/n), exact up to n = 8
  double slope = 1;
  for (std::size_t i = extra ? 2 * (head - power) + 1 : head + 1; i > 0; --i) slope *= ratio;
  return slope;
}

std::size_t attend_scratch(const AttendShape& s) {
  // packed panels, then of one block of queries datt/dscore and, with dropout, att ∘ m
  return panels_needed(s) + std::min(kQueryBlock, s.T) * s.S * (s.dropout > 0 ? 2 : 1);
}

template <class T>
void attend_forward(const AttendShape& s, std::span<const T> q, std::span<const T> k, std::span<const T> v, std::span<T> scores,
                    std::span<T> att, std::span<T> out, std::span<T> scratch, std::span<const T> lengths, std::span<const T> mask) {
  assert(s.G > 0 && s.H % s.G == 0 && q.size() == s.B * s.T * s.H * s.D && k.size() == s.B * s.S * s.G * s.D);
  assert(v.size() == s.B * s.S * s.G * s.Dv && scores.size() == s.B * s.H * s.T * s.S && att.size() == scores.size());
  assert(out.size() == s.B * s.T * s.H * s.Dv && scratch.size() >= attend_scratch(s));
  assert((lengths.empty() || lengths.size() == s.B) && (s.dropout == 0 || mask.size() == att.size()));
  const std::span<T> panels = scratch.first(panels_needed(s));
  T* const kept = scratch.data() + panels.size();
  for (std::size_t b = 0; b < s.B; ++b) {
    const std::size_t real = real_keys<T>(s, b, lengths);
    for (std::size_t h = 0; h < s.H; ++h) {
      const Head a = head_at(s, b, h);
      attend::scores<T>(s, a, h, 0, s.T, 0, s.S, q, k, scores.data() + a.matrix, s.S, panels);
      for (std::size_t i = 0; i < s.T; ++i) {
        const Keys seen = visible(s, i, real);
        const std::span<T> row = att.subspan(a.matrix + i * s.S, s.S);
        if (seen.count() > 0)
          kernels::softmax<T>(scores.subspan(a.matrix + i * s.S + seen.begin, seen.count()), T(1), row.subspan(seen.begin, seen.count()));
        kernels::fill<T>(T(0), row.first(seen.begin));
        kernels::fill<T>(T(0), row.subspan(seen.end));
      }
      // out_i = Σ_j att[i,j] m[i,j] v_j
      const std::size_t block = s.dropout > 0 ? kQueryBlock : std::max<std::size_t>(s.T, 1);
      for (std::size_t i0 = 0; i0 < s.T; i0 += block) {
        const std::size_t R = std::min(block, s.T - i0), first = a.matrix + i0 * s.S;
        const T* weights = att.data() + first;
        if (s.dropout > 0) {
          for (std::size_t n = 0; n < R * s.S; ++n) kept[n] = weights[n] * mask[first + n];
          weights = kept;
        }
        kernels::gemm<T>(R, s.Dv, s.S, {weights, s.S}, {v.data() + a.v, a.ldv}, out.data() + a.out + i0 * a.ldout, a.ldout, false, nullptr,
                         panels);
      }
    }
  }
}

template <class T>
void attend_backward(const AttendShape& s, std::span<const T> q, std::span<const T> k, std::span<const T> v, std::span<const T> att,
                     std::span<const T> dout, std::span<T> dq, std::span<T> dk, std::span<T> dv, std::span<T> scratch,
                     std::span<const T> lengths, std::span<const T> mask) {
  assert(att.size() == s.B * s.H * s.T * s.S && dout.size() == s.B * s.T * s.H * s.Dv && scratch.size() >= attend_scratch(s));
  assert((lengths.empty() || lengths.size() == s.B) && (s.dropout == 0 || mask.size() == att.size()));
  const std::span<T> panels = scratch.first(panels_needed(s));
  T* const dscore = scratch.data() + panels.size();  // (R, keys), rows S apart
  T* const m = s.dropout > 0 ? dscore + std::min(kQueryBlock, s.T) * s.S : nullptr;
  const auto common = [](std::size_t, std::span<const T> p, std::span<const T> datt) { return kernels::dot<T>(p, datt); };
  for (std::size_t b = 0; b < s.B; ++b) {
    const std::size_t real = real_keys<T>(s, b, lengths);
    for (std::size_t h = 0; h < s.H; ++h) {
      const Head a = head_at(s, b, h);
      for (std::size_t i0 = 0; i0 < s.T; i0 += kQueryBlock) {
        const std::size_t R = std::min(kQueryBlock, s.T - i0);
        const Keys all = visible_to_any(s, i0, R, real);
        if (all.count() == 0) continue;
        const std::size_t first = a.matrix + i0 * s.S + all.begin;
        for (std::size_t r = 0; m && r < R; ++r) std::ranges::copy(mask.subspan(first + r * s.S, all.count()), m + r * s.S);
        back_through_tile<T>(s, a, i0, R, all.begin, all.count(), q, k, v, dout, att.data() + first, m, dscore, s.S, common, dq, dk, dv,
                             panels);
      }
    }
  }
}

template void attend_forward<float>(const AttendShape&, std::span<const float>, std::span<const float>, std::span<const float>,
                                    std::span<float>, std::span<float>, std::span<float>, std::span<float>, std::span<const float>,
                                    std::span<const float>);
template void attend_forward<double>(const AttendShape&, std::span<const double>, std::span<const double>, std::span<const double>,
                                     std::span<double>, std::span<double>, std::span<double>, std::span<double>, std::span<const double>,
                                     std::span<const double>);
template void attend_backward<float>(const AttendShape&, std::span<const float>, std::span<const float>, std::span<const float>,
                                     std::span<const float>, std::span<const float>, std::span<float>, std::span<float>, std::span<float>,
                                     std::span<float>, std::span<const float>, std::span<const float>);
template void attend_backward<double>(const AttendShape&, std::span<const double>, std::span<const double>, std::span<const double>,
                                      std::span<const double>, std::span<const double>, std::span<double>, std::span<double>,
                                      std::span<double>, std::span<double>, std::span<const double>, std::span<const double>);

}  // namespace x2g
