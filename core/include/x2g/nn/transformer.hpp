// Transformers whose parts can be exchanged and switched off: decoder (GPT), encoder (BERT), encoder-decoder (Vaswani et al. 2017).
// Every intermediate is a named tensor. gpt() in nn/models.hpp is the fast form of one of them: set alike, both give the same numbers.
//
// Tensors of the decoder: ids, targets (B, T) → wte (V, C), tokens, [wpe (context, C) | sinusoids], embedded → blocks.L → [lnf] → logits (B, T, V), loss.
// A block with pre-norm, b = blocks.L:   b.ln1 → b.attn.q, .k, .v (three linear layers) → [b.attn.q.rope, .k.rope] → b.attn with
//   b.attn.scores and b.attn.att (B, H, T, S) → b.attn.proj → b.mid = x + …;   b.ln2 → b.mlp.fc [, b.mlp.gate] → b.mlp.act → b.mlp.proj → b.out
// With post-norm the sums come first: b.mid → b.ln1, b.out → b.ln2 is the block's result, and there is no lnf.
// Encoder: the same, every token sees all others. Encoder-decoder: source (B, S) → encoder.blocks.L → encoder.lnf; decoder.blocks.L have a
// third part between the two, b.ln_cross, b.cross.q/.k/.v (keys and values of the encoder's result), b.cross, b.cross.proj, b.crossed.
#pragma once

#include <cstdint>

#include "x2g/graph/spec.hpp"

namespace x2g {

/// Everything that is chosen about a transformer.
struct TransformerConfig {
  /// GPT, BERT, or the original of 2017.
  enum class Form : std::uint8_t { decoder, encoder, encoder_decoder } form = Form::decoder;  ///< which
  /// What keeps activations in range; none: nothing.
  enum class Norm : std::uint8_t { layernorm, rmsnorm, none } norm = Norm::layernorm;  ///< which
  /// Before each part, or after its sum (Vaswani et al. 2017).
  enum class NormPlace : std::uint8_t { pre, post } norm_place = NormPlace::pre;  ///< Xiong et al. 2020 compare the two
  /// How a token knows where it stands: a trained table, a computed one, turned queries and keys, slopes by distance.
  enum class Positions : std::uint8_t { learned, sinusoidal, rope, alibi, none } positions = Positions::learned;  ///< which
  std::uint32_t vocab = 256;                                                                                      ///< V: 2 … 65 536
  std::uint32_t layers = 4;                                                                                       ///< of each stack: 1 … 48
  std::uint32_t heads = 4;          ///< H: 1 … 64, a divisor of channels
  std::uint32_t kv_heads = 0;       ///< a divisor of heads; 0: as many as heads
  std::uint32_t channels = 128;     ///< C: 1 … 2048
  std::uint32_t context = 64;       ///< longest sequence: 2 … 2048
  std::uint32_t batch = 12;         ///< B: 1 … 512
  std::uint32_t length = 0;         ///< T; 0 = context
  std::uint32_t source_length = 0;  ///< S of the encoder-decoder; 0 = context
  std::uint32_t classes = 0;        ///< encoder: logits of so many classes a token; 0 = of the vocabulary (masked language model)
  bool bias = false;                ///< in linear layers and layer norms
  bool tied = true;                 ///< the head is wte; else head.weight. Classes have a head of their own anyway
  bool residual = true;             ///< x + part(x); false: part(x) alone
  bool attention = true;            ///< blocks have attention
  bool mlp = true;                  ///< blocks have an MLP; one of the two must stay
  bool swiglu = false;           ///< a second linear layer as gate, activation(gate) ∘ fc (Shazeer 2020); take Activation::silu for SwiGLU
  bool scale_embedding = false;  ///< token vectors times √C (Vaswani et al. 2017, section 3.4)
  bool loss = true;              ///< false: ends at logits
  Activation activation = Activation::gelu_tanh;  ///< of the MLP
  double mlp_ratio = 4;                           ///< hidden units of the MLP per channel
  Mask mask = Mask::causal;                       ///< of the decoder's self-attention
  Score score = Score::dot;                       ///< of every attention
  double scale = 0;                               ///< of the scores; 0 = 1/√D
  double dropout = 0;                             ///< p, after the embedding and after each part, in [0, 1)
  double attention_dropout = 0;  ///< p of the weights of every attention, in [0, 1); their masks are b.attn.mask, b.cross.mask
  bool padding = false;  ///< inputs lengths (B), and source_lengths (B) of the encoder-decoder: how many tokens of each sequence are real
};

/// Throws Error(invalid_argument) for every field out of range. Targets of −1 are ignored (masked language model, padding).
/// padding: sequences are filled up at their end; keys behind a length are hidden (ops/attend.hpp). A length of 0, which inputs start
/// with, hides them all.
GraphSpec transformer(const TransformerConfig& c);

}  // namespace x2g
