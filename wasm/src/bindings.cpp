// What JavaScript may call, and nothing else: the part of the table that every engine has. Perceptrons and networks: bindings_lessons.cpp;
// language models: bindings_text.cpp; bare graphs: bindings_graph.cpp. The thin adapters behind it stand in the files beside this one.
// Types for TypeScript: web/src/lab/engine.ts. Every entry is guarded: a C++ error leaves as the object {code, message}.
#include <emscripten/bind.h>

#include "border.hpp"
#include "functions.hpp"
#include "run.hpp"

using namespace emscripten;  // NOLINT(google-build-using-namespace): the table reads like an index without the prefix
using namespace x2g::border;

EMSCRIPTEN_BINDINGS(x2g_base) {
  value_object<OptimizerFields>("OptimizerFields")
      .field("kind", &OptimizerFields::kind)
      .field("lr", &OptimizerFields::lr)
      .field("momentum", &OptimizerFields::momentum)
      .field("beta1", &OptimizerFields::beta1)
      .field("beta2", &OptimizerFields::beta2)
      .field("eps", &OptimizerFields::eps)
      .field("weightDecay", &OptimizerFields::weightDecay)
      .field("clip", &OptimizerFields::clip)
      .field("warmup", &OptimizerFields::warmup)
      .field("total", &OptimizerFields::total)
      .field("minLr", &OptimizerFields::minLr)
      .field("schedule", &OptimizerFields::schedule)
      .field("clipValue", &OptimizerFields::clipValue)
      .field("alpha", &OptimizerFields::alpha)
      .field("decayEvery", &OptimizerFields::decayEvery)
      .field("gamma", &OptimizerFields::gamma)
      .field("rise", &OptimizerFields::rise)
      .field("div", &OptimizerFields::div)
      .field("finalDiv", &OptimizerFields::finalDiv);
  value_object<MemoryReport>("MemoryReport")
      .field("parameters", &MemoryReport::parameters)
      .field("gradients", &MemoryReport::gradients)
      .field("optimizer", &MemoryReport::optimizer)
      .field("activations", &MemoryReport::activations)
      .field("scratch", &MemoryReport::scratch)
      .field("data", &MemoryReport::data)
      .field("total", &MemoryReport::total);
  value_object<EstimateReport>("EstimateReport")
      .field("parameterCount", &EstimateReport::parameterCount)
      .field("memory", &EstimateReport::memory)
      .field("vocab", &EstimateReport::vocab);
  value_object<Numbers>("Numbers")
      .field("step", &Numbers::step)
      .field("loss", &Numbers::loss)
      .field("lr", &Numbers::lr)
      .field("gradNorm", &Numbers::gradNorm)
      .field("finished", &Numbers::finished)
      .field("diverged", &Numbers::diverged)
      .field("tensor", &Numbers::tensor)
      .field("gradient", &Numbers::gradient)
      .field("phase", &Numbers::phase)
      .field("node", &Numbers::node)
      .field("nodeIndex", &Numbers::nodeIndex);

  class_<Run>("Run")
      .function("info", on<&Run::info>)
      .function("unitsPerStep", on<&Run::units_per_step>)
      .function("epochSteps", on<&Run::epoch_steps>)
      .function("steps", on<&Run::steps>)
      .function("work", on<&Run::work>)
      .function("numbers", on<&Run::numbers>)
      .function("history", on<&Run::history>)
      .function("tensor", on<&Run::tensor>)
      .function("set", on<&Run::set>)
      .function("rows", on<&Run::rows>)
      .function("snapshot", on<&Run::snapshot>)
      .function("restore", on<&Run::restore>)
      .function("save", on<&Run::save>)
      .function("load", on<&Run::load>);
  class_<TrainerRun, base<Run>>("TrainerRun").function("configure", on<&TrainerRun::configure>).function("check", on<&TrainerRun::check>);
  function("version", on<&core_version>);
  function("variant", on<&core_variant>);
}
