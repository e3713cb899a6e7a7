#include <cmath>

#include "base/in_range.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/nn/models.hpp"

namespace x2g {
namespace {

constexpr double kDeviation = 0.02;  // GPT-2's initial weights (Radford et al. 2019, section 2.3)

void validate(const GptConfig& c) {
  in_range("vocab", c.vocab, 2, 65536);
  in_range("layers", c.layers, 1, 48);
  in_range("heads", c.heads, 1, 64);
  in_range("channels", c.channels, 1, 2048);
  in_range("context", c.context, 2, 2048);
  in_range("batch", c.batch, 1, 512);
  if (c.channels % c.heads)
    throw Error(ErrorCode::invalid_argument,
                text("channels is ", c.channels, " and heads is ", c.heads, "; channels must be a multiple of heads, for example ",
                     c.heads * ((c.channels + c.heads - 1) / c.heads)));
  if (c.length > c.context)
    throw Error(ErrorCode::invalid_argument, text("length is ", c.length, "; it must be 0 to the context, ", c.context));
}

/// Adds layers under a common prefix: "blocks.2.attn.qkv" → weight (O, I), bias (O), and the node itself.
struct Builder {
  GraphSpec& g;
  const GptConfig& c;

  TensorId linear(const std::string& name, TensorId x, std::uint32_t in, std::uint32_t out, double deviation) {
    const TensorId W = g.parameter(name + ".weight", {out, in}, {Init::Kind::normal, deviation}, true);
    const TensorId b = c.bias ? g.parameter(name + ".bias", {out}, {}, false) : kNoTensor;
    return g.linear(name, x, W, b);
  }
  TensorId norm(const std::string& name, TensorId x) {
    const TensorId w = g.parameter(name + ".weight", {c.channels}, {Init::Kind::constant, 1}, false);
    const TensorId b = c.bias ? g.parameter(name + ".bias", {c.channels}, {}, false) : kNoTensor;
    return g.layernorm(name, x, w, b);
  }
  TensorId block(std::uint32_t index, TensorId x) {
    const std::string name = text("blocks.", index);
    const std::uint32_t C = c.channels;
    const double residual = kDeviation / std::sqrt(2.0 * c.layers);  // residual layers start smaller, 1/√(2L)
    const TensorId qkv = linear(name + ".attn.qkv", norm(name + ".ln1", x), C, 3 * C, kDeviation);
    const TensorId mixed = linear(name + ".attn.proj", g.attention(name + ".attn", qkv, c.heads), C, C, residual);
    const TensorId middle = g.add(name + ".mid", x, mixed);
    const TensorId wide = linear(name + ".mlp.fc", norm(name + ".ln2", middle), C, 4 * C, kDeviation);
    const TensorId bent = g.activation(name + ".mlp.act", wide, c.gelu_erf ? Activation::gelu_erf : Activation::gelu_tanh);
    return g.add(name + ".out", middle, linear(name + ".mlp.proj", bent, 4 * C, C, residual));
  }
};

}  // namespace

GraphSpec gpt(const GptConfig& c) {
  validate(c);
  const std::uint32_t T = c.length ? c.length : c.context;
  GraphSpec g;
  const TensorId ids = g.input("ids", {c.batch, T});
  const TensorId wte = g.parameter("wte", {c.vocab, c.channels}, {Init::Kind::normal, kDeviation}, true);
  const TensorId wpe = g.parameter("wpe", {c.context, c.channels}, {Init::Kind::normal, kDeviation}, true);
  TensorId x = g.add_positions("embedded", g.embedding("tokens", ids, wte), wpe);
  Builder build{g, c};
  for (std::uint32_t layer = 0; layer < c.layers; ++layer) x = build.block(layer, x);
  const TensorId logits = g.linear("logits", build.norm("lnf", x), wte);  // tied head
  if (c.loss) g.softmax_xent("loss", logits, g.input("targets", {c.batch, T}));
  return g;
}

}  // namespace x2g
