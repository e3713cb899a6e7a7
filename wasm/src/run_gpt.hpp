// A GPT on a text: training as for any graph, and what only a language model has: evaluation, generation, a look inside.
#pragma once

#include <optional>
#include <vector>

#include "run.hpp"
#include "x2g/lm/language_model.hpp"
#include "x2g/lm/sampler.hpp"

namespace x2g::border {

struct CorpusReport {
  double vocab = 0, tokens = 0;
};

struct SamplingFields {
  std::string prompt;
  double temperature = 1, topK = 0, seed = 0;
};

class GptRun final : public TrainerRun {
 public:
  GptRun(GptFields fields, double memory_limit);
  emscripten::val info() const override;
  double epoch_steps() const override { return 0; }
  emscripten::val rows(emscripten::val x, emscripten::val names) override;
  emscripten::val save() const override;
  void load(emscripten::val bytes) override;

  void begin_evaluation(bool validation, double index);
  emscripten::val advance_evaluation();  ///< one node; the loss after the last, else null
  /// Begins a text; returns the prompt as it is read (characters outside the vocabulary are left out).
  std::string begin(SamplingFields fields);
  /// The next token's bytes as Uint8Array; may end in the middle of a character when tokens are bytes.
  emscripten::val next();
  emscripten::val look(std::string text);

  /// Only what a text is made of, so that sizes can be tried without reading the text again.
  static CorpusReport measure(GptFields fields);
  static EstimateReport estimate(GptFields fields, double vocab, double tokens);

 private:
  GptRun(const GptFields& fields, std::string_view corpus, double memory_limit);
  Trainer<float>& trainer() override { return model_.trainer(); }
  const Trainer<float>& trainer() const override { return model_.trainer(); }

  LanguageModel model_;
  std::optional<Sampler> sampler_;
  std::vector<std::uint32_t> ids_;  // of the text being generated, the newest context only
};

}  // namespace x2g::border
