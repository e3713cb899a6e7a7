// What the whole engine and the engine for graphs have in their tables: a graph written down, and a run that trains it.
#include <emscripten/bind.h>

#include "border.hpp"
#include "graph_builder.hpp"
#include "run_graph.hpp"

using namespace emscripten;  // NOLINT(google-build-using-namespace): the table reads like an index without the prefix
using namespace x2g::border;

EMSCRIPTEN_BINDINGS(x2g_graph_runs) {
  class_<GraphBuilder>("GraphBuilder")
      .constructor<>()
#if X2G_ENGINE != 4  // ready models are the whole engine's
      .function("model", on<&GraphBuilder::model>)
      .function("lora", on<&GraphBuilder::lora>)
#endif
      .function("input", on<&GraphBuilder::input>)
      .function("parameter", on<&GraphBuilder::parameter>)
      .function("buffer", on<&GraphBuilder::buffer>)
      .function("op", on<&GraphBuilder::op>)
      .function("find", on<&GraphBuilder::find>)
      .function("memory", on<&GraphBuilder::memory>)
      .function("info", on<&GraphBuilder::info>);
  class_<GraphRun, base<TrainerRun>>("GraphRun")
      .constructor(&make<GraphRun, const GraphBuilder&, OptimizerFields, double, double>, allow_raw_pointers());
}
