#include "graph_builder.hpp"

#include "border.hpp"
#include "configs.hpp"
#include "run.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g::border {
namespace {

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

TensorId tensor_id(double id) {
  return id >= -1 && id < 1e6 && id == static_cast<double>(static_cast<TensorId>(id)) ? static_cast<TensorId>(id) : -2;
}

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

val GraphBuilder::info() const { return spec_to_js(spec_); }

val GraphBuilder::memory(double state_slots) const {
  return memory_to_js(memory_report(spec_.memory(count("state slots", state_slots, 0, 2), sizeof(float)), 0));
}

}  // namespace x2g::border
