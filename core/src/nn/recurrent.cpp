#include "x2g/nn/recurrent.hpp"

#include <cmath>

#include "base/in_range.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

using Cell = RecurrentConfig::Cell;

void validate(const RecurrentConfig& c) {
  in_range("vocab", c.vocab, 2, 65536);
  in_range("layers", c.layers, 1, 16);
  in_range("channels", c.channels, 1, 2048);
  in_range("hidden", c.hidden, 1, 2048);
  in_range("batch", c.batch, 1, 512);
  in_range("length", c.length, 1, 2048);
  if (c.tied && c.channels != c.hidden)
    throw Error(ErrorCode::invalid_argument,
                text("channels is ", c.channels, " and hidden is ", c.hidden, "; with a tied head they must be equal"));
  if (c.cell == Cell::rnn && c.activation != Activation::tanh && c.activation != Activation::relu)
    throw Error(ErrorCode::invalid_argument, text("activation is ", activation_name(c.activation), "; it must be tanh or relu"));
  in_range("forget_bias", c.forget_bias, -100, 100);
}

/// One layer over x (B, T, in).
TensorId layer(GraphSpec& g, const RecurrentConfig& c, const std::string& name, TensorId x, std::uint32_t in) {
  constexpr std::uint32_t gates[] = {1, 4, 3};
  constexpr OpKind kinds[] = {OpKind::rnn, OpKind::lstm, OpKind::gru};
  const std::size_t which = static_cast<std::size_t>(c.cell);
  const std::uint32_t H = c.hidden, rows = gates[which] * H;
  const Init spread{Init::Kind::uniform, 1 / std::sqrt(static_cast<double>(H))};  // as PyTorch starts them
  const Init bias = c.cell == Cell::lstm ? Init{Init::Kind::lstm_bias, c.forget_bias} : Init{};
  std::vector<TensorId> inputs{x, g.parameter(name + ".weight_ih", {rows, in}, spread, true),
                               g.parameter(name + ".weight_hh", {rows, H}, spread, true)};
  inputs.push_back(c.bias ? g.parameter(name + ".bias_ih", {rows}, bias, false) : kNoTensor);
  inputs.push_back(c.bias ? g.parameter(name + ".bias_hh", {rows}, {}, false) : kNoTensor);
  if (c.state) {
    inputs.push_back(g.input(name + ".h0", {c.batch, H}));
    if (c.cell == Cell::lstm) inputs.push_back(g.input(name + ".c0", {c.batch, H}));
  }
  OpAttributes a;
  a.activation = c.activation;
  return g.op(kinds[which], name, std::move(inputs), a);
}

}  // namespace

RecurrentConfig::Cell cell_from_name(std::string_view name) {
  if (name == "rnn") return Cell::rnn;
  if (name == "lstm") return Cell::lstm;
  if (name == "gru") return Cell::gru;
  throw Error(ErrorCode::unknown_name, text("no recurrent cell is called \"", name.substr(0, 80), "\"; there are rnn, lstm, gru"));
}

GraphSpec recurrent_model(const RecurrentConfig& c) {
  validate(c);
  GraphSpec g;
  const TensorId ids = g.input("ids", {c.batch, c.length});
  const TensorId wte =
      g.parameter("wte", {c.vocab, c.channels}, {Init::Kind::normal, 1 / std::sqrt(static_cast<double>(c.channels))}, true);
  TensorId x = g.embedding("tokens", ids, wte);
  for (std::uint32_t i = 0; i < c.layers; ++i) x = layer(g, c, text("layers.", i), x, i ? c.hidden : c.channels);
  const Init spread{Init::Kind::uniform, 1 / std::sqrt(static_cast<double>(c.hidden))};
  const TensorId head = c.tied ? wte : g.parameter("head.weight", {c.vocab, c.hidden}, spread, true);
  const TensorId bias = c.bias ? g.parameter("head.bias", {c.vocab}, {}, false) : kNoTensor;
  const TensorId logits = g.linear("logits", x, head, bias);
  if (c.loss) g.softmax_xent("loss", logits, g.input("targets", {c.batch, c.length}));
  return g;
}

}  // namespace x2g
