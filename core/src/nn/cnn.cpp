#include "x2g/nn/cnn.hpp"

#include <string>

#include "base/in_range.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

void validate(const CnnConfig& c) {
  in_range("channels", c.channels, 1, 64);
  in_range("height", c.height, 1, 512);
  in_range("width", c.width, 1, 512);
  if (c.filters.empty() || c.filters.size() > 16)
    throw Error(ErrorCode::invalid_argument, text("filters has ", c.filters.size(), " entries; give 1 to 16, one for each convolution"));
  for (const std::uint32_t filters : c.filters) in_range("a number of filters", filters, 1, 1024);
  in_range("kernel", c.kernel, 1, 31);
  in_range("padding", c.padding, 0, c.kernel - 1);
  in_range("pool_size", c.pool_size, 1, 16);
  if (c.hidden.size() > 16)
    throw Error(ErrorCode::invalid_argument, text("hidden has ", c.hidden.size(), " entries; give 0 to 16, one for each hidden layer"));
  for (const std::uint32_t units : c.hidden) in_range("a number of hidden units", units, 1, 4096);
  in_range("classes", c.classes, 2, 4096);
  in_range("batch", c.batch, 1, 4096);
  if (!(c.dropout >= 0 && c.dropout < 1))
    throw Error(ErrorCode::invalid_argument, text("dropout is ", c.dropout, "; it must be at least 0 and less than 1"));
}

struct Builder {
  GraphSpec& g;
  const CnnConfig& c;

  TensorId bias(const std::string& name, std::uint32_t size) { return g.parameter(name + ".bias", {size}, {}, false); }

  TensorId batchnorm(const std::string& name, TensorId x, std::uint32_t channels) {
    OpAttributes a;
    a.rate = 0.1;
    const Init ones{Init::Kind::constant, 1};
    const TensorId w = g.parameter(name + ".weight", {channels}, ones, false), b = bias(name, channels);
    const TensorId mean = g.buffer(name + ".running_mean", {channels}, {}), variance = g.buffer(name + ".running_var", {channels}, ones);
    return g.op(OpKind::batchnorm, name, {x, w, b, mean, variance}, a);
  }

  TensorId convolution(const std::string& name, TensorId x, std::uint32_t in, std::uint32_t out) {
    OpAttributes slide, pool;
    slide.window.padding = {c.padding, c.padding};
    pool.window.kernel = pool.window.stride = {c.pool_size, c.pool_size};
    const TensorId W = g.parameter(name + ".weight", {out, in, c.kernel, c.kernel}, c.weights, true);
    TensorId y = g.op(OpKind::conv2d, name, {x, W, c.batchnorm ? kNoTensor : bias(name, out)}, slide);
    if (c.batchnorm) y = batchnorm(name + ".bn", y, out);
    y = g.activation(name + ".act", y, c.activation);
    if (c.pool == CnnConfig::Pool::none) return y;
    return g.op(c.pool == CnnConfig::Pool::max ? OpKind::max_pool : OpKind::avg_pool, name + ".pool", {y}, pool);
  }

  TensorId dense(const std::string& name, TensorId x, std::uint32_t in, std::uint32_t out) {
    const TensorId W = g.parameter(name + ".weight", {out, in}, c.weights, true);
    const TensorId y = g.activation(name + ".act", g.linear(name, x, W, bias(name, out)), c.activation);
    if (c.dropout == 0) return y;
    OpAttributes a;
    a.rate = c.dropout;
    return g.op(OpKind::dropout, name + ".drop", {y}, a);
  }
};

}  // namespace

GraphSpec cnn(const CnnConfig& c) {
  validate(c);
  GraphSpec g;
  Builder build{g, c};
  TensorId y = g.input("x", {c.batch, c.channels, c.height, c.width});
  const TensorId t = c.loss ? g.input("t", {c.batch}) : kNoTensor;
  std::uint32_t in = c.channels;
  for (std::size_t l = 0; l < c.filters.size(); ++l) {
    y = build.convolution(text("conv", l + 1), y, in, c.filters[l]);
    in = c.filters[l];
  }
  const Shape maps = g.tensors()[static_cast<std::size_t>(y)].shape;
  in = static_cast<std::uint32_t>(maps.size() / c.batch);
  OpAttributes flat;
  flat.shape = Shape{c.batch, in};
  y = g.op(OpKind::reshape, "flat", {y}, flat);
  for (std::size_t l = 0; l < c.hidden.size(); ++l) {
    y = build.dense(text("fc", l + 1), y, in, c.hidden[l]);
    in = c.hidden[l];
  }
  const TensorId W = g.parameter("head.weight", {c.classes, in}, c.weights, true);
  const TensorId logits = g.linear("logits", y, W, build.bias("head", c.classes));
  if (c.loss) g.softmax_xent("loss", logits, t);
  return g;
}

}  // namespace x2g
