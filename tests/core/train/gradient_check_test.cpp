// The generic gradient check, on every weight of whole models: the promise that gradients are right (reliability promise 1).
#include "x2g/train/gradient_check.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>

#include "support/gradients.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/nn/models.hpp"

using namespace x2g;

namespace {

/// As support/gradients.hpp has it, but by the check that is tested here, one weight at a time.
test::Deviation deviation(Graph<double>& g, double h) {
  std::vector<double> analytic, numeric;
  for (const TensorSpec& t : g.spec().tensors()) {
    if (t.role != Role::parameter) continue;
    for (std::size_t k = 0; k < t.shape.size(); ++k) {
      const GradientCheck c = check_gradient(g, t.name, k, h);
      analytic.push_back(c.analytic);
      numeric.push_back(c.numeric);
    }
  }
  return test::compare(analytic, numeric);
}

void fill_mlp(Graph<double>& g, MlpConfig::Loss loss, std::uint64_t seed) {
  Rng rng(seed, Stream::data);
  for (double& x : g.value("x")) x = rng.normal();
  for (double& t : g.value("t"))
    t = loss == MlpConfig::Loss::cross_entropy ? rng.below(3) : loss == MlpConfig::Loss::bce ? rng.below(2) : rng.normal();
}

}  // namespace

TEST_CASE("MLP gradients agree with central differences for every smooth activation and loss", "[train][reliability-1]") {
  const auto activation = GENERATE(Activation::sigmoid, Activation::tanh, Activation::gelu_erf, Activation::gelu_tanh, Activation::silu,
                                   Activation::identity, Activation::elu, Activation::softplus);
  const auto loss = GENERATE(MlpConfig::Loss::mse, MlpConfig::Loss::half_mse, MlpConfig::Loss::bce, MlpConfig::Loss::cross_entropy);
  const std::uint64_t seed = GENERATE(1u, 2u, 3u);
  MlpConfig c;
  c.sizes = {2, 5, 4, 3};
  c.hidden = activation;
  c.output = Activation::tanh;
  c.loss = loss;
  c.batch = 3;
  Graph<double> g(mlp(c));
  g.initialize(seed);
  fill_mlp(g, loss, seed);
  const test::Deviation d = deviation(g, 1e-5);
  CAPTURE(activation_name(activation), seed, d.norm, d.element);
  CHECK(d.norm < 1e-7);
  CHECK(d.element < 1e-5);
}

TEST_CASE("MLP gradients agree with central differences for piecewise linear activations away from their kinks", "[train][reliability-1]") {
  const auto activation = GENERATE(Activation::relu, Activation::leaky_relu);
  MlpConfig c;
  c.sizes = {2, 6, 1};
  c.hidden = activation;
  c.batch = 4;
  Graph<double> g(mlp(c));
  g.initialize(4);
  fill_mlp(g, c.loss, 4);
  g.forward();
  for (const double z : g.value("z1")) REQUIRE(std::abs(z) > 1e-3);  // no kink within reach of h
  const test::Deviation d = deviation(g, 1e-6);
  CHECK(d.norm < 1e-7);
}

TEST_CASE("GPT gradients agree with central differences, with and without biases, both GELUs", "[train][reliability-1][lesson-21]") {
  const bool bias = GENERATE(false, true);
  const bool erf = GENERATE(false, true);
  const std::uint64_t seed = GENERATE(1u, 2u);
  Graph<double> g(gpt({.vocab = 5, .layers = 2, .heads = 2, .channels = 4, .context = 3, .batch = 2, .bias = bias, .gelu_erf = erf}));
  g.initialize(seed);
  Rng rng(seed, Stream::data);
  for (std::size_t i = 0; i < g.spec().tensors().size(); ++i)
    if (g.spec().tensors()[i].decay)
      for (double& w : g.value(static_cast<TensorId>(i))) w *= 10;  // GPT-2's small weights would make every gradient tiny
  for (double& b : g.value("ids")) b = rng.below(5);
  for (double& t : g.value("targets")) t = rng.below(5);
  const test::Deviation d = deviation(g, 1e-5);
  CAPTURE(bias, erf, seed, d.norm, d.element);
  CHECK(d.norm < 1e-7);
  CHECK(d.element < 1e-5);
}

TEST_CASE("float gradients of a GPT agree with the double ones", "[train][reliability-1]") {
  Graph<float> g(gpt({.vocab = 11, .layers = 2, .heads = 2, .channels = 16, .context = 8, .batch = 3, .bias = true}));
  g.initialize(6);
  Rng rng(6, Stream::data);
  for (float& b : g.value("ids")) b = static_cast<float>(rng.below(11));
  for (float& t : g.value("targets")) t = static_cast<float>(rng.below(11));
  const auto twin = in_double(g);
  CHECK(test::compare(test::gradients(g), test::gradients(*twin)).norm < 1e-5);
}

TEST_CASE("the check finds a gradient that is wrong", "[train]") {
  // step' is 0 by convention, the truth at a jump is not: the check must see it.
  MlpConfig c;
  c.sizes = {1, 1, 1};
  c.hidden = Activation::step;
  c.bias = false;
  c.weights = {Init::Kind::constant, 0};
  Graph<double> g(mlp(c));
  g.initialize(1);
  g.value("W2")[0] = 1;
  g.value("x")[0] = 1;
  CHECK(check_gradient(g, "W1", 0).relative_error > 0.9);
  CHECK(g.value("W1")[0] == 0);
  CHECK_THROWS_AS(check_gradient(g, "W1", 1), Error);
  CHECK_THROWS_AS(check_gradient(g, "x", 0), Error);
  CHECK_THROWS_AS(check_gradient(g, "W9", 0), Error);
  CHECK_THROWS_AS(check_gradient(g, "W1", 0, 0.0), Error);
  CHECK_THROWS_AS(check_gradient(g, "W1", 0, std::nan("")), Error);
}
