// Promise 6: calls of the public API in any order with any numbers (huge sizes, NaN, wrong ids and names, damaged snapshots) end in an
// Error or a result, never in a trap. The bytes are choices: which call, which of the odd numbers, which of the tensors there are.
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "fuzz/fuzz.hpp"
#include "x2g/lm/cached_decoder.hpp"
#include "x2g/lm/decoding.hpp"
#include "x2g/lm/language_model.hpp"
#include "x2g/nn/cnn.hpp"
#include "x2g/nn/lora.hpp"
#include "x2g/nn/perceptron.hpp"
#include "x2g/nn/recurrent.hpp"
#include "x2g/nn/skipgram.hpp"
#include "x2g/nn/transformer.hpp"
#include "x2g/train/gradient_check.hpp"
#include "x2g/train/rate_finder.hpp"
#include "x2g/train/statistics.hpp"
#include "x2g/train/trainer.hpp"

namespace {

using namespace x2g;

constexpr std::uint64_t kSmall = 60'000;  // bytes of a graph that is run; larger ones are only built, or refused
constexpr int kCalls = 40;

/// The input as a row of choices; zeros when it is used up.
class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  bool empty() const { return size_ == 0; }
  std::uint8_t byte() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }
  std::uint32_t below(std::uint32_t n) { return byte() % n; }
  bool flag() { return byte() & 1; }
  /// Mostly small; one in eight at an edge of some type or limit.
  std::uint32_t whole() {
    static constexpr std::uint32_t kOdd[] = {0,     63,    64,       255,         256,         2048,        4096,        4097,
                                             65535, 65536, 1u << 20, 0x7fffffffu, 0x80000000u, 0xfffffff0u, 0xfffffffeu, 0xffffffffu};
    const std::uint8_t b = byte();
    return b < 32 ? kOdd[b % 16] : 1 + b % 9;
  }
  double real() {
    constexpr double inf = std::numeric_limits<double>::infinity();
    static const double kOdd[] = {0, -0.0, 1, -1, std::nan(""), inf, -inf, 1e308, -1e308, 5e-324, 1e6, 1e7, 0.5, 2, 0.999999, 1e-20};
    const std::uint8_t b = byte();
    return b < 64 ? kOdd[b % 16] : (b - 64) / 192.0;
  }
  template <class E>
  E one_of(std::uint32_t kinds) {
    return static_cast<E>(below(kinds));
  }
  std::string bytes(std::size_t most) {
    std::string out(below(static_cast<std::uint32_t>(most)), '\0');
    for (char& c : out) c = static_cast<char>(byte());
    return out;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

template <class Call>
bool attempt(const Call& call) {
  try {
    call();
    return true;
  } catch (const Error& e) {
    fuzz::require(!e.message().empty(), "an error without a message");
    return false;
  }
}

OptimizerConfig optimizer(Choices& c) {
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

GraphSpec model(Choices& c) {
  switch (c.below(6)) {
    case 0: {
      MlpConfig m;
      m.loss = c.one_of<MlpConfig::Loss>(4);
      for (std::uint32_t n = c.below(5); n > 0; --n) m.sizes.push_back(c.whole());
      m.hidden = c.one_of<Activation>(12);
      m.output = c.one_of<Activation>(12);
      m.weights = {c.one_of<Init::Kind>(9), c.real()};
      m.batch = c.whole();
      return mlp(m);
    }
    case 1: {
      GptConfig g{
          .vocab = c.whole(), .layers = c.whole(), .heads = c.whole(), .channels = c.whole(), .context = c.whole(), .batch = c.whole()};
      if (c.flag()) g.length = c.whole();
      g.loss = c.flag();
      return gpt(g);
    }
    case 2: {
      TransformerConfig t{.form = c.one_of<TransformerConfig::Form>(3), .norm = c.one_of<TransformerConfig::Norm>(3)};
      t.norm_place = c.one_of<TransformerConfig::NormPlace>(2);
      t.positions = c.one_of<TransformerConfig::Positions>(5);
      t.vocab = c.whole(), t.layers = c.whole(), t.heads = c.whole(), t.kv_heads = c.whole(), t.channels = 2 * c.whole();
      t.context = c.whole(), t.batch = c.whole(), t.length = c.flag() ? c.whole() : 0, t.source_length = c.flag() ? c.whole() : 0;
      t.swiglu = c.flag(), t.tied = c.flag(), t.attention = c.flag(), t.mlp = c.flag(), t.residual = c.flag(), t.loss = c.flag();
      t.mlp_ratio = c.real() * 4, t.dropout = c.flag() ? c.real() : 0, t.scale = c.flag() ? c.real() : 0,
      t.classes = c.flag() ? c.whole() : 0;
      t.mask = c.one_of<Mask>(3), t.score = c.one_of<Score>(3);
      return transformer(t);
    }
    case 3: {
      RecurrentConfig r{.cell = c.one_of<RecurrentConfig::Cell>(3), .vocab = c.whole(), .layers = c.whole(), .channels = c.whole()};
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
GraphSpec made_of_ops(Choices& c) {
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

std::string name_in(const GraphSpec& spec, Choices& c) {
  if (spec.tensors().empty() || c.below(16) == 0) return c.bytes(6);
  return spec.tensors()[c.below(static_cast<std::uint32_t>(std::min<std::size_t>(spec.tensors().size(), 255)))].name;
}

/// A source that gives what fill() gives.
class AnyBatches final : public BatchSource<float> {
 public:
  explicit AnyBatches(Choices& c) : c_(c) {}
  void fill(std::uint64_t, Graph<float>& graph) override { ::fill(graph, c_); }

 private:
  Choices& c_;
};

void drive_graph(Graph<float>& g, Choices& c) {
  for (int calls = 0; calls < kCalls && !c.empty(); ++calls) {
    attempt([&] {
      const std::size_t nodes = g.node_count(), any = c.whole();
      switch (c.below(10)) {
        case 0: g.initialize(c.whole()); break;
        case 1: fill(g, c); break;
        case 2: g.forward(); break;
        case 3: g.backward(); break;
        case 4: g.forward_node(nodes ? any % (nodes + 1) : any); break;
        case 5: g.backward_node(nodes ? any % (nodes + 1) : any); break;
        case 6: static_cast<void>(statistics(std::as_const(g), name_in(g.spec(), c), c.one_of<Side>(2))); break;
        case 7: g.set_training(c.flag()); break;
        case 8:
          for (float& v : g.value(name_in(g.spec(), c))) v = static_cast<float>(c.real());
          break;
        default: check_gradient(*in_double(g), name_in(g.spec(), c), c.whole(), c.real());
      }
    });
  }
}

void drive_trainer(Trainer<float>& t, Choices& c) {
  std::vector<std::uint8_t> kept;
  for (int calls = 0; calls < kCalls && !c.empty(); ++calls) {
    attempt([&] {
      switch (c.below(12)) {
        case 0: t.step(c.below(3)); break;
        case 1: t.advance(); break;
        case 2: t.set_optimizer(optimizer(c)); break;
        case 3: kept = t.snapshot(); break;
        case 4:
          if (!kept.empty() && c.flag()) kept[c.whole() % kept.size()] ^= c.byte();
          if (c.below(8) == 0) kept.resize(c.whole() % (kept.size() + 1));
          t.restore(kept);
          break;
        case 5: t.reset(c.whole()); break;
        case 6: static_cast<void>(t.report()); break;
        case 7: t.run_to_update(); break;
        case 8: t.finish_update({c.real(), c.real(), c.flag()}); break;
        case 9:
          for (float& v : t.graph().value(name_in(t.graph().spec(), c))) v = static_cast<float>(c.real());
          t.touch();
          break;
        case 10: {
          RateFinder<float> finder(t, c.real(), c.real(), c.whole() % 16);
          for (int i = 0; i < 30 && finder.advance(); ++i) {}
          static_cast<void>(finder.suggestion());
          break;
        }
        default: t.graph().set_step(c.whole());
      }
    });
  }
}

void drive_text(Choices& c) {
  std::optional<Tokenizer> tokenizer;
  const std::string text = c.bytes(255);
  // Not characters(text): it looks through all of Unicode, 30 ms when instrumented.
  if (!attempt([&] { tokenizer = c.flag() ? Tokenizer::from_vocabulary(text) : Tokenizer::bytes(); })) return;
  attempt([&] {
    fuzz::require(tokenizer->kind() == Tokenizer::Kind::characters || tokenizer->decode(tokenizer->encode(text)) == text,
                  "bytes come back");
  });
  attempt([&] { static_cast<void>(tokenizer->encode(c.bytes(40))); });
  attempt([&] { static_cast<void>(tokenizer->decode(c.whole()) + tokenizer->label(c.whole())); });
  GptConfig g{.layers = 1, .heads = 1, .channels = 2, .context = 2 + c.below(6), .batch = 1 + c.below(2)};
  const OptimizerConfig o = optimizer(c);
  std::optional<LanguageModel> m;
  if (!attempt([&] { m.emplace(text, *tokenizer, g, c.flag() ? o : OptimizerConfig{}, c.real(), c.whole(), 1u << 20); })) return;
  for (int calls = 0; calls < kCalls && !c.empty(); ++calls) {
    std::vector<std::uint32_t> ids(c.below(9));
    for (std::uint32_t& id : ids) id = c.whole();
    attempt([&] {
      switch (c.below(5)) {
        case 0: m->trainer().step(c.below(3)); break;
        case 1: m->evaluate(c.flag(), c.whole()); break;
        case 2: static_cast<void>(m->advance_evaluation()); break;
        case 3: static_cast<void>(m->look(ids)); break;
        default: Sampler({c.real(), c.whole(), c.whole()}).next(m->next_logits(ids));
      }
    });
  }
}

/// Token by token, with a cache, and drawn by any settings.
void drive_decoder(const Graph<float>& g, Choices& c) {
  CachedDecoderConfig config{.window = c.whole(), .chunk = c.whole(), .when_full = c.one_of<WhenFull>(2), .memory_limit = 1u << 20};
  std::unique_ptr<CachedDecoder> cached;
  if (!attempt([&] { cached = std::make_unique<CachedDecoder>(g, config); })) return;
  std::optional<Decoder> draw;
  attempt(
      [&] { draw.emplace(DecodingConfig{c.real(), c.real(), c.real(), c.real(), c.whole(), c.real(), c.real(), c.real(), c.whole()}); });
  std::vector<std::uint32_t> history;
  for (int calls = 0; calls < kCalls && !c.empty(); ++calls) {
    std::vector<std::uint32_t> tokens(c.below(6));
    for (std::uint32_t& t : tokens) t = c.whole() - 1;
    attempt([&] {
      const std::size_t length = cached->length();
      switch (c.below(6)) {
        case 0: cached->forget(c.whole()); break;
        case 1: cached->clear(); break;
        case 2: static_cast<void>(cached->prefill_all(tokens)); break;
        default: {
          const auto logits = cached->prefill(tokens);
          fuzz::require(logits.size() == cached->vocab() && cached->length() == length + tokens.size(), "all tokens are read");
          if (!draw) break;
          const std::uint32_t next = draw->next(logits, c.flag() ? tokens : history);
          fuzz::require(next < cached->vocab(), "a token of the vocabulary");
          history.push_back(next);
          if (c.flag()) static_cast<void>(draw->trace(logits, history));
        }
      }
    });
  }
}

void drive_perceptron(Choices& c) {
  PerceptronConfig p{.fires_at_zero = c.flag(), .rate = c.real(), .shuffled = c.flag(), .seed = c.whole(), .start = {}};
  for (std::uint32_t n = c.below(4); n > 0; --n) p.start.push_back(c.real());
  std::optional<Perceptron> perceptron;
  attempt([&] {
    perceptron.emplace(
        c.flag() ? gate(c.flag() ? "xor" : c.bytes(5), c.whole()) : blobs(c.whole() % 600, c.real(), c.real(), 1, c.whole() % 70), p);
  });
  for (int calls = 0; perceptron && calls < kCalls && !c.empty(); ++calls) {
    std::vector<double> w(c.below(5));
    for (double& v : w) v = c.real();
    attempt([&] {
      switch (c.below(5)) {
        case 0: perceptron->step(); break;
        case 1: perceptron->set_weights(w); break;
        case 2: perceptron->set_rate(c.real()); break;
        case 3: static_cast<void>(perceptron->output(w)); break;
        default: {
          PerceptronState s = perceptron->state();
          if (c.flag()) s.gain = w;
          if (c.flag()) s.rate = c.real(), s.cycle_length = c.whole();
          perceptron->restore(s);
        }
      }
    });
  }
}

void drive(Choices& c) {
  const std::uint32_t what = c.below(8);
  if (what == 0) return drive_text(c);
  if (what == 1) return drive_perceptron(c);
  std::optional<GraphSpec> spec;
  if (!attempt([&] { spec = what < 4 ? made_of_ops(c) : model(c); })) return;
  if (c.below(8) == 0)
    attempt([&] { spec = with_lora(*spec, {.rank = c.whole(), .alpha = c.real(), .targets = {c.flag() ? "attn.q" : name_in(*spec, c)}}); });
  const bool small = spec->memory(2, sizeof(double)).total() <= kSmall;
  if (!small) {  // estimated, and refused where it is too much
    attempt([&] { Graph<float>(*spec, {.state_slots = c.below(3), .memory_limit = 1u << 22}); });
    return;
  }
  if (c.flag()) {
    std::optional<Graph<float>> g;
    if (attempt([&] {
          g.emplace(*spec, GraphOptions{.gradients = c.below(4) != 0,
                                        .precision = {c.one_of<Format>(3), c.one_of<Format>(3), c.one_of<Format>(3)}});
        }))
      c.flag() && spec->find("logits") != kNoTensor ? drive_decoder(*g, c) : drive_graph(*g, c);
    return;
  }
  TrainOptions options{.accumulate = c.below(4) ? 1 : c.whole()};
  options.loss_scale = {c.one_of<LossScale::Kind>(3), c.flag() ? 65536 : c.real(), c.whole()};
  const OptimizerConfig o = c.flag() ? optimizer(c) : OptimizerConfig{};
  std::unique_ptr<Trainer<float>> t;
  if (attempt([&] { t = std::make_unique<Trainer<float>>(*spec, o, std::make_unique<AnyBatches>(c), c.whole(), kMemoryLimit, options); }))
    drive_trainer(*t, c);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices(data, size);
  drive(choices);
  return 0;
}
