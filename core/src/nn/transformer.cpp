#include "x2g/nn/transformer.hpp"

#include <cmath>
#include <string>

#include "base/in_range.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

using Config = TransformerConfig;

constexpr double kDeviation = 0.02;  // GPT-2's initial weights (Radford et al. 2019, section 2.3)

void require(bool good, const std::string& why) {
  if (!good) throw Error(ErrorCode::invalid_argument, why);
}

void validate(const Config& c) {
  in_range("vocab", c.vocab, 2, 65536);
  in_range("layers", c.layers, 1, 48);
  in_range("heads", c.heads, 1, 64);
  in_range("kv_heads", c.kv_heads, 0, c.heads);
  in_range("channels", c.channels, 1, 2048);
  in_range("context", c.context, 2, 2048);
  in_range("batch", c.batch, 1, 512);
  in_range("length", c.length, 0, c.context);
  in_range("source_length", c.source_length, 0, c.context);
  in_range("classes", c.classes, 0, 65536);
  require(c.classes != 1, "classes is 1; it must be 0 (the vocabulary) or 2 to 65536");
  require(c.classes == 0 || c.form == Config::Form::encoder,
          text("classes is ", c.classes, "; only an encoder classifies tokens, choose 0"));
  require(c.channels % c.heads == 0,
          text("channels is ", c.channels, " and heads is ", c.heads, "; channels must be a multiple of heads, for example ",
               c.heads * ((c.channels + c.heads - 1) / c.heads)));
  require(c.kv_heads == 0 || c.heads % c.kv_heads == 0, text("kv_heads is ", c.kv_heads, "; it must divide the ", c.heads, " heads"));
  require(c.positions != Config::Positions::rope || c.channels / c.heads % 2 == 0,
          text("a head has ", c.channels / c.heads, " channels; rotary positions need an even number"));
  require(c.mlp_ratio > 0 && c.mlp_ratio <= 16, text("mlp_ratio is ", c.mlp_ratio, "; it must be above 0 and at most 16"));
  require(std::isfinite(c.scale), text("scale is ", c.scale, "; it must be a number, 0 for 1/√D"));
  require(c.dropout >= 0 && c.dropout < 1, text("dropout is ", c.dropout, "; it must be 0 or more and below 1"));
  require(c.attention_dropout >= 0 && c.attention_dropout < 1,
          text("attention_dropout is ", c.attention_dropout, "; it must be 0 or more and below 1"));
  require(c.attention || c.mlp, "attention and mlp are both off; a block must keep one of them");
}

/// Adds the parts of one stack under its prefix ("", "encoder.", "decoder.").
struct Builder {
  GraphSpec& g;
  const Config& c;
  std::string prefix;
  TensorId lengths = kNoTensor;         // of the sequences, when they are padded
  TensorId memory_lengths = kNoTensor;  // of those that cross-attention reads

  TensorId linear(const std::string& name, TensorId x, std::uint32_t in, std::uint32_t out, double deviation = kDeviation) {
    const TensorId W = g.parameter(name + ".weight", {out, in}, {Init::Kind::normal, deviation}, true);
    return g.linear(name, x, W, c.bias ? g.parameter(name + ".bias", {out}, {}, false) : kNoTensor);
  }
  TensorId norm(const std::string& name, TensorId x) {
    if (c.norm == Config::Norm::none) return x;
    const TensorId w = g.parameter(name + ".weight", {c.channels}, {Init::Kind::constant, 1}, false);
    if (c.norm == Config::Norm::rmsnorm) return g.op(OpKind::rmsnorm, name, {x, w});
    return g.layernorm(name, x, w, c.bias ? g.parameter(name + ".bias", {c.channels}, {}, false) : kNoTensor);
  }
  TensorId dropout(const std::string& name, TensorId x) {
    if (c.dropout == 0) return x;
    OpAttributes a;
    a.rate = c.dropout;
    return g.op(OpKind::dropout, name, {x}, a);
  }
  TensorId rope(const std::string& name, TensorId x, std::uint32_t heads) {
    OpAttributes a;
    a.heads = heads;
    return g.op(OpKind::rope, name, {x}, a);
  }
  // Layers that end a residual branch start smaller, 1/√(2L).
  double last_deviation() const { return kDeviation / std::sqrt(2.0 * c.layers); }

  /// Queries from x, keys and values from memory (x itself for self-attention), whose sequences are padded from `real` on.
  TensorId attention(const std::string& name, TensorId x, TensorId memory, TensorId real, Mask mask) {
    const std::uint32_t C = c.channels, groups = c.kv_heads ? c.kv_heads : c.heads, narrow = C / c.heads * groups;
    const bool self = x == memory;
    TensorId q = linear(name + ".q", x, C, C), k = linear(name + ".k", memory, C, narrow);
    const TensorId v = linear(name + ".v", memory, C, narrow);
    if (self && c.positions == Config::Positions::rope) {
      q = rope(name + ".q.rope", q, c.heads);
      k = rope(name + ".k.rope", k, groups);
    }
    OpAttributes a;
    a.heads = c.heads;
    a.kv_heads = groups;
    a.scale = c.scale;
    a.mask = mask;
    a.score = c.score;
    a.rate = c.attention_dropout;
    a.flag = self && c.positions == Config::Positions::alibi;
    return linear(name + ".proj", g.op(OpKind::attend, name, {q, k, v, real}, a), C, C, last_deviation());
  }
  TensorId mlp(const std::string& name, TensorId x) {
    const std::uint32_t C = c.channels, hidden = static_cast<std::uint32_t>(std::fmax(1, std::round(c.mlp_ratio * C)));
    const TensorId wide = linear(name + ".fc", x, C, hidden);
    TensorId bent = kNoTensor;
    if (c.swiglu) {
      const TensorId gate = g.activation(name + ".act", linear(name + ".gate", x, C, hidden), c.activation);
      bent = g.op(OpKind::mul, name + ".gated", {gate, wide});
    } else {
      bent = g.activation(name + ".act", wide, c.activation);
    }
    return linear(name + ".proj", bent, hidden, C, last_deviation());
  }
  /// x + part(norm(x)), or norm(x + part(x)); `part` gets the tensor to work on.
  template <class Part>
  TensorId branch(const std::string& ln, const std::string& drop, const std::string& sum, TensorId x, Part&& part) {
    const bool pre = c.norm_place == Config::NormPlace::pre;
    const TensorId y = dropout(drop, part(pre ? norm(ln, x) : x));
    const TensorId joined = c.residual ? g.add(sum, x, y) : y;
    return pre ? joined : norm(ln, joined);
  }
  TensorId block(std::uint32_t index, TensorId x, TensorId memory, Mask mask) {
    const std::string b = text(prefix, "blocks.", index);
    if (c.attention)
      x = branch(b + ".ln1", b + ".attn.drop", b + ".mid", x, [&](TensorId h) { return attention(b + ".attn", h, h, lengths, mask); });
    if (memory != kNoTensor)
      x = branch(b + ".ln_cross", b + ".cross.drop", b + ".crossed", x,
                 [&](TensorId h) { return attention(b + ".cross", h, memory, memory_lengths, Mask::none); });
    if (c.mlp) x = branch(b + ".ln2", b + ".mlp.drop", b + ".out", x, [&](TensorId h) { return mlp(b + ".mlp", h); });
    return x;
  }
  TensorId embed(TensorId ids, TensorId wte) {
    TensorId x = g.embedding(prefix + "tokens", ids, wte);
    if (c.scale_embedding) {
      OpAttributes a;
      a.scale = std::sqrt(static_cast<double>(c.channels));
      x = g.op(OpKind::scale, prefix + "tokens.scaled", {x}, a);
    }
    const Shape table{c.context, c.channels};
    if (c.positions == Config::Positions::learned)
      x = g.add_positions(prefix + "embedded", x, g.parameter(prefix + "wpe", table, {Init::Kind::normal, kDeviation}, true));
    if (c.positions == Config::Positions::sinusoidal)
      x = g.add_positions(prefix + "embedded", x, g.buffer(prefix + "sinusoids", table, {Init::Kind::sinusoidal}));
    return dropout(prefix + "embedded.drop", x);
  }
  TensorId stack(TensorId ids, TensorId wte, TensorId memory, Mask mask) {
    TensorId x = embed(ids, wte);
    for (std::uint32_t layer = 0; layer < c.layers; ++layer) x = block(layer, x, memory, mask);
    return c.norm_place == Config::NormPlace::pre ? norm(prefix + "lnf", x) : x;
  }
};

}  // namespace

GraphSpec transformer(const TransformerConfig& c) {
  validate(c);
  const Shape sequence{c.batch, c.length ? c.length : c.context};
  const bool both = c.form == Config::Form::encoder_decoder;
  GraphSpec g;
  const TensorId source = both ? g.input("source", {c.batch, c.source_length ? c.source_length : c.context}) : kNoTensor;
  const TensorId ids = g.input("ids", sequence);
  const TensorId wte = g.parameter("wte", {c.vocab, c.channels}, {Init::Kind::normal, kDeviation}, true);
  const auto lengths = [&](const char* name) { return c.padding ? g.input(name, {c.batch}) : kNoTensor; };
  const TensorId own = lengths("lengths"), other = both ? lengths("source_lengths") : kNoTensor;
  const TensorId memory = both ? Builder{g, c, "encoder.", other}.stack(source, wte, kNoTensor, Mask::none) : kNoTensor;
  Builder build{g, c, both ? "decoder." : "", own, other};
  const TensorId x = build.stack(ids, wte, memory, c.form == Config::Form::encoder ? Mask::none : c.mask);
  TensorId logits = kNoTensor;
  if (c.classes) {
    logits = g.linear("logits", x, g.parameter("head.weight", {c.classes, c.channels}, {Init::Kind::normal, kDeviation}, true),
                      c.bias ? g.parameter("head.bias", {c.classes}, {}, false) : kNoTensor);
  } else {
    logits =
        g.linear("logits", x, c.tied ? wte : g.parameter("head.weight", {c.vocab, c.channels}, {Init::Kind::normal, kDeviation}, true));
  }
  if (c.loss) g.softmax_xent("loss", logits, g.input("targets", sequence));
  return g;
}

}  // namespace x2g
