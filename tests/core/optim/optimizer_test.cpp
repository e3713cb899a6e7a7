// Update rules by hand, schedules at their corners, clipping, and refusal of bad numbers.
#include "x2g/optim/optimizer.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <limits>

#include "x2g/base/error.hpp"
#include "x2g/nn/models.hpp"

using namespace x2g;
using Catch::Approx;

namespace {

/// One weight w = 2 (decays) and one bias b = 1 (does not), with gradients 0.5 and -0.25.
Graph<double> two_numbers(const OptimizerConfig& o) {
  MlpConfig c;
  c.sizes = {1, 1};
  return Graph<double>(mlp(c), {.state_slots = o.state_slots()});
}

void set(Graph<double>& g, double w, double b, double dw, double db) {
  g.value("W1")[0] = w;
  g.value("b1")[0] = b;
  g.grad("W1")[0] = dw;
  g.grad("b1")[0] = db;
}

}  // namespace

TEST_CASE("SGD subtracts lr times the gradient, plus weight decay on weights only", "[optim][lesson-09]") {
  const OptimizerConfig o{.lr = 0.1, .weight_decay = 0.2};
  Graph<double> g = two_numbers(o);
  set(g, 2, 1, 0.5, -0.25);
  const UpdateReport r = update(o, g, 0);
  CHECK(g.value("W1")[0] == Approx(2 - 0.1 * (0.5 + 0.2 * 2)));
  CHECK(g.value("b1")[0] == Approx(1 + 0.1 * 0.25));
  CHECK(r.grad_norm == Approx(std::sqrt(0.5 * 0.5 + 0.25 * 0.25)));
}

TEST_CASE("momentum keeps a running sum of gradients", "[optim][lesson-09]") {
  const OptimizerConfig o{.lr = 0.1, .momentum = 0.9};
  Graph<double> g = two_numbers(o);
  set(g, 2, 1, 0.5, -0.25);
  update(o, g, 0);
  update(o, g, 1);
  CHECK(g.value("W1")[0] == Approx(2 - 0.1 * 0.5 - 0.1 * (0.9 * 0.5 + 0.5)));
}

TEST_CASE("AdamW's first step is lr whatever the gradient's size", "[optim][lesson-09]") {
  const double size = GENERATE(1e-4, 1.0, 1e4);
  const OptimizerConfig o{.kind = OptimizerConfig::Kind::adamw, .lr = 0.01};
  Graph<double> g = two_numbers(o);
  set(g, 2, 1, size, -size);
  update(o, g, 0);
  CHECK(g.value("W1")[0] == Approx(2 - 0.01).epsilon(1e-5));
  CHECK(g.value("b1")[0] == Approx(1 + 0.01).epsilon(1e-5));
}

TEST_CASE("AdamW by hand over two steps with decoupled decay", "[optim][lesson-09]") {
  const OptimizerConfig o{.kind = OptimizerConfig::Kind::adamw, .lr = 0.01, .beta1 = 0.8, .beta2 = 0.9, .eps = 1e-8, .weight_decay = 0.1};
  Graph<double> g = two_numbers(o);
  double w = 2, m = 0, v = 0;
  for (int step = 0; step < 2; ++step) {
    const double grad = step ? -1.5 : 0.5;
    set(g, g.value("W1")[0] = step ? g.value("W1")[0] : 2, 1, grad, 0);
    update(o, g, static_cast<std::uint64_t>(step));
    m = 0.8 * m + 0.2 * grad;
    v = 0.9 * v + 0.1 * grad * grad;
    const double mhat = m / (1 - std::pow(0.8, step + 1)), vhat = v / (1 - std::pow(0.9, step + 1));
    w -= 0.01 * (mhat / (std::sqrt(vhat) + 1e-8) + 0.1 * w);
    CHECK(g.value("W1")[0] == Approx(w).epsilon(1e-12));
    CHECK(g.value("b1")[0] == 1);
  }
}

TEST_CASE("clipping scales the whole gradient to the norm given", "[optim][lesson-22]") {
  const OptimizerConfig o{.lr = 1, .clip = 1};
  Graph<double> g = two_numbers(o);
  set(g, 0, 0, 3, 4);
  CHECK(update(o, g, 0).grad_norm == Approx(5));
  CHECK(g.value("W1")[0] == Approx(-0.6));
  CHECK(g.value("b1")[0] == Approx(-0.8));
  set(g, 0, 0, 0.3, 0.4);
  update(o, g, 0);
  CHECK(g.value("W1")[0] == Approx(-0.3));
}

TEST_CASE("a gradient that is not finite changes no weight", "[optim][reliability-12]") {
  const OptimizerConfig o{.kind = OptimizerConfig::Kind::adamw, .lr = 1};
  Graph<double> g = two_numbers(o);
  set(g, 2, 1, std::numeric_limits<double>::quiet_NaN(), 1);
  CHECK_FALSE(update(o, g, 0).applied);
  CHECK(g.value("W1")[0] == 2);
  CHECK(g.value("b1")[0] == 1);
  CHECK(g.slot(g.spec().require("b1"), 0)[0] == 0);
}

TEST_CASE("warm-up rises in a line, cosine falls to the least rate", "[optim][lesson-22]") {
  const OptimizerConfig o{.lr = 1, .warmup = 9, .total = 109, .min_lr = 0.1};
  CHECK(learning_rate(o, 0) == Approx(0.1));
  CHECK(learning_rate(o, 8) == Approx(0.9));
  CHECK(learning_rate(o, 9) == Approx(1));
  CHECK(learning_rate(o, 59) == Approx(0.55));
  CHECK(learning_rate(o, 34) == Approx(0.1 + 0.45 * (1 + std::cos(0.25 * 3.14159265358979))));
  CHECK(learning_rate(o, 109) == Approx(0.1));
  CHECK(learning_rate(o, 100000) == Approx(0.1));
  CHECK(learning_rate({.lr = 0.3}, 12345) == 0.3);
}

TEST_CASE("numbers out of range are refused by name", "[optim][reliability-6]") {
  const double nan = std::nan("");
  const auto refused = [](OptimizerConfig o, const char* name) {
    try {
      o.validate();
      FAIL(name << " was accepted");
    } catch (const Error& e) {
      CHECK_THAT(e.message(), Catch::Matchers::StartsWith(name));
    }
  };
  refused({.lr = -1}, "lr");
  refused({.lr = nan}, "lr");
  refused({.lr = 1e9}, "lr");
  refused({.momentum = 1}, "momentum");
  refused({.beta1 = 1}, "beta1");
  refused({.beta2 = -0.1}, "beta2");
  refused({.eps = 0}, "eps");
  refused({.weight_decay = -1}, "weight_decay");
  refused({.clip = nan}, "clip");
  refused({.min_lr = -1}, "min_lr");
  OptimizerConfig{.lr = 0}.validate();  // a rate of zero is a legitimate experiment
}
