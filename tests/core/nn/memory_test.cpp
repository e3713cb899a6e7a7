// The memory calculator against what graphs really allocate, against published figures, and against itself (ZeRO, KV cache, QLoRA).
#include "x2g/nn/memory.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "support/op_graph.hpp"
#include "x2g/lm/kv_cache.hpp"
#include "x2g/quant/model.hpp"
#include "x2g/train/sharded.hpp"

namespace x2g {
namespace {

using namespace test;
using Catch::Matchers::ContainsSubstring;
using Method = MemoryPlan::Method;
using Kind = OptimizerConfig::Kind;

const GptConfig kModels[] = {
    {.vocab = 11, .layers = 1, .heads = 1, .channels = 5, .context = 7, .batch = 3},
    {.vocab = 65, .layers = 3, .heads = 2, .channels = 14, .context = 9, .batch = 2, .length = 5, .bias = true},
    {.vocab = 48, .layers = 2, .heads = 4, .channels = 32, .context = 16, .batch = 1, .bias = true, .loss = false},
};
// GPT-2 (Radford et al. 2019, table 2), with the parameters of the published weights.
const GptConfig kGpt2{.vocab = 50257, .layers = 12, .heads = 12, .channels = 768, .context = 1024, .batch = 1, .bias = true};

OptimizerConfig optimizer(Kind kind, double momentum = 0) {
  OptimizerConfig o;
  o.kind = kind;
  o.momentum = momentum;
  return o;
}

/// From the first number of a graph's arena to the end of its last line, found by looking where its tensors lie.
std::uint64_t arena_bytes(Graph<float>& g, std::uint32_t slots) {
  std::uintptr_t first = UINTPTR_MAX, last = 0;
  const auto look = [&](std::span<float> v) {
    if (v.empty()) return;
    first = std::min(first, reinterpret_cast<std::uintptr_t>(v.data()));
    last = std::max(last, (reinterpret_cast<std::uintptr_t>(v.data() + v.size()) + 63) / 64 * 64);
  };
  for (std::size_t i = 0; i < g.spec().tensors().size(); ++i) {
    const TensorId id = static_cast<TensorId>(i);
    look(g.value(id));
    look(g.grad(id));
    if (g.spec().tensors()[i].role == Role::parameter)
      for (std::uint32_t k = 0; k < slots; ++k) look(g.slot(id, k));
  }
  return last - first;
}

/// The bill, checked against a graph of the same spec.
void check_against_graph(const GraphSpec& spec, const GptConfig& c, MemoryPlan plan) {
  plan.padded = true;
  const std::uint32_t slots = plan.method == Method::answer ? 0 : plan.optimizer.state_slots();
  Graph<float> g(spec, {.state_slots = slots, .gradients = plan.method != Method::answer});
  const MemoryBill bill = gpt_memory(c, plan);
  CHECK(bill.parameters == 4 * (g.parameters().size() + g.buffers().size()));
  CHECK(bill.optimizer == 4 * (g.state().size() - g.buffers().size() - g.parameters().size()));
  CHECK(bill.gradients == 4 * g.gradients().size());
  CHECK(bill.total() - bill.cache == arena_bytes(g, slots));
  const MemoryEstimate m = spec.memory(slots, 4, plan.method != Method::answer);
  CHECK(bill.activations == m.activations);
  CHECK(bill.gradients + bill.activation_gradients == m.gradients);
  CHECK(bill.trained_count == (plan.method == Method::answer ? 0 : spec.parameter_count()));
  std::uint64_t rows = 0;
  for (const MemoryRow& row : bill.rows) rows += row.bytes;
  CHECK(rows == bill.total());

  // and number by number, without padding
  plan.padded = false;
  const MemoryBill plain = gpt_memory(c, plan);
  std::uint64_t kept = 0, values = 0, gradients = 0;
  for (const TensorSpec& t : spec.tensors()) {
    if (t.role == Role::parameter || t.role == Role::buffer)
      kept += t.shape.size();
    else
      values += t.shape.size();
    if (t.role == Role::value && plan.method != Method::answer) gradients += t.shape.size();
  }
  CHECK(plain.parameter_count == kept);
  CHECK(plain.parameters == 4 * kept);
  CHECK(plain.activations == 4 * values);
  CHECK(plain.activation_gradients == 4 * gradients);
}

}  // namespace

TEST_CASE("the bill is what a graph allocates, to the byte", "[nn][memory]") {
  for (const GptConfig& c : kModels) {
    CAPTURE(c.channels, c.bias, c.loss);
    for (const OptimizerConfig& o : {optimizer(Kind::sgd), optimizer(Kind::sgd, 0.9), optimizer(Kind::adam), optimizer(Kind::adamw)}) {
      MemoryPlan plan;
      plan.optimizer = o;
      check_against_graph(gpt(c), c, plan);
    }
    MemoryPlan answer;
    answer.method = Method::answer;
    check_against_graph(gpt(c), c, answer);
  }
}

TEST_CASE("the bill of a LoRA run is what its graph allocates, to the byte", "[nn][memory][lora]") {
  for (const GptConfig& c : kModels)
    for (const std::vector<std::string>& targets :
         {std::vector<std::string>{"attn.qkv"}, {"proj"}, {"attn.qkv", "attn.proj", "mlp.fc", "mlp.proj"}, {"0.mlp.fc", "attn.qkv"}})
      for (const std::uint32_t rank : {1u, 3u, 16u}) {
        CAPTURE(c.channels, targets.front(), rank);
        MemoryPlan plan;
        plan.method = Method::lora;
        plan.lora = {rank, 8, targets};
        plan.optimizer = optimizer(Kind::adamw);
        check_against_graph(with_lora(gpt(c), plan.lora), c, plan);
      }
}

TEST_CASE("published models have the parameters they are known for", "[nn][memory]") {
  GptConfig c = kGpt2;
  CHECK(gpt_memory(c).parameter_count == 124'439'808);
  c.layers = 24, c.heads = 16, c.channels = 1024;
  CHECK(gpt_memory(c).parameter_count == 354'823'168);
  c.layers = 36, c.heads = 20, c.channels = 1280;
  CHECK(gpt_memory(c).parameter_count == 774'030'080);
  c.layers = 48, c.heads = 25, c.channels = 1600;
  CHECK(gpt_memory(c).parameter_count == 1'557'611'200);
  c.layers = 96, c.heads = 96, c.channels = 12288, c.context = 2048;  // GPT-3 (Brown et al. 2020, table 2.1): 175 billion
  CHECK(std::fabs(static_cast<double>(gpt_memory(c).parameter_count) / 175e9 - 1) < 0.003);
}

TEST_CASE("a block's activations follow the formula 18 BTC + 4 BT + BHT²", "[nn][memory]") {
  GptConfig c = kGpt2;
  c.batch = 3;
  const std::uint64_t one = gpt_memory(c).activations;
  c.layers = 13;
  const std::uint64_t B = 3, T = 1024, C = 768, H = 12;
  CHECK(gpt_memory(c).activations - one == 4 * (18 * B * T * C + 4 * B * T + B * H * T * T));
}

TEST_CASE("16 bits: weights, gradients and values halve, a master copy joins the optimizer state", "[nn][memory]") {
  MemoryPlan wide, half;
  wide.optimizer = half.optimizer = optimizer(Kind::adamw);
  half.weights = half.gradients = half.activations = Format::bf16;
  const MemoryBill a = gpt_memory(kGpt2, wide), b = gpt_memory(kGpt2, half);
  CHECK(2 * b.parameters == a.parameters);
  CHECK(2 * b.gradients == a.gradients);
  CHECK(2 * b.activations == a.activations);
  CHECK(2 * b.activation_gradients == a.activation_gradients);
  CHECK(b.parameters + b.gradients + b.optimizer == 16 * 124'439'808ull);  // 2 + 2 + 12 (Rajbhandari et al. 2020, section 3.1)
  half.master = false;
  CHECK(gpt_memory(kGpt2, half).optimizer == a.optimizer);
}

TEST_CASE("ZeRO's shares are those of zero_memory and of a real sharded optimizer", "[nn][memory]") {
  MemoryPlan plan;
  plan.optimizer = optimizer(Kind::adam);
  plan.weights = plan.gradients = Format::fp16;
  for (std::uint32_t stage = 0; stage <= 3; ++stage)
    for (const std::uint32_t workers : {1u, 2u, 7u, 64u}) {
      plan.zero_stage = stage;
      plan.workers = workers;
      const MemoryBill bill = gpt_memory(kGpt2, plan);
      const ZeroMemory want = zero_memory(124'439'808, workers, stage);
      CAPTURE(stage, workers);
      CHECK(bill.parameters == want.weights);
      CHECK(bill.gradients == want.gradients);
      CHECK(bill.optimizer == want.optimizer);
    }
  const GptConfig& c = kModels[1];
  plan = {};
  plan.optimizer = optimizer(Kind::adamw);
  plan.zero_stage = 1;
  plan.workers = 3;
  CHECK(gpt_memory(c, plan).optimizer == ShardedOptimizer<float>(gpt(c), plan.optimizer, 0, 3).state_bytes());
}

TEST_CASE("a quantized base weighs what quantize_weights reports", "[nn][memory][quant]") {
  for (const char* name : {"int8", "int4", "nf4", "nf4-double"}) {
    const GptConfig& c = kModels[1];
    MemoryPlan plan;
    plan.method = Method::lora;
    plan.lora = {2, 4, {"attn.qkv"}};
    plan.set_weights(name);
    Graph<float> g(with_lora(gpt(c), plan.lora));
    g.initialize(1);
    CAPTURE(name);
    CHECK(gpt_memory(c, plan).parameters == quantize_weights(g, plan.quant).total_bytes());
  }
}

TEST_CASE("QLoRA on a model of 7 billion parameters fits where full training needs ten times the memory", "[nn][memory][quant]") {
  const GptConfig c{.vocab = 32000, .layers = 32, .heads = 32, .channels = 4096, .context = 2048, .batch = 1, .length = 512};
  MemoryPlan full, qlora;
  full.optimizer = qlora.optimizer = optimizer(Kind::adamw);
  full.weights = full.gradients = full.activations = Format::bf16;
  qlora.method = Method::lora;
  qlora.lora = {16, 16, {"attn.qkv", "attn.proj", "mlp.fc", "mlp.proj"}};
  qlora.weights = qlora.activations = Format::bf16;
  qlora.set_weights("nf4-double");
  const MemoryBill a = gpt_memory(c, full), b = gpt_memory(c, qlora);
  CAPTURE(a.total(), b.total(), b.parameters);
  CHECK(a.parameters + a.gradients + a.optimizer == 16 * a.parameter_count);
  CHECK(b.trained_count == 16ull * 32 * 4096 * (4 + 2 + 5 + 5));
  CHECK(b.parameters < 4ull << 30);  // "why a model fits in 8 GB"
  CHECK(10 * (b.parameters + b.gradients + b.optimizer) < a.parameters + a.gradients + a.optimizer);
}

TEST_CASE("the KV cache of an answering model is lm/kv_cache.hpp's, in every format", "[nn][memory]") {
  MemoryPlan plan;
  plan.method = Method::answer;
  CHECK(gpt_memory(kGpt2, plan).cache == 2ull * 12 * 768 * 1024 * 4);
  CHECK(gpt_memory(kGpt2, plan).cache == kv_bytes(12, 12, 64, 1024));
  plan.cache = Format::bf16;
  CHECK(gpt_memory(kGpt2, plan).cache == kv_bytes(12, 12, 64, 1024, 2));
  CHECK(gpt_memory(kGpt2).cache == 0);
}

TEST_CASE("rows say their formula and what it comes to", "[nn][memory]") {
  const MemoryBill bill = gpt_memory(kGpt2);
  const auto row = [&](std::string_view name) { return *std::ranges::find(bill.rows, name, &MemoryRow::name); };
  CHECK(row("wte").formula == "V·C");
  CHECK(row("wte").numbers == 50257ull * 768);
  CHECK(row("blocks.*.attn.qkv.weight").formula == "3C·C");
  CHECK(row("blocks.*.attn.qkv.weight").times == 12);
  CHECK(row("blocks.*.attn.qkv.weight").bytes == 4ull * 12 * 3 * 768 * 768);
  CHECK(row("blocks.*.attn.att").formula == "B·H·T·T");
  CHECK(memory_part_name(row("blocks.*.attn.att").part) == "activations");
  CHECK(memory_part_name(MemoryPart::cache) == "cache");
}

TEST_CASE("the calculator refuses what cannot be", "[nn][memory][reliability-6]") {
  const auto refused = [](GptConfig c, const MemoryPlan& p) { return message_of([&] { gpt_memory(c, p); }); };
  GptConfig c = kGpt2;
  c.channels = 770;
  CHECK_THAT(refused(c, {}), ContainsSubstring("multiple of heads"));
  c = kGpt2;
  c.layers = 0;
  CHECK_THAT(refused(c, {}), ContainsSubstring("layers is 0; it must be 1 to 4096"));
  c = kGpt2;
  c.length = 1025;
  CHECK_THAT(refused(c, {}), ContainsSubstring("length is 1025; it must be 0 to 1024"));
  MemoryPlan p;
  p.set_weights("nf4");
  CHECK_THAT(refused(kGpt2, p), ContainsSubstring("cannot be trained"));
  p = {};
  p.zero_stage = 4;
  CHECK_THAT(refused(kGpt2, p), ContainsSubstring("zero_stage is 4"));
  p = {};
  p.padded = true;
  p.zero_stage = 1;
  CHECK_THAT(refused(kGpt2, p), ContainsSubstring("set zero_stage to 0"));
  p = {};
  p.method = Method::lora;
  CHECK_THAT(refused(kGpt2, p), ContainsSubstring("targets is empty"));
  p.lora.targets = {"attn.q"};
  CHECK_THAT(refused(kGpt2, p), ContainsSubstring("ends with \"attn.q\""));
  p.lora = {0, 8, {"attn.qkv"}};
  CHECK_THAT(refused(kGpt2, p), ContainsSubstring("rank is 0"));
  const GptConfig giant{.vocab = 2, .layers = 4096, .heads = 4096, .channels = 1u << 17, .context = 1u << 24, .batch = 1u << 20};
  CHECK(code_of([&] { gpt_memory(giant, {}); }) == ErrorCode::out_of_memory);
  CHECK_THAT(message_of([&] { p.set_weights("fp8"); }), ContainsSubstring("\"fp8\""));
  CHECK_THAT(message_of([] { memory_method_from_name("qlora"); }), ContainsSubstring("answer, full, lora"));
  CHECK(memory_method_from_name("lora") == Method::lora);
  p.set_weights("bf16");
  CHECK(p.weights == Format::bf16);
  CHECK_FALSE(p.quantized);
}

}  // namespace x2g
