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

struct TransformerConfig {
  enum class Form : std::uint8_t { decoder, encoder, encoder_decoder } form = Form::decoder;
  enum class Norm : std::uint8_t { layernorm, rmsnorm, none } norm = Norm::layernorm;
  enum class NormPlace : std::uint8_t { pre, post } norm_place = NormPlace::pre;  ///< Xiong et al. 2020 compare the two
  enum class Positions : std::uint8_t { learned, sinusoidal, rope, alibi, none } positions = Positions::learned;
  std::uint32_t vocab = 256, layers = 4, heads = 4, kv_heads = 0;  ///< kv_heads 0: as many as heads
  std::uint32_t channels = 128, context = 64, batch = 12;
  std::uint32_t length = 0, source_length = 0;  ///< T, and S of the encoder-decoder; 0 = context
  std::uint32_t classes = 0;  ///< encoder: logits of so many classes a token; 0 = of the vocabulary (masked language model)
  bool bias = false;
  bool tied = true;  ///< the head is wte; else head.weight. Classes have a head of their own anyway
  bool residual = true, attention = true, mlp = true;
  bool swiglu = false;           ///< a second linear layer as gate, activation(gate) ∘ fc (Shazeer 2020); take Activation::silu for SwiGLU
  bool scale_embedding = false;  ///< token vectors times √C (Vaswani et al. 2017, section 3.4)
  bool loss = true;              ///< false: ends at logits
  Activation activation = Activation::gelu_tanh;
  double mlp_ratio = 4;          ///< hidden units of the MLP per channel
  Mask mask = Mask::causal;      ///< of the decoder's self-attention
  Score score = Score::dot;      ///< of every attention
  double scale = 0;              ///< of the scores; 0 = 1/√D
  double dropout = 0;            ///< p, after the embedding and after each part, in [0, 1)
  double attention_dropout = 0;  ///< p of the weights of every attention, in [0, 1); their masks are b.attn.mask, b.cross.mask
  bool padding = false;  ///< inputs lengths (B), and source_lengths (B) of the encoder-decoder: how many tokens of each sequence are real
};

/// Throws Error(invalid_argument) for every field out of range. Targets of −1 are ignored (masked language model, padding).
/// padding: sequences are filled up at their end; keys behind a length are hidden (ops/attend.hpp). A length of 0, which inputs start
/// with, hides them all.
GraphSpec transformer(const TransformerConfig& c);

}  // namespace x2g
