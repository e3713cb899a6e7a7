// Emulated 16-bit training: what is rounded and what is not, loss scaling at work, and that fp32 runs are untouched.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <algorithm>
#include <cmath>
#include <memory>

#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/train/trainer.hpp"

using namespace x2g;

namespace {

constexpr Precision kHalf{Format::fp16, Format::fp16, Format::fp16};

MlpConfig xor_net() {
  MlpConfig c;
  c.sizes = {2, 8, 1};
  c.loss = MlpConfig::Loss::bce;
  c.batch = 4;
  return c;
}

Trainer<float> xor_run(const TrainOptions& options) {
  return {mlp(xor_net()),
          {.kind = OptimizerConfig::Kind::adamw, .lr = 0.05},
          std::make_unique<TableBatches<float>>(std::vector<float>{0, 0, 0, 1, 1, 0, 1, 1}, std::vector<float>{0, 1, 1, 0}, 4, 4, 1),
          1,
          kMemoryLimit,
          options};
}

bool all_rounded(std::span<const float> x, float (*round)(float)) {
  return std::ranges::all_of(x, [&](float v) { return round(v) == v; });
}
std::size_t zeros(std::span<const float> x) { return static_cast<std::size_t>(std::ranges::count(x, 0.0f)); }

}  // namespace

TEST_CASE("outputs, weights and gradients are 16-bit numbers, the masters and the loss are not", "[train][precision][lesson-22]") {
  const Format format = GENERATE(Format::fp16, Format::bf16);
  float (*const round)(float) = format == Format::fp16 ? round_fp16 : round_bf16;
  Graph<float> g(gpt({.vocab = 7, .layers = 1, .heads = 2, .channels = 8, .context = 5, .batch = 2, .bias = true}),
                 {.precision = {format, format, format}});
  g.initialize(3);
  Rng rng(3, Stream::data);
  for (float& v : g.value("ids")) v = static_cast<float>(rng.below(7));
  for (float& v : g.value("targets")) v = static_cast<float>(rng.below(7));
  g.forward();
  g.backward();
  const NodeSpec& last = g.spec().nodes().back();
  for (const NodeSpec& node : g.spec().nodes()) {
    CAPTURE(node.name);
    if (&node == &last) continue;
    CHECK(all_rounded(g.value(node.outputs[0]), round));
    CHECK(all_rounded(g.grad(node.outputs[0]), round));
    CHECK(zeros(g.grad(node.outputs[0])) < g.grad(node.outputs[0]).size());
  }
  CHECK(round(g.loss()) != g.loss());
  for (std::size_t i = 0; i < g.spec().tensors().size(); ++i) {
    const auto id = static_cast<TensorId>(i);
    if (g.spec().tensors()[i].role != Role::parameter) continue;
    CHECK(all_rounded(g.rounded(id), round));
    CHECK(all_rounded(g.grad(id), round));
    for (std::size_t k = 0; k < g.value(id).size(); ++k) REQUIRE(g.rounded(id)[k] == round(g.value(id)[k]));
  }
  CHECK_FALSE(all_rounded(g.value("wte"), round));
}

TEST_CASE("only what is asked for is rounded", "[train][precision]") {
  Graph<float> g(mlp(xor_net()), {.precision = {.activations = Format::bf16}});
  g.initialize(1);
  for (float& v : g.value("x")) v = 0.7f;
  g.forward();
  g.backward();
  CHECK(all_rounded(g.value("h1"), round_bf16));
  CHECK_FALSE(all_rounded(g.grad("h1"), round_bf16));
  CHECK_FALSE(all_rounded(g.rounded(g.spec().require("W1")), round_bf16));
  CHECK(g.rounded(g.spec().require("W1")).data() == g.value("W1").data());  // no copy where none is needed
}

TEST_CASE("16-bit training with loss scaling comes close to fp32", "[train][precision]") {
  const Format format = GENERATE(Format::fp16, Format::bf16);
  Trainer<float> plain = xor_run({});
  Trainer<float> mixed =
      xor_run({.precision = {format, format, format}, .loss_scale = {.kind = LossScale::Kind::dynamic, .initial = 1024}});
  plain.step(400);
  mixed.step(400);
  CHECK(plain.report().loss < 0.05);
  CHECK(mixed.report().loss < 0.05);
  CHECK(mixed.report().loss != plain.report().loss);
}

TEST_CASE("small gradients turn to zero in fp16 and survive with a scaled loss", "[train][precision][lesson-22]") {
  // Loss times 2^-23: gradients below fp16's least step, 2^-24. Scaled by 2^16 they keep their digits.
  const auto lost = [](double scale) {
    GraphSpec spec;
    const TensorId x = spec.input("x", {4, 3}), t = spec.input("t", {4, 5});
    const TensorId W = spec.parameter("W", {5, 3}, {Init::Kind::normal, 1}, true);
    spec.mse("loss", spec.activation("h", spec.linear("y", x, W), Activation::tanh), t, 0x1p-23);
    Graph<float> g(std::move(spec), {.precision = kHalf});
    g.initialize(2);
    Rng rng(2, Stream::data);
    for (float& v : g.value("x")) v = static_cast<float>(rng.normal());
    for (float& v : g.value("t")) v = static_cast<float>(rng.normal());
    g.forward();
    g.zero_grad();
    g.seed_loss(static_cast<float>(scale));
    for (std::size_t i = g.node_count(); i-- > 0;) g.backward_node(i);
    return zeros(g.grad("W"));
  };
  CHECK(lost(1) >= 8);
  CHECK(lost(65536) == 0);
}

TEST_CASE("a loss scale that overflows is halved until it fits, without touching the weights", "[train][precision][lesson-22]") {
  Trainer<float> run = xor_run({.precision = kHalf, .loss_scale = {.kind = LossScale::Kind::dynamic, .initial = 0x1p30, .interval = 5}});
  const std::vector<float> before(run.graph().state().begin(), run.graph().state().end());
  REQUIRE(run.run_to_update());
  CHECK_FALSE(run.advance());
  CHECK(run.report().skipped == 1);
  CHECK(run.report().loss_scale == 0x1p29);
  CHECK(run.steps() == 0);
  CHECK(std::ranges::equal(before, run.graph().state()));
  run.step(4);
  REQUIRE(run.steps() == 4);
  const std::uint64_t skipped = run.report().skipped;
  const double scale = run.report().loss_scale;
  CHECK(skipped > 5);
  CHECK(scale == std::ldexp(0x1p30, -static_cast<int>(skipped)));
  run.step(1);  // the fifth good one in a row
  CHECK(run.report().loss_scale == 2 * scale);
  CHECK_FALSE(run.diverged());
}

TEST_CASE("a power of two as fixed loss scale changes no bit of an fp32 run", "[train][precision]") {
  Trainer<float> plain = xor_run({}), scaled = xor_run({.loss_scale = {.kind = LossScale::Kind::fixed, .initial = 1024}});
  plain.step(50);
  scaled.step(50);
  CHECK(std::ranges::equal(plain.graph().state(), scaled.graph().state()));
  CHECK(plain.report().grad_norm == scaled.report().grad_norm);
}

TEST_CASE("a fixed loss scale that overflows stops the run, as does a dynamic one that cannot help", "[train][precision][reliability-12]") {
  Trainer<float> fixed = xor_run({.precision = kHalf, .loss_scale = {.kind = LossScale::Kind::fixed, .initial = 0x1p40}});
  fixed.step(1);
  CHECK(fixed.diverged());
  // y = 10⁶, loss 10¹², gradient 2·10¹²: finite in fp32, but too large for fp16 at every scale down to 2⁻²⁰.
  MlpConfig c;
  c.sizes = {1, 1};
  c.weights = {Init::Kind::constant, 1};
  Trainer<float> huge(mlp(c), {.lr = 0.1}, std::make_unique<TableBatches<float>>(std::vector<float>{1e6f}, std::vector<float>{0}, 1, 1, 1),
                      1, kMemoryLimit,
                      {.precision = {.gradients = Format::fp16}, .loss_scale = {.kind = LossScale::Kind::dynamic, .initial = 1}});
  huge.step(1);
  CHECK(huge.diverged());
  CHECK(huge.report().gradient);
  CHECK(huge.report().skipped == 20);
}

TEST_CASE("a snapshot keeps the dynamic loss scale: the resumed run is the uninterrupted one", "[train][precision][reliability-11]") {
  const TrainOptions o{.precision = kHalf, .loss_scale = {.kind = LossScale::Kind::dynamic, .initial = 0x1p20, .interval = 7}};
  Trainer<float> whole = xor_run(o), first = xor_run(o), second = xor_run(o);
  whole.step(60);
  first.step(25);
  second.restore(first.snapshot());
  CHECK(second.report().loss_scale == first.report().loss_scale);
  second.step(35);
  CHECK(std::ranges::equal(whole.graph().state(), second.graph().state()));
  CHECK(second.report().loss_scale == whole.report().loss_scale);
}

TEST_CASE("what cannot be emulated or scaled is refused", "[train][precision]") {
  CHECK_THROWS_AS(Graph<double>(mlp(xor_net()), {.precision = kHalf}), Error);
  CHECK_THROWS_AS(xor_run({.loss_scale = {.kind = LossScale::Kind::dynamic, .initial = 1000}}), Error);
  CHECK_THROWS_AS(xor_run({.loss_scale = {.kind = LossScale::Kind::dynamic, .interval = 0}}), Error);
  CHECK_THROWS_AS(xor_run({.accumulate = 0}), Error);
  CHECK_THROWS_AS(xor_run({.worker = 2, .workers = 2}), Error);
  const GraphSpec spec = mlp(xor_net());
  const std::uint64_t need = spec.memory(0, 4).total();
  Graph<float> fits(spec, {.memory_limit = need});
  CHECK_THROWS_AS(Graph<float>(spec, {.memory_limit = need, .precision = kHalf}), Error);  // the copies are counted
}
