#include "run.hpp"

#include <algorithm>
#include <bit>

#include "border.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g::border {

std::uint64_t History::stride(std::uint64_t step) { return std::max<std::uint64_t>(1, std::bit_floor(step) / 512); }

std::uint64_t History::next_mark(std::uint64_t step) {
  const std::uint64_t width = stride(step);
  return (step / width + 1) * width;
}

void History::add(std::uint64_t step, double loss) {
  steps_.push_back(static_cast<double>(step));
  losses_.push_back(loss);
}

val History::take() {
  val out = val::object();
  out.set("step", to_js(std::span<const double>(steps_)));
  out.set("loss", to_js(std::span<const double>(losses_)));
  clear();
  return out;
}

void History::clear() {
  steps_.clear();
  losses_.clear();
}

val Run::save() const { throw Error(ErrorCode::bad_state, "this kind of run has no weights file; use a snapshot"); }
void Run::load(val) { throw Error(ErrorCode::bad_state, "this kind of run reads no weights file; use a snapshot"); }

double TrainerRun::units_per_step() const {
  return static_cast<double>(2 + 2 * const_cast<TrainerRun*>(this)->trainer().graph().node_count());
}

double TrainerRun::work(double units, double until) {
  Trainer<float>& t = trainer();
  const double per_step = units_per_step();
  double left = units;
  while (left >= 1 && !t.diverged() && static_cast<double>(t.steps()) < until) {
    const std::uint64_t step = t.steps(), mark = History::next_mark(step);
    if (t.phase() == Phase::batch && left >= per_step) {
      const double whole_steps = std::min({left / per_step, until - static_cast<double>(step), static_cast<double>(mark - step)});
      const auto n = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(whole_steps));
      t.step(n);
      left -= static_cast<double>(n) * per_step;
    } else {
      t.advance();
      --left;
    }
    if (t.steps() == mark) history_.add(mark, t.report().loss);
  }
  return units - left;
}

Numbers TrainerRun::numbers() {
  static constexpr std::string_view phases[] = {"batch", "forward", "backward", "update"};
  Trainer<float>& t = trainer();
  const TrainReport& r = t.report();
  Numbers n;
  n.step = static_cast<double>(r.step);
  n.loss = r.loss;
  n.lr = r.lr;
  n.gradNorm = r.grad_norm;
  n.diverged = r.diverged;
  n.tensor = r.tensor;
  n.gradient = r.gradient;
  if (t.phase() != Phase::batch) {
    n.phase = phases[static_cast<std::size_t>(t.phase())];
    n.nodeIndex = static_cast<double>(t.node());
    if (t.phase() != Phase::update) n.node = t.graph().spec().nodes()[t.node()].name;
  }
  return n;
}

val shape_to_js(const Shape& shape) {
  val out = val::array();
  for (std::uint32_t i = 0; i < shape.rank; ++i) out.call<void>("push", shape.dims[i]);
  return out;
}

val tensor_to_js(const std::string& name, val shape, val data) {
  val out = val::object();
  out.set("name", name);
  out.set("shape", shape);
  out.set("data", data);
  return out;
}

val memory_to_js(const MemoryReport& m) {
  val out = val::object();
  out.set("parameters", m.parameters);
  out.set("gradients", m.gradients);
  out.set("optimizer", m.optimizer);
  out.set("activations", m.activations);
  out.set("scratch", m.scratch);
  out.set("data", m.data);
  out.set("total", m.total);
  return out;
}

MemoryReport memory_report(const MemoryEstimate& m, double data) {
  const auto number = [](std::uint64_t bytes) { return static_cast<double>(bytes); };
  return {number(m.parameters),    number(m.gradients), number(m.optimizer), number(m.activations), number(m.scratch), data,
          number(m.total()) + data};
}

val TrainerRun::tensor(std::string name, bool grad) {
  Graph<float>& graph = trainer().graph();
  const TensorId id = graph.spec().require(name);
  const std::span<const float> values = grad ? std::span<const float>(graph.grad(id)) : std::span<const float>(graph.value(id));
  if (grad && values.empty())
    throw Error(ErrorCode::unknown_name, text("\"", name, "\" has no gradient: inputs and saved tensors have none"));
  return tensor_to_js(name, shape_to_js(graph.spec().tensors()[static_cast<std::size_t>(id)].shape), to_js(values));
}

void TrainerRun::set(std::string name, val values) {
  Graph<float>& graph = trainer().graph();
  const TensorId id = graph.spec().require(name);
  const Role role = graph.spec().tensors()[static_cast<std::size_t>(id)].role;
  if (role != Role::parameter && role != Role::buffer)
    throw Error(ErrorCode::invalid_argument, text("\"", name, "\" is computed or filled by each batch; only parameters can be set"));
  const std::span<float> to = graph.value(id);
  const std::vector<float> from = floats(name, values);
  if (from.size() != to.size())
    throw Error(ErrorCode::shape_mismatch, text("\"", name, "\" takes ", to.size(), " numbers, not ", from.size()));
  require_finite(name, from);
  std::ranges::copy(from, to.begin());
  trainer().touch();
}

val TrainerRun::snapshot() const {
  const std::vector<std::uint8_t> bytes = trainer().snapshot();
  return to_js(std::span<const std::uint8_t>(bytes));
}

void TrainerRun::restore(val data) {
  trainer().restore(bytes(data));
  history_.clear();
}

void TrainerRun::configure(OptimizerFields fields) { trainer().set_optimizer(optimizer_config(fields)); }

val spec_to_js(const GraphSpec& spec) {
  static constexpr std::string_view roles[] = {"input", "parameter", "value", "saved", "buffer"};
  val tensors = val::array(), nodes = val::array(), out = val::object();
  for (const TensorSpec& t : spec.tensors()) {
    val row = val::object();
    row.set("name", t.name);
    row.set("shape", shape_to_js(t.shape));
    row.set("role", std::string(roles[static_cast<std::size_t>(t.role)]));
    tensors.call<void>("push", row);
  }
  for (const NodeSpec& n : spec.nodes()) {
    val row = val::object();
    row.set("name", n.name);
    row.set("op", std::string(op_name(n.kind)));
    val inputs = val::array();
    for (const TensorId id : n.inputs)
      inputs.call<void>("push", id == kNoTensor ? val::null() : val(spec.tensors()[static_cast<std::size_t>(id)].name));
    row.set("inputs", inputs);
    nodes.call<void>("push", row);
  }
  out.set("tensors", tensors);
  out.set("nodes", nodes);
  out.set("parameterCount", static_cast<double>(spec.parameter_count()));
  return out;
}

val TrainerRun::graph_info(const MemoryReport& memory) const {
  val out = spec_to_js(trainer().graph().spec());
  out.set("memory", memory_to_js(memory));
  return out;
}

}  // namespace x2g::border
