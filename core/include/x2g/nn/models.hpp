// Ready models as specs: multilayer perceptron and GPT. Names of tensors are part of the interface.
#pragma once

#include <cstdint>
#include <vector>

#include "x2g/graph/spec.hpp"

namespace x2g {

/// Fully connected net. Tensors: x (N, sizes[0]); per layer l = 1 …: `W1` (O, I), `b1`, `z1` (before) and `h1` (after the activation);
/// the last layer's result is `y` (its pre-activation is `zL`); target `t`; loss `loss`.
struct MlpConfig {
  /// mse: the mean of (y − t)²; half_mse: half of it; bce: of the logits; cross_entropy: of classes, t one whole number a row.
  enum class Loss : std::uint8_t { mse, half_mse, bce, cross_entropy } loss = Loss::mse;  ///< which
  std::vector<std::uint32_t> sizes;      ///< inputs, hidden …, outputs: 2 … 64 entries, each 1 … 4096
  Activation hidden = Activation::tanh;  ///< of all layers but the last
  Activation output = Activation::
      identity;  ///< mse losses only. With bce y = sigmoid(z), with cross_entropy y = z (probabilities: loss.probs); the loss works on z
  Init weights{Init::Kind::xavier, 0};  ///< of every matrix; biases start at 0
  bool bias = true;                     ///< every layer has one
  std::uint32_t batch = 1;              ///< rows N
};
GraphSpec mlp(const MlpConfig& c);  ///< throws Error(invalid_argument) for every field out of range

/// GPT-2 style decoder (Radford et al. 2019): pre-norm, GELU, learned positions, tied head.
/// Tensors: ids (B, T), targets (B, T) → wte (V, C), wpe (context, C), blocks.L.ln1.weight, blocks.L.attn.qkv.weight (3C, C), blocks.L.attn (B,T,C) with blocks.L.attn.att (B,H,T,T),
/// blocks.L.attn.proj.weight, blocks.L.ln2.weight, blocks.L.mlp.fc.weight (4C, C), blocks.L.mlp.proj.weight (C, 4C), lnf.weight, logits (B, T, V), loss, loss.probs. Biases `.bias` when bias is true.
struct GptConfig {
  std::uint32_t vocab = 256;     ///< V: 2 … 65 536
  std::uint32_t layers = 4;      ///< L
  std::uint32_t heads = 4;       ///< H, a divisor of channels
  std::uint32_t channels = 128;  ///< C
  std::uint32_t context = 64;    ///< rows of wpe: the longest T
  std::uint32_t batch = 12;      ///< B
  std::uint32_t length = 0;      ///< T; 0 = context
  bool bias = false;             ///< in linear layers and layer norms
  bool gelu_erf = false;         ///< exact GELU (nanoGPT's nn.GELU); else the tanh form (GPT-2)
  bool loss = true;              ///< false: ends at logits (sampling)
};
GraphSpec gpt(const GptConfig& c);  ///< throws Error(invalid_argument) for every field out of range

}  // namespace x2g
