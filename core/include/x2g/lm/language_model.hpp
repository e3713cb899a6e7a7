// A GPT with its tokenizer and text: training on random windows, validation loss, sampling, a look inside, and weights as safetensors.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "x2g/lm/sampler.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/text/tokenizer.hpp"
#include "x2g/train/trainer.hpp"

namespace x2g {

class LanguageModel {
 public:
  /// Tokenizes `corpus`, keeps the last `validation` share of it aside, builds the trainer. model.vocab is taken from the tokenizer.
  /// Text shorter than 2·(context+2) tokens is Error(invalid_argument).
  LanguageModel(std::string_view corpus, Tokenizer tokenizer, GptConfig model, OptimizerConfig optimizer, double validation,
                std::uint64_t seed, std::uint64_t memory_limit = 256ull << 20);

  Trainer<float>& trainer() { return trainer_; }
  const Tokenizer& tokenizer() const { return tokenizer_; }
  const GptConfig& config() const { return config_; }
  std::size_t train_tokens() const { return split_; }
  std::size_t validation_tokens() const { return tokens_->size() - split_; }

  /// Mean loss over one random batch of the validation (or training) part; the caller averages several. Same `index`, same batch.
  double evaluate(bool validation, std::uint64_t index);

  /// Logits (V) of the token after `ids` (the last `context` of them are read); ids must not be empty.
  std::vector<float> next_logits(const std::vector<std::uint32_t>& ids);

  /// Attention of every layer and head on the last (up to context) ids: (L, H, n, n) flat, rows = query.
  struct Inside {
    std::vector<std::uint32_t> ids;
    std::vector<float> attention;
    std::vector<float> probabilities;  ///< (V) of the next token, temperature 1
  };
  Inside look(const std::vector<std::uint32_t>& ids);

  std::vector<std::uint8_t> save() const;                 ///< safetensors, Hugging Face GPT-2 names and Conv1D layout, tokenizer and config in metadata
  void load(std::span<const std::uint8_t> file);          ///< Error(bad_file) names the tensor and both shapes; then nothing has changed

 private:
  Graph<float>& forward_graph(std::size_t tokens);
  Tokenizer tokenizer_;
  GptConfig config_;
  std::shared_ptr<const std::vector<std::uint32_t>> tokens_;
  std::size_t split_;
  std::uint64_t seed_;
  Trainer<float> trainer_;
  std::unique_ptr<Graph<float>> look_, eval_;
};

}  // namespace x2g
