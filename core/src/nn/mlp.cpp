#include "base/in_range.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/nn/models.hpp"

namespace x2g {
namespace {

void validate(const MlpConfig& c) {
  if (c.sizes.size() < 2 || c.sizes.size() > 64)
    throw Error(ErrorCode::invalid_argument, text("sizes has ", c.sizes.size(), " entries; give 2 to 64: inputs, hidden layers, outputs"));
  for (const std::uint32_t size : c.sizes)
    if (size < 1 || size > 4096) throw Error(ErrorCode::invalid_argument, text("a layer has ", size, " units; it must have 1 to 4096"));
  in_range("batch", c.batch, 1, 65536);
  in_range("the size of the initial weights", c.weights.a, 0, 1000);
}

}  // namespace

GraphSpec mlp(const MlpConfig& c) {
  validate(c);
  using Loss = MlpConfig::Loss;
  const std::size_t layers = c.sizes.size() - 1;
  const std::uint32_t outputs = c.sizes.back();

  GraphSpec g;
  const TensorId x = g.input("x", {c.batch, c.sizes[0]});
  const TensorId t = g.input("t", c.loss == Loss::cross_entropy ? Shape{c.batch} : Shape{c.batch, outputs});
  TensorId h = x;
  for (std::size_t l = 1; l <= layers; ++l) {
    const std::uint32_t in = c.sizes[l - 1], out = c.sizes[l];
    const TensorId W = g.parameter(text("W", l), {out, in}, c.weights, true);
    const TensorId b = c.bias ? g.parameter(text("b", l), {out}, {}, false) : kNoTensor;
    const bool last = l == layers;
    h = g.linear(text("z", l), h, W, b);
    if (!last) h = g.activation(text("h", l), h, c.hidden);
  }
  // y is what a reader calls the output. With a loss on logits it stands beside the loss and carries no gradient of its own.
  const Activation shown = c.loss == Loss::bce ? Activation::sigmoid : c.loss == Loss::cross_entropy ? Activation::identity : c.output;
  const TensorId y = g.activation("y", h, shown);
  switch (c.loss) {
    case Loss::mse: g.mse("loss", y, t); break;
    case Loss::half_mse: g.mse("loss", y, t, 0.5); break;
    case Loss::bce: g.bce_logits("loss", h, t); break;
    case Loss::cross_entropy: g.softmax_xent("loss", h, t); break;
  }
  return g;
}

}  // namespace x2g
