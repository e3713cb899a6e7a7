// Runs one recurrent op, whichever it is, on made-up numbers: what the tests of the op and of its golden figures share.
#pragma once

#include <array>
#include <string>
#include <utility>

#include "core/ops/op_check.hpp"
#include "reference/recurrent.hpp"

namespace x2g::test {

using reference::Cell;
using reference::gates_of;
using Arrays = reference::RecurrentArrays<double>;

inline constexpr Cell kCells[] = {Cell::rnn_tanh, Cell::rnn_relu, Cell::lstm, Cell::gru};
inline const char* name_of(Cell cell) {
  constexpr const char* names[] = {"rnn_tanh", "rnn_relu", "lstm", "gru"};
  return names[static_cast<std::size_t>(cell)];
}
inline Activation function_of(Cell cell) { return cell == Cell::rnn_relu ? Activation::relu : Activation::tanh; }

/// The arrays' members with their names, in the op's order.
template <class A>
auto members(A& a) {
  return std::array{std::pair{"x", &a.x},       std::pair{"W_ih", &a.W_ih}, std::pair{"W_hh", &a.W_hh}, std::pair{"b_ih", &a.b_ih},
                    std::pair{"b_hh", &a.b_hh}, std::pair{"h0", &a.h0},     std::pair{"c0", &a.c0}};
}

/// Inputs for a cell; without extras the biases and first states are absent.
inline Arrays made_inputs(Cell cell, const RecurrentShape& s, std::uint64_t seed, bool extras = true) {
  const std::size_t W = gates_of(cell) * s.H, states = s.B * s.H;
  const auto extra = [&](std::size_t n, std::uint64_t k) { return extras ? values(n, seed + k) : Doubles{}; };
  return {values(s.B * s.T * s.I, seed),
          values(W * s.I, seed + 10),
          values(W * s.H, seed + 20, -0.5, 1),
          extra(W, 30),
          extra(W, 40),
          extra(states, 50),
          cell == Cell::lstm ? extra(states, 60) : Doubles{}};
}

template <class T>
struct RecurrentRun {
  std::vector<T> y, gates, extra, dh;
  reference::RecurrentArrays<T> d;  // gradients, added to what `start` held
};

/// Forward and, when dy is not empty, backward; `d` says which gradients are wanted (not empty) and where they start.
template <class T>
RecurrentRun<T> run_cell(Cell cell, const RecurrentShape& s, const Arrays& inputs, const Doubles& dy, reference::RecurrentArrays<T> d) {
  reference::RecurrentArrays<T> a{as<T>(inputs.x),    as<T>(inputs.W_ih), as<T>(inputs.W_hh), as<T>(inputs.b_ih),
                                  as<T>(inputs.b_hh), as<T>(inputs.h0),   as<T>(inputs.c0)};
  const RecurrentInputs<T> in{a.x, a.W_ih, a.W_hh, a.b_ih, a.b_hh, a.h0, a.c0};
  const std::size_t states = s.B * s.T * s.H;
  RecurrentRun<T> r{std::vector<T>(states), std::vector<T>(gates_of(cell) * states), std::vector<T>(states), std::vector<T>(states, T(77)),
                    std::move(d)};
  const RecurrentGradients<T> g{r.d.x, r.d.W_ih, r.d.W_hh, r.d.b_ih, r.d.b_hh, r.d.h0, r.d.c0};
  const std::vector<T> tdy = as<T>(dy);
  const std::size_t need = cell == Cell::lstm ? lstm_scratch(s) : cell == Cell::gru ? gru_scratch(s) : rnn_scratch(s);
  std::vector<T> scratch(need, T(55));  // whatever a node before left there
  if (cell == Cell::lstm) {
    lstm_forward<T>(s, in, r.gates, r.extra, r.y, scratch);
    if (!dy.empty()) lstm_backward<T>(s, in, r.gates, r.extra, r.y, tdy, r.dh, g, scratch);
  } else if (cell == Cell::gru) {
    gru_forward<T>(s, in, r.gates, r.extra, r.y, scratch);
    if (!dy.empty()) gru_backward<T>(s, in, r.gates, r.extra, r.y, tdy, r.dh, g, scratch);
  } else {
    rnn_forward<T>(s, function_of(cell), in, r.y, scratch);
    if (!dy.empty()) rnn_backward<T>(s, function_of(cell), in, r.y, tdy, r.dh, g, scratch);
  }
  return r;
}

/// Gradient buffers of every input, at zero.
template <class T>
reference::RecurrentArrays<T> all_gradients(Cell cell, const RecurrentShape& s) {
  const std::size_t W = gates_of(cell) * s.H, states = s.B * s.H;
  using V = std::vector<T>;
  return {V(s.B * s.T * s.I), V(W * s.I), V(W * s.H), V(W), V(W), V(states), cell == Cell::lstm ? V(states) : V{}};
}

}  // namespace x2g::test
