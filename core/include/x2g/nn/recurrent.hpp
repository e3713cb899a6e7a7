// Recurrent language models as specs: what came before the GPT. Names of tensors are part of the interface.
#pragma once

#include <cstdint>
#include <string_view>

#include "x2g/graph/spec.hpp"

namespace x2g {

/// Embedding → layers of one cell → linear head (Mikolov et al. 2010 with the Elman network; Sundermeyer et al. 2012 with the LSTM).
/// Tensors: ids (B, T), targets (B, T) → wte (V, channels), tokens (B, T, channels), per layer L = 0 …: layers.L.weight_ih (G·H, in),
/// layers.L.weight_hh (G·H, H), layers.L.bias_ih, layers.L.bias_hh (PyTorch's names and row order), the states layers.L (B, T, H) with
/// layers.L.dh and, of lstm, .gates and .c, of gru, .gates and .q; head.weight (V, H), head.bias, logits (B, T, V), loss, loss.probs.
struct RecurrentConfig {
  /// Elman's, long short-term memory, gated recurrent unit (ops/recurrent.hpp).
  enum class Cell : std::uint8_t { rnn, lstm, gru } cell = Cell::lstm;  ///< which
  Activation activation = Activation::tanh;                             ///< of the rnn: tanh or relu
  std::uint32_t vocab = 256;                                            ///< V
  std::uint32_t layers = 1;                                             ///< one above the other
  std::uint32_t channels = 64;                                          ///< of a token's vector
  std::uint32_t hidden = 64;                                            ///< H of every layer
  std::uint32_t batch = 12;                                             ///< B
  std::uint32_t length = 64;                                            ///< T: steps that gradients go back through
  bool bias = true;                                                     ///< b_ih and b_hh of every layer
  bool tied = false;       ///< the head is wte (Press, Wolf 2017); hidden must equal channels then
  bool state = false;      ///< inputs layers.L.h0 and, of lstm, layers.L.c0 (B, H): the state to go on from (sampling, longer texts)
  bool loss = true;        ///< false: ends at logits (sampling)
  double forget_bias = 1;  ///< how an lstm's forget gates start: open (Gers et al. 2000; Jozefowicz et al. 2015)
};
RecurrentConfig::Cell cell_from_name(std::string_view name);  ///< "rnn", "lstm", "gru"; else Error(unknown_name)
GraphSpec recurrent_model(const RecurrentConfig& c);          ///< throws Error(invalid_argument) for every field out of range

}  // namespace x2g
