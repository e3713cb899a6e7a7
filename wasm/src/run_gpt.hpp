// A GPT on a text: training as for any graph, and what only a language model has: evaluation, generation, a look inside.
#pragma once

#include <optional>
#include <vector>

#include "run.hpp"
#include "x2g/lm/cached_decoder.hpp"
#include "x2g/lm/decoding.hpp"
#include "x2g/lm/language_model.hpp"
#include "x2g/lm/sampler.hpp"

namespace x2g::border {

struct CorpusReport {
  double vocab = 0, tokens = 0;
};

/// As DecodingConfig; penaltyTokens: the penalties look at so many of the newest tokens, 0 = all; keep: how many of the newest tokens are
/// read again when the context is full, 0 = all that fit.
struct SamplingFields {
  std::string prompt;
  double temperature = 1, topK = 0, topP = 1, minP = 0, typical = 1, repetition = 1, presence = 0, frequency = 0;
  double penaltyTokens = 0, keep = 0, seed = 0;
};
#if X2G_ENGINE == 2  // the language models' engine draws by temperature and top-k alone, the same tokens
using TokenChoice = Sampler;
#else
using TokenChoice = Decoder;
#endif
TokenChoice choice_of(const SamplingFields& f);

class GptRun final : public TrainerRun {
 public:
  GptRun(GptFields fields, double memory_limit);
  emscripten::val info() const override;
  double epoch_steps() const override { return 0; }
  emscripten::val rows(emscripten::val x, emscripten::val names) override;
#if X2G_ENGINE != 2
  emscripten::val save() const override;
  void load(emscripten::val bytes) override;
#endif
  void set(std::string name, emscripten::val values) override;
  void restore(emscripten::val bytes) override;

  void begin_evaluation(bool validation, double index);
  emscripten::val advance_evaluation();  ///< one node; the loss after the last, else null
  /// Begins a text; returns the prompt as it is read (characters outside the vocabulary are left out).
  std::string begin(SamplingFields fields);
  /// The next token's bytes as Uint8Array; may end in the middle of a character when tokens are bytes.
  emscripten::val next();
  emscripten::val look(std::string text);

  /// A batch in shares (train/trainer.hpp): begins the share of that index, or, where it is negative, takes the whole batch's loss. Gives the
  /// parameters' gradients where they lie, as a Float32Array that is good until anything else is called.
  emscripten::val share(double index, double loss);

  const LanguageModel& model() const { return model_; }
  /// Which weights these are: what was computed with others is worthless.
  struct Weights {
    double step = 0;
    std::uint64_t edits = 0;  // set, loaded, restored
    bool operator==(const Weights&) const = default;
  };
  Weights weights() const { return {steps(), edits_}; }
  /// A prompt's tokens; nothing to go on from is a line break where there is one (nanoGPT does the same), else the first token.
  std::vector<std::uint32_t> ids_of(const std::string& prompt) const;

  /// Only what a text is made of, so that sizes can be tried without reading the text again.
  static CorpusReport measure(GptFields fields);
  static EstimateReport estimate(GptFields fields, double vocab, double tokens);

 private:
  GptRun(const GptFields& fields, std::string_view corpus, double memory_limit);
  Trainer<float>& trainer() override { return model_.trainer(); }
  const Trainer<float>& trainer() const override { return model_.trainer(); }

  std::span<const float> logits();

  LanguageModel model_;
  std::optional<TokenChoice> sampler_;
  std::optional<CachedDecoder> reader_;
  std::vector<std::uint32_t> ids_;                         // of the text being generated, prompt and all
  std::size_t first_ = 0, keep_ = 0, penalty_tokens_ = 0;  // first_: of ids_, where the context begins
  Weights read_with_;                                      // what the reader's cache was made with
  std::uint64_t edits_ = 0;
};

}  // namespace x2g::border
