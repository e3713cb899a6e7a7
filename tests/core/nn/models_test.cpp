// The ready models: parameter counts worked by hand, names, initial loss, causality, and refusal of bad configurations.
#include "x2g/nn/models.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <algorithm>
#include <cmath>
#include <vector>

#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/graph/graph.hpp"

using namespace x2g;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string refused(auto&& call) {
  try {
    call();
  } catch (const Error& e) {
    CHECK(e.code() == ErrorCode::invalid_argument);
    return e.message();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("parameters of the 784-30-10 net are those counted by hand", "[nn][lesson-07]") {
  MlpConfig c;
  c.sizes = {784, 30, 10};
  CHECK(mlp(c).parameter_count() == 784 * 30 + 30 + 30 * 10 + 10);
}

TEST_CASE("parameters of nanoGPT's laptop model are those counted by hand", "[nn][lesson-21]") {
  const std::uint64_t C = 128, V = 65, T = 64, L = 4;
  const std::uint64_t block = 2 * C + 3 * C * C + C * C + 4 * C * C + 4 * C * C;
  CHECK(gpt({.vocab = 65}).parameter_count() == V * C + T * C + L * block + C);
  const std::uint64_t biases = L * (2 * C + 3 * C + C + 4 * C + C) + C;
  CHECK(gpt({.vocab = 65, .bias = true}).parameter_count() == V * C + T * C + L * block + C + biases);
}

TEST_CASE("a fresh GPT is as unsure as a uniform guess: loss close to ln V", "[nn][lesson-21]") {
  Graph<float> g(gpt({.vocab = 65, .batch = 2}));
  g.initialize(1);
  Rng rng(1, Stream::data);
  for (float& b : g.value("ids")) b = static_cast<float>(rng.below(65));
  for (float& t : g.value("targets")) t = static_cast<float>(rng.below(65));
  CHECK(std::abs(static_cast<double>(g.forward()) - std::log(65.0)) < 0.05);
}

TEST_CASE("what comes later does not change what a GPT says earlier, to the bit", "[nn][lesson-21]") {
  Graph<float> g(gpt({.vocab = 9, .layers = 2, .heads = 2, .channels = 8, .context = 8, .batch = 1, .loss = false}));
  g.initialize(2);
  for (float& w : g.parameters()) w *= 20;
  const auto logits_of = [&](std::size_t changed_from) {
    for (std::size_t i = 0; i < 8; ++i) g.value("ids")[i] = static_cast<float>(i < changed_from ? i : 8 - i % 3);
    g.forward();
    return std::vector<float>(g.value("logits").begin(), g.value("logits").end());
  };
  const auto a = logits_of(8), b = logits_of(5);
  CHECK(std::equal(a.begin(), a.begin() + 5 * 9, b.begin()));
  CHECK_FALSE(std::equal(a.begin() + 5 * 9, a.end(), b.begin() + 5 * 9));
}

TEST_CASE("the output y of an MLP is the probability when the loss works on logits", "[nn]") {
  MlpConfig c;
  c.sizes = {2, 1};
  c.loss = MlpConfig::Loss::bce;
  Graph<float> g(mlp(c));
  g.initialize(1);
  g.value("x")[0] = 1;
  g.forward();
  CHECK(g.value("y")[0] == g.value("loss.probs")[0]);
}

TEST_CASE("every field of a GPT configuration is checked", "[nn][reliability-6]") {
  CHECK_THAT(refused([] { gpt({.vocab = 1}); }), ContainsSubstring("vocab is 1"));
  CHECK_THAT(refused([] { gpt({.layers = 0}); }), ContainsSubstring("layers is 0"));
  CHECK_THAT(refused([] { gpt({.layers = 1000000000}); }), ContainsSubstring("1 to 48"));
  CHECK_THAT(refused([] { gpt({.heads = 0}); }), ContainsSubstring("heads"));
  CHECK_THAT(refused([] { gpt({.heads = 3, .channels = 128}); }), ContainsSubstring("for example 129"));
  CHECK_THAT(refused([] { gpt({.channels = 4000000000}); }), ContainsSubstring("channels"));
  CHECK_THAT(refused([] { gpt({.context = 1}); }), ContainsSubstring("context"));
  CHECK_THAT(refused([] { gpt({.batch = 0}); }), ContainsSubstring("batch"));
  CHECK_THAT(refused([] { gpt({.context = 8, .length = 9}); }), ContainsSubstring("length"));
}

TEST_CASE("every field of an MLP configuration is checked", "[nn][reliability-6]") {
  MlpConfig c;
  c.sizes = {2};
  CHECK_THAT(refused([&] { mlp(c); }), ContainsSubstring("2 to 64"));
  c.sizes = {2, 0, 1};
  CHECK_THAT(refused([&] { mlp(c); }), ContainsSubstring("0 units"));
  c.sizes = {2, 1};
  c.batch = 0;
  CHECK_THAT(refused([&] { mlp(c); }), ContainsSubstring("batch"));
  c.batch = 1;
  c.weights.a = std::nan("");
  CHECK_THAT(refused([&] { mlp(c); }), ContainsSubstring("NaN"));
}
