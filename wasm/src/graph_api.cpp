#include "graph_api.hpp"

#include <algorithm>

#include "border.hpp"
#include "run.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/train/gradient_check.hpp"

namespace x2g::border {

GraphHandle::GraphHandle(const GraphBuilder& builder, double state_slots, double memory_limit)
    : graph_(builder.spec(), {.state_slots = count("state slots", state_slots, 0, 2),
                              .memory_limit = whole("the memory limit", memory_limit, 0, 4294967295.0)}) {}

void GraphHandle::initialize(double seed) {
  std::ranges::fill(graph_.state(), 0.0f);  // the optimizer's moments, too: the same seed, the same training
  graph_.initialize(seed_of(seed));
}

double GraphHandle::forward() { return static_cast<double>(graph_.forward()); }
void GraphHandle::backward() { graph_.backward(); }
void GraphHandle::accumulate(double factor) {
  if (!(factor > 0 && factor <= 1))
    throw Error(ErrorCode::invalid_argument, text("share is ", factor, "; it must be above 0 and at most 1"));
  graph_.zero_value_grad();
  graph_.seed_loss(static_cast<float>(factor));
  for (std::size_t i = graph_.node_count(); i-- > 0;) graph_.backward_node(i);
}
void GraphHandle::set_training(bool on) { graph_.set_training(on); }
void GraphHandle::set_step(double step) { graph_.set_step(whole("step", step, 0, 1e15)); }

std::size_t GraphHandle::node(double i) const {
  if (graph_.node_count() == 0) throw Error(ErrorCode::bad_state, "the graph has no nodes; add at least one op");
  return static_cast<std::size_t>(whole("node", i, 0, static_cast<double>(graph_.node_count() - 1)));
}

void GraphHandle::forward_node(double i) { graph_.forward_node(node(i)); }
void GraphHandle::backward_node(double i) { graph_.backward_node(node(i)); }

val GraphHandle::value(double id) const { return to_js(graph_.value(tensor_id(id))); }
val GraphHandle::grad(double id) const { return to_js(graph_.grad(tensor_id(id))); }

val GraphHandle::view(double id) {
  const std::span<float> values = graph_.value(tensor_id(id));
  return val(emscripten::typed_memory_view(values.size(), values.data()));
}

void GraphHandle::set(double id, val values) {
  const std::span<float> to = graph_.value(tensor_id(id));
  const std::vector<float> from = floats("values", values);
  if (from.size() != to.size())
    throw Error(ErrorCode::shape_mismatch, text("tensor ", id, " takes ", to.size(), " numbers, not ", from.size()));
  std::ranges::copy(from, to.begin());
}

double GraphHandle::update(OptimizerFields optimizer, double step) {
  return x2g::update(optimizer_config(optimizer), graph_, whole("step", step, 0, 1e15)).grad_norm;
}

val GraphHandle::check(std::string name, double index, double h) const {
  const std::size_t size = graph_.value(graph_.spec().require(name)).size();
  const std::uint64_t at = whole("index", index, 0, static_cast<double>(size - 1));
  return check_to_js(check_gradient(*in_double(graph_), name, static_cast<std::size_t>(at), h));
}

std::string GraphHandle::non_finite() const {
  const auto found = graph_.find_non_finite();
  return found.tensor == kNoTensor ? std::string() : graph_.spec().tensors()[static_cast<std::size_t>(found.tensor)].name;
}

}  // namespace x2g::border
