#include "run_graph.hpp"

#include <algorithm>
#include <memory>

#include "border.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g::border {
namespace {

/// Inputs are set from outside and stand until they are set again.
class StandingData final : public BatchSource<float> {
 public:
  void fill(std::uint64_t, Graph<float>&) override {}
};

const GraphSpec& with_nodes(const GraphSpec& spec) {
  if (spec.nodes().empty()) throw Error(ErrorCode::bad_state, "the graph has no op; add at least one");
  return spec;
}

}  // namespace

GraphRun::GraphRun(const GraphBuilder& builder, OptimizerFields optimizer, double seed, double memory_limit)
    : trainer_(with_nodes(builder.spec()), optimizer_config(optimizer), std::make_unique<StandingData>(), seed_of(seed),
               whole("the memory limit", memory_limit, 0, 4294967295.0)) {}

val GraphRun::info() const {
  const GraphSpec& spec = trainer_.graph().spec();
  val out = graph_info(memory_report(spec.memory(trainer_.optimizer().state_slots(), sizeof(float)), 0));
  out.set("vocab", val::null());
  out.set("epochSteps", 0);
  return out;
}

void GraphRun::set(std::string name, val values) {
  Graph<float>& graph = trainer_.graph();
  const TensorId id = graph.spec().require(name);
  if (graph.spec().tensors()[static_cast<std::size_t>(id)].role != Role::input) return TrainerRun::set(name, values);
  const std::span<float> to = graph.value(id);
  const std::vector<float> from = floats(name, values);
  if (from.size() != to.size())
    throw Error(ErrorCode::shape_mismatch, text("\"", name, "\" takes ", to.size(), " numbers, not ", from.size()));
  require_finite(name, from);
  std::ranges::copy(from, to.begin());
  trainer_.touch();
}

val GraphRun::rows(val, val) {
  throw Error(ErrorCode::bad_state, "a graph's shapes are fixed: set its inputs and read its tensors instead of asking for rows");
}

}  // namespace x2g::border
