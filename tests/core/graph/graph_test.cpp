// The graph as a whole: building and its errors, memory layout, forward and backward against numbers worked by hand, twins.
#include "x2g/graph/graph.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <algorithm>
#include <cstdint>
#include <limits>

#include "x2g/base/error.hpp"
#include "x2g/nn/models.hpp"

using namespace x2g;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

namespace {

/// The documents' worked example: x → w1 → σ → w2 → σ, loss ½(y − t)².
GraphSpec two_weights() {
  MlpConfig c;
  c.sizes = {1, 1, 1};
  c.hidden = c.output = Activation::sigmoid;
  c.loss = MlpConfig::Loss::half_mse;
  c.bias = false;
  c.weights = {Init::Kind::constant, 0.5};
  return mlp(c);
}

std::string message_of(auto&& call) {
  try {
    call();
  } catch (const Error& e) {
    return e.message();
  }
  return "no error";
}

}  // namespace

TEST_CASE("forward and backward give the worked example of the study documents", "[graph][lesson-06]") {
  Graph<double> g(two_weights());
  g.initialize(1);
  g.value("x")[0] = 2;
  g.value("t")[0] = 1;
  CHECK(g.forward() == Approx(0.08387).margin(2e-4));
  g.backward();
  CHECK(g.value("h1")[0] == Approx(0.7310586).epsilon(1e-6));
  CHECK(g.value("y")[0] == Approx(0.5903783).epsilon(1e-6));
  CHECK(g.grad("W2")[0] == Approx(-0.0724).margin(1e-4));
  CHECK(g.grad("W1")[0] == Approx(-0.0195).margin(1e-4));
}

TEST_CASE("exercise 3 of the documents: identity units, x = 2, t = 5, both weights 1, gives a gradient of -6", "[graph][lesson-06]") {
  MlpConfig c;
  c.sizes = {1, 1, 1};
  c.hidden = Activation::identity;
  c.loss = MlpConfig::Loss::half_mse;
  c.bias = false;
  c.weights = {Init::Kind::constant, 1};
  Graph<float> g(mlp(c));
  g.initialize(1);
  g.value("x")[0] = 2;
  g.value("t")[0] = 5;
  g.forward();
  g.backward();
  CHECK(g.grad("W1")[0] == -6.0f);
}

TEST_CASE("running node by node gives the same bits as running whole", "[graph]") {
  Graph<float> whole(gpt({.vocab = 7, .layers = 1, .heads = 2, .channels = 8, .context = 4, .batch = 2}));
  Graph<float> single(whole.spec());
  for (Graph<float>* g : {&whole, &single}) {
    g->initialize(3);
    for (std::size_t i = 0; i < 8; ++i) {
      g->value("ids")[i] = static_cast<float>(i % 7);
      g->value("targets")[i] = static_cast<float>((i + 1) % 7);
    }
  }
  whole.forward();
  whole.backward();
  for (std::size_t i = 0; i < single.node_count(); ++i) single.forward_node(i);
  single.zero_grad();
  single.seed_loss();
  for (std::size_t i = single.node_count(); i-- > 0;) single.backward_node(i);
  CHECK(whole.loss() == single.loss());
  CHECK(std::ranges::equal(whole.gradients(), single.gradients()));
}

TEST_CASE("every tensor starts on a 64-byte line", "[graph]") {
  Graph<float> g(gpt({.vocab = 5, .layers = 2, .heads = 1, .channels = 3, .context = 3, .batch = 1, .bias = true}));
  for (std::size_t i = 0; i < g.spec().tensors().size(); ++i)
    CHECK(reinterpret_cast<std::uintptr_t>(g.value(static_cast<TensorId>(i)).data()) % 64 == 0);
}

TEST_CASE("the memory estimate is what the graph takes", "[graph]") {
  const GraphSpec spec = two_weights();
  const MemoryEstimate m = spec.memory(2, sizeof(float));
  // 2 weights, each padded to a line of 64 bytes; x, t, z1, h1, z2, y, loss the same
  CHECK(m.parameters == 2 * 64);
  CHECK(m.optimizer == 4 * 64);
  CHECK(m.activations == 7 * 64);
  CHECK(m.gradients == (2 + 5) * 64);
  CHECK(spec.parameter_count() == 2);
}

TEST_CASE("a graph over the memory limit is refused with the figure before anything is allocated", "[graph][reliability-7]") {
  const GptConfig big{.vocab = 65536, .layers = 48, .heads = 16, .channels = 2048, .context = 2048, .batch = 1};
  CHECK_THAT(message_of([&] { Graph<float> g(gpt(big), {.state_slots = 2}); }),
             ContainsSubstring("MB") && ContainsSubstring("the limit is 256 MB"));
}

TEST_CASE("a twin of another batch size uses the donor's own weights", "[graph]") {
  MlpConfig c;
  c.sizes = {2, 3, 1};
  c.batch = 4;
  Graph<float> donor(mlp(c));
  donor.initialize(5);
  c.batch = 1;
  Graph<float> twin(mlp(c), donor);
  CHECK(twin.value("W1").data() == donor.value("W1").data());
  CHECK(twin.parameters().empty());
  const float x[4][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
  std::copy_n(&x[0][0], 8, donor.value("x").begin());
  donor.forward();
  for (std::size_t row = 0; row < 4; ++row) {
    std::copy_n(x[row], 2, twin.value("x").begin());
    twin.forward();
    CHECK(twin.value("y")[0] == donor.value("y")[row]);
  }
  CHECK_THROWS_AS(twin.backward_node(0), Error);
  c.sizes = {2, 4, 1};
  CHECK_THAT(message_of([&] { Graph<float> other(mlp(c), donor); }), ContainsSubstring("W1") && ContainsSubstring("(4, 2)"));
}

TEST_CASE("adding a parameter does not change how the others start", "[graph]") {
  GraphSpec one, two;
  one.parameter("a", {4, 4}, {Init::Kind::normal, 1}, true);
  two.parameter("a", {4, 4}, {Init::Kind::normal, 1}, true);
  two.parameter("b", {4, 4}, {Init::Kind::normal, 1}, true);
  Graph<float> g1(one), g2(two);
  g1.initialize(9);
  g2.initialize(9);
  CHECK(std::ranges::equal(g1.value("a"), g2.value("a")));
  CHECK_FALSE(std::ranges::equal(g2.value("a"), g2.value("b")));
}

TEST_CASE("initial weights have the spread their kind says", "[graph][lesson-08]") {
  GraphSpec s;
  s.parameter("he", {100, 400}, {Init::Kind::he, 0}, true);
  s.parameter("xavier", {100, 400}, {Init::Kind::xavier, 0}, true);
  s.parameter("uniform", {100, 400}, {Init::Kind::uniform, 0.3}, true);
  Graph<double> g(s);
  g.initialize(2);
  const auto variance = [&](const char* name) {
    double sum = 0;
    for (const double w : g.value(name)) sum += w * w;
    return sum / 40000;
  };
  CHECK(variance("he") == Approx(2.0 / 400).epsilon(0.03));
  CHECK(variance("xavier") == Approx(2.0 / 500).epsilon(0.03));
  CHECK(variance("uniform") == Approx(0.09 / 3).epsilon(0.03));
}

TEST_CASE("the first tensor with a non-finite value is named, forward before backward", "[graph][reliability-12]") {
  Graph<float> g(two_weights());
  g.initialize(1);
  g.value("x")[0] = 1;
  g.forward();
  g.backward();
  CHECK(g.find_non_finite().tensor == kNoTensor);
  g.grad("z1")[0] = std::numeric_limits<float>::infinity();
  auto found = g.find_non_finite();
  CHECK(found.gradient);
  CHECK(g.spec().tensors()[static_cast<std::size_t>(found.tensor)].name == "z1");
  g.value("W2")[0] = std::numeric_limits<float>::quiet_NaN();
  g.forward();
  found = g.find_non_finite();
  CHECK_FALSE(found.gradient);
  CHECK(g.spec().tensors()[static_cast<std::size_t>(found.tensor)].name == "W2");
}

TEST_CASE("building errors say what was wrong, what is allowed, and leave the spec as it was", "[graph][reliability-6]") {
  GraphSpec s;
  const TensorId x = s.input("x", {4, 3});
  const TensorId W = s.parameter("W", {2, 5}, {}, true);
  CHECK_THAT(message_of([&] { s.linear("y", x, W); }), ContainsSubstring("(2, 5)") && ContainsSubstring("(outputs, 3)"));
  CHECK_THAT(message_of([&] { s.linear("y", x, 99); }), ContainsSubstring("tensor 99"));
  CHECK_THAT(message_of([&] { s.linear("y", kNoTensor, W); }), ContainsSubstring("tensor -1"));
  CHECK_THAT(message_of([&] { s.input("x", {1}); }), ContainsSubstring("two tensors are called \"x\""));
  CHECK_THAT(message_of([&] { s.input("", {1}); }), ContainsSubstring("1 to 200"));
  CHECK_THAT(message_of([&] { s.attention("a", x, 2); }), ContainsSubstring("(B, T, 3C)"));
  CHECK_THAT(message_of([&] { s.op(OpKind::add, "a", {x}); }), ContainsSubstring("takes 2"));
  CHECK_THAT(message_of([&] { op_from_name("conv9d"); }), ContainsSubstring("conv9d") && ContainsSubstring("linear, activation"));
  CHECK_THAT(message_of([&] { s.require("nope"); }), ContainsSubstring("nope") && ContainsSubstring("x, W"));
  CHECK_THAT(message_of([] { Shape{0, 2}; }), ContainsSubstring("at least 1"));
  CHECK_THAT(message_of([] { Shape{65536, 65536}; }), ContainsSubstring("2^31"));
  CHECK(s.tensors().size() == 2);
  CHECK(s.nodes().empty());
  // A name clash in a saved output undoes the node's main output too.
  s.input("n.mean", {1});
  const TensorId w = s.parameter("w", {3}, {}, false);
  CHECK_THROWS_AS(s.layernorm("n", x, w), Error);
  CHECK(s.find("n") == kNoTensor);
}

TEST_CASE("a graph without a loss refuses to run backward", "[graph][reliability-6]") {
  GraphSpec s;
  s.activation("y", s.input("x", {3}), Activation::tanh);
  Graph<float> g(s);
  g.forward();
  CHECK_THAT(message_of([&] { g.backward(); }), ContainsSubstring("one number"));
  Graph<float> empty{GraphSpec{}};
  CHECK_THAT(message_of([&] { empty.forward(); }), ContainsSubstring("no nodes"));
  CHECK_THROWS_AS(g.value(TensorId{7}), Error);
  CHECK_THROWS_AS(g.slot(TensorId{0}, 0), Error);
}

TEST_CASE("masks and scores are found by name, others are refused with the names there are", "[graph][reliability-6]") {
  CHECK(mask_from_name("causal") == Mask::causal);
  CHECK(mask_from_name("none") == Mask::none);
  CHECK(mask_from_name("wrong") == Mask::wrong);
  CHECK(score_from_name("dot") == Score::dot);
  CHECK(score_from_name("negated") == Score::negated);
  CHECK(score_from_name("squared") == Score::squared);
  CHECK_THROWS_WITH(mask_from_name("diagonal"), ContainsSubstring("diagonal") && ContainsSubstring("causal, none, wrong"));
  CHECK_THROWS_WITH(score_from_name("cosine"), ContainsSubstring("cosine") && ContainsSubstring("dot, negated, squared"));
}

TEST_CASE("a graph of more than ten thousand tensors is refused", "[graph][reliability-6]") {
  GraphSpec spec;
  for (int i = 0; i < 10'000; ++i) spec.input(std::to_string(i), {1});
  CHECK_THROWS_WITH(spec.input("x", {1}), ContainsSubstring("more than 10000 tensors"));
  CHECK(spec.tensors().size() == 10'000);
}
