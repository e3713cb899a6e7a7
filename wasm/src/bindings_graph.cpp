// What only the whole engine has in its table: bare graphs, built op by op.
#include <emscripten/bind.h>

#include "border.hpp"
#include "graph_api.hpp"

using namespace emscripten;  // NOLINT(google-build-using-namespace): the table reads like an index without the prefix
using namespace x2g::border;

EMSCRIPTEN_BINDINGS(x2g_graph) {
  class_<GraphBuilder>("GraphBuilder")
      .constructor<>()
      .function("input", on<&GraphBuilder::input>)
      .function("parameter", on<&GraphBuilder::parameter>)
      .function("buffer", on<&GraphBuilder::buffer>)
      .function("op", on<&GraphBuilder::op>)
      .function("find", on<&GraphBuilder::find>)
      .function("memory", on<&GraphBuilder::memory>)
      .function("info", on<&GraphBuilder::info>);
  class_<GraphHandle>("Graph")
      .constructor(&make<GraphHandle, const GraphBuilder&, double, double>, allow_raw_pointers())
      .function("initialize", on<&GraphHandle::initialize>)
      .function("forward", on<&GraphHandle::forward>)
      .function("backward", on<&GraphHandle::backward>)
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
      .function("nonFinite", on<&GraphHandle::non_finite>);
}
