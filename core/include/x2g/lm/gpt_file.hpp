// GPT weights as a safetensors file with the tensor names and layouts of Hugging Face's GPT-2 (GPT2LMHeadModel):
//
//   wte → transformer.wte.weight (V, C)            blocks.0.attn.qkv.weight (3C, C) → transformer.h.0.attn.c_attn.weight (C, 3C)
//
// Linear weights are stored transposed (their Conv1D). A model without biases writes zeros for them, because GPT-2 has them.
// Tokenizer, heads and GELU form stand in the metadata (keys "x2g.*"), so that a file alone says how to continue.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "x2g/graph/graph.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/text/tokenizer.hpp"

namespace x2g {

std::vector<std::uint8_t> save_gpt(const Graph<float>& graph, const GptConfig& config, const Tokenizer& tokenizer);

/// Reads shapes and metadata only. vocab, layers, channels, context, bias come from the tensors; heads from the metadata, else channels / 64 or 1.
struct GptFile {
  GptConfig config;
  std::optional<Tokenizer> tokenizer;  ///< absent when the file does not say
};
GptFile describe_gpt(std::span<const std::uint8_t> file);

/// Copies the weights into the graph's parameters. With or without the "transformer." prefix; buffers and a tied lm_head are skipped.
/// Error(bad_file) names the tensor and both shapes, or a vocabulary that differs; then nothing has changed.
void load_gpt(std::span<const std::uint8_t> file, Graph<float>& graph, const GptConfig& config, const Tokenizer& tokenizer);

}  // namespace x2g
