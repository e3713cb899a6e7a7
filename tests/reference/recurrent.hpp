// Clear version of the recurrent layers: the formulas of ops/recurrent.hpp for one sequence and one unit at a time.
// Sums over all units are written as `product`; nothing is done for more than one step at once.
#pragma once

#include "reference/scalar.hpp"
#include "x2g/ops/recurrent.hpp"

namespace x2g::reference {

enum class Cell { rnn_tanh, rnn_relu, lstm, gru };

inline std::size_t gates_of(Cell cell) { return cell == Cell::lstm ? 4 : cell == Cell::gru ? 3 : 1; }

/// The layer's inputs, or their gradients. Empty b_ih, b_hh, h0, c0 are zero.
template <class S>
struct RecurrentArrays {
  Array<S> x, W_ih, W_hh, b_ih, b_hh, h0, c0;
};

/// gates: after their functions, (B, T, G·H). extra: c of an lstm, q of a gru.
template <class S>
struct RecurrentResult {
  Array<S> y, gates, extra;
};

template <class S>
S at(const Array<S>& a, std::size_t i) {
  return a.empty() ? S(0) : a[i];
}

/// Σ_j W[row, j] v[first + j]
template <class S>
S product(const Array<S>& W, std::size_t row, const Array<S>& v, std::size_t first, std::size_t n) {
  S sum(0);
  for (std::size_t j = 0; j < n; ++j) sum += W[row * n + j] * at(v, first + j);
  return sum;
}

template <class S>
S logistic(S x) {
  return S(1) / (S(1) + std::exp(-x));
}

template <class S>
RecurrentResult<S> recurrent_forward(Cell cell, const RecurrentShape& s, const RecurrentArrays<S>& in) {
  const std::size_t H = s.H, G = gates_of(cell), W = G * H;
  RecurrentResult<S> r{Array<S>(s.B * s.T * H), Array<S>(s.B * s.T * W), Array<S>(s.B * s.T * H)};
  for (std::size_t b = 0; b < s.B; ++b) {
    for (std::size_t t = 0; t < s.T; ++t) {
      const std::size_t now = b * s.T + t;
      const Array<S>& h_from = t ? r.y : in.h0;
      const Array<S>& c_from = t ? r.extra : in.c0;
      const std::size_t before = t ? (now - 1) * H : b * H;
      const auto from_input = [&](std::size_t row) { return product(in.W_ih, row, in.x, now * s.I, s.I) + at(in.b_ih, row); };
      const auto from_state = [&](std::size_t row) { return product(in.W_hh, row, h_from, before, H) + at(in.b_hh, row); };
      S* gate = &r.gates[now * W];
      for (std::size_t k = 0; k < H; ++k) {
        S& h = r.y[now * H + k];
        S& extra = r.extra[now * H + k];
        if (cell == Cell::rnn_tanh) {
          h = gate[k] = std::tanh(from_input(k) + from_state(k));
        } else if (cell == Cell::rnn_relu) {
          h = gate[k] = maximum(S(0), from_input(k) + from_state(k));
        } else if (cell == Cell::lstm) {
          for (std::size_t g = 0; g < 4; ++g) {
            const S pre = from_input(g * H + k) + from_state(g * H + k);
            gate[g * H + k] = g == 2 ? std::tanh(pre) : logistic(pre);
          }
          extra = gate[H + k] * at(c_from, before + k) + gate[k] * gate[2 * H + k];
          h = gate[3 * H + k] * std::tanh(extra);
        } else {
          gate[k] = logistic(from_input(k) + from_state(k));
          gate[H + k] = logistic(from_input(H + k) + from_state(H + k));
          extra = from_state(2 * H + k);
          gate[2 * H + k] = std::tanh(from_input(2 * H + k) + gate[k] * extra);
          h = (S(1) - gate[H + k]) * gate[2 * H + k] + gate[H + k] * at(h_from, before + k);
        }
      }
    }
  }
  return r;
}

/// Gradients of every input; dh (B, T, H): the whole gradient by each state.
template <class S>
struct RecurrentBack {
  RecurrentArrays<S> d;
  Array<S> dh;
};

template <class S>
RecurrentBack<S> recurrent_backward(Cell cell, const RecurrentShape& s, const RecurrentArrays<S>& in, const RecurrentResult<S>& r,
                                    const Array<S>& dy) {
  const std::size_t H = s.H, I = s.I, G = gates_of(cell), W = G * H;
  RecurrentBack<S> back{{Array<S>(in.x.size()), Array<S>(in.W_ih.size()), Array<S>(in.W_hh.size()), Array<S>(W), Array<S>(W),
                         Array<S>(s.B * H), Array<S>(s.B * H)},
                        dy};
  RecurrentArrays<S>& d = back.d;
  for (std::size_t b = 0; b < s.B; ++b) {
    Array<S> dc(H);
    for (std::size_t t = s.T; t-- > 0;) {
      const std::size_t now = b * s.T + t;
      const Array<S>& h_from = t ? r.y : in.h0;
      const Array<S>& c_from = t ? r.extra : in.c0;
      Array<S>& dh_to = t ? back.dh : d.h0;
      const std::size_t before = t ? (now - 1) * H : b * H;
      // pre[row] is what the input's product went into, of[row] what the state's product went into: equal but for a gru's n
      Array<S> pre(W), of(W);
      for (std::size_t k = 0; k < H; ++k) {
        const S dh = back.dh[now * H + k], h = r.y[now * H + k], extra = r.extra[now * H + k];
        const auto gate = [&](std::size_t g) { return r.gates[now * W + g * H + k]; };
        const auto slope = [&](std::size_t g) { return gate(g) * (S(1) - gate(g)); };
        if (cell == Cell::rnn_tanh) {
          pre[k] = dh * (S(1) - h * h);
        } else if (cell == Cell::rnn_relu) {
          pre[k] = real(h) > 0 ? dh : S(0);
        } else if (cell == Cell::lstm) {
          const S bent = std::tanh(extra);
          dc[k] += dh * gate(3) * (S(1) - bent * bent);
          pre[k] = dc[k] * gate(2) * slope(0);
          pre[H + k] = dc[k] * at(c_from, before + k) * slope(1);
          pre[2 * H + k] = dc[k] * gate(0) * (S(1) - gate(2) * gate(2));
          pre[3 * H + k] = dh * bent * slope(3);
          dc[k] *= gate(1);
        } else {
          const S n = gate(2);
          pre[2 * H + k] = dh * (S(1) - gate(1)) * (S(1) - n * n);
          pre[H + k] = dh * (at(h_from, before + k) - n) * slope(1);
          pre[k] = pre[2 * H + k] * extra * slope(0);
          dh_to[before + k] += dh * gate(1);
        }
        for (std::size_t g = 0; g < G; ++g) of[g * H + k] = pre[g * H + k];
        if (cell == Cell::gru) of[2 * H + k] *= gate(0);
      }
      for (std::size_t row = 0; row < W; ++row) {
        for (std::size_t i = 0; i < I; ++i) {
          d.x[now * I + i] += pre[row] * in.W_ih[row * I + i];
          d.W_ih[row * I + i] += pre[row] * in.x[now * I + i];
        }
        for (std::size_t j = 0; j < H; ++j) {
          dh_to[before + j] += of[row] * in.W_hh[row * H + j];
          d.W_hh[row * H + j] += of[row] * at(h_from, before + j);
        }
        d.b_ih[row] += pre[row];
        d.b_hh[row] += of[row];
      }
    }
    for (std::size_t k = 0; k < H; ++k) d.c0[b * H + k] = dc[k];
  }
  return back;
}

}  // namespace x2g::reference
