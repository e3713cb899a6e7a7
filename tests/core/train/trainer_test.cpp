// Whole training runs: they learn, repeat to the bit, survive snapshots, and stop before NaN reaches the weights.
#include "x2g/train/trainer.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <algorithm>
#include <cmath>
#include <functional>

#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/base/text.hpp"
#include "x2g/nn/models.hpp"

using namespace x2g;
using Catch::Matchers::ContainsSubstring;

namespace {

Trainer<float> xor_run(std::uint64_t seed, double lr = 0.05) {
  MlpConfig c;
  c.sizes = {2, 8, 1};
  c.loss = MlpConfig::Loss::bce;
  c.batch = 4;
  OptimizerConfig o{.kind = OptimizerConfig::Kind::adamw, .lr = lr};
  return {mlp(c), o,
          std::make_unique<TableBatches<float>>(std::vector<float>{0, 0, 0, 1, 1, 0, 1, 1}, std::vector<float>{0, 1, 1, 0}, 4, 4, seed),
          seed};
}

bool same(std::span<const float> a, std::span<const float> b) { return std::ranges::equal(a, b); }

}  // namespace

TEST_CASE("a small net learns XOR", "[train][lesson-02]") {
  Trainer<float> run = xor_run(1);
  const double before = run.report().loss;
  run.step(400);
  CHECK(run.report().step == 400);
  CHECK(before > 0.5);
  CHECK(run.report().loss < 0.05);
}

TEST_CASE("same seed, same run, to the bit; another seed, another run", "[train][reliability-4]") {
  Trainer<float> a = xor_run(7), b = xor_run(7), c = xor_run(8);
  a.step(1000);
  for (int i = 0; i < 10; ++i) b.step(100);
  c.step(1000);
  CHECK(same(a.graph().state(), b.graph().state()));
  CHECK(a.report().loss == b.report().loss);
  CHECK_FALSE(same(a.graph().state(), c.graph().state()));
}

TEST_CASE("advancing by nodes gives the same run as whole steps", "[train]") {
  Trainer<float> a = xor_run(3), b = xor_run(3);
  a.step(5);
  int finished = 0, units = 0;
  while (finished < 5) {
    finished += b.advance();
    ++units;
  }
  // batch + 5 nodes forward + 5 backward + update: z1, h1, z2, y, loss
  CHECK(units == 5 * 12);
  CHECK(same(a.graph().state(), b.graph().state()));
}

namespace {

/// Losses, and everything a reader can see of two runs of the same seed: one in whole steps, one node by node.
template <class T>
void compare_ways(const std::function<Trainer<T>()>& make, int steps) {
  Trainer<T> whole = make(), nodes = make(), both = make();
  for (int i = 0; i < steps; ++i) {
    whole.step(1);
    while (!nodes.advance()) REQUIRE_FALSE(nodes.diverged());
    REQUIRE(whole.report().loss == nodes.report().loss);
    REQUIRE(whole.report().grad_norm == nodes.report().grad_norm);
  }
  for (std::size_t i = 0; i < both.graph().node_count() + 3; ++i) both.advance();  // step() finishes what was begun
  both.step(static_cast<std::uint64_t>(steps));
  const std::size_t tensors = whole.graph().spec().tensors().size();
  for (Trainer<T>* other : {&nodes, &both}) {
    CHECK(other->report().loss == whole.report().loss);
    CHECK(std::ranges::equal(other->graph().state(), whole.graph().state()));
    for (TensorId id = 0; id < static_cast<TensorId>(tensors); ++id) {
      CAPTURE(whole.graph().spec().tensors()[static_cast<std::size_t>(id)].name);
      CHECK(std::ranges::equal(other->graph().value(id), whole.graph().value(id)));
      CHECK(std::ranges::equal(other->graph().grad(id), whole.graph().grad(id)));
    }
  }
}

template <class T>
Trainer<T> table_run(MlpConfig::Loss loss, std::uint32_t batch, const OptimizerConfig& o, const TrainOptions& options = {}) {
  constexpr std::uint32_t kRows = 30, kIn = 5, kOut = 3;
  Rng rng(4, Stream::user);
  std::vector<T> x(kRows * kIn), t(loss == MlpConfig::Loss::cross_entropy ? kRows : kRows * kOut);
  for (T& v : x) v = static_cast<T>(rng.normal());
  for (T& v : t) v = static_cast<T>(loss == MlpConfig::Loss::cross_entropy ? rng.below(kOut) : rng.below(2));
  MlpConfig c;
  c.sizes = {kIn, 7, kOut};
  c.loss = loss;
  c.batch = batch;
  return {mlp(c), o, std::make_unique<TableBatches<T>>(std::move(x), std::move(t), kRows, batch, 9), 9, kMemoryLimit, options};
}

}  // namespace

TEMPLATE_TEST_CASE("whole steps and single nodes: the same bits of every tensor, whatever is trained", "[train][reliability-4]", float,
                   double) {
  using Loss = MlpConfig::Loss;
  using Kind = OptimizerConfig::Kind;
  const OptimizerConfig plain{.kind = Kind::sgd, .lr = 0.3}, decayed{.kind = Kind::sgd, .lr = 0.3, .momentum = 0.9, .weight_decay = 0.01};
  const OptimizerConfig adam{.kind = Kind::adamw, .lr = 0.01, .weight_decay = 0.1, .clip = 0.5}, bare{.kind = Kind::adam, .lr = 0.01};
  for (const Loss loss : {Loss::mse, Loss::half_mse, Loss::bce, Loss::cross_entropy}) {
    for (const OptimizerConfig& o : {plain, decayed, adam, bare}) {
      for (const std::uint32_t batch : {1u, 4u, 30u}) {
        CAPTURE(static_cast<int>(loss), static_cast<int>(o.kind), batch);
        compare_ways<TestType>([&] { return table_run<TestType>(loss, batch, o); }, 12);
      }
    }
    compare_ways<TestType>([&] { return table_run<TestType>(loss, 5, plain, {.accumulate = 3}); }, 6);
  }
  auto tokens = std::make_shared<std::vector<std::uint32_t>>();
  for (std::uint32_t i = 0; i < 200; ++i) tokens->push_back(i * i % 11);
  const auto text = [&] {
    return Trainer<TestType>(gpt({.vocab = 11, .layers = 2, .heads = 2, .channels = 12, .context = 6, .batch = 3, .bias = true}), adam,
                             std::make_unique<TextBatches<TestType>>(tokens, 0, 200, 2, Stream::batch), 2);
  };
  compare_ways<TestType>(text, 8);
}

TEST_CASE("a branch that the loss does not hang on keeps zero gradients, either way", "[train]") {
  const auto make = [] {
    GraphSpec g;
    const TensorId x = g.input("x", {2, 1}), t = g.input("t", {2, 1});
    const TensorId W = g.parameter("W1", {1, 1}, {Init::Kind::constant, 0.5}, true),
                   aside = g.parameter("W2", {3, 1}, {Init::Kind::constant, 1}, true);
    const TensorId y = g.linear("y", x, W);
    g.activation("shown", g.linear("z", y, aside), Activation::tanh);
    g.mse("loss", y, t);
    return Trainer<float>(g, {.kind = OptimizerConfig::Kind::sgd, .lr = 0.1},
                          std::make_unique<TableBatches<float>>(std::vector<float>{1, 2}, std::vector<float>{3, 4}, 2, 2, 1), 1);
  };
  compare_ways<float>(make, 4);
  Trainer<float> run = make();
  run.step(3);
  CHECK(run.graph().reaches_loss(0));
  CHECK_FALSE(run.graph().reaches_loss(1));
  CHECK_FALSE(run.graph().reaches_loss(2));
  CHECK(run.graph().reaches_loss(3));
  CHECK_THROWS_AS(run.graph().reaches_loss(4), Error);
  CHECK(same(run.graph().grad("W2"), std::vector<float>{0, 0, 0}));
  CHECK(same(run.graph().value("W2"), std::vector<float>{1, 1, 1}));
  CHECK(run.graph().grad("W1")[0] != 0);
  CHECK_THROWS_AS(run.graph().slots(0), Error);  // plain descent keeps none
}

TEST_CASE("a run continued from a snapshot equals one without interruption", "[train][reliability-11]") {
  Trainer<float> whole = xor_run(5), first = xor_run(5), second = xor_run(99);
  whole.step(60);
  first.step(25);
  for (int i = 0; i < 4; ++i) first.advance();  // a half-done step is not part of the snapshot
  second.restore(first.snapshot());
  CHECK(second.report().step == 25);
  CHECK(second.report().loss == first.report().loss);
  second.step(35);
  CHECK(same(whole.graph().state(), second.graph().state()));
}

TEST_CASE("every damage to a snapshot is found and changes nothing", "[train][reliability-13]") {
  Trainer<float> run = xor_run(5);
  run.step(3);
  const std::vector<std::uint8_t> good = run.snapshot();
  run.step(2);
  const std::vector<float> before(run.graph().state().begin(), run.graph().state().end());
  const auto refuses = [&](std::vector<std::uint8_t> bytes, const char* why) {
    try {
      run.restore(bytes);
      FAIL("accepted: " << why);
    } catch (const Error& e) {
      CHECK(e.code() == ErrorCode::bad_file);
      CHECK_THAT(e.message(), ContainsSubstring(why));
    }
    CHECK(run.report().step == 5);
    CHECK(same(run.graph().state(), before));
  };
  refuses({}, "0 bytes");
  refuses(std::vector<std::uint8_t>(good.begin(), good.end() - 1), "bytes");
  for (const std::size_t at : {std::size_t{64}, good.size() / 2, good.size() - 1}) {
    std::vector<std::uint8_t> bad = good;
    bad[at] ^= 1;
    refuses(bad, "checksum");
  }
  std::vector<std::uint8_t> other = good;
  other[0] = 'y';
  refuses(other, "does not begin");
  other = good;
  other[4] = 2;
  refuses(other, "version 2");
  other = good;
  other[8] ^= 0xff;
  refuses(other, "another model");
}

TEST_CASE("a diverging run stops within the step, names the tensor and keeps finite weights", "[train][reliability-12]") {
  MlpConfig c;
  c.sizes = {1, 4, 1};
  c.hidden = Activation::relu;
  Trainer<float> run(mlp(c), {.lr = 1e6}, std::make_unique<TableBatches<float>>(std::vector<float>{3}, std::vector<float>{-5}, 1, 1, 1), 2);
  run.step(1000);
  const TrainReport& r = run.report();
  REQUIRE(r.diverged);
  CHECK(r.step < 1000);
  CHECK_FALSE(r.tensor.empty());
  for (const float w : run.graph().parameters()) CHECK(std::isfinite(w));
  const std::uint64_t stopped = r.step;
  run.step(10);
  CHECK(run.report().step == stopped);
  run.reset(2);
  CHECK_FALSE(run.report().diverged);
  CHECK(std::isfinite(run.report().loss));
}

TEST_CASE("edited weights are used at once and clear a divergence", "[train]") {
  Trainer<float> run = xor_run(1);
  const double before = run.report().loss;
  std::ranges::fill(run.graph().value("W2"), 0.0f);
  run.touch();
  CHECK(run.report().loss != before);
  CHECK(run.report().loss == Catch::Approx(std::log(2.0)).epsilon(1e-6));
}

TEST_CASE("learning rate and clipping can change while it runs, the kind of optimizer cannot", "[train]") {
  Trainer<float> run = xor_run(1);
  OptimizerConfig o = run.optimizer();
  o.lr = 0.01;
  run.set_optimizer(o);
  run.step(1);
  CHECK(run.report().lr == 0.01);
  o.kind = OptimizerConfig::Kind::sgd;
  CHECK_THROWS_AS(run.set_optimizer(o), Error);
  o = run.optimizer();
  o.lr = std::nan("");
  CHECK_THROWS_AS(run.set_optimizer(o), Error);
}

TEST_CASE("table batches visit every row once an epoch, in another order each time", "[train]") {
  std::vector<float> x(10), t(10);
  for (std::size_t i = 0; i < 10; ++i) x[i] = t[i] = static_cast<float>(i);
  MlpConfig c;
  c.sizes = {1, 1};
  c.batch = 2;
  Graph<float> g(mlp(c));
  TableBatches<float> batches(x, t, 10, 2, 4);
  std::vector<float> first, second;
  for (std::uint64_t step = 0; step < 10; ++step) {
    batches.fill(step, g);
    auto& seen = step < 5 ? first : second;
    seen.insert(seen.end(), g.value("x").begin(), g.value("x").end());
  }
  CHECK(first != second);
  std::ranges::sort(first);
  std::ranges::sort(second);
  CHECK(first == x);
  CHECK(second == x);
  CHECK_THROWS_AS(TableBatches<float>(x, t, 10, 11, 1), Error);
  CHECK_THROWS_AS(TableBatches<float>(x, t, 0, 1, 1), Error);
}

TEST_CASE("text batches are windows of the text and their targets the next tokens", "[train][lesson-21]") {
  auto tokens = std::make_shared<std::vector<std::uint32_t>>();
  for (std::uint32_t i = 0; i < 50; ++i) tokens->push_back(i);
  Graph<float> g(gpt({.vocab = 50, .layers = 1, .heads = 1, .channels = 2, .context = 4, .batch = 3}));
  TextBatches<float> batches(tokens, 10, 30, 1, Stream::batch);
  for (std::uint64_t step = 0; step < 50; ++step) {
    batches.fill(step, g);
    for (std::size_t i = 0; i < 12; ++i) {
      CHECK(g.value("targets")[i] == g.value("ids")[i] + 1);
      CHECK(g.value("ids")[i] >= 10);
      CHECK(g.value("targets")[i] < 30);
    }
  }
}
