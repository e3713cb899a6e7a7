// What the whole engine does with a trained GPT besides writing: a beam search that a page can draw, the steps of one draw, the files for
// Hugging Face transformers. Writing itself is GptRun's.
#pragma once

#include <emscripten/val.h>

#include <string>

#include "run_gpt.hpp"
#include "x2g/lm/beam.hpp"

namespace x2g::border {

struct BeamFields {
  std::string prompt;
  std::string end;  // one token that finishes a continuation; "": none
  double width = 4, length = 20, alpha = 0.6, shown = 0;
};

/// One search over one run, which must outlive it and keep its weights meanwhile: advance() refuses when it was trained or set.
class BeamHandle {
 public:
  BeamHandle(GptRun& run, BeamFields fields);
  bool advance();  ///< one more token for every continuation; false when there was nothing left to do
  /// {prompt, nodes: [{parent, id, label, depth, logP, total, score, kept, finished}], beam, ranked: [node], texts: [string by rank]}
  emscripten::val tree() const;

 private:
  const GptRun& run_;
  CachedDecoder decoder_;
  CachedNext next_;
  std::vector<std::uint32_t> prompt_;
  BeamSearch search_;
  GptRun::Weights weights_;
};

/// {steps: [{step, kept, p}], removedBy: [step or null by id], drawn}: the chain of lm/decoding.hpp on the token after the prompt.
emscripten::val decoding_steps(GptRun& run, SamplingFields fields);

/// {files: [{name, bytes}], notes: [string]}: io/hf_export.hpp.
emscripten::val export_to_js(const GptRun& run);

}  // namespace x2g::border
