#include "x2g/ops/batchnorm.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "core/ops/op_check.hpp"
#include "reference/batchnorm.hpp"
#include "support/op_graph.hpp"

namespace x2g {
namespace {

using namespace test;
using Catch::Matchers::ContainsSubstring;
using reference::Array;
using reference::Complex;

constexpr double kEps = 1e-5, kRate = 0.125;

struct Case {
  Doubles x, w, b, dy, running_mean, running_variance;
  Case(const BatchNormShape& s, std::uint64_t seed)
      : x(values(s.N * s.C * s.S, seed, -2, 4)),
        w(values(s.C, seed + 10)),
        b(values(s.C, seed + 20)),
        dy(values(x.size(), seed + 30)),
        running_mean(values(s.C, seed + 40)),
        running_variance(values(s.C, seed + 50, 0.5, 1)) {}
};

template <class T>
void compare(const BatchNormShape& s, std::uint64_t seed, bool training, double value_bound, double gradient_bound) {
  CAPTURE(s.N, s.C, s.S, seed, training);
  const Case in(s, seed);
  const auto x = as<T>(in.x), w = as<T>(in.w), b = as<T>(in.b), dy = as<T>(in.dy);
  auto running_mean = as<T>(in.running_mean), running_variance = as<T>(in.running_variance);
  std::vector<T> y(x.size()), mean(s.C), rstd(s.C), scratch(batchnorm_scratch(s));
  Gradient<T> dx(x.size()), dw(s.C), db(s.C);
  if (training)
    batchnorm_train<T>(s, kRate, x, w, b, running_mean, running_variance, y, mean, rstd);
  else
    batchnorm_answer<T>(s, x, w, b, running_mean, running_variance, y, mean, rstd);
  batchnorm_backward<T>(s, training, x, w, mean, rstd, dy, dx.span(), dw.span(), db.span(), scratch);

  const auto clear = training ? reference::batchnorm_forward<double>(s, in.x, in.w, in.b)
                              : reference::batchnorm_forward<double>(s, in.x, in.w, in.b, in.running_mean, in.running_variance);
  const auto g = reference::batchnorm_backward<double>(s, training, in.x, in.w, clear, in.dy);
  CHECK(distance(y, clear.y) < value_bound);
  CHECK(worst(mean, clear.mean, 1) < value_bound);
  CHECK(worst(rstd, clear.rstd) < value_bound);
  CHECK(distance(dx.value, dx.with(g.dx)) < gradient_bound);
  CHECK(distance(dw.value, dw.with(g.dw)) < gradient_bound);
  CHECK(distance(db.value, db.with(g.db)) < gradient_bound);

  const double M = static_cast<double>(s.N * s.S);
  Doubles new_mean = in.running_mean, new_variance = in.running_variance;
  for (std::size_t c = 0; training && c < s.C; ++c) {
    new_mean[c] = (1 - kRate) * new_mean[c] + kRate * clear.mean[c];
    new_variance[c] = (1 - kRate) * new_variance[c] + kRate * clear.variance[c] * M / (M - 1);
  }
  CHECK(worst(running_mean, new_mean, 1) < value_bound);
  CHECK(worst(running_variance, new_variance, 1) < value_bound);
}

/// y of x (N, C, …) as parameter with running statistics as buffers.
GraphSpec graph_of(Shape x_shape) {
  GraphSpec s;
  const Shape channels{x_shape.dims[1]};
  OpAttributes a;
  a.rate = 0.5;
  end_with_mse(s,
               s.op(OpKind::batchnorm, "y",
                    {s.parameter("x", x_shape, {Init::Kind::normal, 1}, false), s.parameter("w", channels, {Init::Kind::normal, 1}, false),
                     s.parameter("b", channels, {Init::Kind::normal, 1}, false), s.buffer("y.running_mean", channels, {}),
                     s.buffer("y.running_var", channels, {Init::Kind::constant, 1})},
                    a));
  return s;
}

}  // namespace

TEST_CASE("batchnorm centers and scales a column, and remembers it, as on paper", "[ops][batchnorm]") {
  // column 1, 3: mean 2, biased variance 1, unbiased 2
  const std::vector<double> x{1, 3}, w{10}, b{5};
  std::vector<double> running_mean{0}, running_variance{1}, y(2), mean(1), rstd(1);
  batchnorm_train<double>({2, 1, 1, 0}, 0.1, x, w, b, running_mean, running_variance, y, mean, rstd);
  CHECK(y == std::vector<double>{-5, 15});
  CHECK(std::fabs(running_mean[0] - 0.2) < 1e-15);
  CHECK(std::fabs(running_variance[0] - 1.1) < 1e-15);
  running_mean[0] = 1;
  running_variance[0] = 4;
  batchnorm_answer<double>({2, 1, 1, 0}, x, w, b, running_mean, running_variance, y, mean, rstd);
  CHECK(y == std::vector<double>{5, 15});
}

TEST_CASE("a batch of one value per channel goes blank: it normalizes to the bias and teaches no variance", "[ops][batchnorm]") {
  const std::vector<float> x{7, -3}, w{2, 2}, b{0.5f, 1}, dy{1, 1};
  std::vector<float> running_mean{0, 0}, running_variance{1, 1}, y(2), mean(2), rstd(2), dx(2), scratch(4);
  batchnorm_train<float>({1, 2, 1, kEps}, 0.5, x, w, b, running_mean, running_variance, y, mean, rstd);
  batchnorm_backward<float>({1, 2, 1, kEps}, true, x, w, mean, rstd, dy, dx, {}, {}, scratch);
  CHECK(y == b);
  CHECK(running_mean == std::vector<float>{3.5f, -1.5f});
  CHECK(running_variance == std::vector<float>{1, 1});
  CHECK(dx == std::vector<float>{0, 0});
}

TEST_CASE("batchnorm survives a mean far from zero", "[ops][batchnorm]") {
  for (const BatchNormShape s : {BatchNormShape{128, 2, 1, kEps}, BatchNormShape{4, 2, 33, kEps}}) {
    Case in(s, 4);
    for (double& v : in.x) v = static_cast<float>(v + 1000);
    const auto x = as<float>(in.x), w = as<float>(in.w), b = as<float>(in.b);
    std::vector<float> running_mean(2), running_variance(2), y(x.size()), mean(2), rstd(2);
    batchnorm_train<float>(s, kRate, x, w, b, running_mean, running_variance, y, mean, rstd);
    CHECK(distance(y, reference::batchnorm_forward<double>(s, in.x, in.w, in.b).y) < 1e-3);  // the mean is held to 6e-5
  }
}

TEST_CASE("the batchnorm reference's gradients are those of the complex step", "[ops][batchnorm][gradient]") {
  for (const BatchNormShape s : {BatchNormShape{4, 3, 1, kEps}, BatchNormShape{2, 3, 5, kEps}, BatchNormShape{3, 1, 4, 0.1}}) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
      for (const bool training : {true, false}) {
        const Case in(s, seed);
        const Doubles mean = training ? Doubles() : in.running_mean, variance = training ? Doubles() : in.running_variance;
        const auto g = reference::batchnorm_backward<double>(
            s, training, in.x, in.w, reference::batchnorm_forward<double>(s, in.x, in.w, in.b, mean, variance), in.dy);
        const auto lift = [](const Doubles& v) { return Array<Complex>(v.begin(), v.end()); };
        const auto y = [&](const Array<Complex>& x, const Array<Complex>& w, const Array<Complex>& b) {
          return reference::batchnorm_forward(s, x, w, b, lift(mean), lift(variance)).y;
        };
        const auto by_x = [&](const Array<Complex>& p) { return y(p, lift(in.w), lift(in.b)); };
        const auto by_w = [&](const Array<Complex>& p) { return y(lift(in.x), p, lift(in.b)); };
        const auto by_b = [&](const Array<Complex>& p) { return y(lift(in.x), lift(in.w), p); };
        CHECK(distance(g.dx, reference::complex_step(by_x, in.x, in.dy)) < kComplexStep);
        CHECK(distance(g.dw, reference::complex_step(by_w, in.w, in.dy)) < kComplexStep);
        CHECK(distance(g.db, reference::complex_step(by_b, in.b, in.dy)) < kComplexStep);
      }
    }
  }
}

TEMPLATE_TEST_CASE("batchnorm agrees with its reference in training and answering", "[ops][batchnorm][gradient]", float, double) {
  for (const BatchNormShape s : {BatchNormShape{5, 3, 1, kEps}, BatchNormShape{4, 16, 9, kEps}, BatchNormShape{3, 2, 700, kEps}})
    for (const std::uint64_t seed : {1u, 2u, 3u})
      for (const bool training : {true, false}) compare<TestType>(s, seed, training, kValue<TestType>, kGradient<TestType>);
}

TEST_CASE("batchnorm works for 1 to 67 channels and 1 to 67 positions", "[ops][batchnorm]") {
  for (std::size_t n = 1; n <= 67; ++n) {
    compare<float>({4, n, 1, kEps}, n, true, 3e-6, 1e-5);
    compare<float>({3, 2, n, kEps}, n, true, 3e-6, 1e-5);
  }
}

TEST_CASE("batchnorm leaves out the gradients that nobody wants", "[ops][batchnorm]") {
  for (const BatchNormShape s : {BatchNormShape{6, 5, 1, kEps}, BatchNormShape{2, 5, 3, kEps}}) {
    const Case in(s, 1);
    const auto x = as<float>(in.x), w = as<float>(in.w), b = as<float>(in.b), dy = as<float>(in.dy);
    std::vector<float> running_mean(5), running_variance(5), y(30), mean(5), rstd(5), scratch(10);
    std::vector<float> all_dx(30), all_dw(5), all_db(5), dx(30), dw(5), db(5);
    batchnorm_train<float>(s, kRate, x, w, b, running_mean, running_variance, y, mean, rstd);
    batchnorm_backward<float>(s, true, x, w, mean, rstd, dy, all_dx, all_dw, all_db, scratch);
    batchnorm_backward<float>(s, true, x, w, mean, rstd, dy, dx, {}, {}, scratch);
    batchnorm_backward<float>(s, true, x, w, mean, rstd, dy, {}, dw, {}, scratch);
    batchnorm_backward<float>(s, true, x, w, mean, rstd, dy, {}, {}, db, scratch);
    CHECK(dx == all_dx);
    CHECK(dw == all_dw);
    CHECK(db == all_db);
  }
}

TEST_CASE("a graph with batchnorm has the right gradients in both modes", "[ops][batchnorm][graph]") {
  for (const Shape x : {Shape{6, 3}, Shape{2, 3, 5}, Shape{2, 3, 2, 2}}) {
    CAPTURE(x.text());
    Graph<double> graph(graph_of(x));
    fill(graph, 3);
    check_gradients(graph);
    const double training = graph.forward();
    graph.set_training(false);
    check_gradients(graph);
    CHECK(graph.forward() != training);
  }
}

TEST_CASE("after many batches batchnorm answers as it trained", "[ops][batchnorm][graph]") {
  Graph<float> graph(graph_of({32, 3}));
  fill(graph, 5);
  for (int i = 0; i < 60; ++i) graph.forward();  // each halves what is left of the start
  const std::vector<float> trained(graph.value("y").begin(), graph.value("y").end());
  const std::vector<float> kept(graph.value("y.running_var").begin(), graph.value("y.running_var").end());
  graph.set_training(false);
  graph.forward();
  Doubles wanted = doubles(trained);  // the unbiased variance is 32/31 of the one that training divides by
  for (std::size_t i = 0; i < wanted.size(); ++i)
    wanted[i] =
        (wanted[i] - static_cast<double>(graph.value("b")[i % 3])) * std::sqrt(31.0 / 32) + static_cast<double>(graph.value("b")[i % 3]);
  CHECK(distance(std::vector<float>(graph.value("y").begin(), graph.value("y").end()), wanted) < 1e-5);
  CHECK(std::ranges::equal(graph.value("y.running_var"), kept));  // answering learns nothing

  Graph<float> twin(graph_of({32, 3}), graph);  // forward only: answers, by the donor's statistics
  std::ranges::copy(graph.value("t"), twin.value("t").begin());
  CHECK(twin.forward() == graph.loss());
}

TEST_CASE("batchnorm says which of its inputs does not fit", "[ops][batchnorm][graph]") {
  GraphSpec s;
  const TensorId x = s.input("x", {4, 3}), three = s.input("three", {3}), four = s.input("four", {4}), flat = s.input("flat", {3});
  const auto with = [&](std::vector<TensorId> in, OpAttributes a = {}) {
    return message_of([&] { s.op(OpKind::batchnorm, "y", std::move(in), a); });
  };
  CHECK_THAT(with({flat, three, three, three, three}), ContainsSubstring("(N, C, H, W)"));
  CHECK_THAT(with({x, four, three, three, three}), ContainsSubstring("w has shape (4)"));
  CHECK_THAT(with({x, three, three, three, four}), ContainsSubstring("the running variance has shape (4)"));
  CHECK_THAT(with({x, three, three}), ContainsSubstring("takes 5"));
  OpAttributes a;
  a.rate = 1.5;
  CHECK_THAT(with({x, three, three, three, three}, a), ContainsSubstring("rate is 1.5"));
}

}  // namespace x2g
