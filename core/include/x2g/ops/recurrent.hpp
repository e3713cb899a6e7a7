// Recurrent layers over whole sequences: one state h per sequence, carried from step to step. h_t is y[:, t, :]; h₋₁ = h0, or 0 without one.
//
//   x (B, T, I) → y (B, T, H)    W_ih (G·H, I)   W_hh (G·H, H)   b_ih, b_hh (G·H)   h0, c0 (B, H)    a_t = W_ih x_t + b_ih
//
//   rnn   h_t = f(a_t + W_hh h_{t−1} + b_hh), f = tanh or relu                        G = 1: Elman 1990
//   lstm  i, f, o = σ(…), g = tanh(…) of a_t + W_hh h_{t−1} + b_hh, rows i f g o      G = 4: Hochreiter, Schmidhuber 1997;
//         c_t = f c_{t−1} + i g     h_t = o tanh(c_t)                                 the forget gate f: Gers, Schmidhuber, Cummins 1999
//   gru   r, z = σ(…) of a_t + W_hh h_{t−1} + b_hh, rows r z n                        G = 3: Cho et al. 2014, section 2.3
//         q = W_hn h_{t−1} + b_hn     n = tanh(a_n + r q)     h_t = (1 − z) n + z h_{t−1}
//
// The gru is PyTorch's variant: the reset gate multiplies q, the product with W_hn and its bias b_hn included; in the paper it multiplies
// h_{t−1} before the product. And z here keeps the old state, where some texts let it choose the new one.
//
// Backward is backpropagation through time (Werbos 1990) over all T steps, from the last to the first. It overwrites dh (B, T, H) with
// the whole gradient of the loss by each h_t: what y[:, t, :] got directly, and what came back from step t + 1:
//   dh_t = dy_t + W_hhᵀ dpre_{t+1}  (gru: + z_{t+1} dh_{t+1})     pre = what a gate's function was applied to
//   lstm  dc_t = dc_{t+1} f_{t+1} + dh_t o (1 − tanh²c_t)         di = dc g i(1 − i), df = dc c_{t−1} f(1 − f), dg = dc i (1 − g²),
//         do = dh tanh(c_t) o(1 − o)
//   gru   dn = dh (1 − z)(1 − n²), dz = dh (h_{t−1} − n) z(1 − z), dr = dn q r(1 − r), dq = dn r
//   dx += dpre W_ih    dW_ih += Σ dpreᵀ x    dW_hh += Σ dpreᵀ h_{t−1}    db += Σ dpre    (for n, W_hh and b_hh see dq)
#pragma once

#include <cstddef>
#include <span>

#include "x2g/ops/activation.hpp"

namespace x2g {

/// Sizes of one layer.
struct RecurrentShape {
  std::size_t B;  ///< sequences
  std::size_t T;  ///< steps of each
  std::size_t I;  ///< inputs of a step
  std::size_t H;  ///< units
};

/// Empty b_ih, b_hh, h0, c0 are absent: zero. Only the lstm reads c0.
template <class T>
struct RecurrentInputs {
  std::span<const T> x;     ///< (B, T, I)
  std::span<const T> W_ih;  ///< (G·H, I)
  std::span<const T> W_hh;  ///< (G·H, H)
  std::span<const T> b_ih;  ///< (G·H)
  std::span<const T> b_hh;  ///< (G·H)
  std::span<const T> h0;    ///< (B, H)
  std::span<const T> c0;    ///< (B, H)
};

/// The same tensors' gradients, which backward adds to. An empty one is not computed.
template <class T>
struct RecurrentGradients {
  std::span<T> x;     ///< (B, T, I)
  std::span<T> W_ih;  ///< (G·H, I)
  std::span<T> W_hh;  ///< (G·H, H)
  std::span<T> b_ih;  ///< (G·H)
  std::span<T> b_hh;  ///< (G·H)
  std::span<T> h0;    ///< (B, H)
  std::span<T> c0;    ///< (B, H), of the lstm
};

/// How many elements of scratch both directions need.
std::size_t rnn_scratch(const RecurrentShape& s);
std::size_t lstm_scratch(const RecurrentShape& s);  ///< likewise
std::size_t gru_scratch(const RecurrentShape& s);   ///< likewise

/// f is tanh or relu.
template <class T>
void rnn_forward(const RecurrentShape& s, Activation f, const RecurrentInputs<T>& in, std::span<T> y, std::span<T> scratch);
/// y is forward's; dh (B, T, H) is overwritten.
template <class T>
void rnn_backward(const RecurrentShape& s, Activation f, const RecurrentInputs<T>& in, std::span<const T> y, std::span<const T> dy,
                  std::span<T> dh, const RecurrentGradients<T>& d, std::span<T> scratch);

/// Saved for backward: gates (B, T, 4H) = i f g o after their functions, and c (B, T, H).
template <class T>
void lstm_forward(const RecurrentShape& s, const RecurrentInputs<T>& in, std::span<T> gates, std::span<T> c, std::span<T> y,
                  std::span<T> scratch);
/// gates, c and y are forward's; dh (B, T, H) is overwritten.
template <class T>
void lstm_backward(const RecurrentShape& s, const RecurrentInputs<T>& in, std::span<const T> gates, std::span<const T> c,
                   std::span<const T> y, std::span<const T> dy, std::span<T> dh, const RecurrentGradients<T>& d, std::span<T> scratch);

/// Saved for backward: gates (B, T, 3H) = r z n after their functions, and q (B, T, H).
template <class T>
void gru_forward(const RecurrentShape& s, const RecurrentInputs<T>& in, std::span<T> gates, std::span<T> q, std::span<T> y,
                 std::span<T> scratch);
/// gates, q and y are forward's; dh (B, T, H) is overwritten.
template <class T>
void gru_backward(const RecurrentShape& s, const RecurrentInputs<T>& in, std::span<const T> gates, std::span<const T> q,
                  std::span<const T> y, std::span<const T> dy, std::span<T> dh, const RecurrentGradients<T>& d, std::span<T> scratch);

}  // namespace x2g
