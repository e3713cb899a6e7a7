#include "graph_api.hpp"

#include <algorithm>

#include "border.hpp"
#include "models.hpp"
#include "run.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/train/gradient_check.hpp"

namespace x2g::border {
namespace {

/// Ids beyond any graph become −2, which the graph itself refuses by name.
TensorId tensor_id(double id) {
  return id >= -1 && id < 1e6 && id == static_cast<double>(static_cast<TensorId>(id)) ? static_cast<TensorId>(id) : -2;
}

Shape shape_from(const val& dims) {
  const std::vector<double> sizes = doubles("shape", dims, 64);
  if (sizes.size() > 4) throw Error(ErrorCode::shape_mismatch, text("a shape of ", sizes.size(), " dimensions; a tensor has at most 4"));
  Shape s;
  for (const double size : sizes) s.dims[s.rank++] = count("a dimension", size, 1, 1 << 24);
  if (s.size() > (1ull << 31))
    throw Error(ErrorCode::out_of_memory, text("a tensor of shape ", s.text(), " is larger than any memory here"));
  return s;
}

/// Up to four whole numbers, zeros allowed: a shape's, or the order of axes.
Shape list_from(const char* name, const val& given) {
  Shape s;
  for (const double size : doubles(name, given, 4)) s.dims[s.rank++] = count(name, size, 0, 1 << 24);
  return s;
}

/// The attributes that are given; each op reads its own. Names are those of OpAttributes in camelCase.
OpAttributes attributes_from(const val& given) {
  OpAttributes a;
  if (given.isUndefined() || given.isNull()) return a;
  const auto each = [&given](const char* name, const auto& take) {
    if (const val v = given[name]; !v.isUndefined()) take(v);
  };
  const auto counts = [&each](const char* name, std::uint32_t& to, std::uint32_t low, std::uint32_t high) {
    each(name, [&](const val& v) { to = count(name, v.as<double>(), low, high); });
  };
  const auto numbers = [&each](const char* name, double& to) { each(name, [&](const val& v) { to = v.as<double>(); }); };
  const auto pairs = [&each](const char* name, std::array<std::uint32_t, 2>& to) {
    each(name, [&](const val& v) {
      const std::vector<double> two = doubles(name, v, 2);
      if (two.size() != 2)
        throw Error(ErrorCode::invalid_argument, text(name, " holds ", two.size(), " numbers; give two: [height, width]"));
      for (std::size_t i = 0; i < 2; ++i) to[i] = count(name, two[i], 0, 1024);
    });
  };
  each("activation", [&](const val& v) { a.activation = activation_from_name(v.as<std::string>()); });
  counts("heads", a.heads, 1, 1024);
  counts("kvHeads", a.kv_heads, 0, 1024);
  each("causal", [&](const val& v) { a.causal = v.as<bool>(); });
  numbers("scale", a.scale);
  numbers("eps", a.eps);
  numbers("rate", a.rate);
  numbers("base", a.base);
  counts("axis", a.axis, 0, 3);
  counts("begin", a.begin, 0, 1u << 24);
  counts("end", a.end, 0, 1u << 24);
  each("flag", [&](const val& v) { a.flag = v.as<bool>(); });
  each("mask", [&](const val& v) { a.mask = mask_from_name(v.as<std::string>()); });
  each("score", [&](const val& v) { a.score = score_from_name(v.as<std::string>()); });
  each("shape", [&](const val& v) { a.shape = list_from("shape", v); });
  pairs("kernel", a.window.kernel);
  pairs("stride", a.window.stride);
  pairs("padding", a.window.padding);
  pairs("dilation", a.window.dilation);
  return a;
}

}  // namespace

void GraphBuilder::model(std::string name, val config) {
  if (!spec_.tensors().empty()) throw Error(ErrorCode::bad_state, "a model stands at a graph's beginning; nothing may come before it");
  spec_ = model_from(name, config);
}

void GraphBuilder::lora(val config) { spec_ = lora_from(spec_, config); }

double GraphBuilder::input(std::string name, val shape) { return spec_.input(std::move(name), shape_from(shape)); }

double GraphBuilder::parameter(std::string name, val shape, std::string init, double a, bool decay) {
  return spec_.parameter(std::move(name), shape_from(shape), init_from(init, a), decay);
}

double GraphBuilder::buffer(std::string name, val shape, std::string init, double a) {
  return spec_.buffer(std::move(name), shape_from(shape), init_from(init, a));
}

double GraphBuilder::op(std::string kind, std::string name, val inputs, val attributes) {
  std::vector<TensorId> ids;
  for (const double id : doubles("inputs", inputs, 16)) ids.push_back(tensor_id(id));
  return spec_.op(op_from_name(kind), std::move(name), std::move(ids), attributes_from(attributes));
}

double GraphBuilder::find(std::string name) const { return spec_.find(name); }

val GraphBuilder::info() const {
  val out = spec_to_js(spec_);
  for (std::size_t i = 0; i < spec_.nodes().size(); ++i) {
    val inputs = val::array();
    for (const TensorId id : spec_.nodes()[i].inputs)
      inputs.call<void>("push", id == kNoTensor ? val::null() : val(spec_.tensors()[static_cast<std::size_t>(id)].name));
    out["nodes"][i].set("inputs", inputs);
  }
  return out;
}

val GraphBuilder::memory(double state_slots) const {
  return memory_to_js(memory_report(spec_.memory(count("state slots", state_slots, 0, 2), sizeof(float)), 0));
}

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

val GraphHandle::check(std::string name, double index) const {
  const std::size_t size = graph_.value(graph_.spec().require(name)).size();
  const std::uint64_t at = whole("index", index, 0, static_cast<double>(size - 1));
  return check_to_js(check_gradient(*in_double(graph_), name, static_cast<std::size_t>(at)));
}

std::string GraphHandle::non_finite() const {
  const auto found = graph_.find_non_finite();
  return found.tensor == kNoTensor ? std::string() : graph_.spec().tensors()[static_cast<std::size_t>(found.tensor)].name;
}

}  // namespace x2g::border
