// The ready convolutional network: its sizes, names, errors and gradients, and that it learns.
#include "x2g/nn/cnn.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <memory>
#include <string>
#include <vector>

#include "support/op_graph.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/train/trainer.hpp"

namespace x2g {
namespace {

using namespace test;
using Catch::Matchers::ContainsSubstring;

/// 8 by 8 images of noise with a bright bar at a random place, across (class 0) or upright (class 1).
struct Bars {
  std::vector<float> x, t;
  Bars(std::size_t rows, std::uint64_t seed) : x(rows * 64), t(rows) {
    Rng rng(seed, Stream::data);
    for (float& v : x) v = static_cast<float>(0.2 * rng.normal());
    for (std::size_t r = 0; r < rows; ++r) {
      t[r] = static_cast<float>(r % 2);
      const std::size_t at = rng.below(8), from = rng.below(4);
      for (std::size_t i = from; i < from + 5; ++i) x[r * 64 + (r % 2 ? i * 8 + at : at * 8 + i)] += 1;
    }
  }
};

CnnConfig small() {
  CnnConfig c;
  c.height = c.width = 8;
  c.filters = {4};
  c.kernel = 3;
  c.padding = 1;
  c.hidden = {8};
  c.classes = 2;
  return c;
}

}  // namespace

TEST_CASE("with an image of 32 by 32 the network has LeNet-5's sizes and 61 706 parameters", "[nn][cnn][lesson-12]") {
  CnnConfig c;
  c.height = c.width = 32;
  c.batch = 3;
  const GraphSpec s = cnn(c);
  CHECK(s.parameter_count() == 61'706);
  CHECK(shape_of(s, s.require("conv1")) == Shape{3, 6, 28, 28});
  CHECK(shape_of(s, s.require("conv1.pool")) == Shape{3, 6, 14, 14});
  CHECK(shape_of(s, s.require("conv2.pool.argmax")) == Shape{3, 16, 5, 5});
  CHECK(shape_of(s, s.require("flat")) == Shape{3, 400});
  CHECK(shape_of(s, s.require("logits")) == Shape{3, 10});
  CHECK(s.nodes().back().name == "loss");
  c.batchnorm = true;
  c.dropout = 0.5;
  c.loss = false;
  const GraphSpec other = cnn(c);
  CHECK(other.parameter_count() == 61'706 + 22);  // of each filter, weight and bias instead of the bias
  CHECK(other.find("conv1.bias") == kNoTensor);
  CHECK(other.tensors()[static_cast<std::size_t>(other.require("conv2.bn.running_var"))].role == Role::buffer);
  CHECK(other.find("fc2.drop.mask") != kNoTensor);
  CHECK(other.find("t") == kNoTensor);
  CHECK(other.nodes().back().name == "logits");
}

TEST_CASE("every gradient of a small convolutional network is right, in every form", "[nn][cnn][gradient]") {
  for (const auto pool : {CnnConfig::Pool::max, CnnConfig::Pool::avg, CnnConfig::Pool::none}) {
    CnnConfig c;
    c.pool = pool;
    c.height = 7;
    c.width = 6;
    c.channels = 2;
    c.filters = {3, 2};
    c.kernel = 2;
    c.padding = 1;
    c.hidden = {4};
    c.classes = 3;
    c.batch = 4;
    c.activation = Activation::tanh;
    c.weights = {Init::Kind::normal, 0.5};
    c.batchnorm = pool != CnnConfig::Pool::avg;
    c.dropout = pool == CnnConfig::Pool::max ? 0.25 : 0;
    Graph<double> graph(cnn(c));
    fill(graph, 5);
    for (std::size_t i = 0; i < 4; ++i) graph.value("t")[i] = static_cast<double>(i % 3);
    check_gradients(graph);
  }
}

TEST_CASE("a convolutional network learns which way a bar lies, and knows it of bars it has not seen", "[nn][cnn][train]") {
  for (const bool regularized : {false, true}) {
    CAPTURE(regularized);
    CnnConfig c = small();
    c.batch = 32;
    c.batchnorm = regularized;
    c.dropout = regularized ? 0.2 : 0;
    const Bars seen(128, 1), unseen(64, 2);
    Trainer<float> trainer(cnn(c), {.kind = OptimizerConfig::Kind::adamw, .lr = 0.01},
                           std::make_unique<TableBatches<float>>(seen.x, seen.t, 128, 32, 3), 4);
    trainer.step(150);
    CHECK_FALSE(trainer.diverged());
    CHECK(trainer.report().loss < 0.1);

    c.batch = 64;
    Graph<float> answers(cnn(c), trainer.graph());
    std::ranges::copy(unseen.x, answers.value("x").begin());
    std::ranges::copy(unseen.t, answers.value("t").begin());
    CHECK(answers.forward() < 0.25f);
    int right = 0;
    for (std::size_t i = 0; i < 64; ++i) {
      const auto z = answers.value("logits").subspan(2 * i, 2);
      right += (z[1] > z[0]) == (unseen.t[i] == 1) ? 1 : 0;
    }
    CHECK(right >= 60);
  }
}

TEST_CASE("a convolutional network refuses what it cannot be", "[nn][cnn][reliability-6]") {
  const auto with = [](auto change) {
    CnnConfig c = small();
    change(c);
    return message_of([&] { cnn(c); });
  };
  CHECK_THAT(with([](CnnConfig& c) { c.filters.clear(); }), ContainsSubstring("1 to 16"));
  CHECK_THAT(with([](CnnConfig& c) { c.hidden.assign(17, 2); }), ContainsSubstring("hidden has 17"));
  CHECK_THAT(with([](CnnConfig& c) { c.filters = {0}; }), ContainsSubstring("filters is 0"));
  CHECK_THAT(with([](CnnConfig& c) { c.kernel = 0; }), ContainsSubstring("kernel is 0"));
  CHECK_THAT(with([](CnnConfig& c) { c.padding = 3; }), ContainsSubstring("0 to 2"));
  CHECK_THAT(with([](CnnConfig& c) { c.dropout = 1; }), ContainsSubstring("less than 1"));
  CHECK_THAT(with([](CnnConfig& c) { c.classes = 1; }), ContainsSubstring("classes is 1"));
  CHECK_THAT(with([](CnnConfig& c) { c.height = 513; }), ContainsSubstring("1 to 512"));
  CHECK_THAT(with([](CnnConfig& c) { c.hidden = {5000}; }), ContainsSubstring("1 to 4096"));
  CHECK_THAT(with([](CnnConfig& c) { c.filters = {2, 2, 2, 2, 2}; }), ContainsSubstring("max_pool") && ContainsSubstring("smaller kernel"));
}

}  // namespace x2g
