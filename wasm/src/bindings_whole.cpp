// What only the whole engine has in its table: language models, their stories, bare graphs. The rest: bindings.cpp.
#include <emscripten/bind.h>

#include "border.hpp"
#include "functions.hpp"
#include "graph_api.hpp"
#include "run_gpt.hpp"

using namespace emscripten;  // NOLINT(google-build-using-namespace): the table reads like an index without the prefix
using namespace x2g::border;

EMSCRIPTEN_BINDINGS(x2g_whole) {
  value_object<GptFields>("GptFields")
      .field("layers", &GptFields::layers)
      .field("heads", &GptFields::heads)
      .field("channels", &GptFields::channels)
      .field("context", &GptFields::context)
      .field("batch", &GptFields::batch)
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
      .field("seed", &SamplingFields::seed);

  class_<GptRun, base<TrainerRun>>("GptRun")
      .constructor(&make<GptRun, GptFields, double>, allow_raw_pointers())
      .function("beginEvaluation", on<&GptRun::begin_evaluation>)
      .function("advanceEvaluation", on<&GptRun::advance_evaluation>)
      .function("begin", on<&GptRun::begin>)
      .function("next", on<&GptRun::next>)
      .function("look", on<&GptRun::look>);
  function("measureCorpus", on<&GptRun::measure>);
  function("estimateGpt", on<&GptRun::estimate>);

  class_<GraphBuilder>("GraphBuilder")
      .constructor<>()
      .function("input", on<&GraphBuilder::input>)
      .function("parameter", on<&GraphBuilder::parameter>)
      .function("op", on<&GraphBuilder::op>)
      .function("find", on<&GraphBuilder::find>)
      .function("memory", on<&GraphBuilder::memory>);
  class_<GraphHandle>("Graph")
      .constructor(&make<GraphHandle, const GraphBuilder&, double, double>, allow_raw_pointers())
      .function("initialize", on<&GraphHandle::initialize>)
      .function("forward", on<&GraphHandle::forward>)
      .function("backward", on<&GraphHandle::backward>)
      .function("nodes", on<&GraphHandle::nodes>)
      .function("forwardNode", on<&GraphHandle::forward_node>)
      .function("backwardNode", on<&GraphHandle::backward_node>)
      .function("zeroGrad", on<&GraphHandle::zero_grad>)
      .function("seedLoss", on<&GraphHandle::seed_loss>)
      .function("value", on<&GraphHandle::value>)
      .function("grad", on<&GraphHandle::grad>)
      .function("view", on<&GraphHandle::view>)
      .function("set", on<&GraphHandle::set>)
      .function("update", on<&GraphHandle::update>)
      .function("nonFinite", on<&GraphHandle::non_finite>);

  function("stories", on<&story_text>);
}
