// Whole training runs against PyTorch: ten steps of two small nets and of two tiny GPTs (tests/golden/make_golden.py),
// from the same made-up weights, through the public Trainer. Losses, rates, gradient norms, every gradient of the first
// step, and the weights at the end.
#include <catch2/catch_template_test_macros.hpp>

#include <cmath>
#include <memory>

#include "core/ops/op_check.hpp"
#include "golden/runs.hpp"
#include "support/model_check.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/train/trainer.hpp"

namespace x2g {
namespace {

using namespace test;

constexpr std::uint64_t kSteps = 10;

template <class T>
void check_gpt(const std::string& file, GptConfig model, OptimizerConfig optimizer) {
  const golden::File want(file);
  Trainer<T> trainer(gpt(model), optimizer, std::make_unique<golden::MadeUpTokens<T>>(model.vocab, model.batch, model.context), 1);
  Graph<T>& graph = trainer.graph();
  const auto names = parameter_names(graph.spec());
  for (const std::string& name : names) {
    const bool norm_weight = name.find("ln") != std::string::npos && name.ends_with("weight");
    Doubles w = golden::made_up(name, graph.value(name).size());
    for (double& v : w) v = static_cast<float>(0.25 * v + (norm_weight ? 1 : 0));
    golden::set(graph, name, w);
  }
  trainer.touch();

  const double bound = sizeof(T) == 4 ? 2e-5 : 1e-10;
  for (std::uint64_t step = 0; step < kSteps; ++step) {
    CAPTURE(file, step);
    trainer.step();
    const TrainReport report = trainer.report();
    CHECK(report.step == step + 1);
    CHECK_FALSE(report.diverged);
    CHECK(std::fabs(report.loss - want["losses"].data[step]) < bound * want["losses"].data[step]);
    CHECK(std::fabs(report.lr - want["rates"].data[step]) < 1e-11 * want["rates"].data[step]);
    CHECK(std::fabs(report.grad_norm - want["norms"].data[step]) < bound * 10 * want["norms"].data[step]);
    if (step > 0) continue;
    for (const std::string& name : names) {
      CAPTURE(name);
      CHECK(distance(copied<T>(graph.grad(name)), want["d." + name].data) < (sizeof(T) == 4 ? 1e-5 : 2e-6));  // six digits in the file
    }
  }
  std::size_t k = 0;
  for (const auto& [key, tensor] : want.tensors()) {
    if (!key.starts_with("after.")) continue;
    CAPTURE(key);
    double squares = 0;
    for (const T v : graph.value(key.substr(6))) squares += static_cast<double>(v) * static_cast<double>(v);
    // The gradient of the keys' bias is zero in exact arithmetic; AdamW enlarges float's rounding of it to a step.
    const double drift = sizeof(T) == 8 ? 1e-9 : key.ends_with("qkv.bias") ? 2e-2 : 1e-3;
    CHECK(std::fabs(std::sqrt(squares) - tensor.data[0]) < drift * tensor.data[0]);
    ++k;
  }
  CHECK(k == names.size());
}

template <class T>
void check_mlp(const std::string& prefix, MlpConfig model, OptimizerConfig optimizer, std::vector<T> targets) {
  const golden::File want("mlp.txt");
  const std::vector<T> x{0, 0, 0, 1, 1, 0, 1, 1};
  Trainer<T> trainer(mlp(model), optimizer, std::make_unique<TableBatches<T>>(x, std::move(targets), 4, 4, 1), 1);
  Graph<T>& graph = trainer.graph();
  for (const std::string& name : parameter_names(graph.spec()))
    golden::set(graph, name, golden::made_up(prefix + "." + name, graph.value(name).size()));
  trainer.touch();

  const double bound = sizeof(T) == 4 ? 1e-5 : 1e-8;  // nine digits in the file
  for (std::uint64_t step = 0; step < kSteps; ++step) {
    CAPTURE(prefix, step);
    trainer.step();
    CHECK(std::fabs(trainer.report().loss - want[prefix + ".losses"].data[step]) < bound);
    if (step > 0) continue;
    for (const std::string& name : parameter_names(graph.spec())) {
      CAPTURE(name);
      CHECK(distance(copied<T>(graph.grad(name)), want[prefix + ".d" + name].data) < bound);
    }
  }
  for (const std::string& name : parameter_names(graph.spec())) {
    CAPTURE(prefix, name);
    CHECK(distance(copied<T>(graph.value(name)), want[prefix + "." + name + ".after"].data) < bound * 10);
  }
}

}  // namespace

TEMPLATE_TEST_CASE("a 2-3-1 net under SGD with momentum and decay runs as in PyTorch", "[golden][train]", float, double) {
  MlpConfig model;
  model.sizes = {2, 3, 1};
  model.hidden = Activation::tanh;
  model.loss = MlpConfig::Loss::bce;
  model.batch = 4;
  OptimizerConfig sgd;
  sgd.lr = 0.5;
  sgd.momentum = 0.75;
  sgd.weight_decay = 0.0625;
  check_mlp<TestType>("bce", model, sgd, {0, 1, 1, 0});
}

TEMPLATE_TEST_CASE("a 2-3-2 sigmoid net under plain SGD runs as in PyTorch", "[golden][train]", float, double) {
  MlpConfig model;
  model.sizes = {2, 3, 2};
  model.hidden = model.output = Activation::sigmoid;
  model.loss = MlpConfig::Loss::half_mse;
  model.batch = 4;
  OptimizerConfig sgd;
  sgd.lr = 2;
  check_mlp<TestType>("half_mse", model, sgd, {0, 1, 1, 0, 1, 0, 0, 1});
}

TEMPLATE_TEST_CASE("a tiny GPT under AdamW runs as in PyTorch", "[golden][train][gpt]", float, double) {
  GptConfig model{.vocab = 11, .layers = 2, .heads = 2, .channels = 16, .context = 8, .batch = 3};
  OptimizerConfig adamw;
  adamw.kind = OptimizerConfig::Kind::adamw;
  adamw.beta2 = 0.95;
  adamw.weight_decay = 0.1;
  SECTION("no bias, tanh GELU, constant rate") {
    adamw.lr = 0x1p-7;
    check_gpt<TestType>("gpt_tanh.txt", model, adamw);
  }
  SECTION("bias, exact GELU, warm-up, cosine decay, clipping") {
    model.bias = model.gelu_erf = true;
    adamw.lr = 0x1p-6;
    adamw.clip = 0.5;
    adamw.warmup = 2;
    adamw.total = 12;
    adamw.min_lr = 0x1p-9;
    check_gpt<TestType>("gpt_erf_bias.txt", model, adamw);
  }
}

}  // namespace x2g
