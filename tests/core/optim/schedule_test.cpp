// Schedules and new rules at their corners; their ten-step runs are in optim_golden_test.cpp.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>

#include "x2g/base/error.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/optim/optimizer.hpp"

using namespace x2g;
using Catch::Approx;
using Kind = OptimizerConfig::Kind;

TEST_CASE("step decay drops by gamma after every n steps, a constant rate ignores warm-up", "[optim][lesson-22]") {
  const OptimizerConfig o{.lr = 0.8, .schedule = Schedule::step_decay, .decay_every = 10, .gamma = 0.5};
  CHECK(learning_rate(o, 0) == 0.8);
  CHECK(learning_rate(o, 9) == 0.8);
  CHECK(learning_rate(o, 10) == 0.4);
  CHECK(learning_rate(o, 35) == 0.1);
  CHECK(learning_rate({.lr = 0.3, .warmup = 10, .total = 20, .schedule = Schedule::constant}, 5) == 0.3);
}

TEST_CASE("one cycle begins at lr/div, peaks at lr, ends at lr/(div final_div) and stays there", "[optim][lesson-22]") {
  const OptimizerConfig o{.lr = 1, .total = 101, .schedule = Schedule::one_cycle, .rise = 31.0 / 101, .div = 10, .final_div = 100};
  CHECK(learning_rate(o, 0) == Approx(0.1));
  CHECK(learning_rate(o, 15) == Approx(0.55));
  CHECK(learning_rate(o, 30) == Approx(1));
  CHECK(learning_rate(o, 65) == Approx((1 + 0.001) / 2));
  CHECK(learning_rate(o, 100) == Approx(0.001));
  CHECK(learning_rate(o, 100000) == Approx(0.001));
  for (std::uint64_t s = 1; s < 101; ++s) CHECK((learning_rate(o, s) > learning_rate(o, s - 1)) == (s <= 30));
}

TEST_CASE("settings that cannot go together are refused with what to do", "[optim][reliability-6]") {
  const auto refused = [](OptimizerConfig o, const char* part) {
    try {
      o.validate();
      FAIL("accepted: " << part);
    } catch (const Error& e) {
      CHECK_THAT(e.message(), Catch::Matchers::ContainsSubstring(part));
    }
  };
  refused({.clip = 1, .clip_value = 1}, "set one of them to 0");
  refused({.clip_value = -1}, "clip_value");
  refused({.alpha = 1}, "alpha");
  refused({.schedule = Schedule::step_decay}, "decay_every is 0");
  refused({.schedule = Schedule::step_decay, .decay_every = 1, .gamma = 1.5}, "gamma");
  refused({.schedule = Schedule::one_cycle}, "no room to rise");
  refused({.total = 100, .schedule = Schedule::one_cycle, .rise = 1}, "no room to rise");
  refused({.total = 100, .schedule = Schedule::one_cycle, .div = 0}, "div");
  OptimizerConfig{.total = 100, .schedule = Schedule::one_cycle}.validate();
}

TEST_CASE("kinds and schedules have names, and each kind its number of values", "[optim]") {
  const std::pair<Kind, std::uint32_t> slots[] = {{Kind::sgd, 0},     {Kind::adamw, 2},   {Kind::nesterov, 1},
                                                  {Kind::rmsprop, 1}, {Kind::adagrad, 1}, {Kind::adam, 2}};
  for (const auto& [kind, count] : slots) {
    CHECK(optimizer_kind_from_name(kind_name(kind)) == kind);
    CHECK(OptimizerConfig{.kind = kind}.state_slots() == count);
  }
  CHECK(OptimizerConfig{.kind = Kind::rmsprop, .momentum = 0.5}.state_slots() == 2);
  for (const Schedule s : {Schedule::warmup_cosine, Schedule::constant, Schedule::step_decay, Schedule::one_cycle})
    CHECK(schedule_from_name(schedule_name(s)) == s);
  CHECK_THROWS_AS(optimizer_kind_from_name("lion"), Error);
  CHECK_THROWS_AS(schedule_from_name("linear"), Error);
}

TEST_CASE("L2 in Adam is rescaled like any gradient, decoupled decay is not", "[optim][lesson-09]") {
  // With no gradient but decay, Adam's first step is lr whatever λ; AdamW's is lr λ w.
  for (const double lambda : {0.01, 1.0}) {
    MlpConfig c;
    c.sizes = {1, 1};
    Graph<double> g(mlp(c), {.state_slots = 2});
    g.value("W1")[0] = 2;
    update({.kind = Kind::adam, .lr = 0.1, .weight_decay = lambda}, g, 0);
    CHECK(g.value("W1")[0] == Approx(2 - 0.1));
    for (double& v : g.state()) v = 0;
    g.value("W1")[0] = 2;
    update({.kind = Kind::adamw, .lr = 0.1, .weight_decay = lambda}, g, 0);
    CHECK(g.value("W1")[0] == Approx(2 - 0.1 * lambda * 2));
  }
}
