// Quantized models: which weights change, what they would weigh, and QLoRA: a correction that learns on a frozen base in 4 bits.
#include "x2g/quant/model.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "support/figures.hpp"
#include "support/model_check.hpp"
#include "support/op_graph.hpp"
#include "x2g/data/stories.hpp"
#include "x2g/lm/language_model.hpp"
#include "x2g/nn/lora.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/optim/optimizer.hpp"

namespace x2g {
namespace {

using namespace test;
using Catch::Matchers::ContainsSubstring;

constexpr GptConfig kSmall{.vocab = 11, .layers = 2, .heads = 2, .channels = 16, .context = 8, .batch = 3, .bias = true};
const LoraConfig kAdapted{4, 8, {"attn.qkv", "mlp.fc"}};

template <class T>
std::vector<T> copy(std::span<const T> v) {
  return {v.begin(), v.end()};
}

template <class T>
void fill_batch(Graph<T>& g) {
  fill_tokens(g, "ids", kSmall.vocab, 4);
  fill_tokens(g, "targets", kSmall.vocab, 5);
}

/// A graph of with_lora whose frozen weights were made up, as if trained.
template <class T>
std::unique_ptr<Graph<T>> adapted() {
  Graph<T> base(gpt(kSmall));
  base.initialize(1);
  scatter_parameters(base, 0.2, 2);
  auto g = std::make_unique<Graph<T>>(with_lora(gpt(kSmall), kAdapted), GraphOptions{.state_slots = 2});
  g->initialize(3);
  copy_by_name(base, *g);
  fill_batch(*g);
  return g;
}

}  // namespace

TEST_CASE("frozen linear weights become what their codes decode to, and nothing else changes", "[quant][lora]") {
  const auto before = adapted<float>(), g = adapted<float>();
  const QuantConfig nf4 = quant_from_name("nf4");
  const QuantReport report = quantize_weights(*g, nf4);
  CHECK(report.weights.size() == 2 * 4);
  std::uint64_t kept = 0, all = 0;
  for (std::size_t i = 0; i < g->spec().tensors().size(); ++i) {
    const TensorSpec& t = g->spec().tensors()[i];
    if (t.role != Role::buffer && t.role != Role::parameter) continue;
    const TensorId id = static_cast<TensorId>(i);
    const auto now = copy<float>(g->value(id)), was = copy<float>(before->value(id));
    const auto listed = std::ranges::find(report.weights, t.name, &QuantizedWeight::name);
    CAPTURE(t.name);
    all += 4 * t.shape.size();
    if (listed == report.weights.end()) {
      kept += 4 * t.shape.size();
      CHECK(now == was);
      CHECK((t.shape.rank == 1 || t.name.starts_with("w") || t.name.find(".lora.") != std::string::npos));
    } else {
      const Quantized q = quantize(was, t.shape.dims[0], t.shape.dims[1], nf4);
      CHECK(now == q.dequantize());
      CHECK(listed->quantized_bytes == q.bytes());
      CHECK(listed->float_bytes == 4 * was.size());
      CHECK(listed->error.snr == quant_error(was, now).snr);
      CHECK(listed->error.snr > 15);
    }
  }
  CHECK(report.kept_bytes == kept);
  CHECK(report.float_bytes() == all);
  // per layer 12 C² weights at 4.5 bits
  CHECK(report.total_bytes() == kept + 2 * 12 * 16 * 16 * 9 / 16);
}

TEST_CASE("a plain model can be quantized, all of it or some layers", "[quant]") {
  Graph<float> g(gpt(kSmall));
  g.initialize(1);
  fill_batch(g);
  CHECK_THAT(message_of([&] { quantize_weights(g, {}); }), ContainsSubstring("no frozen linear weight"));
  const auto wte = copy<float>(g.value("wte"));
  const QuantReport some = quantize_weights(g, {}, {false, {"1.mlp.fc", "attn.proj"}});
  REQUIRE(some.weights.size() == 3);
  CHECK(some.weights[0].name == "blocks.0.attn.proj.weight");
  CHECK(some.weights[2].name == "blocks.1.mlp.fc.weight");
  CHECK(some.weights[2].rows == 64);
  CHECK(quantize_weights(g, {}, {false, {}}).weights.size() == 8);
  CHECK(copy<float>(g.value("wte")) == wte);  // tied: the embedding reads it, too
  CHECK(std::isfinite(g.forward()));
}

TEST_CASE("QLoRA: a correction on a 4-bit base learns, and the base stays as it is to the bit", "[quant][lora]") {
  for (const char* name : {"nf4-double", "int4", "int8"}) {
    const auto g = adapted<float>();
    quantize_weights(*g, quant_from_name(name));
    const auto base = copy<float>(g->buffers());
    OptimizerConfig adamw;
    adamw.kind = OptimizerConfig::Kind::adamw;
    adamw.lr = 0.01;
    const float start = g->forward();
    for (std::uint64_t step = 0; step < 40; ++step) {
      g->forward();
      g->backward();
      update(adamw, *g, step);
    }
    CAPTURE(name, start, g->forward());
    CHECK(g->forward() < 0.8f * start);
    CHECK(copy<float>(g->buffers()) == base);
  }
}

TEST_CASE("gradients of a correction on a quantized base agree with central differences", "[quant][lora][gradient]") {
  for (const char* name : {"nf4-double", "int4"}) {
    const auto g = adapted<double>();
    scatter_parameters(*g, 0.3, 6);
    const QuantReport report = quantize_weights(*g, quant_from_name(name));
    CHECK(report.weights.size() == 8);
    const Deviation d = deviation(*g);
    figure("1 gradient in double, norm", std::string("QLoRA on ") + name, d.norm, 1e-7);
    figure("1 gradient in double, element", std::string("QLoRA on ") + name, d.element, 1e-5);
  }
}

TEST_CASE("a trained model in 4 bits still knows its text; in 2 bits it has forgotten much of it", "[quant][train]") {
  OptimizerConfig adamw;
  adamw.kind = OptimizerConfig::Kind::adamw;
  adamw.lr = 0.005;
  const std::string corpus = stories("en", 20000, 1);
  LanguageModel model(corpus, Tokenizer::characters(corpus), {.layers = 2, .heads = 2, .channels = 32, .context = 32, .batch = 8}, adamw,
                      0.1, 1);
  const auto loss = [&] {
    double sum = 0;
    for (std::uint64_t i = 0; i < 8; ++i) sum += model.evaluate(true, i) / 8;
    return sum;
  };
  const double start = loss();
  model.trainer().step(300);
  const double trained = loss();
  const auto kept = model.trainer().snapshot();
  std::array<double, 4> lost{};
  const char* names[] = {"int8", "nf4", "int4", "int2"};
  for (std::size_t i = 0; i < 4; ++i) {
    model.trainer().restore(kept);
    quantize_weights(model.trainer().graph(), quant_from_name(names[i]), {false, {}});
    lost[i] = loss() - trained;
  }
  CAPTURE(start, trained, lost);
  CHECK(trained < 0.8 * start);
  CHECK(std::fabs(lost[0]) < 0.005);
  CHECK(lost[1] < 0.1 * (start - trained));
  CHECK(lost[2] < 0.1 * (start - trained));
  CHECK(lost[3] > 5 * lost[2]);
}

TEST_CASE("quantizing a model refuses what it cannot do, and changes nothing then", "[quant][reliability-6]") {
  const auto g = adapted<float>();
  CHECK_THAT(message_of([&] { quantize_weights(*g, {}, {true, {"attn.k"}}); }), ContainsSubstring("ends with \"attn.k\""));
  CHECK_THAT(message_of([&] { quantize_weights(*g, {}, {true, {"logits"}}); }), ContainsSubstring("\"logits\""));
  QuantConfig bad;
  bad.bits = 1;
  CHECK_THAT(message_of([&] { quantize_weights(*g, bad); }), ContainsSubstring("bits is 1"));
  g->value("blocks.1.mlp.proj.weight")[3] = std::numeric_limits<float>::infinity();
  const auto before = copy<float>(g->buffers());
  CHECK_THAT(message_of([&] { quantize_weights(*g, quant_from_name("nf4")); }),
             ContainsSubstring("\"blocks.1.mlp.proj.weight\": number 3 is Infinity"));
  CHECK(copy<float>(g->buffers()) == before);
}

}  // namespace x2g
