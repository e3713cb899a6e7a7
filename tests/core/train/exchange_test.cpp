// Micro-batches, workers and the sharded optimizer against one worker with the whole batch.
#include "x2g/train/exchange.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <algorithm>
#include <cmath>
#include <memory>

#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/train/sharded.hpp"
#include "x2g/train/trainer.hpp"

using namespace x2g;

namespace {

constexpr std::uint32_t kBatch = 8;
constexpr int kSteps = 20;

OptimizerConfig optimizer() {
  return {.kind = OptimizerConfig::Kind::adamw, .lr = 0.01, .weight_decay = 0.1, .clip = 0.5, .warmup = 3, .total = 30, .min_lr = 0.001};
}

/// A net on 19 random rows (batches cross the end of an epoch), or a tiny GPT on random tokens.
template <class T>
std::unique_ptr<Trainer<T>> make_run(bool text, std::uint32_t batch, const TrainOptions& o) {
  Rng rng(5, Stream::data);
  if (text) {
    auto tokens = std::make_shared<std::vector<std::uint32_t>>(200);
    for (auto& t : *tokens) t = rng.below(9);
    return std::make_unique<Trainer<T>>(
        gpt({.vocab = 9, .layers = 2, .heads = 2, .channels = 8, .context = 6, .batch = batch, .bias = true}), optimizer(),
        std::make_unique<TextBatches<T>>(tokens, 0, 200, 3, Stream::batch), 7, kMemoryLimit, o);
  }
  std::vector<T> x(19 * 3), t(19 * 2);
  for (T& v : x) v = static_cast<T>(rng.normal());
  for (T& v : t) v = static_cast<T>(rng.normal());
  MlpConfig c;
  c.sizes = {3, 6, 2};
  c.hidden = Activation::tanh;
  c.batch = batch;
  return std::make_unique<Trainer<T>>(mlp(c), optimizer(), std::make_unique<TableBatches<T>>(x, t, 19, batch, 3), 7, kMemoryLimit, o);
}

template <class T>
struct History {
  std::vector<double> losses;
  std::vector<T> weights;
};

template <class T>
History<T> alone(bool text, std::uint32_t accumulate) {
  const auto owned = make_run<T>(text, kBatch / accumulate, {.accumulate = accumulate});
  Trainer<T>& run = *owned;
  History<T> h;
  for (int i = 0; i < kSteps; ++i) {
    run.step();
    h.losses.push_back(run.report().loss);
  }
  h.weights.assign(run.graph().parameters().begin(), run.graph().parameters().end());
  return h;
}

/// k workers in turn; sharded: each keeps one shard of the optimizer state.
template <class T>
History<T> together(bool text, std::uint32_t k, bool sharded, std::uint32_t accumulate = 1) {
  std::vector<std::unique_ptr<Trainer<T>>> runs;
  std::vector<std::unique_ptr<ShardedOptimizer<T>>> shards;
  for (std::uint32_t r = 0; r < k; ++r) {
    const TrainOptions o{.accumulate = accumulate, .worker = r, .workers = k, .optimizer_state = !sharded};
    runs.push_back(make_run<T>(text, kBatch / k / accumulate, o));
    shards.push_back(std::make_unique<ShardedOptimizer<T>>(runs[r]->graph().spec(), optimizer(), r, k));
  }
  const FlatLayout layout(runs[0]->graph().spec());
  std::vector<std::vector<T>> flat(k, std::vector<T>(layout.size()));
  std::vector<std::span<T>> spans(flat.begin(), flat.end());
  History<T> h;
  for (int i = 0; i < kSteps; ++i) {
    double loss = 0;
    for (std::uint32_t r = 0; r < k; ++r) {
      REQUIRE(runs[r]->run_to_update());
      loss += runs[r]->report().loss / k;
      gradients_out<T>(runs[r]->graph(), layout, flat[r]);
    }
    h.losses.push_back(loss);
    average<T>(spans);
    for (std::uint32_t r = 0; r < k; ++r) {
      gradients_in<T>(runs[r]->graph(), layout, flat[0]);
      if (sharded)
        REQUIRE(runs[r]->finish_update(shards[r]->update(runs[r]->graph(), runs[r]->steps())));
      else
        REQUIRE(runs[r]->advance());
    }
    for (std::uint32_t r = 0; sharded && r < k; ++r) {  // all-gather
      const Shard s = shards[r]->shard();
      std::vector<T> part(s.size());
      weights_out<T>(runs[r]->graph(), layout, part, s.begin);
      for (std::uint32_t other = 0; other < k; ++other) weights_in<T>(runs[other]->graph(), layout, part, s.begin);
    }
  }
  for (std::uint32_t r = 1; r < k; ++r) REQUIRE(std::ranges::equal(runs[0]->graph().parameters(), runs[r]->graph().parameters()));
  h.weights.assign(runs[0]->graph().parameters().begin(), runs[0]->graph().parameters().end());
  return h;
}

template <class T>
double apart(const std::vector<T>& a, const std::vector<T>& b) {
  double most = a.size() == b.size() ? 0 : INFINITY;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) most = std::max(most, static_cast<double>(std::abs(a[i] - b[i])));
  return most;
}

}  // namespace

TEST_CASE("k micro-batches are one batch k times as large, to rounding", "[train][exchange][lesson-22]") {
  const bool text = GENERATE(false, true);
  const std::uint32_t k = GENERATE(2u, 4u, 8u);
  CAPTURE(text, k);
  CHECK(apart(alone<double>(text, k).losses, alone<double>(text, 1).losses) < 1e-12);
  CHECK(apart(alone<double>(text, k).weights, alone<double>(text, 1).weights) < 1e-9);
  CHECK(apart(alone<float>(text, k).losses, alone<float>(text, 1).losses) < 1e-5);
}

TEST_CASE("k workers are one worker with the whole batch, to rounding", "[train][exchange][lesson-23]") {
  const bool text = GENERATE(false, true);
  const std::uint32_t k = GENERATE(1u, 2u, 4u);
  CAPTURE(text, k);
  CHECK(apart(together<double>(text, k, false).losses, alone<double>(text, 1).losses) < 1e-12);
  CHECK(apart(together<double>(text, k, false).weights, alone<double>(text, 1).weights) < 1e-9);
  const History<float> first = together<float>(text, k, false), again = together<float>(text, k, false);
  CHECK(apart(first.losses, alone<float>(text, 1).losses) < 1e-5);
  CHECK(first.losses == again.losses);  // the same k, the same bits
  CHECK(first.weights == again.weights);
  if (k == 1) CHECK(first.weights == alone<float>(text, 1).weights);
}

TEST_CASE("one run that takes every share in turn has the gradients of as many workers", "[train][exchange][lesson-21]") {
  const auto in_turn = make_run<float>(true, kBatch / 2, {.workers = 2});
  const auto first = make_run<float>(true, kBatch / 2, {.worker = 0, .workers = 2});
  const auto second = make_run<float>(true, kBatch / 2, {.worker = 1, .workers = 2});
  for (Trainer<float>* run : {first.get(), second.get()}) {
    in_turn->take_share(run->options().worker);
    REQUIRE(in_turn->run_to_update());
    REQUIRE(run->run_to_update());
    CHECK(std::ranges::equal(in_turn->graph().gradients(), run->graph().gradients()));
    CHECK(in_turn->report().loss == run->report().loss);
  }
  const double own = in_turn->report().loss;
  in_turn->set_loss(own / 2);
  CHECK(in_turn->report().loss == own / 2);
  REQUIRE(in_turn->advance());  // the update
  CHECK(in_turn->steps() == 1);
  CHECK(in_turn->report().loss == own / 2);
  CHECK_THROWS_AS(in_turn->take_share(2), Error);

  in_turn->take_share(0);
  REQUIRE(in_turn->run_to_update());
  in_turn->set_loss(NAN);  // another share's was not finite
  CHECK(in_turn->diverged());
  CHECK(in_turn->report().tensor == "loss");
  CHECK_FALSE(in_turn->advance());
  CHECK(in_turn->steps() == 1);
}

TEST_CASE("workers with micro-batches of their own still share one batch", "[train][exchange]") {
  CHECK(apart(together<double>(true, 2, false, 2).losses, alone<double>(true, 1).losses) < 1e-12);
}

TEST_CASE("a sharded optimizer gives the bits of a whole one", "[train][sharded][lesson-23]") {
  const bool text = GENERATE(false, true);
  const std::uint32_t k = GENERATE(1u, 2u, 4u);
  CAPTURE(text, k);
  const History<float> whole = together<float>(text, k, false), cut = together<float>(text, k, true);
  CHECK(whole.weights == cut.weights);
  CHECK(whole.losses == cut.losses);
}

TEST_CASE("every update rule is the same in shards of odd sizes", "[train][sharded]") {
  using Kind = OptimizerConfig::Kind;
  const Kind kind = GENERATE(Kind::sgd, Kind::nesterov, Kind::rmsprop, Kind::adagrad, Kind::adam, Kind::adamw);
  const OptimizerConfig o{.kind = kind, .lr = 0.1, .momentum = 0.9, .weight_decay = 0.1, .clip = 0.5};
  MlpConfig c;
  c.sizes = {3, 7, 5};
  Graph<float> whole(mlp(c), {.state_slots = o.state_slots()}), cut(mlp(c));
  whole.initialize(1);
  cut.initialize(1);
  std::vector<std::unique_ptr<ShardedOptimizer<float>>> shards;
  for (std::uint32_t r = 0; r < 3; ++r) shards.push_back(std::make_unique<ShardedOptimizer<float>>(cut.spec(), o, r, 3));
  CHECK(shards[0]->layout().size() == 68);
  CHECK(shards[0]->shard().size() == 23);
  CHECK(shards[2]->shard().size() == 22);
  CHECK(shards[2]->shard().end == 68);
  Rng rng(1, Stream::data);
  for (std::uint64_t step = 0; step < 4; ++step) {
    for (const char* name : {"W1", "b1", "W2", "b2"})
      for (std::size_t i = 0; i < whole.grad(name).size(); ++i) whole.grad(name)[i] = cut.grad(name)[i] = static_cast<float>(rng.normal());
    update(o, whole, step);
    for (const auto& shard : shards) REQUIRE(shard->update(cut, step).applied);  // one graph stands for all three workers
  }
  CHECK(std::ranges::equal(whole.parameters(), cut.parameters()));
  std::size_t bytes = 0;
  for (const auto& shard : shards) bytes += shard->state_bytes();
  CHECK(bytes == 68 * o.state_slots() * sizeof(float));
  CHECK_THROWS_AS(shards[0]->slot(o.state_slots()), Error);
}

TEST_CASE("flat gradients keep the order of the spec, in part and by name", "[train][exchange]") {
  MlpConfig c;
  c.sizes = {2, 3, 1};
  Graph<double> g(mlp(c));
  double next = 1;
  for (const char* name : {"W1", "b1", "W2", "b2"})
    for (double& v : g.grad(name)) v = next++;
  const FlatLayout all(g.spec());
  std::vector<double> flat(all.size());
  gradients_out<double>(g, all, flat);
  REQUIRE(all.size() == 13);
  for (std::size_t i = 0; i < 13; ++i) CHECK(flat[i] == static_cast<double>(i + 1));

  std::vector<double> some(5);
  gradients_out<double>(g, all, some, 5);  // the last of W1, b1, the first of W2
  CHECK(some == std::vector<double>{6, 7, 8, 9, 10});
  const std::vector<std::string> names{"b2", "W2"};
  const FlatLayout two(g.spec(), names);
  std::vector<double> part(4);
  gradients_out<double>(g, two, part);
  CHECK(part == std::vector<double>{10, 11, 12, 13});
  gradients_in<double>(g, two, std::vector<double>{-1, -2, -3, -4});
  CHECK(g.grad("W2")[2] == -3);
  CHECK(g.grad("b2")[0] == -4);
  CHECK(g.grad("b1")[0] == 7);

  CHECK_THROWS_AS(gradients_out<double>(g, all, some, 9), Error);
  CHECK_THROWS_AS(FlatLayout(g.spec(), std::vector<std::string>{"x"}), Error);
  CHECK_THROWS_AS(FlatLayout(g.spec(), std::vector<std::string>{"W7"}), Error);
}

TEST_CASE("a tree adds in its own order, for any number of arrays", "[train][exchange]") {
  for (std::size_t k = 1; k <= 9; ++k) {
    std::vector<std::vector<double>> arrays(k, std::vector<double>(2));
    for (std::size_t i = 0; i < k; ++i) arrays[i] = {static_cast<double>(1u << i), 1};
    std::vector<std::span<double>> spans(arrays.begin(), arrays.end());
    tree_sum<double>(spans);
    CHECK(arrays[0][0] == static_cast<double>((1u << k) - 1));
    CHECK(arrays[0][1] == static_cast<double>(k));
  }
  // (a + b) + (c + d), not ((a + b) + c) + d: the two small ones meet first
  std::vector<std::vector<float>> arrays{{1}, {0}, {0x1p-24f}, {0x1p-24f}};
  std::vector<std::span<float>> spans(arrays.begin(), arrays.end());
  tree_sum<float>(spans);
  CHECK(arrays[0][0] == 1 + 0x1p-23f);
  arrays.push_back({1, 2});
  spans.assign(arrays.begin(), arrays.end());
  CHECK_THROWS_AS(tree_sum<float>(spans), Error);
  CHECK_THROWS_AS(tree_sum<float>(std::span<const std::span<float>>{}), Error);
}

TEST_CASE("ZeRO's memory figures are the paper's: 7.5 billion parameters on 64 workers", "[train][sharded][lesson-23]") {
  const std::uint64_t psi = 7'500'000'000;  // figure 1 of Rajbhandari et al.: 120, 31.4, 16.6, 1.9 GB
  const auto gigabytes = [&](std::uint32_t stage) { return static_cast<double>(zero_memory(psi, 64, stage).total()) / 1e9; };
  CHECK(gigabytes(0) == Catch::Approx(120).margin(0.05));
  CHECK(gigabytes(1) == Catch::Approx(31.4).margin(0.05));
  CHECK(gigabytes(2) == Catch::Approx(16.6).margin(0.05));
  CHECK(gigabytes(3) == Catch::Approx(1.9).margin(0.05));
  CHECK(zero_memory(psi, 64, 3).sent * 2 == zero_memory(psi, 64, 2).sent * 3);  // section 7: one and a half times the traffic
  CHECK(zero_memory(100, 1, 2).sent == 0);
  CHECK(zero_memory(100, 1, 3).total() == 1600);
  CHECK_THROWS_AS(zero_memory(1, 1, 4), Error);
  CHECK_THROWS_AS(zero_memory(1, 0, 1), Error);
  CHECK_THROWS_AS(shard_of(10, 2, 2), Error);
  CHECK(shard_of(3, 3, 4).size() == 0);  // more workers than weights
}

TEST_CASE("a step is ended from outside only when it waits for it, and never by itself without optimizer state", "[train][exchange]") {
  const auto owned = make_run<float>(false, 8, {.optimizer_state = false});
  Trainer<float>& run = *owned;
  CHECK_THROWS_AS(run.finish_update({}), Error);
  REQUIRE(run.run_to_update());
  CHECK_THROWS_AS(run.advance(), Error);
  CHECK_FALSE(run.finish_update({.applied = false}));
  CHECK(run.diverged());
}

TEST_CASE("a sharded optimizer changes its numbers, forgets its state, and leaves a gradient that is not finite alone",
          "[train][sharded]") {
  MlpConfig c;
  c.sizes = {2, 3};
  Graph<float> g(mlp(c));
  g.initialize(1);
  OptimizerConfig rule = optimizer();
  ShardedOptimizer<float> sharded(g.spec(), rule, 1, 2);
  CHECK(sharded.state_bytes() == 2 * sharded.shard().size() * sizeof(float));
  std::ranges::fill(g.gradients(), 0.5f);
  const std::vector<float> before(g.parameters().begin(), g.parameters().end());
  CHECK(sharded.update(g, 0).applied);
  CHECK_FALSE(std::ranges::equal(g.parameters(), before));
  CHECK(sharded.slot(0)[0] != 0);
  CHECK_THROWS_AS(sharded.slot(2), Error);

  sharded.reset();
  for (const std::uint32_t k : {0u, 1u})
    for (const float v : sharded.slot(k)) CHECK(v == 0);

  rule.lr = 0.5;
  rule.warmup = rule.total = 0;
  sharded.set_optimizer(rule);
  CHECK(sharded.update(g, 0).lr == 0.5);
  rule.kind = OptimizerConfig::Kind::sgd;
  CHECK_THROWS_AS(sharded.set_optimizer(rule), Error);
  rule = optimizer();
  rule.lr = -1;
  CHECK_THROWS_AS(sharded.set_optimizer(rule), Error);

  const std::vector<float> kept(g.parameters().begin(), g.parameters().end());
  g.gradients()[0] = std::nanf("");
  const UpdateReport report = sharded.update(g, 1);
  CHECK_FALSE(report.applied);
  CHECK(std::isnan(report.grad_norm));
  CHECK(std::ranges::equal(g.parameters(), kept));
}

TEST_CASE("ZeRO's figures are refused beyond what can be counted", "[train][sharded][reliability-6]") {
  CHECK_THROWS_AS(zero_memory(10, 4, 4), Error);
  CHECK_THROWS_AS(zero_memory(10, 0, 1), Error);
  CHECK_THROWS_AS(zero_memory(10, (1u << 20) + 1, 1), Error);
  CHECK_THROWS_AS(zero_memory(1'000'000'000'000'001, 4, 1), Error);
  CHECK_THROWS_AS(shard_of(10, 4, 4), Error);
}
