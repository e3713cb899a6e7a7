// The rows of the op table for shapes and arithmetic: gradients through graphs, the shapes that come out, and what is refused.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <limits>

#include "support/op_graph.hpp"
#include "x2g/nn/compose.hpp"

using namespace x2g;
using namespace x2g::test;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr Init kNormal{Init::Kind::normal, 1};

/// A spec with parameters p0, p1, … of the given shapes; `build` makes a value of them, which becomes a loss.
template <class Build>
void check_op(std::initializer_list<Shape> shapes, const Shape& expected, Build&& build) {
  GraphSpec spec;
  std::vector<TensorId> p;
  for (const Shape& s : shapes) p.push_back(spec.parameter("p" + std::to_string(p.size()), s, kNormal, false));
  const TensorId y = build(spec, p);
  CHECK(shape_of(spec, y) == expected);
  end_with_mse(spec, y);
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    CAPTURE(seed);
    Graph<double> graph(spec);
    fill(graph, seed);
    check_gradients(graph);
    Graph<double> forward_only(spec, graph);
    fill(forward_only, seed);
    CHECK(forward_only.forward() == graph.forward());
  }
}

/// The message of the shape_mismatch (or other) that building throws; the spec must stay as it was.
template <class Build>
std::string refusal(std::initializer_list<Shape> shapes, Build&& build, ErrorCode code = ErrorCode::shape_mismatch) {
  GraphSpec spec;
  std::vector<TensorId> x;
  for (const Shape& s : shapes) x.push_back(spec.input("x" + std::to_string(x.size()), s));
  CHECK(code_of([&] { build(spec, x); }) == code);
  CHECK(spec.nodes().empty());
  CHECK(spec.tensors().size() == shapes.size());
  return message_of([&] { build(spec, x); });
}

using Ids = std::vector<TensorId>;

}  // namespace

TEST_CASE("mul and add take equal shapes or the last dimensions", "[graph][mul][add][gradient]") {
  for (const Shape& b : {Shape{2, 3, 4}, Shape{3, 4}, Shape{4}, Shape{}}) {
    CAPTURE(b.text());
    check_op({{2, 3, 4}, b}, {2, 3, 4}, [](GraphSpec& s, const Ids& p) { return mul(s, "y", p[0], p[1]); });
    check_op({{2, 3, 4}, b}, {2, 3, 4}, [](GraphSpec& s, const Ids& p) { return s.add("y", p[0], p[1]); });
  }
  check_op({{2, 3}}, {2, 3}, [](GraphSpec& s, const Ids& p) { return mul(s, "y", p[0], p[0]); });
  for (const Shape& b : {Shape{2, 3}, Shape{3}, Shape{1, 4}, Shape{1, 2, 3, 4}}) {
    const auto message = refusal({{2, 3, 4}, b}, [](GraphSpec& s, const Ids& x) { mul(s, "y", x[0], x[1]); });
    CHECK_THAT(message, ContainsSubstring("mul") && ContainsSubstring(b.text()) && ContainsSubstring("last ones of a"));
    CHECK_THAT(refusal({{2, 3, 4}, b}, [](GraphSpec& s, const Ids& x) { s.add("y", x[0], x[1]); }), ContainsSubstring("add"));
  }
}

TEST_CASE("scale has a finite factor", "[graph][scale][gradient]") {
  check_op({{3, 4}}, {3, 4}, [](GraphSpec& s, const Ids& p) { return scale(s, "y", p[0], -2.5); });
  const double inf = std::numeric_limits<double>::infinity();
  CHECK_THAT(refusal(
                 {{2}}, [=](GraphSpec& s, const Ids& x) { scale(s, "y", x[0], inf); }, ErrorCode::invalid_argument),
             ContainsSubstring("Infinity") && ContainsSubstring("finite"));
}

TEST_CASE("matmul multiplies stacks of matrices, b transposed or not", "[graph][matmul][gradient]") {
  const auto plain = [](GraphSpec& s, const Ids& p) { return matmul(s, "y", p[0], p[1]); };
  const auto turned = [](GraphSpec& s, const Ids& p) { return matmul(s, "y", p[0], p[1], true); };
  check_op({{3, 4}, {4, 2}}, {3, 2}, plain);
  check_op({{2, 2, 3, 4}, {2, 2, 4, 5}}, {2, 2, 3, 5}, plain);
  check_op({{2, 3, 4}, {2, 5, 4}}, {2, 3, 5}, turned);
  check_op({{2, 3, 3}}, {2, 3, 3}, [](GraphSpec& s, const Ids& p) { return matmul(s, "y", p[0], p[0], true); });
  CHECK_THAT(refusal({{3, 4}, {3, 4}}, plain), ContainsSubstring("4 rows"));
  CHECK_THAT(refusal({{3, 4}, {4, 5}}, turned), ContainsSubstring("4 columns"));
  CHECK_THAT(refusal({{2, 3, 4}, {4, 5}}, plain), ContainsSubstring("same number of dimensions"));
  CHECK_THAT(refusal({{4}, {4}}, plain), ContainsSubstring("2 to 4"));
  CHECK_THAT(refusal({{2, 3, 4}, {3, 4, 5}}, plain), ContainsSubstring("all but the last two"));
  CHECK_THAT(refusal({{65536, 1}, {1, 65536}}, plain, ErrorCode::invalid_argument), ContainsSubstring("2^31"));
}

TEST_CASE("softmax works over the last axis, causal only on squares", "[graph][softmax][gradient]") {
  check_op({{2, 3, 5}}, {2, 3, 5}, [](GraphSpec& s, const Ids& p) { return softmax(s, "y", p[0]); });
  check_op({{2, 2, 4, 4}}, {2, 2, 4, 4}, [](GraphSpec& s, const Ids& p) { return softmax(s, "y", p[0], true); });
  const auto causal = [](GraphSpec& s, const Ids& x) { softmax(s, "y", x[0], true); };
  CHECK_THAT(refusal({{3, 5}}, causal), ContainsSubstring("(3, 5)") && ContainsSubstring("must be equal"));
  CHECK_THAT(refusal({{5}}, causal), ContainsSubstring("(5)"));
}

TEST_CASE("sum and mean drop an axis, or leave one number", "[graph][sum][mean][gradient]") {
  const Shape left[] = {{3, 4}, {2, 4}, {2, 3}};
  for (std::uint32_t axis = 0; axis < 3; ++axis) {
    check_op({{2, 3, 4}}, left[axis], [axis](GraphSpec& s, const Ids& p) { return sum(s, "y", p[0], axis); });
    check_op({{2, 3, 4}}, left[axis], [axis](GraphSpec& s, const Ids& p) { return mean(s, "y", p[0], axis); });
  }
  check_op({{5}}, {}, [](GraphSpec& s, const Ids& p) { return sum(s, "y", p[0], 0); });
  check_op({{2, 3, 4}}, {}, [](GraphSpec& s, const Ids& p) { return sum_all(s, "y", p[0]); });
  check_op({{2, 3, 4}}, {}, [](GraphSpec& s, const Ids& p) { return mean_all(s, "y", p[0]); });
  check_op({{}}, {}, [](GraphSpec& s, const Ids& p) { return mean_all(s, "y", p[0]); });
  CHECK_THAT(refusal({{2, 3}}, [](GraphSpec& s, const Ids& x) { sum(s, "y", x[0], 2); }), ContainsSubstring("axis is 2"));
  CHECK_THAT(refusal({{}}, [](GraphSpec& s, const Ids& x) { mean(s, "y", x[0], 0); }), ContainsSubstring("mean: axis is 0"));
}

TEST_CASE("a mean over everything is a loss by itself", "[graph][mean]") {
  GraphSpec spec;
  const TensorId x = spec.parameter("x", {2, 2}, {}, false);
  mean_all(spec, "loss", mul(spec, "squares", x, x));
  Graph<float> graph(spec);
  std::ranges::copy(std::vector<float>{1, 2, 3, 4}, graph.value("x").begin());
  CHECK(graph.forward() == 7.5f);
  graph.backward();
  CHECK(std::ranges::equal(graph.grad("x"), std::vector<float>{0.5f, 1, 1.5f, 2}));
}

TEST_CASE("slices are cut and parts joined along any axis", "[graph][slice][concat][gradient]") {
  const Shape cut[] = {{1, 3, 4}, {2, 2, 4}, {2, 3, 3}};
  const Shape joined[] = {{6, 3, 4}, {2, 9, 4}, {2, 3, 12}};
  for (std::uint32_t axis = 0; axis < 3; ++axis) {
    check_op({{2, 3, 4}}, cut[axis], [axis](GraphSpec& s, const Ids& p) { return slice(s, "y", p[0], axis, 1, 0); });
    check_op({{2, 3, 4}, {2, 3, 4}}, joined[axis], [axis](GraphSpec& s, const Ids& p) { return concat(s, "y", {p[0], p[1], p[0]}, axis); });
  }
  check_op({{2, 1}, {2, 5}, {2, 2}}, {2, 8}, [](GraphSpec& s, const Ids& p) { return concat(s, "y", p, 1); });
  check_op({{2, 8}}, {2, 8}, [](GraphSpec& s, const Ids& p) { return concat(s, "y", split(s, "part", p[0], 1, 8), 1); });
  const auto from_to = [](std::uint32_t axis, std::uint32_t begin, std::uint32_t end) {
    return [=](GraphSpec& s, const Ids& x) { slice(s, "y", x[0], axis, begin, end); };
  };
  CHECK_THAT(refusal({{2, 3}}, from_to(2, 0, 1)), ContainsSubstring("axis is 2"));
  CHECK_THAT(refusal({{2, 3}}, from_to(1, 2, 2)), ContainsSubstring("0 <= begin < end <= 3"));
  CHECK_THAT(refusal({{2, 3}}, from_to(1, 0, 4)), ContainsSubstring("end 4"));
  CHECK_THAT(refusal({{2, 3}}, from_to(1, 7, 0)), ContainsSubstring("begin is 7"));
  const auto join = [](std::uint32_t axis) { return [=](GraphSpec& s, const Ids& x) { concat(s, "y", x, axis); }; };
  CHECK_THAT(refusal({{2, 3}, {3, 3}}, join(1)), ContainsSubstring("part 1") && ContainsSubstring("dimension 1 only"));
  CHECK_THAT(refusal({{2, 3}, {2}}, join(0)), ContainsSubstring("part 1"));
  CHECK_THAT(refusal({{2, 3}, {2, 3}}, join(5)), ContainsSubstring("axis is 5"));
  CHECK_THAT(refusal({{2, 3}}, join(0), ErrorCode::invalid_argument), ContainsSubstring("2 to 8"));
  CHECK_THAT(refusal({{65536, 32767}, {65536, 32767}}, join(0), ErrorCode::invalid_argument), ContainsSubstring("2^31"));
  CHECK_THAT(refusal({{2, 3}}, [](GraphSpec& s, const Ids& x) { split(s, "y", x[0], 1, 2); }), ContainsSubstring("2 equal parts"));
  CHECK_THAT(refusal({{2, 3}}, [](GraphSpec& s, const Ids& x) { split(s, "y", x[0], 1, 0); }), ContainsSubstring("0 equal parts"));
  CHECK_THAT(
      refusal({}, [](GraphSpec& s, const Ids&) { split(s, "y", 4, 0, 1); }, ErrorCode::invalid_argument), ContainsSubstring("tensor 4"));
}

TEST_CASE("concat skips a part that is absent", "[graph][concat]") {
  GraphSpec spec;
  const TensorId a = spec.input("a", {1, 2}), b = spec.input("b", {1, 1});
  const TensorId y = concat(spec, "y", {a, b, kNoTensor, a}, 1);
  CHECK(shape_of(spec, y) == Shape{1, 5});
  Graph<float> graph(spec, {.gradients = false});
  std::ranges::copy(std::vector<float>{1, 2}, graph.value(a).begin());
  graph.value(b)[0] = 3;
  graph.forward();
  CHECK(std::ranges::equal(graph.value(y), std::vector<float>{1, 2, 3, 1, 2}));
}

TEST_CASE("transpose takes every order of axes, and nothing else", "[graph][transpose][gradient]") {
  check_op({{2, 3}}, {3, 2}, [](GraphSpec& s, const Ids& p) { return transpose(s, "y", p[0], {1, 0}); });
  check_op({{2, 3, 4}}, {4, 2, 3}, [](GraphSpec& s, const Ids& p) { return transpose(s, "y", p[0], {2, 0, 1}); });
  check_op({{2, 3, 2, 4}}, {2, 2, 3, 4}, [](GraphSpec& s, const Ids& p) { return transpose(s, "y", p[0], {0, 2, 1, 3}); });
  check_op({{3}}, {3}, [](GraphSpec& s, const Ids& p) { return transpose(s, "y", p[0], {0}); });
  for (const std::vector<std::uint32_t>& order :
       {std::vector<std::uint32_t>{}, {0}, {0, 0}, {1, 2}, {0, 1, 2}, {0, 4294967295u}, {0, 1, 2, 3, 4}}) {
    CAPTURE(order.size());
    CHECK_THAT(refusal({{2, 3}}, [&](GraphSpec& s, const Ids& x) { transpose(s, "y", x[0], order); }), ContainsSubstring("transpose"));
  }
}

TEST_CASE("reshape keeps the number of elements", "[graph][reshape][gradient]") {
  check_op({{2, 3, 4}}, {4, 6}, [](GraphSpec& s, const Ids& p) { return reshape(s, "y", p[0], {4, 6}); });
  check_op({{2, 3, 4}}, {2, 12}, [](GraphSpec& s, const Ids& p) { return flatten(s, "y", p[0]); });
  check_op({{1, 1}}, {}, [](GraphSpec& s, const Ids& p) { return reshape(s, "y", p[0], {}); });
  check_op({{}}, {1, 1}, [](GraphSpec& s, const Ids& p) { return flatten(s, "y", p[0]); });
  CHECK_THAT(refusal({{2, 3}}, [](GraphSpec& s, const Ids& x) { reshape(s, "y", x[0], {4, 2}); }),
             ContainsSubstring("(4, 2)") && ContainsSubstring("holds 8") && ContainsSubstring("holds 6"));
  const auto raw = [](Shape given) {  // as it may come from outside: not made by Shape's constructor
    return [given](GraphSpec& s, const Ids& x) {
      OpAttributes a;
      a.shape = given;
      s.op(OpKind::reshape, "y", {x[0]}, a);
    };
  };
  Shape zero, huge, deep;
  zero.rank = 1;
  huge.rank = 4;
  huge.dims = {1u << 24, 1u << 24, 1u << 24, 1u << 24};
  deep.rank = 9;
  CHECK_THAT(refusal({{2, 3}}, raw(zero), ErrorCode::invalid_argument), ContainsSubstring("at least 1"));
  CHECK_THAT(refusal({{2, 3}}, raw(huge), ErrorCode::invalid_argument), ContainsSubstring("2^31"));
  CHECK_THAT(refusal({{2, 3}}, raw(deep), ErrorCode::invalid_argument), ContainsSubstring("0 to 4"));
}

TEST_CASE("label smoothing comes from the attribute rate, and has its bounds", "[graph][softmax_xent][gradient]") {
  GraphSpec spec;
  const TensorId z = spec.parameter("z", {4, 5}, kNormal, false), t = spec.input("t", {4});
  OpAttributes a;
  a.rate = 0.1;
  spec.op(OpKind::softmax_xent, "loss", {z, t}, a);
  Graph<double> graph(spec);
  graph.initialize(1);
  std::ranges::copy(std::vector<double>{0, 4, -1, 2}, graph.value(t).begin());
  check_gradients(graph);
  for (const double rate : {-0.1, 1.0, 2.0, std::numeric_limits<double>::quiet_NaN()}) {
    a.rate = rate;
    CHECK_THAT(message_of([&] { spec.op(OpKind::softmax_xent, "other", {z, t}, a); }), ContainsSubstring("label smoothing"));
  }
}
