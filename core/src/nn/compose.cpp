// Small ops as functions: each fills the attributes that its op reads.
#include "x2g/nn/compose.hpp"

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

const Shape& shape_of(const GraphSpec& spec, TensorId x, const char* op) {
  if (x < 0 || static_cast<std::size_t>(x) >= spec.tensors().size())
    throw Error(ErrorCode::invalid_argument,
                text(op, ": x is tensor ", x, "; the graph has tensors 0 to ", static_cast<std::int64_t>(spec.tensors().size()) - 1));
  return spec.tensors()[static_cast<std::size_t>(x)].shape;
}

OpAttributes with_flag(bool flag) {
  OpAttributes a;
  a.flag = flag;
  return a;
}

OpAttributes with_axis(std::uint32_t axis) {
  OpAttributes a;
  a.axis = axis;
  return a;
}

}  // namespace

TensorId mul(GraphSpec& spec, std::string name, TensorId a, TensorId b) { return spec.op(OpKind::mul, std::move(name), {a, b}); }

TensorId scale(GraphSpec& spec, std::string name, TensorId x, double factor) {
  OpAttributes a;
  a.scale = factor;
  return spec.op(OpKind::scale, std::move(name), {x}, a);
}

TensorId matmul(GraphSpec& spec, std::string name, TensorId a, TensorId b, bool transposed) {
  return spec.op(OpKind::matmul, std::move(name), {a, b}, with_flag(transposed));
}

TensorId softmax(GraphSpec& spec, std::string name, TensorId x, bool causal) {
  return spec.op(OpKind::softmax, std::move(name), {x}, with_flag(causal));
}

TensorId sum(GraphSpec& spec, std::string name, TensorId x, std::uint32_t axis) {
  return spec.op(OpKind::sum, std::move(name), {x}, with_axis(axis));
}

TensorId mean(GraphSpec& spec, std::string name, TensorId x, std::uint32_t axis) {
  return spec.op(OpKind::mean, std::move(name), {x}, with_axis(axis));
}

TensorId sum_all(GraphSpec& spec, std::string name, TensorId x) { return spec.op(OpKind::sum, std::move(name), {x}, with_flag(true)); }

TensorId mean_all(GraphSpec& spec, std::string name, TensorId x) { return spec.op(OpKind::mean, std::move(name), {x}, with_flag(true)); }

TensorId concat(GraphSpec& spec, std::string name, std::vector<TensorId> parts, std::uint32_t axis) {
  return spec.op(OpKind::concat, std::move(name), std::move(parts), with_axis(axis));
}

TensorId slice(GraphSpec& spec, std::string name, TensorId x, std::uint32_t axis, std::uint32_t begin, std::uint32_t end) {
  OpAttributes a;
  a.axis = axis;
  a.begin = begin;
  a.end = end;
  return spec.op(OpKind::slice, std::move(name), {x}, a);
}

std::vector<TensorId> split(GraphSpec& spec, const std::string& name, TensorId x, std::uint32_t axis, std::uint32_t parts) {
  const Shape shape = shape_of(spec, x, "split");
  if (axis >= shape.rank || parts == 0 || shape.dims[axis] % parts != 0)
    throw Error(ErrorCode::shape_mismatch, text("split: x ", shape.text(), " cannot be cut into ", parts, " equal parts along dimension ",
                                                axis, "; choose a dimension below ", shape.rank, " and a number of parts that divides it"));
  const std::uint32_t width = shape.dims[axis] / parts;
  std::vector<TensorId> out;
  for (std::uint32_t i = 0; i < parts; ++i) out.push_back(slice(spec, text(name, ".", i), x, axis, i * width, (i + 1) * width));
  return out;
}

TensorId transpose(GraphSpec& spec, std::string name, TensorId x, const std::vector<std::uint32_t>& order) {
  OpAttributes a;
  if (order.size() > a.shape.dims.size())
    throw Error(ErrorCode::shape_mismatch, text("transpose: the order names ", order.size(), " dimensions; a tensor has at most 4"));
  for (const std::uint32_t axis : order) a.shape.dims[a.shape.rank++] = axis;  // not a shape: zeros are allowed
  return spec.op(OpKind::transpose, std::move(name), {x}, a);
}

TensorId reshape(GraphSpec& spec, std::string name, TensorId x, Shape shape) {
  OpAttributes a;
  a.shape = shape;
  return spec.op(OpKind::reshape, std::move(name), {x}, a);
}

TensorId flatten(GraphSpec& spec, std::string name, TensorId x) {
  const Shape shape = shape_of(spec, x, "flatten");
  const std::uint32_t rows = shape.rank ? shape.dims[0] : 1;
  return reshape(spec, std::move(name), x, {rows, static_cast<std::uint32_t>(shape.size() / rows)});
}

}  // namespace x2g
