// Ten AdamW steps of nanoGPT's laptop model (4 layers, 4 heads, 128 channels, context 64, vocabulary 65) against PyTorch in double
// (tests/golden/make_attention.py): losses, and of every gradient of the first step its norm, 32 elements and its product with made-up numbers.
#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <memory>

#include "core/ops/op_check.hpp"
#include "golden/runs.hpp"
#include "support/figures.hpp"
#include "support/model_check.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/train/trainer.hpp"

namespace x2g {
namespace {

using namespace test;

constexpr GptConfig kLaptop{.vocab = 65, .batch = 2, .gelu_erf = true};

/// made_up numbers of a tensor of gpt(), by its name.
std::vector<double> start_of(const std::string& name, std::size_t count) {
  Doubles w = golden::made_up(name, count);
  const bool norm = name.find("ln") != std::string::npos;
  for (double& v : w) v = 0.125 * v + (norm ? 1 : 0);
  return w;
}

OptimizerConfig adamw() {
  OptimizerConfig c;
  c.kind = OptimizerConfig::Kind::adamw;
  c.lr = 1e-3;
  c.beta2 = 0.99;
  c.weight_decay = 0.1;
  return c;
}

}  // namespace

TEST_CASE("nanoGPT's laptop model trains as in PyTorch for ten steps, in float", "[golden][train][gpt][slow]") {
  const golden::File want("attention.txt");
  Trainer<float> trainer(gpt(kLaptop), adamw(),
                         std::make_unique<golden::MadeUpTokens<float>>(kLaptop.vocab, kLaptop.batch, kLaptop.context), 1);
  Graph<float>& graph = trainer.graph();
  const std::vector<std::string> names = parameter_names(graph.spec());
  REQUIRE(names.size() == 3 + 4 * 6);
  for (const std::string& name : names) golden::set(graph, name, start_of(name, graph.value(name).size()));
  trainer.touch();
  for (std::uint64_t step = 0; step < 10; ++step) {
    CAPTURE(step);
    trainer.step();
    figure("2 ten steps as in PyTorch, loss", "nanoGPT laptop", std::fabs(trainer.report().loss - want["nanogpt.losses"].data[step]), 1e-4);
    if (step > 0) continue;
    for (const std::string& name : names) {
      CAPTURE(name);
      const auto grad = graph.grad(name);
      const double norm = want["nanogpt." + name + ".norm"].data[0];
      const Doubles& sample = want["nanogpt." + name + ".sample"].data;
      const Doubles along = golden::made_up("projection." + name, grad.size());
      double squares = 0, product = 0;
      for (std::size_t i = 0; i < grad.size(); ++i) {
        squares += static_cast<double>(grad[i]) * grad[i];
        product += along[i] * grad[i];
      }
      std::vector<float> found;
      for (std::uint64_t i = 0; i < sample.size(); ++i) found.push_back(grad[static_cast<std::size_t>(i * 2654435761u % grad.size())]);
      figure("2 first gradients as in PyTorch, norm", "nanoGPT laptop", std::fabs(std::sqrt(squares) - norm) / norm, 1e-4);
      figure("2 first gradients as in PyTorch, elements", "nanoGPT laptop", distance(found, sample), 1e-4);
      // an error e of the gradient weighs about ‖e‖/√3 here
      figure("2 first gradients as in PyTorch, product", "nanoGPT laptop",
             std::fabs(product - want["nanogpt." + name + ".product"].data[0]) / norm, 1e-4);
    }
  }
}

}  // namespace x2g
