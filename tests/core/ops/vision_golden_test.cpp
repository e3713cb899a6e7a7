// Normalization, dropout, convolution and pooling against figures from PyTorch in double (tests/golden/make_vision.py), and ten steps
// of a convolutional network and of a perceptron with BatchNorm, both with dropout, through the public Trainer.
#include <catch2/catch_template_test_macros.hpp>

#include <cmath>
#include <memory>

#include "golden/runs.hpp"
#include "support/figures.hpp"
#include "support/model_check.hpp"
#include "support/op_graph.hpp"
#include "x2g/nn/cnn.hpp"
#include "x2g/train/trainer.hpp"

namespace x2g {
namespace {

using namespace test;

constexpr std::uint64_t kSeed = 0x0123456789ABCDEF;
// The file holds nine digits, so double is checked to 1e-8 and float to its own precision.
template <class T>
constexpr double kBound = sizeof(T) == 4 ? 3e-6 : 1e-8;

const golden::File& file() {
  static const golden::File vision("vision.txt");
  return vision;
}

template <class T>
double off(std::span<const T> got, const Doubles& want) {
  return distance(copied<T>(got), want);
}

/// A graph of one op, run forward and backward on the golden inputs: PREFIX.NAME for each of `names`; buffers start from `buffers`.
template <class T>
std::unique_ptr<Graph<T>> run(const std::string& prefix, OpKind kind, const OpAttributes& a, const std::vector<std::string>& names,
                              const std::vector<std::string>& buffers = {}, bool training = true) {
  GraphSpec s;
  std::vector<TensorId> inputs;
  const auto shape = [&](const std::string& name) {
    const auto& dims = file()[prefix + "." + name].shape;
    return Shape(std::span<const std::uint32_t>(std::vector<std::uint32_t>(dims.begin(), dims.end())));
  };
  for (const std::string& name : names) inputs.push_back(s.parameter(name, shape(name), {}, false));
  for (const std::string& name : buffers) inputs.push_back(s.buffer(name, shape(name), {}));
  s.op(kind, "y", inputs, a);
  auto graph = std::make_unique<Graph<T>>(s);
  graph->set_training(training);
  for (const std::string& name : names) golden::set(*graph, name, file()[prefix + "." + name].data);
  for (const std::string& name : buffers) golden::set(*graph, name, file()[prefix + "." + name].data);
  graph->forward();
  graph->zero_grad();
  const Doubles& dy = file()[prefix + ".dy"].data;
  std::ranges::transform(dy, graph->grad("y").begin(), [](double v) { return static_cast<T>(v); });
  graph->backward_node(0);

  CAPTURE(prefix);
  CHECK(shape_of(s, s.require("y")) == shape("y"));
  CHECK(off<T>(graph->value("y"), file()[prefix + ".y"].data) < kBound<T>);
  for (const std::string& name : names) {
    CAPTURE(name);
    CHECK(off<T>(graph->grad(name), file()[prefix + ".d" + name].data) < kBound<T>);
  }
  return graph;
}

/// The inputs stay; only the step changes.
template <class T>
class SameBatch final : public BatchSource<T> {
 public:
  SameBatch(Doubles x, Doubles t) : x_(std::move(x)), t_(std::move(t)) {}
  void fill(std::uint64_t, Graph<T>& graph) override {
    golden::set(graph, "x", x_);
    golden::set(graph, "t", t_);
  }

 private:
  Doubles x_, t_;
};

template <class T>
void train(const std::string& prefix, GraphSpec spec, const OptimizerConfig& optimizer, Doubles t) {
  CAPTURE(prefix);
  const Doubles x = golden::made_up(prefix + ".x", spec.tensors()[static_cast<std::size_t>(spec.require("x"))].shape.size());
  Trainer<T> trainer(std::move(spec), optimizer, std::make_unique<SameBatch<T>>(x, std::move(t)), kSeed);
  Graph<T>& graph = trainer.graph();
  const std::vector<std::string> parameters = parameter_names(graph.spec());
  std::vector<std::string> kept = parameters;
  for (const TensorSpec& tensor : graph.spec().tensors())
    if (tensor.role == Role::buffer) kept.push_back(tensor.name);
  for (const std::string& name : parameters) {
    Doubles w = golden::made_up(prefix + "." + name, graph.value(name).size());
    for (double& v : w) v = 0.5 * v + (name.ends_with("bn.weight") ? 1 : 0);
    golden::set(graph, name, w);
  }
  trainer.touch();
  double loss_off = 0, gradient_off = 0;
  const auto keep = [](double& worst, double distance) {
    REQUIRE(std::isfinite(distance));
    worst = std::max(worst, distance);
  };
  for (std::uint64_t step = 0; step < 10; ++step) {
    CAPTURE(step);
    trainer.step();
    keep(loss_off, std::fabs(trainer.report().loss - file()[prefix + ".losses"].data[step]));
    for (const std::string& name : parameters) {
      if (step > 0) break;
      CAPTURE(name);
      keep(gradient_off, off<T>(graph.grad(name), file()[prefix + ".d." + name].data));
    }
  }
  const bool single = sizeof(T) == 4;
  figure(single ? "2 ten losses as in PyTorch, float" : "2 ten losses as in PyTorch, double", prefix, loss_off, single ? 1e-4 : 1e-11);
  figure(single ? "2 first gradient as in PyTorch, float" : "2 first gradient as in PyTorch, double", prefix, gradient_off,
         single ? 1e-4 : 1e-8);
  for (const std::string& name : kept) {
    CAPTURE(name);
    CHECK(off<T>(graph.value(name), file()[prefix + ".after." + name].data) < (sizeof(T) == 4 ? 1e-3 : 1e-8));
  }
}

}  // namespace

TEMPLATE_TEST_CASE("rmsnorm, batchnorm and dropout agree with PyTorch", "[ops][golden][norm]", float, double) {
  using T = TestType;
  OpAttributes rms, bn, drop;
  rms.eps = 1e-6;
  bn.rate = 0.1;
  run<T>("rmsnorm", OpKind::rmsnorm, rms, {"x", "w"});
  for (const std::string prefix : {"bn_rows", "bn_maps", "bn_answer"}) {
    const auto graph = run<T>(prefix, OpKind::batchnorm, bn, {"x", "w", "b"}, {"before_mean", "before_var"}, prefix != "bn_answer");
    CHECK(off<T>(graph->value("before_mean"), file()[prefix + ".after_mean"].data) < kBound<T>);
    CHECK(off<T>(graph->value("before_var"), file()[prefix + ".after_var"].data) < kBound<T>);
  }

  // The mask of node 7: seven ops stand before it.
  drop.rate = 0.3;
  GraphSpec s;
  TensorId x = s.parameter("x", {3, 11}, {}, false);
  for (int i = 0; i < 7; ++i) x = s.activation("pass" + std::to_string(i), x, Activation::identity);
  s.op(OpKind::dropout, "y", {x}, drop);
  Graph<T> graph(s);
  graph.initialize(kSeed);
  golden::set(graph, "x", file()["dropout.x"].data);
  graph.set_step((1ull << 32) + 3);
  graph.forward();
  graph.zero_grad();
  std::ranges::transform(file()["dropout.dy"].data, graph.grad("y").begin(), [](double v) { return static_cast<T>(v); });
  for (std::size_t i = 8; i-- > 0;) graph.backward_node(i);
  CHECK(off<T>(graph.value("y.mask"), file()["dropout.mask"].data) < kBound<T>);
  CHECK(off<T>(graph.value("y"), file()["dropout.y"].data) < kBound<T>);
  CHECK(off<T>(graph.grad("x"), file()["dropout.dx"].data) < kBound<T>);
}

TEMPLATE_TEST_CASE("convolution and pooling agree with PyTorch", "[ops][golden][conv]", float, double) {
  using T = TestType;
  OpAttributes a;
  a.window = {.kernel = {}, .stride = {2, 1}, .padding = {1, 2}, .dilation = {1, 2}};
  run<T>("conv2d", OpKind::conv2d, a, {"x", "W", "b"});
  a.window = {.kernel = {}, .stride = {1, 2}, .padding = {0, 3}, .dilation = {1, 2}};
  run<T>("conv1d", OpKind::conv1d, a, {"x", "W", "b"});
  const Window two{.kernel = {3, 2}, .stride = {2, 2}, .padding = {1, 1}}, one{.kernel = {1, 4}, .stride = {1, 3}, .padding = {0, 2}};
  for (const std::string dimensions : {"2d", "1d"}) {
    a.window = dimensions == "2d" ? two : one;
    const auto graph = run<T>("max" + dimensions, OpKind::max_pool, a, {"x"});
    CHECK(off<T>(graph->value("y.argmax"), file()["max" + dimensions + ".argmax"].data) == 0);
    run<T>("avg" + dimensions, OpKind::avg_pool, a, {"x"});
  }
}

TEMPLATE_TEST_CASE("a convolutional network with BatchNorm and dropout under AdamW runs as in PyTorch", "[golden][train][cnn]", float,
                   double) {
  CnnConfig c;
  c.height = 10;
  c.width = 9;
  c.filters = {3, 4};
  c.kernel = 3;
  c.padding = 1;
  c.hidden = {8};
  c.classes = 3;
  c.batchnorm = true;
  c.dropout = 0.25;
  c.batch = 6;
  const GraphSpec spec = cnn(c);
  REQUIRE(spec.nodes()[11].name == "fc1.drop");  // the masks of the file are for node 11
  OptimizerConfig adamw;
  adamw.kind = OptimizerConfig::Kind::adamw;
  adamw.lr = 0x1p-6;
  adamw.weight_decay = 0.125;
  train<TestType>("cnn", spec, adamw, {0, 1, 2, 0, 1, 2});
}

TEMPLATE_TEST_CASE("a perceptron with BatchNorm and dropout under SGD with momentum runs as in PyTorch", "[golden][train]", float, double) {
  GraphSpec s;
  const TensorId x = s.input("x", {8, 5}), t = s.input("t", {8});
  OpAttributes bn, drop;
  bn.rate = 0.1;
  drop.rate = 0.5;
  const TensorId fc = s.linear("fc", x, s.parameter("fc.weight", {7, 5}, {}, true));
  const TensorId normed = s.op(OpKind::batchnorm, "bn",
                               {fc, s.parameter("bn.weight", {7}, {}, false), s.parameter("bn.bias", {7}, {}, false),
                                s.buffer("bn.running_mean", {7}, {}), s.buffer("bn.running_var", {7}, {Init::Kind::constant, 1})},
                               bn);
  const TensorId kept = s.op(OpKind::dropout, "drop", {s.activation("act", normed, Activation::tanh)}, drop);
  REQUIRE(s.nodes()[3].name == "drop");
  s.softmax_xent("loss", s.linear("logits", kept, s.parameter("head.weight", {4, 7}, {}, true), s.parameter("head.bias", {4}, {}, false)),
                 t);
  OptimizerConfig sgd;
  sgd.lr = 0.25;
  sgd.momentum = 0.75;
  train<TestType>("bnmlp", s, sgd, {0, 1, 2, 3, 0, 1, 2, 3});
}

}  // namespace x2g
