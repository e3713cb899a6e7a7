// What only the whole engine has in its table: bare graphs, from ready models or op by op, and what a trained GPT can do besides writing.
#include <emscripten/bind.h>

#include "border.hpp"
#include "decoding_api.hpp"
#include "graph_api.hpp"

using namespace emscripten;  // NOLINT(google-build-using-namespace): the table reads like an index without the prefix
using namespace x2g::border;

EMSCRIPTEN_BINDINGS(x2g_graph) {
  class_<GraphHandle>("Graph")
      .constructor(&make<GraphHandle, const GraphBuilder&, double, double>, allow_raw_pointers())
      .function("initialize", on<&GraphHandle::initialize>)
      .function("forward", on<&GraphHandle::forward>)
      .function("backward", on<&GraphHandle::backward>)
      .function("accumulate", on<&GraphHandle::accumulate>)
      .function("setTraining", on<&GraphHandle::set_training>)
      .function("setStep", on<&GraphHandle::set_step>)
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
      .function("check", on<&GraphHandle::check>)
      .function("nonFinite", on<&GraphHandle::non_finite>);

  value_object<BeamFields>("BeamFields")
      .field("prompt", &BeamFields::prompt)
      .field("end", &BeamFields::end)
      .field("width", &BeamFields::width)
      .field("length", &BeamFields::length)
      .field("alpha", &BeamFields::alpha)
      .field("shown", &BeamFields::shown);
  class_<BeamHandle>("Beam")
      .constructor(&make<BeamHandle, GptRun&, BeamFields>, allow_raw_pointers())
      .function("advance", on<&BeamHandle::advance>)
      .function("tree", on<&BeamHandle::tree>);
  function("decodingSteps", on<&decoding_steps>);
  function("exportHf", on<&export_to_js>);
}
