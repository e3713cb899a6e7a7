// What the recurrent layers have in common: the input's product for the whole sequence, the state's product step by step, and the
// gradients that need no order in time. The cells themselves, and all that depends on the gates, are in rnn.cpp, lstm.cpp and gru.cpp.
#pragma once

#include <algorithm>
#include <cassert>
#include <span>

#include "kernels/elementwise.hpp"
#include "kernels/gemm.hpp"
#include "x2g/ops/recurrent.hpp"

namespace x2g::recurrent {

using kernels::Op;

/// The state h_{t−1} of all sequences: B rows, `ld` elements apart; null where there is none.
template <class Pointer>
struct Rows {
  Pointer data = nullptr;
  std::size_t ld = 0;
};

template <class T>
Rows<const T*> state_before(const RecurrentShape& s, std::size_t t, std::span<const T> first, std::span<const T> states) {
  if (t > 0) return {states.data() + (t - 1) * s.H, s.T * s.H};
  if (first.empty()) return {};
  return {first.data(), s.H};
}

/// Scratch of the products alone, for G gates.
inline std::size_t panels(const RecurrentShape& s, std::size_t G) {
  const std::size_t W = G * s.H, N = s.B * s.T;
  return std::max({kernels::gemm_scratch(N, W, s.I), kernels::gemm_scratch(s.B, W, s.H), kernels::gemm_scratch(s.B, s.H, W),
                   kernels::gemm_scratch(N, s.I, W), kernels::gemm_scratch(W, s.I, N), kernels::gemm_scratch(W, s.H, N)});
}

/// Takes arrays off a scratch span, one after the other.
template <class T>
struct Carver {
  std::span<T> rest;
  std::span<T> take(std::size_t count) {
    assert(count <= rest.size());
    const std::span<T> taken = rest.first(count);
    rest = rest.subspan(count);
    return taken;
  }
};

template <class T>
void check_inputs(const RecurrentShape& s, [[maybe_unused]] std::size_t G, const RecurrentInputs<T>& in) {
  assert(in.x.size() == s.B * s.T * s.I && in.W_ih.size() == G * s.H * s.I && in.W_hh.size() == G * s.H * s.H);
  assert((in.b_ih.empty() || in.b_ih.size() == G * s.H) && (in.b_hh.empty() || in.b_hh.size() == G * s.H));
  assert((in.h0.empty() || in.h0.size() == s.B * s.H) && (in.c0.empty() || in.c0.size() == s.B * s.H));
  (void)s;
  (void)in;
}

/// out (B, T, G·H) = x W_ihᵀ + b_ih, all steps at once
template <class T>
void project_inputs(const RecurrentShape& s, std::size_t G, const RecurrentInputs<T>& in, std::span<T> out, std::span<T> scratch) {
  kernels::gemm<T>(s.B * s.T, G * s.H, s.I, {in.x.data(), s.I}, {in.W_ih.data(), s.I, Op::transpose}, out.data(), G * s.H, false,
                   in.b_ih.empty() ? nullptr : in.b_ih.data(), scratch);
}

/// out [+]= h_{t−1} W_hh[first …, :]ᵀ + b_hh[first …], `count` rows of W_hh; out has B rows
template <class T>
void project_state(const RecurrentShape& s, const RecurrentInputs<T>& in, Rows<const T*> h, std::size_t first, std::size_t count,
                   Rows<T*> out, bool accumulate, std::span<T> scratch) {
  const T* bias = in.b_hh.empty() ? nullptr : in.b_hh.data() + first;
  if (h.data) {
    kernels::gemm<T>(s.B, count, s.H, {h.data, h.ld}, {in.W_hh.data() + first * s.H, s.H, Op::transpose}, out.data, out.ld, accumulate,
                     bias, scratch);
    return;
  }
  for (std::size_t b = 0; b < s.B; ++b) {
    const std::span<T> row{out.data + b * out.ld, count};
    if (!accumulate) kernels::fill<T>(T(0), row);
    if (bias) kernels::accumulate<T>({bias, count}, row);
  }
}

/// What comes back to h_{t−1} through `count` rows of W_hh: dh += dpre W_hh[first …, :]
template <class T>
void back_to_state(const RecurrentShape& s, const RecurrentInputs<T>& in, Rows<const T*> dpre, std::size_t first, std::size_t count,
                   Rows<T*> dh, std::span<T> scratch) {
  // forward: pre[b, k] = … + Σ_j W_hh[k, j] h[b, j]
  kernels::gemm<T>(s.B, s.H, count, {dpre.data, dpre.ld}, {in.W_hh.data() + first * s.H, s.H}, dh.data, dh.ld, true, nullptr, scratch);
}

/// Where the gradient of h_{t−1} goes: the rows of dh, or dh0 before the first step (null when nobody wants it).
template <class T>
Rows<T*> gradient_before(const RecurrentShape& s, std::size_t t, std::span<T> first, std::span<T> dh) {
  if (t > 0) return {dh.data() + (t - 1) * s.H, s.T * s.H};
  if (first.empty()) return {};
  return {first.data(), s.H};
}

/// Gradients of x, W_ih and b_ih from dpre (B, T, G·H), all steps at once.
template <class T>
void input_gradients(const RecurrentShape& s, std::size_t G, const RecurrentInputs<T>& in, std::span<const T> dpre,
                     const RecurrentGradients<T>& d, std::span<T> scratch) {
  const std::size_t N = s.B * s.T, W = G * s.H;
  // forward: pre[n, k] = Σ_i x[n, i] W_ih[k, i] + b_ih[k] + …
  if (!d.x.empty()) kernels::gemm<T>(N, s.I, W, {dpre.data(), W}, {in.W_ih.data(), s.I}, d.x.data(), s.I, true, nullptr, scratch);
  if (!d.W_ih.empty())
    kernels::gemm<T>(W, s.I, N, {dpre.data(), W, Op::transpose}, {in.x.data(), s.I}, d.W_ih.data(), s.I, true, nullptr, scratch);
  if (!d.b_ih.empty())
    for (std::size_t n = 0; n < N; ++n) kernels::accumulate<T>(dpre.subspan(n * W, W), d.b_ih);
}

/// previous (B, T, H) = h_{t−1} of every step, zero where there is none
template <class T>
void previous_states(const RecurrentShape& s, std::span<const T> h0, std::span<const T> y, std::span<T> previous) {
  for (std::size_t b = 0; b < s.B; ++b) {
    const std::span<T> rows = previous.subspan(b * s.T * s.H, s.T * s.H);
    if (h0.empty())
      kernels::fill<T>(T(0), rows.first(s.H));
    else
      std::copy_n(h0.begin() + static_cast<std::ptrdiff_t>(b * s.H), s.H, rows.begin());
    std::copy_n(y.begin() + static_cast<std::ptrdiff_t>(b * s.T * s.H), (s.T - 1) * s.H, rows.begin() + static_cast<std::ptrdiff_t>(s.H));
  }
}

/// Gradients of `count` rows of W_hh and b_hh, from the first on, out of dpre, whose B·T rows stand ld apart.
template <class T>
void state_gradients(const RecurrentShape& s, Rows<const T*> dpre, std::size_t first, std::size_t count, std::span<const T> previous,
                     const RecurrentGradients<T>& d, std::span<T> scratch) {
  const std::size_t N = s.B * s.T;
  // forward: pre[b, k] = … + Σ_j W_hh[k, j] h[b, j] + b_hh[k]
  if (!d.W_hh.empty())
    kernels::gemm<T>(count, s.H, N, {dpre.data, dpre.ld, Op::transpose}, {previous.data(), s.H}, d.W_hh.data() + first * s.H, s.H, true,
                     nullptr, scratch);
  if (!d.b_hh.empty())
    for (std::size_t n = 0; n < N; ++n) kernels::accumulate<T>({dpre.data + n * dpre.ld, count}, d.b_hh.subspan(first, count));
}

}  // namespace x2g::recurrent
