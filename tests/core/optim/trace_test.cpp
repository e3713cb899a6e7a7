// The trace of one weight's update and what update() then does: the same bits in double, in float a few units in the last place
// (a trace is always computed in double).
#include "x2g/optim/trace.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <algorithm>
#include <cmath>
#include <limits>

#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/nn/models.hpp"

using namespace x2g;
using Kind = OptimizerConfig::Kind;

namespace {

std::vector<OptimizerConfig> configs() {
  std::vector<OptimizerConfig> all;
  for (const Kind kind : {Kind::sgd, Kind::nesterov, Kind::rmsprop, Kind::adagrad, Kind::adam, Kind::adamw})
    for (const double momentum : {0.0, 0.9})
      for (const double decay : {0.0, 0.1})
        for (const int clipping : {0, 1, 2})
          all.push_back({.kind = kind,
                         .lr = 0.02,
                         .momentum = momentum,
                         .weight_decay = decay,
                         .clip = clipping == 1 ? 0.5 : 0,
                         .warmup = 2,
                         .clip_value = clipping == 2 ? 0.3 : 0});
  return all;
}

template <class T>
Graph<T> net(const OptimizerConfig& o) {
  MlpConfig c;
  c.sizes = {5, 7, 3};
  return Graph<T>(mlp(c), {.state_slots = o.state_slots()});
}

/// Distance in steps of T at the size of the largest number that the result was added up from: where two nearly cancel, more is not known.
template <class T>
double ulps(double traced, T done, double scale) {
  const T size = static_cast<T>(std::abs(scale));
  return std::abs(traced - static_cast<double>(done)) /
         static_cast<double>(std::nextafter(size, std::numeric_limits<T>::infinity()) - size);
}

}  // namespace

TEMPLATE_TEST_CASE("a traced update is the update, for every rule, over five steps", "[optim][trace]", float, double) {
  using T = TestType;
  double most = 0, slots = 0;
  std::size_t different = 0;
  for (const OptimizerConfig& o : configs()) {
    Graph<T> g = net<T>(o);
    g.initialize(3);
    Rng rng(4, Stream::data);
    for (std::uint64_t step = 0; step < 5; ++step) {
      for (T& v : g.gradients()) v = 0;
      std::vector<UpdateTrace> traces;
      for (const char* name : {"W1", "b1", "W2", "b2"})
        for (T& v : g.grad(name)) v = static_cast<T>(rng.normal());
      const std::vector<T> before(g.state().begin(), g.state().end());
      for (const char* name : {"W1", "b1", "W2", "b2"})
        for (std::size_t i = 0; i < g.value(name).size(); ++i) traces.push_back(update_trace(o, g, step, name, i));
      REQUIRE(std::ranges::equal(before, g.state()));  // looking changes nothing
      const UpdateReport report = update(o, g, step);
      std::size_t at = 0;
      for (const char* name : {"W1", "b1", "W2", "b2"})
        for (std::size_t i = 0; i < g.value(name).size(); ++i) {
          const UpdateTrace& t = traces[at++];
          const T w = g.value(name)[i];
          const bool cancelled = std::abs(t.decayed) < 0.25 * std::abs(t.clipped);  // g + λw: few digits of g are left
          if (sizeof(T) == 4 && cancelled) continue;
          const double moved = t.lr * std::max({std::abs(t.m_before), std::abs(t.m), std::abs(t.decayed)}) / std::min(1.0, t.denominator);
          most = std::max(most, ulps<T>(t.new_weight, w, std::max({std::abs(t.weight), std::abs(t.new_weight), moved})));
          different += t.new_weight != static_cast<double>(w) || t.lr != report.lr || t.grad_norm != report.grad_norm;
          const TensorId id = g.spec().require(name);
          const bool square_first = o.kind == Kind::rmsprop || o.kind == Kind::adagrad;
          if (o.state_slots() > 0) {
            const double kept = square_first ? t.v : t.m, from = square_first ? t.v_before : t.m_before;
            different += kept != static_cast<double>(g.slot(id, 0)[i]);
            slots = std::max(
                slots, ulps<T>(kept, g.slot(id, 0)[i], std::max({std::abs(kept), std::abs(from), square_first ? 0 : std::abs(t.decayed)})));
          }
          if (o.state_slots() > 1) different += (square_first ? t.m : t.v) != static_cast<double>(g.slot(id, 1)[i]);
        }
    }
  }
  CAPTURE(most, slots, different);
  CHECK(most <= (sizeof(T) == 8 ? 0 : 3));  // float: a handful of roundings, those of g + λw up to four times as large
  CHECK(slots <= (sizeof(T) == 8 ? 0 : 6));
  if (sizeof(T) == 8) CHECK(different == 0);
}

TEST_CASE("the numbers of a trace by hand: Adam's second step with L2 and clipping", "[optim][trace][lesson-09]") {
  OptimizerConfig o{.kind = Kind::adam, .lr = 0.01, .beta1 = 0.5, .beta2 = 0.75, .weight_decay = 0.5, .clip = 1};
  MlpConfig c;
  c.sizes = {1, 1};
  Graph<double> g(mlp(c), {.state_slots = 2});
  g.value("W1")[0] = 2;
  g.grad("W1")[0] = 3;
  g.grad("b1")[0] = 4;
  const TensorId W = g.spec().require("W1");
  g.slot(W, 0)[0] = 1;
  g.slot(W, 1)[0] = 4;
  const UpdateTrace t = update_trace(o, g, 1, "W1", 0);
  CHECK(t.gradient == 3);
  CHECK(t.grad_norm == 5);
  CHECK(t.grad_scale == 0.2);
  CHECK(std::abs(t.clipped - 0.6) < 1e-15);
  CHECK(std::abs(t.decayed - 1.6) < 1e-15);
  CHECK(t.m_before == 1);
  CHECK(t.v_before == 4);
  CHECK(std::abs(t.m - 1.3) < 1e-15);
  CHECK(std::abs(t.v - 3.64) < 1e-15);
  CHECK(t.correction1 == 0.75);
  CHECK(t.correction2 == 0.4375);
  CHECK(std::abs(t.m_hat - 1.3 / 0.75) < 1e-15);
  CHECK(std::abs(t.v_hat - 8.32) < 1e-14);
  CHECK(std::abs(t.denominator - (std::sqrt(8.32) + 1e-8)) < 1e-14);
  CHECK(std::abs(t.step - 0.01 * (1.3 / 0.75) / (std::sqrt(8.32) + 1e-8)) < 1e-15);
  CHECK(t.new_weight == t.weight - t.step);
}

TEST_CASE("a trace of what is not a trained weight is refused", "[optim][trace]") {
  const OptimizerConfig o;
  Graph<double> g = net<double>(o);
  CHECK_THROWS_AS(update_trace(o, g, 0, "x", 0), Error);
  CHECK_THROWS_AS(update_trace(o, g, 0, "W1", 35), Error);
  CHECK_THROWS_AS(update_trace(o, g, 0, "W9", 0), Error);
}
