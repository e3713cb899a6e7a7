// Few bits and much memory in the table of x2g-tools: what a matrix loses in a format, and what a GPT of any size takes.
#include <emscripten/bind.h>

#include <string>
#include <vector>

#include "border.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/half.hpp"
#include "x2g/base/text.hpp"
#include "x2g/nn/memory.hpp"
#include "x2g/quant/quantize.hpp"

using namespace emscripten;  // NOLINT(google-build-using-namespace): the table reads like an index without the prefix
using namespace x2g::border;

namespace {

/// group "": that of the format; block 0: that of the format.
struct QuantFields {
  std::string format, group;
  double block = 0;
};

struct MemoryFields {
  double vocab = 0, layers = 0, heads = 0, channels = 0, context = 0, batch = 0, length = 0;
  bool bias = false, geluErf = false;
  std::string method, weights, gradients, activations, cache, optimizer;
  bool master = true, padded = false;
  double momentum = 0, rank = 0, zeroStage = 0, workers = 0;
  val targets;  // [string]
};

bool is_float(std::string_view format) { return format == "fp32" || format == "fp16" || format == "bf16"; }

x2g::QuantConfig config_from(const QuantFields& f) {
  x2g::QuantConfig c = x2g::quant_from_name(f.format);
  if (!f.group.empty()) c.group = x2g::quant_group_from_name(f.group);
  if (f.block != 0) c.block = count("block", f.block);
  c.validate();
  return c;
}

val error_to_js(std::span<const float> exact, std::span<const float> approximate) {
  const x2g::QuantError error = x2g::quant_error(exact, approximate);
  val out = val::object();
  out.set("max", error.max);
  out.set("meanSquare", error.mean_square);
  out.set("snr", error.snr);
  return out;
}

val codes_to_js(const x2g::Quantized& q) {
  std::vector<float> codes(q.size()), constants(q.groups());
  for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<float>(q.code(i));
  for (std::size_t g = 0; g < constants.size(); ++g) constants[g] = q.constant(g);
  val out = val::object();
  out.set("codes", to_js(std::span<const float>(codes)));
  out.set("constants", to_js(std::span<const float>(constants)));
  out.set("levels", to_js(std::span<const float>(q.level_table())));
  out.set("groupSize", static_cast<double>(q.group_size()));
  return out;
}

val quantize(val values, double rows, double columns, QuantFields f) {
  const std::vector<float> W = floats("values", values, 1u << 22);
  const std::size_t R = count("rows", rows, 1), C = count("columns", columns, 1);
  val out = val::object();
  std::vector<float> back(W.size());
  std::uint64_t bytes = 0;
  if (is_float(f.format)) {
    if (R * C != W.size())
      throw x2g::Error(x2g::ErrorCode::shape_mismatch,
                       x2g::text("values has ", W.size(), " numbers; ", rows, " rows of ", columns, " need ", rows * columns));
    require_finite("values", W);
    const x2g::Format format = x2g::format_from_name(f.format);
    x2g::round_to(format, W, back);
    bytes = W.size() * (format == x2g::Format::fp32 ? 4 : 2);
  } else {
    const x2g::Quantized q = x2g::quantize(W, R, C, config_from(f));
    back = q.dequantize();
    bytes = q.bytes();
    out.set("coded", codes_to_js(q));
  }
  out.set("values", to_js(std::span<const float>(back)));
  out.set("bytes", static_cast<double>(bytes));
  out.set("bitsPerNumber", 8.0 * static_cast<double>(bytes) / static_cast<double>(W.size()));
  out.set("error", error_to_js(W, back));
  return out;
}

x2g::MemoryPlan plan_from(const MemoryFields& f) {
  x2g::MemoryPlan plan;
  plan.method = x2g::memory_method_from_name(f.method);
  plan.set_weights(f.weights);
  plan.gradients = x2g::format_from_name(f.gradients);
  plan.activations = x2g::format_from_name(f.activations);
  plan.cache = x2g::format_from_name(f.cache);
  plan.master = f.master;
  plan.optimizer.kind = x2g::optimizer_kind_from_name(f.optimizer);
  plan.optimizer.momentum = f.momentum;
  plan.lora.rank = count("rank", f.rank);
  const std::uint32_t targets = count("targets", f.targets["length"].as<double>(), 0, 64);
  for (std::uint32_t i = 0; i < targets; ++i) plan.lora.targets.push_back(f.targets[i].as<std::string>());
  plan.zero_stage = count("zeroStage", f.zeroStage);
  plan.workers = count("workers", f.workers);
  plan.padded = f.padded;
  return plan;
}

val memory(MemoryFields f) {
  x2g::GptConfig c;
  c.vocab = count("vocab", f.vocab);
  c.layers = count("layers", f.layers);
  c.heads = count("heads", f.heads);
  c.channels = count("channels", f.channels);
  c.context = count("context", f.context);
  c.batch = count("batch", f.batch);
  c.length = count("length", f.length);
  c.bias = f.bias;
  c.gelu_erf = f.geluErf;
  const x2g::MemoryBill bill = x2g::gpt_memory(c, plan_from(f));
  val rows = val::array();
  for (std::size_t i = 0; i < bill.rows.size(); ++i) {
    const x2g::MemoryRow& row = bill.rows[i];
    val one = val::object();
    one.set("part", std::string(x2g::memory_part_name(row.part)));
    one.set("name", row.name);
    one.set("formula", row.formula);
    one.set("numbers", static_cast<double>(row.numbers));
    one.set("times", static_cast<double>(row.times));
    one.set("bytes", static_cast<double>(row.bytes));
    rows.set(i, one);
  }
  val out = val::object();
  const auto put = [&](const char* name, std::uint64_t number) { out.set(name, static_cast<double>(number)); };
  put("parameterCount", bill.parameter_count);
  put("trainedCount", bill.trained_count);
  put("parameters", bill.parameters);
  put("gradients", bill.gradients);
  put("optimizer", bill.optimizer);
  put("activations", bill.activations);
  put("activationGradients", bill.activation_gradients);
  put("cache", bill.cache);
  put("total", bill.total());
  out.set("rows", rows);
  return out;
}

}  // namespace

EMSCRIPTEN_BINDINGS(x2g_tools_numbers) {
  value_object<QuantFields>("QuantFields")
      .field("format", &QuantFields::format)
      .field("group", &QuantFields::group)
      .field("block", &QuantFields::block);
  value_object<MemoryFields>("MemoryFields")
      .field("vocab", &MemoryFields::vocab)
      .field("layers", &MemoryFields::layers)
      .field("heads", &MemoryFields::heads)
      .field("channels", &MemoryFields::channels)
      .field("context", &MemoryFields::context)
      .field("batch", &MemoryFields::batch)
      .field("length", &MemoryFields::length)
      .field("bias", &MemoryFields::bias)
      .field("geluErf", &MemoryFields::geluErf)
      .field("method", &MemoryFields::method)
      .field("weights", &MemoryFields::weights)
      .field("gradients", &MemoryFields::gradients)
      .field("activations", &MemoryFields::activations)
      .field("cache", &MemoryFields::cache)
      .field("optimizer", &MemoryFields::optimizer)
      .field("momentum", &MemoryFields::momentum)
      .field("master", &MemoryFields::master)
      .field("padded", &MemoryFields::padded)
      .field("rank", &MemoryFields::rank)
      .field("targets", &MemoryFields::targets)
      .field("zeroStage", &MemoryFields::zeroStage)
      .field("workers", &MemoryFields::workers);
  function("quantize", on<&quantize>);
  function("memory", on<&memory>);
}
