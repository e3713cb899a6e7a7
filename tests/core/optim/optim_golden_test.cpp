// Ten steps of every update rule, clipping and schedule against PyTorch in double (tests/golden/make_optim.py).
#include <catch2/catch_test_macros.hpp>
#include <algorithm>
#include <cmath>
#include <memory>

#include "golden/golden.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/train/trainer.hpp"

namespace x2g {
namespace {

using Kind = OptimizerConfig::Kind;
constexpr double kDecay = 0.0625;

struct Case {
  const char* name;
  OptimizerConfig config;
};

/// The settings of make_optim.py, in its order.
std::vector<Case> cases() {
  const auto with = [](OptimizerConfig c, auto change) {
    change(c);
    return c;
  };
  const OptimizerConfig sgd{.kind = Kind::sgd, .lr = 0.5}, adamw{.kind = Kind::adamw, .lr = 0.1, .weight_decay = kDecay};
  return {
      {"sgd", sgd},
      {"momentum", {.kind = Kind::sgd, .lr = 0.5, .momentum = 0.75, .weight_decay = kDecay}},
      {"nesterov", {.kind = Kind::nesterov, .lr = 0.5, .momentum = 0.75, .weight_decay = kDecay}},
      {"rmsprop", {.kind = Kind::rmsprop, .lr = 0.03, .weight_decay = kDecay}},
      {"rmsprop_momentum", {.kind = Kind::rmsprop, .lr = 0.03, .momentum = 0.5, .eps = 1e-6, .alpha = 0.9}},
      {"adagrad", {.kind = Kind::adagrad, .lr = 0.3, .eps = 1e-10, .weight_decay = kDecay}},
      {"adam", {.kind = Kind::adam, .lr = 0.1, .beta1 = 0.8, .beta2 = 0.95}},
      {"adam_l2", {.kind = Kind::adam, .lr = 0.1, .beta1 = 0.8, .beta2 = 0.95, .weight_decay = kDecay}},
      {"adamw", {.kind = Kind::adamw, .lr = 0.1, .beta1 = 0.8, .beta2 = 0.95, .weight_decay = kDecay}},
      {"clip_norm", {.kind = Kind::adam, .lr = 0.1, .weight_decay = kDecay, .clip = 0.05}},
      {"clip_value", with(adamw, [](auto& c) { c.clip_value = 0.02; })},
      {"clip_value_sgd", {.kind = Kind::sgd, .lr = 0.5, .momentum = 0.75, .clip_value = 0.02}},
      {"step_decay", {.kind = Kind::sgd, .lr = 0.5, .schedule = Schedule::step_decay, .decay_every = 3, .gamma = 0.5}},
      {"one_cycle", with(adamw,
                         [](auto& c) {
                           c.schedule = Schedule::one_cycle;
                           c.total = 10;
                           c.rise = 0.4;
                           c.div = 5;
                           c.final_div = 20;
                         })},
      {"cosine", {.kind = Kind::sgd, .lr = 0.5, .total = 12, .min_lr = 0.125}},
      {"warmup", {.kind = Kind::sgd, .lr = 0.5, .warmup = 4}},
  };
}

double worst(std::span<const double> a, const std::vector<double>& b) {
  double most = 0;
  for (std::size_t i = 0; i < b.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return a.size() == b.size() ? most : INFINITY;
}

}  // namespace

TEST_CASE("ten steps of every update rule and schedule agree with PyTorch to 1e-9", "[optim][golden]") {
  const golden::File file("optim.txt");
  MlpConfig model;
  model.sizes = {2, 3, 1};
  model.hidden = Activation::tanh;
  model.loss = MlpConfig::Loss::bce;
  model.batch = 4;
  for (const Case& c : cases()) {
    const std::string name = c.name;
    CAPTURE(name);
    Trainer<double> run(
        mlp(model), c.config,
        std::make_unique<TableBatches<double>>(std::vector<double>{0, 0, 0, 1, 1, 0, 1, 1}, std::vector<double>{0, 1, 1, 0}, 4, 4, 1), 1);
    for (const std::string weight : {"W1", "b1", "W2", "b2"}) {
      const std::span<double> w = run.graph().value(weight);
      std::ranges::copy(golden::made_up("optim." + weight, w.size()), w.begin());
    }
    std::vector<double> losses, rates;
    for (int step = 0; step < 10; ++step) {
      run.step();
      losses.push_back(run.report().loss);
      rates.push_back(run.report().lr);
    }
    CHECK(worst(rates, file[name + ".rates"].data) < 1e-9);
    CHECK(worst(losses, file[name + ".losses"].data) < 1e-9);
    for (const std::string weight : {"W1", "b1", "W2", "b2"})
      CHECK(worst(run.graph().value(weight), file[name + "." + weight].data) < 1e-9);
  }
}

}  // namespace x2g
