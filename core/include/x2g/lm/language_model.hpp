// A GPT with its tokenizer and text: training on random windows, loss on unseen text, sampling, a look inside.
// Weights as files are gpt_file.hpp's; the model itself is nn/models.hpp's.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "x2g/lm/sampler.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/text/tokenizer.hpp"
#include "x2g/train/trainer.hpp"

namespace x2g {

/// One text, one model, one run; float only.
class LanguageModel {
 public:
  /// Tokenizes `corpus`, keeps the last `validation` share (0 … 0.5) of it aside, builds the trainer. model.vocab is taken from the tokenizer.
  /// shares: the run takes one of so many equal shares of each batch (TrainOptions workers), the first unless told; evaluation stays whole.
  /// Error(invalid_argument) when a part is shorter than the context + 2 tokens or the shares divide no batch, Error(out_of_memory) with
  /// the figure.
  LanguageModel(std::string_view corpus, Tokenizer tokenizer, GptConfig model, OptimizerConfig optimizer, double validation,
                std::uint64_t seed, std::uint64_t memory_limit = kMemoryLimit, std::uint32_t shares = 1);
  /// On tokens of whatever tokenizer, ids below `vocabulary`; tokenizer() stands for bytes then and says nothing.
  LanguageModel(std::vector<std::uint32_t> tokens, std::uint32_t vocabulary, GptConfig model, OptimizerConfig optimizer, double validation,
                std::uint64_t seed, std::uint64_t memory_limit = kMemoryLimit, std::uint32_t shares = 1);

  Trainer<float>& trainer() { return trainer_; }                              ///< the run
  const Trainer<float>& trainer() const { return trainer_; }                  ///< the run
  const Tokenizer& tokenizer() const { return tokenizer_; }                   ///< as given
  const GptConfig& config() const { return config_; }                         ///< with the tokenizer's vocabulary
  std::size_t train_tokens() const { return split_; }                         ///< of the first part
  std::size_t validation_tokens() const { return tokens_->size() - split_; }  ///< of the part kept aside

  /// Loss over one random batch of the validation (or training) part; the caller averages several. Same `index`, same batch.
  /// Without a validation part it is Error(bad_state).
  double evaluate(bool validation, std::uint64_t index);
  /// The same in pieces, for those who cannot wait: begin, then advance() by single nodes until it gives the loss.
  void begin_evaluation(bool validation, std::uint64_t index);
  std::optional<double> advance_evaluation();  ///< empty until the last node has run

  /// Logits (V) of the token after `ids`; the last `context` of them are read. Valid until the next call. ids must not be empty.
  std::span<const float> next_logits(std::span<const std::uint32_t> ids);

  /// What the model sees at the end of a text.
  struct Inside {
    std::vector<std::uint32_t> ids;    ///< the last n ≤ context
    std::vector<float> attention;      ///< (L, H, n, n): row = the token that looks, column = the token looked at
    std::vector<float> probabilities;  ///< (V) of the next token at temperature 1
  };
  Inside look(std::span<const std::uint32_t> ids);  ///< ids must not be empty

  /// Bytes of everything: run, evaluation and sampling graphs, tokens.
  static MemoryEstimate memory(GptConfig model, const OptimizerConfig& optimizer, std::uint64_t tokens, std::uint32_t shares = 1);

 private:
  std::size_t run_forward(std::span<const std::uint32_t> ids);

  Tokenizer tokenizer_;
  GptConfig config_;
  std::shared_ptr<const std::vector<std::uint32_t>> tokens_;
  std::size_t split_;
  std::uint64_t memory_limit_;
  Trainer<float> trainer_;
  std::unique_ptr<TextBatches<float>> held_out_, seen_;
  Graph<float> sampling_;               // B = 1, no loss
  std::unique_ptr<Graph<float>> eval_;  // made at the first evaluation
  std::size_t eval_node_ = 0;           // the node that advance_evaluation() runs next
};

}  // namespace x2g
