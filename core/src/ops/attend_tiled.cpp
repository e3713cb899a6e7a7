// Attention block by block with an online softmax: the largest score and the sum of exponentials are corrected as blocks of keys pass.
// Only query_block × key_block scores exist at a time.
#include <algorithm>
#include <cassert>
#include <limits>

#include "kernels/math.hpp"
#include "ops/attend_scores.hpp"

namespace x2g {
namespace {

using namespace attend;

template <class T>
constexpr T kNothingYet = -std::numeric_limits<T>::infinity();

std::size_t panels_needed(const AttendShape& s, std::size_t R, std::size_t N) {
  return std::max(kernels::gemm_scratch(R, N, s.D), kernels::gemm_scratch(R, s.Dv, N));
}

std::size_t back_panels_needed(const AttendShape& s, std::size_t R, std::size_t N) {
  const std::size_t width = std::max(s.D, s.Dv);
  return std::max({kernels::gemm_scratch(R, N, width), kernels::gemm_scratch(N, width, R), kernels::gemm_scratch(R, width, N)});
}

/// The keys seen, counted from the tile's first; none when the tile lies outside.
Keys inside_tile(const Keys& seen, std::size_t j0, std::size_t N) {
  return {std::clamp(seen.begin, j0, j0 + N) - j0, std::clamp(seen.end, j0, j0 + N) - j0};
}

/// One row of the tile: scores of the visible keys become e^(score − m'), the rest 0; m, l and the running output are corrected.
template <class T>
void absorb(std::span<T> row, Keys inside, T& largest, T& sum, std::span<T> out) {
  const std::span<T> seen = row.subspan(inside.begin, inside.count());
  const T top = std::max(largest, kernels::max<T>(seen));
  const T keep = largest == kNothingYet<T> ? T(0) : kernels::exp(largest - top);
  for (T& x : seen) x -= top;
  kernels::exp<T>(seen, seen);
  kernels::fill<T>(T(0), row.first(inside.begin));
  kernels::fill<T>(T(0), row.subspan(inside.end));
  sum = sum * keep + kernels::sum<T>(seen);
  if (keep != T(1)) kernels::scale<T>(keep, out);
  largest = top;
}

}  // namespace

std::size_t attend_tiled_scratch(const AttendShape& s, std::size_t query_block, std::size_t key_block) {
  // panels, tile, largest and sum, a row of dropout's mask
  return panels_needed(s, query_block, key_block) + query_block * key_block + 2 * query_block + (s.dropout > 0 ? key_block : 0);
}

template <class T>
void attend_tiled_forward(const AttendShape& s, std::size_t query_block, std::size_t key_block, std::span<const T> q, std::span<const T> k,
                          std::span<const T> v, std::span<T> out, AttendTrace<T> trace, std::span<T> scratch, std::span<const T> lengths,
                          const DropoutKey& dropout) {
  assert(query_block > 0 && key_block > 0 && scratch.size() >= attend_tiled_scratch(s, query_block, key_block));
  const std::size_t blocks = (s.S + key_block - 1) / key_block;
  assert(lengths.empty() || lengths.size() == s.B);
  assert(trace.largest.empty() || trace.largest.size() == s.B * s.H * s.T * blocks);
  assert(trace.lse.empty() || trace.lse.size() == s.B * s.H * s.T);
  assert(trace.sum.empty() || trace.sum.size() == s.B * s.H * s.T * blocks);
  const std::span<T> panels = scratch.first(panels_needed(s, query_block, key_block));
  T* const tile = scratch.data() + panels.size();
  T* const largest = tile + query_block * key_block;
  T* const sum = largest + query_block;
  const std::span<T> m{sum + query_block, s.dropout > 0 ? key_block : 0};
  kernels::fill<T>(T(0), out);
  for (std::size_t b = 0; b < s.B; ++b) {
    const std::size_t real = real_keys<T>(s, b, lengths);
    for (std::size_t h = 0; h < s.H; ++h) {
      const Head a = head_at(s, b, h);
      for (std::size_t i0 = 0; i0 < s.T; i0 += query_block) {
        const std::size_t R = std::min(query_block, s.T - i0);
        const Keys all = visible_to_any(s, i0, R, real);
        std::fill(largest, largest + R, kNothingYet<T>);
        std::fill(sum, sum + R, T(0));
        const auto out_row = [&](std::size_t r) { return out.subspan(a.out + (i0 + r) * a.ldout, s.Dv); };
        for (std::size_t block = 0; block < blocks; ++block) {
          const std::size_t j0 = block * key_block, N = std::min(key_block, s.S - j0);
          if (j0 < all.end && j0 + N > all.begin) {  // else the mask hides the whole tile
            attend::scores<T>(s, a, h, i0, R, j0, N, q, k, tile, key_block, panels);
            for (std::size_t r = 0; r < R; ++r) {
              const Keys inside = inside_tile(visible(s, i0 + r, real), j0, N);
              const std::span<T> row{tile + r * key_block, N};
              if (inside.count() == 0) {
                kernels::fill<T>(T(0), row);
                continue;
              }
              absorb<T>(row, inside, largest[r], sum[r], out_row(r));
              if (m.empty()) continue;
              dropout_mask<T>(dropout, s.dropout, m.first(N), a.matrix + (i0 + r) * s.S + j0);
              for (std::size_t c = 0; c < N; ++c) row[c] *= m[c];
            }
            // out_i += Σ_j e^(score − largest) m[i,j] v_j
            kernels::gemm<T>(R, s.Dv, N, {tile, key_block}, {v.data() + a.v + j0 * a.ldv, a.ldv}, out.data() + a.out + i0 * a.ldout,
                             a.ldout, true, nullptr, panels);
          }
          for (std::size_t r = 0; r < R; ++r) {
            const std::size_t at = ((b * s.H + h) * s.T + i0 + r) * blocks + block;
            if (!trace.largest.empty()) trace.largest[at] = largest[r];
            if (!trace.sum.empty()) trace.sum[at] = sum[r];
          }
        }
        for (std::size_t r = 0; r < R; ++r) {
          if (sum[r] > T(0)) kernels::scale<T>(T(1) / sum[r], out_row(r));  // else it saw no key: out is zero, lse −∞
          if (!trace.lse.empty()) trace.lse[(b * s.H + h) * s.T + i0 + r] = largest[r] + kernels::log(sum[r]);
        }
      }
    }
  }
}

std::size_t attend_tiled_backward_scratch(const AttendShape& s, std::size_t query_block, std::size_t key_block) {
  // panels, att, datt, dropout's mask, dout · out
  return back_panels_needed(s, query_block, key_block) + (s.dropout > 0 ? 3 : 2) * query_block * key_block + query_block;
}

template <class T>
void attend_tiled_backward(const AttendShape& s, std::size_t query_block, std::size_t key_block, std::span<const T> q, std::span<const T> k,
                           std::span<const T> v, std::span<const T> out, std::span<const T> lse, std::span<const T> dout, std::span<T> dq,
                           std::span<T> dk, std::span<T> dv, std::span<T> scratch, std::span<const T> lengths, const DropoutKey& dropout) {
  assert(query_block > 0 && key_block > 0 && scratch.size() >= attend_tiled_backward_scratch(s, query_block, key_block));
  assert(out.size() == s.B * s.T * s.H * s.Dv && dout.size() == out.size() && lse.size() == s.B * s.H * s.T);
  assert(lengths.empty() || lengths.size() == s.B);
  const std::span<T> panels = scratch.first(back_panels_needed(s, query_block, key_block));
  T* const att = scratch.data() + panels.size();
  T* const dscore = att + query_block * key_block;
  T* const common = dscore + query_block * key_block;
  T* const m = s.dropout > 0 ? common + query_block : nullptr;
  for (std::size_t b = 0; b < s.B; ++b) {
    const std::size_t real = real_keys<T>(s, b, lengths);
    for (std::size_t h = 0; h < s.H; ++h) {
      const Head a = head_at(s, b, h);
      for (std::size_t i0 = 0; i0 < s.T; i0 += query_block) {
        const std::size_t R = std::min(query_block, s.T - i0);
        const Keys all = visible_to_any(s, i0, R, real);
        for (std::size_t r = 0; r < R; ++r) {
          const std::size_t at = a.out + (i0 + r) * a.ldout;
          common[r] = kernels::dot<T>(dout.subspan(at, s.Dv), out.subspan(at, s.Dv));  // Σ_j att datt
        }
        for (std::size_t j0 = all.begin / key_block * key_block; j0 < all.end; j0 += key_block) {
          const std::size_t N = std::min(key_block, s.S - j0);
          attend::scores<T>(s, a, h, i0, R, j0, N, q, k, att, key_block, panels);
          for (std::size_t r = 0; r < R; ++r) {
            const Keys inside = inside_tile(visible(s, i0 + r, real), j0, N);
            const std::span<T> row{att + r * key_block, N}, seen = row.subspan(inside.begin, inside.count());
            const T total = lse[(b * s.H + h) * s.T + i0 + r];
            for (T& x : seen) x -= total;
            kernels::exp<T>(seen, seen);  // att[i,j] = e^(score − lse)
            kernels::fill<T>(T(0), row.first(inside.begin));
            kernels::fill<T>(T(0), row.subspan(inside.end));
          }
          for (std::size_t r = 0; m && r < R; ++r)
            dropout_mask<T>(dropout, s.dropout, std::span<T>{m + r * key_block, N}, a.matrix + (i0 + r) * s.S + j0);
          back_through_tile<T>(
              s, a, i0, R, j0, N, q, k, v, dout, att, m, dscore, key_block,
              [common](std::size_t r, std::span<const T>, std::span<const T>) { return common[r]; }, dq, dk, dv, panels);
        }
      }
    }
  }
}

template void attend_tiled_forward<float>(const AttendShape&, std::size_t, std::size_t, std::span<const float>, std::span<const float>,
                                          std::span<const float>, std::span<float>, AttendTrace<float>, std::span<float>,
                                          std::span<const float>, const DropoutKey&);
template void attend_tiled_forward<double>(const AttendShape&, std::size_t, std::size_t, std::span<const double>, std::span<const double>,
                                           std::span<const double>, std::span<double>, AttendTrace<double>, std::span<double>,
                                           std::span<const double>, const DropoutKey&);
template void attend_tiled_backward<float>(const AttendShape&, std::size_t, std::size_t, std::span<const float>, std::span<const float>,
                                           std::span<const float>, std::span<const float>, std::span<const float>, std::span<const float>,
                                           std::span<float>, std::span<float>, std::span<float>, std::span<float>, std::span<const float>,
                                           const DropoutKey&);
template void attend_tiled_backward<double>(const AttendShape&, std::size_t, std::size_t, std::span<const double>, std::span<const double>,
                                            std::span<const double>, std::span<const double>, std::span<const double>,
                                            std::span<const double>, std::span<double>, std::span<double>, std::span<double>,
                                            std::span<double>, std::span<const double>, const DropoutKey&);

}  // namespace x2g
