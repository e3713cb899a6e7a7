// Graphs of any kind by choices: the lessons' models with few layers and any numbers, and specs put together op by op.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "fuzz/choices.hpp"
#include "x2g/graph/graph.hpp"
#include "x2g/nn/cnn.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/nn/recurrent.hpp"
#include "x2g/nn/skipgram.hpp"
#include "x2g/nn/transformer.hpp"
#include "x2g/optim/optimizer.hpp"

namespace x2g::fuzz {

inline OptimizerConfig optimizer(Choices& c) {
  OptimizerConfig o;
  o.kind = c.one_of<OptimizerConfig::Kind>(6);
  o.schedule = c.one_of<Schedule>(4);
  o.lr = c.real();
  if (c.flag()) o.momentum = c.real();
  if (c.flag()) o.beta1 = c.real(), o.beta2 = c.real(), o.eps = c.real();
  if (c.flag()) o.weight_decay = c.real(), o.clip = c.real(), o.clip_value = c.real();
  if (c.flag()) o.warmup = c.whole(), o.total = c.whole(), o.min_lr = c.real(), o.decay_every = c.whole(), o.gamma = c.real();
  if (c.flag()) o.rise = c.real(), o.div = c.real(), o.final_div = c.real(), o.alpha = c.real();
  return o;
}

inline GraphSpec model(Choices& c) {
  switch (c.below(6)) {
    case 0: {
      MlpConfig m;
      m.loss = c.one_of<MlpConfig::Loss>(4);
      for (std::uint32_t n = c.below(4); n > 0; --n) m.sizes.push_back(c.whole());
      m.hidden = c.one_of<Activation>(12);
      m.output = c.one_of<Activation>(12);
      m.weights = {c.one_of<Init::Kind>(9), c.real()};
      m.batch = c.whole();
      return mlp(m);
    }
    case 1: {
      GptConfig g{
          .vocab = c.whole(), .layers = c.few(2), .heads = c.few(3), .channels = c.whole(), .context = c.whole(), .batch = c.whole()};
      if (c.flag()) g.length = c.whole();
      g.loss = c.flag();
      return gpt(g);
    }
    case 2: {
      TransformerConfig t{.form = c.one_of<TransformerConfig::Form>(3), .norm = c.one_of<TransformerConfig::Norm>(3)};
      t.norm_place = c.one_of<TransformerConfig::NormPlace>(2);
      t.positions = c.one_of<TransformerConfig::Positions>(5);
      t.vocab = c.whole(), t.layers = c.few(2), t.heads = c.few(4), t.kv_heads = c.whole() % 5, t.channels = 2 * c.whole();
      t.context = c.whole(), t.batch = c.whole(), t.length = c.flag() ? c.whole() : 0, t.source_length = c.flag() ? c.whole() : 0;
      t.swiglu = c.flag(), t.tied = c.flag(), t.attention = c.flag(), t.mlp = c.flag(), t.residual = c.flag(), t.loss = c.flag();
      t.mlp_ratio = c.real() * 4, t.dropout = c.flag() ? c.real() : 0, t.scale = c.flag() ? c.real() : 0,
      t.classes = c.flag() ? c.whole() : 0;
      t.mask = c.one_of<Mask>(3), t.score = c.one_of<Score>(3);
      return transformer(t);
    }
    case 3: {
      RecurrentConfig r{.cell = c.one_of<RecurrentConfig::Cell>(3), .vocab = c.whole(), .layers = c.few(2), .channels = c.whole()};
      r.hidden = c.whole(), r.batch = c.whole(), r.length = c.whole(), r.tied = c.flag(), r.state = c.flag(), r.loss = c.flag();
      return recurrent_model(r);
    }
    case 4: {
      CnnConfig n{.pool = c.one_of<CnnConfig::Pool>(3), .channels = c.whole(), .height = 4 + c.whole(), .width = 4 + c.whole()};
      n.filters.assign(c.below(3), c.whole());
      n.kernel = c.whole(), n.padding = c.below(4), n.pool_size = c.whole(), n.classes = c.whole(), n.batchnorm = c.flag(),
      n.batch = c.whole();
      n.hidden.assign(c.below(3), c.whole());
      n.dropout = c.flag() ? c.real() : 0;
      return cnn(n);
    }
    default: return skipgram({.vocab = c.whole(), .channels = c.whole(), .negatives = c.whole(), .batch = c.whole()});
  }
}

/// Nodes of any kind on tensors of any kind.
inline GraphSpec made_of_ops(Choices& c) {
  GraphSpec g;
  const auto shape = [&c] {
    std::uint32_t dims[5];
    const std::uint32_t rank = c.below(6);
    for (std::uint32_t i = 0; i < rank; ++i) dims[i] = c.whole();
    return Shape(std::span<const std::uint32_t>(dims, rank));
  };
  for (std::uint32_t calls = 2 + c.below(12); calls > 0; --calls) {
    attempt([&] {
      const std::string name = c.below(16) ? "t" + std::to_string(g.tensors().size()) : c.bytes(4);
      const std::uint32_t what = c.below(8);
      if (what == 0) g.input(name, shape());
      if (what == 1) g.parameter(name, shape(), {c.one_of<Init::Kind>(9), c.real()}, c.flag());
      if (what == 2) g.buffer(name, shape(), {c.one_of<Init::Kind>(9), c.real()});
      if (what < 3) return;
      std::vector<TensorId> inputs(c.below(6));
      const auto tensors = static_cast<std::uint32_t>(g.tensors().size());
      for (TensorId& id : inputs) id = c.below(16) ? static_cast<TensorId>(c.below(tensors + 1)) - 1 : static_cast<TensorId>(c.whole());
      OpAttributes a;
      a.activation = c.one_of<Activation>(12);
      a.heads = c.whole(), a.kv_heads = c.whole(), a.axis = c.below(5), a.begin = c.whole(), a.end = c.whole(), a.flag = c.flag();
      a.mask = c.one_of<Mask>(3), a.score = c.one_of<Score>(3);
      if (c.flag()) a.scale = c.real(), a.eps = c.real(), a.rate = c.real(), a.base = c.real();
      if (c.flag()) a.shape = shape();
      if (c.flag())
        for (auto* w : {&a.window.kernel, &a.window.stride, &a.window.padding, &a.window.dilation}) *w = {c.whole(), c.whole()};
      g.op(c.one_of<OpKind>(kOpKinds), name, std::move(inputs), a);
    });
  }
  return g;
}

/// Inputs as a caller may set them: ids, numbers, NaN.
template <class T>
void fill(Graph<T>& g, Choices& c) {
  const bool sane = c.below(4) != 0;
  for (const TensorSpec& t : g.spec().tensors())
    if (t.role == Role::input)
      for (T& v : g.value(t.name)) v = sane ? T(0) : static_cast<T>(c.empty() ? 0 : c.real() * 3);
}

inline std::string name_in(const GraphSpec& spec, Choices& c) {
  if (spec.tensors().empty() || c.below(16) == 0) return c.bytes(6);
  return spec.tensors()[c.below(static_cast<std::uint32_t>(std::min<std::size_t>(spec.tensors().size(), 255)))].name;
}

}  // namespace x2g::fuzz
