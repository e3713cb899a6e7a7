// What the language models' engine has in its table besides bindings.cpp: GPTs and their stories.
#include <emscripten/bind.h>

#include "border.hpp"
#include "made_stories.hpp"
#include "run_gpt.hpp"

using namespace emscripten;  // NOLINT(google-build-using-namespace): the table reads like an index without the prefix
using namespace x2g::border;

namespace {
std::string story_text(std::string language, double bytes, double seed) {
  return made_stories(language, whole("bytes", bytes, 1, 64e6), seed_of(seed));
}
}  // namespace

EMSCRIPTEN_BINDINGS(x2g_text) {
  value_object<GptFields>("GptFields")
      .field("layers", &GptFields::layers)
      .field("heads", &GptFields::heads)
      .field("channels", &GptFields::channels)
      .field("context", &GptFields::context)
      .field("batch", &GptFields::batch)
      .field("shares", &GptFields::shares)
      .field("bias", &GptFields::bias)
      .field("geluErf", &GptFields::geluErf)
      .field("tokenizer", &GptFields::tokenizer)
      .field("language", &GptFields::language)
      .field("text", &GptFields::text)
      .field("storyBytes", &GptFields::storyBytes)
      .field("storySeed", &GptFields::storySeed)
      .field("validation", &GptFields::validation)
      .field("optimizer", &GptFields::optimizer)
      .field("seed", &GptFields::seed);
  value_object<CorpusReport>("CorpusReport").field("vocab", &CorpusReport::vocab).field("tokens", &CorpusReport::tokens);
  value_object<SamplingFields>("SamplingFields")
      .field("prompt", &SamplingFields::prompt)
      .field("temperature", &SamplingFields::temperature)
      .field("topK", &SamplingFields::topK)
      .field("topP", &SamplingFields::topP)
      .field("minP", &SamplingFields::minP)
      .field("typical", &SamplingFields::typical)
      .field("repetition", &SamplingFields::repetition)
      .field("presence", &SamplingFields::presence)
      .field("frequency", &SamplingFields::frequency)
      .field("penaltyTokens", &SamplingFields::penaltyTokens)
      .field("keep", &SamplingFields::keep)
      .field("seed", &SamplingFields::seed);

  class_<GptRun, base<TrainerRun>>("GptRun")
      .constructor(&make<GptRun, GptFields, double>, allow_raw_pointers())
      .function("beginEvaluation", on<&GptRun::begin_evaluation>)
      .function("advanceEvaluation", on<&GptRun::advance_evaluation>)
      .function("begin", on<&GptRun::begin>)
      .function("next", on<&GptRun::next>)
      .function("look", on<&GptRun::look>)
      .function("share", on<&GptRun::share>);
  function("measureCorpus", on<&GptRun::measure>);
  function("estimateGpt", on<&GptRun::estimate>);

  function("stories", on<&story_text>);
#if X2G_ENGINE == 2
  function("teachStories", on<&teach_stories>);
#endif
}
