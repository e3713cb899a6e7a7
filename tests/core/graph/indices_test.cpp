// Numbers that are places in memory: ids, classes, a pooling's winners, node numbers. Wrong ones are errors in forward and backward, and
// nothing outside is touched. All of these were found by fuzz/calls_fuzz.cpp.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cmath>
#include <limits>
#include <memory>

#include "support/op_graph.hpp"
#include "x2g/nn/perceptron.hpp"
#include "x2g/train/trainer.hpp"

using namespace x2g;
using Catch::Matchers::ContainsSubstring;

namespace {

const float kWrong[] = {5, 1e9f, 3e38f, std::numeric_limits<float>::infinity(), std::nanf("")};

/// ids (3) → embedding (5, 2) → softmax_xent against targets (3) of 2 classes.
GraphSpec lookup() {
  GraphSpec g;
  const TensorId W = g.parameter("W", {5, 2}, {Init::Kind::normal, 1}, false);
  const TensorId y = g.embedding("y", g.input("ids", {3}), W);
  g.softmax_xent("loss", y, g.input("targets", {3}));
  return g;
}

}  // namespace

TEST_CASE("an id outside the table is an error, forward and backward", "[graph][reliability-6]") {
  Graph<float> g(lookup());
  g.initialize(1);
  const auto message = [&g](float wrong, bool forward) {
    g.value("ids")[1] = 0;
    g.forward();
    g.value("ids")[1] = wrong;
    CHECK(test::code_of([&] { forward ? static_cast<void>(g.forward()) : g.backward(); }) == ErrorCode::invalid_argument);
    return test::message_of([&] { forward ? static_cast<void>(g.forward()) : g.backward(); });
  };
  for (const bool forward : {true, false}) {
    for (const float wrong : kWrong)
      CHECK_THAT(message(wrong, forward), ContainsSubstring("embedding: id number 1 is ") && ContainsSubstring("0 to 4"));
    CHECK_THAT(message(-1, forward), ContainsSubstring("is -1"));
  }
}

TEST_CASE("a class outside the logits is an error, a negative one is left out", "[graph][reliability-6]") {
  Graph<float> g(lookup());
  g.initialize(1);
  for (const float wrong : kWrong) {
    g.value("targets")[2] = 0;
    g.forward();
    g.value("targets")[2] = wrong;
    CHECK_THAT(test::message_of([&] { g.backward(); }),
               ContainsSubstring("softmax_xent: target number 2 is ") && ContainsSubstring("0 to 1"));
    CHECK_THAT(test::message_of([&] { g.forward(); }), ContainsSubstring("or negative for none"));
  }
  g.value("targets")[2] = -1;
  g.forward();
  g.backward();
  CHECK(std::isfinite(g.loss()));
}

TEST_CASE("a pooling's winners that were written over are an error", "[graph][reliability-6]") {
  GraphSpec spec;
  OpAttributes a;
  a.window = {{1, 2}, {1, 2}, {0, 0}, {1, 1}};
  test::end_with_mse(spec, spec.op(OpKind::max_pool, "y", {spec.parameter("x", {1, 1, 4}, {Init::Kind::normal, 1}, false)}, a));
  Graph<float> g(std::move(spec));
  g.initialize(1);
  g.forward();
  for (const float wrong : {-1.0f, 4.0f, 1e9f, std::nanf("")}) {
    g.value("y.argmax")[1] = wrong;
    CHECK_THAT(test::message_of([&] { g.backward(); }), ContainsSubstring("argmax number 1") && ContainsSubstring("0 to 3"));
  }
}

TEST_CASE("a node that is not there is an error", "[graph][reliability-6]") {
  Graph<float> g(lookup()), empty{GraphSpec()};
  CHECK_THAT(test::message_of([&] { g.forward_node(2); }), ContainsSubstring("no node 2; the graph has 2"));
  CHECK_THAT(test::message_of([&] { g.backward_node(static_cast<std::size_t>(-1)); }), ContainsSubstring("the graph has 2"));
  CHECK_THAT(test::message_of([&] { empty.forward_node(0); }), ContainsSubstring("the graph has 0"));
}

TEST_CASE("a perceptron asked with too few or too many inputs is an error", "[nn][reliability-6]") {
  const Perceptron p(gate("and"), {});
  const std::vector<double> x{1, 0, 1};
  for (const std::size_t n : {0, 1, 3}) {
    CHECK_THAT(test::message_of([&] { static_cast<void>(p.output(std::span(x).first(n))); }), ContainsSubstring("takes 2"));
    CHECK(test::code_of([&] { static_cast<void>(p.sum(std::span(x).first(n))); }) == ErrorCode::shape_mismatch);
  }
  CHECK(p.output(std::span(x).first(2)) == 1);
}

TEST_CASE("a run without any parameter has snapshots like any other", "[train][reliability-6]") {
  GraphSpec spec;
  test::end_with_mse(spec, spec.input("x", {1, 2}));
  Trainer<float> run(std::move(spec), {},
                     std::make_unique<TableBatches<float>>(std::vector<float>{1, 2}, std::vector<float>{3, 4}, 1, 1, 1), 1);
  run.step(2);
  const auto kept = run.snapshot();
  run.step();
  run.restore(kept);
  CHECK(run.steps() == 2);
}
