// GPT weights as a safetensors file with the tensor names and layouts of Hugging Face's GPT-2 (GPT2LMHeadModel):
//
//   wte → transformer.wte.weight (V, C)            blocks.0.attn.qkv.weight (3C, C) → transformer.h.0.attn.c_attn.weight (C, 3C)
//
// Linear weights are stored transposed (their Conv1D). A model without biases writes zeros for them, because GPT-2 has them.
// Tokenizer, heads and GELU form stand in the metadata (keys "x2g.*"), so that a file alone says how to continue. "x2g.tokenizer" is "char"
// with the characters in "x2g.vocabulary", "byte", or "bpe" with the text of a tokenizer.json in "x2g.tokenizer.json" (text/hf_tokenizer.hpp).
//
// Reading also takes nanoGPT's state dict: the same names, linear weights not transposed. Which of the two a file holds is read off
// h.0.attn.c_attn.weight: (C, 3C) is GPT-2's, (3C, C) nanoGPT's, and no C makes them equal; all other linear weights must then be laid out
// alike, also the square attn.c_proj, whose shape alone would not tell.
// Names may begin with "transformer.", and before it with "_orig_mod." (torch.compile) or "module." (data-parallel runs).
// Where wte.weight is missing, lm_head.weight stands for it (safetensors stores one of two tied tensors); where both are there they must agree.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "x2g/graph/graph.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/text/tokenizer.hpp"

namespace x2g {

/// The whole file, GPT-2's layout.
std::vector<std::uint8_t> save_gpt(const Graph<float>& graph, const GptConfig& config, const Tokenizer& tokenizer);
/// The same for a model on byte pairs; tokenizer_json: HfTokenizer::write().
std::vector<std::uint8_t> save_gpt(const Graph<float>& graph, const GptConfig& config, std::string_view tokenizer_json);

/// Reads shapes and metadata only. vocab, layers, channels, context, bias come from the tensors; heads from the metadata, else channels / 64
/// or 1; gelu_erf from the metadata, else nanoGPT's layout has the exact form and GPT-2's the tanh form.
struct GptFile {
  /// Whose names and which way round matrices lie.
  enum class Layout : std::uint8_t { gpt2, nanogpt } layout = Layout::gpt2;  ///< which
  GptConfig config;                                                          ///< batch and length as by default
  std::optional<Tokenizer> tokenizer;                                        ///< absent when the file does not say, and for byte pairs
  std::string tokenizer_json;                                                ///< of byte pairs; else empty. Not read here
};
GptFile describe_gpt(std::span<const std::uint8_t> file);  ///< Error(bad_file) when it is no GPT

/// Copies the weights into the graph's parameters; tensors that are no weights (attention masks) are skipped.
/// Error(bad_file) names the tensor and both shapes, or a vocabulary that differs; then nothing has changed.
/// Returns a warning, empty when there is none: numbers that are not finite are legal in a file, but a model full of them computes nothing.
std::string load_gpt(std::span<const std::uint8_t> file, Graph<float>& graph, const GptConfig& config, const Tokenizer& tokenizer);
/// The same for a model on byte pairs; the file must have the same tokenizer_json.
std::string load_gpt(std::span<const std::uint8_t> file, Graph<float>& graph, const GptConfig& config, std::string_view tokenizer_json);

}  // namespace x2g
