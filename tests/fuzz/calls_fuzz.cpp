// Promise 6: calls of the public API in any order with any numbers (huge sizes, NaN, wrong ids and names, damaged snapshots) end in an
// Error or a result, never in a trap. The bytes are choices: which call, which of the odd numbers, which of the tensors there are.
// Whatever makes an input slow without asking anything new is kept small (layers, micro-batches, arenas): ten million inputs are a promise.
#include <memory>
#include <optional>
#include <string>

#include "fuzz/call_graphs.hpp"
#include "x2g/lm/cached_decoder.hpp"
#include "x2g/lm/decoding.hpp"
#include "x2g/lm/language_model.hpp"
#include "x2g/nn/lora.hpp"
#include "x2g/nn/perceptron.hpp"
#include "x2g/train/gradient_check.hpp"
#include "x2g/train/rate_finder.hpp"
#include "x2g/train/statistics.hpp"
#include "x2g/train/trainer.hpp"

namespace {

using namespace x2g;
using namespace x2g::fuzz;

constexpr std::uint64_t kSmall = 32'000;    // bytes of a graph that is run; larger ones are only built, or refused
constexpr std::uint64_t kMemory = 1 << 17;  // bytes of one that is only built: pages are not what is asked about

/// A source that gives what fill() gives.
class AnyBatches final : public BatchSource<float> {
 public:
  explicit AnyBatches(Choices& c) : c_(c) {}
  void fill(std::uint64_t, Graph<float>& graph) override { x2g::fuzz::fill(graph, c_); }

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
          RateFinder<float> finder(t, c.real(), c.real(), c.whole() % 6);
          for (int i = 0; i < 8 && finder.advance(); ++i) {}
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
  const std::string text = c.bytes(64);
  // Not characters(text): it looks through all of Unicode, 30 ms when instrumented.
  if (!attempt([&] { tokenizer = c.flag() ? Tokenizer::from_vocabulary(text) : Tokenizer::bytes(); })) return;
  attempt([&] {
    require(tokenizer->kind() == Tokenizer::Kind::characters || tokenizer->decode(tokenizer->encode(text)) == text, "bytes come back");
  });
  attempt([&] { static_cast<void>(tokenizer->encode(c.bytes(40))); });
  attempt([&] { static_cast<void>(tokenizer->decode(c.whole()) + tokenizer->label(c.whole())); });
  GptConfig g{.layers = 1, .heads = 1, .channels = 2, .context = 2 + c.below(6), .batch = 1 + c.below(2)};
  const OptimizerConfig o = optimizer(c);
  std::optional<LanguageModel> m;
  if (!attempt([&] { m.emplace(text, *tokenizer, g, c.flag() ? o : OptimizerConfig{}, c.real(), c.whole(), kMemory); })) return;
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
  CachedDecoderConfig config{.window = c.whole(), .chunk = c.whole(), .when_full = c.one_of<WhenFull>(2), .memory_limit = kMemory};
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
          require(logits.size() == cached->vocab() && cached->length() == length + tokens.size(), "all tokens are read");
          if (!draw) break;
          const std::uint32_t next = draw->next(logits, c.flag() ? tokens : history);
          require(next < cached->vocab(), "a token of the vocabulary");
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
        c.flag() ? gate(c.flag() ? "xor" : c.bytes(5), c.whole()) : blobs(c.whole() % 80, c.real(), c.real(), 1, c.whole() % 70), p);
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
  const std::uint32_t what = c.below(16);  // a language model takes the most time and is one of sixteen
  if (what == 0) return drive_text(c);
  if (what == 1) return drive_perceptron(c);
  std::optional<GraphSpec> spec;
  if (!attempt([&] { spec = what < 7 ? made_of_ops(c) : model(c); })) return;
  if (c.below(8) == 0)
    attempt([&] { spec = with_lora(*spec, {.rank = c.whole(), .alpha = c.real(), .targets = {c.flag() ? "attn.q" : name_in(*spec, c)}}); });
  const bool small = spec->memory(2, sizeof(double)).total() <= kSmall;
  if (!small) {  // estimated, and refused where it is too much
    attempt([&] { Graph<float>(*spec, {.state_slots = c.below(3), .memory_limit = kMemory}); });
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
  TrainOptions options{.accumulate = c.below(4) ? 1 : c.few(3)};
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
