// Recurrent layers and two recurrent language models against figures from PyTorch in double (tests/golden/make_recurrent.py).
#include <catch2/catch_template_test_macros.hpp>

#include <algorithm>
#include <memory>

#include "core/ops/recurrent_check.hpp"
#include "golden/runs.hpp"
#include "support/figures.hpp"
#include "support/model_check.hpp"
#include "x2g/nn/recurrent.hpp"
#include "x2g/train/trainer.hpp"

namespace x2g {
namespace {

using namespace test;

// The file holds nine digits of gradients, twelve of losses.
template <class T>
constexpr double kBound = sizeof(T) == 4 ? 3e-6 : 1e-8;

const golden::File& file() {
  static const golden::File figures("recurrent.txt");
  return figures;
}

template <class T>
void check_model(const std::string& prefix, const RecurrentConfig& model) {
  OptimizerConfig adamw;
  adamw.kind = OptimizerConfig::Kind::adamw;
  adamw.lr = 0x1p-6;
  adamw.beta2 = 0.95;
  adamw.weight_decay = 0.1;
  Trainer<T> trainer(recurrent_model(model), adamw, std::make_unique<golden::MadeUpTokens<T>>(model.vocab, model.batch, model.length), 1);
  Graph<T>& graph = trainer.graph();
  const std::vector<std::string> names = parameter_names(graph.spec());
  for (const std::string& name : names) {
    Doubles w = golden::made_up(name, graph.value(name).size());
    for (double& v : w) v *= 0.5;
    golden::set(graph, name, w);
  }
  trainer.touch();
  const Doubles& losses = file()[prefix + ".losses"].data;
  for (std::uint64_t step = 0; step < losses.size(); ++step) {
    CAPTURE(prefix, step);
    trainer.step();
    figure(sizeof(T) == 4 ? "2 ten steps as in PyTorch, loss" : "2 ten steps as in PyTorch in double, loss", prefix + " language model",
           std::fabs(trainer.report().loss - losses[step]), sizeof(T) == 4 ? 1e-4 : 1e-9);
    if (step > 0) continue;
    for (const std::string& name : names) {
      CAPTURE(name);
      figure(sizeof(T) == 4 ? "2 first gradients as in PyTorch, norm" : "2 first gradients as in PyTorch in double, norm",
             prefix + " language model", distance(copied<T>(graph.grad(name)), file()[prefix + ".d." + name].data),
             sizeof(T) == 4 ? 1e-5 : 1e-8);
    }
  }
  for (const std::string& name : names) {
    CAPTURE(name);
    double squares = 0;
    for (const T v : graph.value(name)) squares += static_cast<double>(v) * static_cast<double>(v);
    const double want = file()[prefix + ".after." + name].data[0];
    CHECK(std::fabs(std::sqrt(squares) - want) < (sizeof(T) == 4 ? 1e-3 : 1e-9) * want);
  }
}

}  // namespace

TEMPLATE_TEST_CASE("recurrent layers agree with PyTorch, every gradient included", "[ops][golden][recurrent]", float, double) {
  using T = TestType;
  for (const Cell cell : kCells) {
    const std::string name = name_of(cell);
    Arrays in;
    for (const auto& [key, into] : members(in))
      if (cell == Cell::lstm || std::string(key) != "c0") *into = file()[name + "." + key].data;
    const auto& shape = file()[name + ".x"].shape;
    const RecurrentShape s{shape[0], shape[1], shape[2], file()[name + ".W_hh"].shape[1]};
    auto r = run_cell<T>(cell, s, in, file()[name + ".dy"].data, all_gradients<T>(cell, s));
    CAPTURE(name);
    CHECK(distance(r.y, file()[name + ".y"].data) < kBound<T>);
    for (const auto& [key, gradient] : members(r.d)) {
      if (gradient->empty()) continue;
      CAPTURE(key);
      CHECK(distance(*gradient, file()[name + ".d" + key].data) < kBound<T>);
    }
  }
}

TEMPLATE_TEST_CASE("an LSTM language model of two layers trains as in PyTorch", "[golden][recurrent][train]", float, double) {
  RecurrentConfig c;
  c.vocab = 9;
  c.layers = 2;
  c.channels = 6;
  c.hidden = 5;
  c.batch = 2;
  c.length = 7;
  check_model<TestType>("lstm", c);
}

TEMPLATE_TEST_CASE("a GRU language model with a tied head trains as in PyTorch", "[golden][recurrent][train]", float, double) {
  RecurrentConfig c;
  c.cell = RecurrentConfig::Cell::gru;
  c.vocab = 9;
  c.channels = c.hidden = 6;
  c.batch = 2;
  c.length = 7;
  c.tied = true;
  check_model<TestType>("gru", c);
}

}  // namespace x2g
