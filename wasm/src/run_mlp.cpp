#include "run_mlp.hpp"

#include <algorithm>

#include "border.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g::border {
namespace {

constexpr std::uint32_t kTwinRows = 1024;  // rows a map computes at once, whatever its size

double bytes_of(const MlpPlan& p) {
  return static_cast<double>((p.x.size() + p.t.size()) * sizeof(float) + p.rows * sizeof(std::uint32_t));
}

/// What a map of many rows needs besides: the forward-only twin.
std::uint64_t twin_bytes(MlpConfig model) {
  model.batch = kTwinRows;
  return mlp(model).memory(0, sizeof(float), false).activations;
}

MemoryReport memory_of(const MlpConfig& model, const OptimizerConfig& optimizer, double data) {
  MemoryEstimate m = mlp(model).memory(optimizer.state_slots(), sizeof(float));
  m.activations += twin_bytes(model);
  return memory_report(m, data);
}

}  // namespace

EstimateReport MlpRun::estimate(MlpFields fields) {
  const MlpPlan plan = mlp_plan(fields);
  EstimateReport out;
  out.parameterCount = static_cast<double>(mlp(plan.model).parameter_count());
  out.memory = memory_of(plan.model, optimizer_config(fields.optimizer), bytes_of(plan));
  return out;
}

MlpRun::MlpRun(MlpFields fields, double memory_limit) : MlpRun(mlp_plan(fields), fields, memory_limit) {}

MlpRun::MlpRun(MlpPlan plan, const MlpFields& fields, double memory_limit)
    : model_(plan.model),
      rows_(plan.rows),
      data_bytes_(bytes_of(plan)),
      trainer_(mlp(plan.model), optimizer_config(fields.optimizer),
               std::make_unique<TableBatches<float>>(std::move(plan.x), std::move(plan.t), plan.rows, plan.model.batch,
                                                     seed_of(fields.seed), fields.shuffled),
               seed_of(fields.seed), static_cast<std::uint64_t>(memory_limit)) {}

val MlpRun::info() const {
  val out = graph_info(memory_of(model_, trainer_.optimizer(), data_bytes_));
  out.set("vocab", val::null());
  out.set("epochSteps", epoch_steps());
  return out;
}

double MlpRun::epoch_steps() const { return static_cast<double>((rows_ + model_.batch - 1) / model_.batch); }

Graph<float>& MlpRun::twin(std::uint32_t rows) {
  if (!twin_ || twin_->spec().tensors()[0].shape.dims[0] != rows) {
    MlpConfig model = model_;
    model.batch = rows;
    twin_.reset();
    twin_ = std::make_unique<Graph<float>>(mlp(model), trainer_.graph());
  }
  return *twin_;
}

val MlpRun::rows(val x, val names) {
  const std::vector<float> values = floats("x", x, 4u << 20);
  const std::size_t inputs = model_.sizes.front(), total = values.size() / inputs;
  if (total == 0 || total * inputs != values.size())
    throw Error(ErrorCode::shape_mismatch, text("x has ", values.size(), " numbers; rows of ", inputs, " are needed, and at least one"));
  const auto chunk = static_cast<std::uint32_t>(std::min<std::size_t>(total, kTwinRows));
  Graph<float>& graph = twin(chunk);

  struct Wanted {
    std::string name;
    TensorId id;
    std::size_t width;
    std::vector<float> values;
  };
  std::vector<Wanted> wanted;
  const auto count = static_cast<std::size_t>(whole("the number of tensors", names["length"].as<double>(), 0, 256));
  for (std::size_t i = 0; i < count; ++i) {
    auto name = names[i].as<std::string>();
    const TensorId id = graph.spec().require(name);
    const TensorSpec& t = graph.spec().tensors()[static_cast<std::size_t>(id)];
    if (t.role == Role::parameter || t.shape.rank == 0 || t.shape.dims[0] != chunk || t.name == "t")
      throw Error(ErrorCode::invalid_argument, text("\"", name, "\" has no value of its own for each row; ask for x, z1, h1, …, y"));
    wanted.push_back({std::move(name), id, graph.value(id).size() / chunk, {}});
  }

  for (std::size_t row = 0; row < total; row += chunk) {
    const std::size_t here = std::min<std::size_t>(chunk, total - row);
    std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(row * inputs), here * inputs, graph.value("x").begin());
    graph.forward();
    for (Wanted& w : wanted) {
      const std::span<const float> result = graph.value(w.id).first(here * w.width);
      w.values.insert(w.values.end(), result.begin(), result.end());
    }
  }

  val out = val::object();
  for (const Wanted& w : wanted) {
    val shape = val::array();
    shape.call<void>("push", static_cast<double>(total));
    shape.call<void>("push", static_cast<double>(w.width));
    out.set(w.name, tensor_to_js(w.name, shape, to_js(std::span<const float>(w.values))));
  }
  return out;
}

}  // namespace x2g::border
