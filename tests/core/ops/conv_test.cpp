#include "x2g/ops/conv.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "core/ops/op_check.hpp"
#include "reference/conv.hpp"
#include "support/op_graph.hpp"

namespace x2g {
namespace {

using namespace test;
using Catch::Matchers::ContainsSubstring;
using reference::Array;
using reference::Complex;

struct Case {
  Doubles x, W, bias, dy;
  Case(const ConvShape& s, std::uint64_t seed)
      : x(values(s.B * s.Ci * s.h.in * s.w.in, seed)),
        W(values(s.Co * s.fan_in(), seed + 10)),
        bias(values(s.Co, seed + 20)),
        dy(values(s.B * s.Co * s.places(), seed + 30)) {}
};

template <class T>
void compare(const ConvShape& s, std::uint64_t seed) {
  CAPTURE(s.B, s.Ci, s.Co, s.h.in, s.w.in, s.h.kernel, s.w.kernel, s.h.stride, s.w.stride, s.h.padding, s.w.padding, seed);
  const Case in(s, seed);
  const auto x = as<T>(in.x), W = as<T>(in.W), bias = as<T>(in.bias), dy = as<T>(in.dy);
  std::vector<T> y(dy.size()), scratch(conv_scratch(s));
  Gradient<T> dx(x.size()), dW(W.size()), dbias(s.Co);
  conv_forward<T>(s, x, W, bias, y, scratch);
  conv_backward<T>(s, x, W, dy, dx.span(), dW.span(), dbias.span(), scratch);
  const auto g = reference::conv_backward<double>(s, in.x, in.W, in.dy);
  CHECK(distance(y, reference::conv_forward<double>(s, in.x, in.W, in.bias)) < kValue<T>);
  CHECK(distance(dx.value, dx.with(g.dx)) < kGradient<T>);
  CHECK(distance(dW.value, dW.with(g.dW)) < kGradient<T>);
  CHECK(distance(dbias.value, dbias.with(g.dbias)) < kGradient<T>);
}

// Odd sizes, both axes different, padding wider than the kernel reaches, strides that leave a rest, dilation.
const ConvShape kShapes[] = {
    {.B = 2, .Ci = 3, .Co = 4, .h = {.in = 7, .kernel = 3}, .w = {.in = 9, .kernel = 2}},
    {.B = 3, .Ci = 1, .Co = 2, .h = {6, 3, 2, 1, 1}, .w = {11, 5, 3, 2, 1}},
    {.B = 1, .Ci = 2, .Co = 5, .h = {8, 2, 1, 3, 2}, .w = {5, 3, 2, 4, 3}},
    {.B = 2, .Ci = 4, .Co = 3, .h = {.in = 1, .kernel = 1}, .w = {12, 4, 1, 2, 1}},
    {.B = 2, .Ci = 5, .Co = 6, .h = {.in = 4, .kernel = 1}, .w = {.in = 4, .kernel = 1}},
};

OpAttributes window(Window w) {
  OpAttributes a;
  a.window = w;
  return a;
}

}  // namespace

TEST_CASE("a filter of differences finds an edge, and it is not flipped", "[ops][conv]") {
  const std::vector<double> x{0, 0, 5, 5, 5}, W{-1, 1}, bias{0.5};
  const ConvShape s{.B = 1, .Ci = 1, .Co = 1, .h = {.in = 1, .kernel = 1}, .w = {.in = 5, .kernel = 2}};
  std::vector<double> y(4), scratch(conv_scratch(s));
  conv_forward<double>(s, x, W, bias, y, scratch);
  CHECK(y == std::vector<double>{0.5, 5.5, 0.5, 0.5});
  conv_forward<double>(s, x, W, {}, y, scratch);
  CHECK(y == std::vector<double>{0, 5, 0, 0});
}

TEST_CASE("sizes of outputs are those of the formula", "[ops][conv]") {
  CHECK(WindowAxis{.in = 28, .kernel = 5}.out() == 24);
  CHECK(WindowAxis{28, 5, 1, 2, 1}.out() == 28);
  CHECK(WindowAxis{7, 3, 2, 0, 1}.out() == 3);
  CHECK(WindowAxis{8, 3, 2, 0, 1}.out() == 3);
  CHECK(WindowAxis{9, 3, 1, 0, 4}.out() == 1);
  CHECK_FALSE(WindowAxis{8, 3, 1, 0, 4}.fits());
  CHECK(WindowAxis{8, 3, 1, 1, 4}.fits());
}

TEST_CASE("the convolution reference's gradients are those of the complex step", "[ops][conv][gradient]") {
  for (const ConvShape& s : kShapes) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
      const Case in(s, seed);
      const auto g = reference::conv_backward<double>(s, in.x, in.W, in.dy);
      const auto lift = [](const Doubles& v) { return Array<Complex>(v.begin(), v.end()); };
      const auto by_x = [&](const Array<Complex>& p) { return reference::conv_forward(s, p, lift(in.W), lift(in.bias)); };
      const auto by_W = [&](const Array<Complex>& p) { return reference::conv_forward(s, lift(in.x), p, lift(in.bias)); };
      const auto by_bias = [&](const Array<Complex>& p) { return reference::conv_forward(s, lift(in.x), lift(in.W), p); };
      CHECK(distance(g.dx, reference::complex_step(by_x, in.x, in.dy)) < kComplexStep);
      CHECK(distance(g.dW, reference::complex_step(by_W, in.W, in.dy)) < kComplexStep);
      CHECK(distance(g.dbias, reference::complex_step(by_bias, in.bias, in.dy)) < kComplexStep);
    }
  }
}

TEMPLATE_TEST_CASE("convolution agrees with its reference and adds to gradients", "[ops][conv][gradient]", float, double) {
  for (const ConvShape& s : kShapes)
    for (const std::uint64_t seed : {1u, 2u, 3u}) compare<TestType>(s, seed);
}

TEST_CASE("convolution works for widths 1 to 67 and kernels up to them", "[ops][conv]") {
  for (std::size_t n = 1; n <= 67; ++n) {
    compare<float>({.B = 2, .Ci = 2, .Co = 3, .h = {.in = 2, .kernel = 2}, .w = {.in = n, .kernel = n < 4 ? n : 4}}, n);
    compare<float>({.B = 1, .Ci = 1, .Co = 1, .h = {.in = 1, .kernel = 1}, .w = {n, (n + 1) / 2, 2, 1, 1}}, n);
  }
}

TEST_CASE("convolution leaves out the gradients that nobody wants", "[ops][conv]") {
  const ConvShape& s = kShapes[0];
  const Case in(s, 5);
  const auto x = as<float>(in.x), W = as<float>(in.W), dy = as<float>(in.dy);
  std::vector<float> scratch(conv_scratch(s)), all_dx(x.size()), all_dW(W.size()), all_db(4), dx(x.size()), dW(W.size()), db(4);
  conv_backward<float>(s, x, W, dy, all_dx, all_dW, all_db, scratch);
  conv_backward<float>(s, x, W, dy, dx, {}, {}, scratch);
  conv_backward<float>(s, x, W, dy, {}, dW, {}, scratch);
  conv_backward<float>(s, x, W, dy, {}, {}, db, scratch);
  CHECK(dx == all_dx);
  CHECK(dW == all_dW);
  CHECK(db == all_db);
}

TEST_CASE("graphs with convolutions have the right gradients", "[ops][conv][graph]") {
  GraphSpec two, one;
  const Init normal{Init::Kind::normal, 1};
  const Window w{.kernel = {}, .stride = {2, 1}, .padding = {1, 2}, .dilation = {1, 2}};
  end_with_mse(two, two.op(OpKind::conv2d, "y",
                           {two.parameter("x", {2, 3, 5, 4}, normal, false), two.parameter("W", {2, 3, 3, 2}, normal, true),
                            two.parameter("b", {2}, normal, false)},
                           window(w)));
  CHECK(shape_of(two, two.require("y")) == Shape{2, 2, 3, 6});
  end_with_mse(one, one.op(OpKind::conv1d, "y", {one.parameter("x", {2, 3, 7}, normal, false), one.parameter("W", {4, 3, 3}, normal, true)},
                           window(w)));
  CHECK(shape_of(one, one.require("y")) == Shape{2, 4, 7});
  for (const GraphSpec& spec : {two, one}) {
    Graph<double> graph(spec);
    fill(graph, 7);
    check_gradients(graph);
    Graph<double> forward_only(spec, graph);
    fill(forward_only, 7);
    CHECK(forward_only.forward() == graph.forward());
  }
}

TEST_CASE("a convolution over a sequence is one over an image of height 1", "[ops][conv][graph]") {
  GraphSpec s;
  const Window w{.kernel = {}, .stride = {1, 2}, .padding = {0, 1}, .dilation = {1, 1}};
  s.op(OpKind::conv1d, "y1", {s.input("x1", {2, 3, 9}), s.input("W1", {4, 3, 5})}, window(w));
  s.op(OpKind::conv2d, "y2", {s.input("x2", {2, 3, 1, 9}), s.input("W2", {4, 3, 1, 5})}, window(w));
  Graph<float> g(s, {.gradients = false});
  for (const auto& [a, b] : {std::pair{"x1", "x2"}, std::pair{"W1", "W2"}}) {
    std::ranges::copy(as<float>(values(g.value(a).size(), 4)), g.value(a).begin());
    std::ranges::copy(g.value(a), g.value(b).begin());
  }
  g.forward();
  CHECK(std::ranges::equal(g.value("y1"), g.value("y2")));
}

TEST_CASE("convolution says what does not fit", "[ops][conv][graph]") {
  GraphSpec s;
  const TensorId x = s.input("x", {2, 3, 5, 4}), W = s.input("W", {2, 3, 3, 3}), b = s.input("b", {3});
  const auto with = [&](TensorId x_, TensorId W_, Window w = {}, TensorId b_ = kNoTensor) {
    return message_of([&] { s.op(OpKind::conv2d, "y", {x_, W_, b_}, window(w)); });
  };
  CHECK_THAT(with(s.input("x3", {2, 3, 5}), W), ContainsSubstring("(B, channels, H, W)"));
  CHECK_THAT(with(x, s.input("W4", {2, 4, 3, 3})), ContainsSubstring("(2, 4, 3, 3)") && ContainsSubstring("(outputs, 3, kh, kw)"));
  CHECK_THAT(with(x, W, {}, b), ContainsSubstring("b has shape (3); it must be (2)"));
  CHECK_THAT(with(x, s.input("W5", {2, 3, 3, 5})), ContainsSubstring("spans 5 along the width") && ContainsSubstring("only 4"));
  CHECK_THAT(with(x, W, {.kernel = {}, .stride = {0, 1}}), ContainsSubstring("stride along the height is 0"));
  CHECK_THAT(with(x, W, {.kernel = {}, .stride = {1, 1}, .padding = {}, .dilation = {3, 1}}), ContainsSubstring("spans 7"));
  CHECK_THAT(with(x, W, {.kernel = {}, .stride = {1, 1}, .padding = {0, 4294967295u}}), ContainsSubstring("0 to 4096"));
  CHECK(code_of([&] { s.op(OpKind::conv1d, "y", {x, W}); }) == ErrorCode::shape_mismatch);
  // 64·64 windows' places of 4096·8·8 numbers are more than 2^31, though x, W and y are small enough.
  const TensorId big = s.input("big", {1, 4096, 71, 1071}), V = s.input("V", {1, 4096, 8, 8});
  CHECK_THAT(with(big, V), ContainsSubstring("2^31"));
  CHECK(s.nodes().empty());
}

}  // namespace x2g
