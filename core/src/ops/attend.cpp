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
  return panels_needed(s) + std::min(kQueryBlock, s.T) * s.S;  // packed panels, then datt/dscore of one block of queries
}

template <class T>
void attend_forward(const AttendShape& s, std::span<const T> q, std::span<const T> k, std::span<const T> v, std::span<T> scores,
                    std::span<T> att, std::span<T> out, std::span<T> scratch) {
  assert(s.G > 0 && s.H % s.G == 0 && q.size() == s.B * s.T * s.H * s.D && k.size() == s.B * s.S * s.G * s.D);
  assert(v.size() == s.B * s.S * s.G * s.Dv && scores.size() == s.B * s.H * s.T * s.S && att.size() == scores.size());
  assert(out.size() == s.B * s.T * s.H * s.Dv && scratch.size() >= attend_scratch(s));
  for (std::size_t b = 0; b < s.B; ++b) {
    for (std::size_t h = 0; h < s.H; ++h) {
      const Head a = head_at(s, b, h);
      attend::scores<T>(s, a, h, 0, s.T, 0, s.S, q, k, scores.data() + a.matrix, s.S, scratch);
      for (std::size_t i = 0; i < s.T; ++i) {
        const Keys seen = visible(s, i);
        const std::span<T> row = att.subspan(a.matrix + i * s.S, s.S);
        kernels::softmax<T>(scores.subspan(a.matrix + i * s.S + seen.begin, seen.count()), T(1), row.subspan(seen.begin, seen.count()));
        kernels::fill<T>(T(0), row.first(seen.begin));
        kernels::fill<T>(T(0), row.subspan(seen.end));
      }
      // out_i = Σ_j att[i,j] v_j
      kernels::gemm<T>(s.T, s.Dv, s.S, {att.data() + a.matrix, s.S}, {v.data() + a.v, a.ldv}, out.data() + a.out, a.ldout, false, nullptr,
                       scratch);
    }
  }
}

template <class T>
void attend_backward(const AttendShape& s, std::span<const T> q, std::span<const T> k, std::span<const T> v, std::span<const T> att,
                     std::span<const T> dout, std::span<T> dq, std::span<T> dk, std::span<T> dv, std::span<T> scratch) {
  assert(att.size() == s.B * s.H * s.T * s.S && dout.size() == s.B * s.T * s.H * s.Dv && scratch.size() >= attend_scratch(s));
  const std::span<T> panels = scratch.first(panels_needed(s));
  T* dscore = scratch.data() + panels.size();  // (R, keys), rows S apart
  const T factor = score_factor<T>(s);
  for (std::size_t b = 0; b < s.B; ++b) {
    for (std::size_t h = 0; h < s.H; ++h) {
      const Head a = head_at(s, b, h);
      for (std::size_t i0 = 0; i0 < s.T; i0 += kQueryBlock) {
        const std::size_t R = std::min(kQueryBlock, s.T - i0);
        const Keys all = visible(s, i0, R);
        const T* p0 = att.data() + a.matrix + i0 * s.S + all.begin;
        const T* dout_i = dout.data() + a.out + i0 * a.ldout;
        const T* vj = v.data() + a.v + all.begin * a.ldv;

        // forward: out_i = Σ_j att[i,j] v_j
        if (!dv.empty())
          kernels::gemm<T>(all.count(), s.Dv, R, {p0, s.S, Op::transpose}, {dout_i, a.ldout}, dv.data() + a.v + all.begin * a.ldv, a.ldv,
                           true, nullptr, panels);  // dv_j += Σ_i att[i,j] dout_i
        if (dq.empty() && dk.empty()) continue;
        kernels::gemm<T>(R, all.count(), s.Dv, {dout_i, a.ldout}, {vj, a.ldv, Op::transpose}, dscore, s.S, false, nullptr,
                         panels);  // datt[i,j] = dout_i · v_j

        // forward: att[i,:] = softmax(score[i,:]) over the keys seen, zero elsewhere (so dscore is zero there too)
        for (std::size_t i = 0; i < R; ++i) {
          const T* p = p0 + i * s.S;
          T* d = dscore + i * s.S;
          const T common = kernels::dot<T>({p, all.count()}, {d, all.count()});  // Σ_j att datt
          for (std::size_t j = 0; j < all.count(); ++j) d[j] = p[j] * (d[j] - common) * factor;
        }

        back_through_scores<T>(s, a, i0, R, all.begin, all.count(), q, k, dscore, s.S, dq, dk, panels);
      }
    }
  }
}

template void attend_forward<float>(const AttendShape&, std::span<const float>, std::span<const float>, std::span<const float>,
                                    std::span<float>, std::span<float>, std::span<float>, std::span<float>);
template void attend_forward<double>(const AttendShape&, std::span<const double>, std::span<const double>, std::span<const double>,
                                     std::span<double>, std::span<double>, std::span<double>, std::span<double>);
template void attend_backward<float>(const AttendShape&, std::span<const float>, std::span<const float>, std::span<const float>,
                                     std::span<const float>, std::span<const float>, std::span<float>, std::span<float>, std::span<float>,
                                     std::span<float>);
template void attend_backward<double>(const AttendShape&, std::span<const double>, std::span<const double>, std::span<const double>,
                                      std::span<const double>, std::span<const double>, std::span<double>, std::span<double>,
                                      std::span<double>, std::span<double>);

}  // namespace x2g
