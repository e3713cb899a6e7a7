// The small ops through graphs, label smoothing and the younger activations, against figures from PyTorch in double
// (tests/golden/make_shape.py).
#include <catch2/catch_template_test_macros.hpp>

#include <algorithm>

#include "core/ops/op_check.hpp"
#include "golden/golden.hpp"
#include "x2g/graph/graph.hpp"
#include "x2g/nn/compose.hpp"

namespace x2g {
namespace {

using namespace test;
using Ids = std::vector<TensorId>;

// The file holds nine digits, so double is checked to 1e-8 and float to its own precision.
template <class T>
constexpr double kBound = sizeof(T) == 4 ? 2e-6 : 1e-8;

const golden::File& file() {
  static const golden::File read("shape.txt");
  return read;
}

Shape shape(const std::string& name) {
  Shape s;
  for (const std::size_t n : file()[name].shape) s.dims[s.rank++] = static_cast<std::uint32_t>(n);
  return s;
}

/// Builds y of parameters NAME.0, NAME.1, …, and a loss Σ dy y, so that the gradients are those of dy.
template <class T, class Build>
void compare(const std::string& name, std::size_t parts, Build&& build) {
  CAPTURE(name);
  GraphSpec spec;
  Ids p;
  for (std::size_t i = 0; i < parts; ++i) p.push_back(spec.parameter(std::to_string(i), shape(name + "." + std::to_string(i)), {}, false));
  const TensorId y = build(spec, p);
  const TensorId dy = spec.input("dy", shape(name + ".dy"));
  sum_all(spec, "loss", mul(spec, "weighted", y, dy));
  Graph<T> graph(spec);
  const auto set = [&](TensorId id, const std::string& from) { std::ranges::copy(as<T>(file()[from].data), graph.value(id).begin()); };
  for (std::size_t i = 0; i < parts; ++i) set(p[i], name + "." + std::to_string(i));
  set(dy, name + ".dy");
  if (const TensorId t = spec.find("t"); t != kNoTensor) set(t, name + ".t");
  graph.forward();
  graph.backward();
  const auto held = [](std::span<const T> v) { return std::vector<T>(v.begin(), v.end()); };
  CHECK(spec.tensors()[static_cast<std::size_t>(y)].shape == shape(name + ".y"));
  CHECK(distance(held(graph.value(y)), file()[name + ".y"].data) < kBound<T>);
  for (std::size_t i = 0; i < parts; ++i) {
    CAPTURE(i);
    CHECK(distance(held(graph.grad(p[i])), file()[name + ".d" + std::to_string(i)].data) < kBound<T>);
  }
}

}  // namespace

TEMPLATE_TEST_CASE("products, softmax, sums and means agree with PyTorch", "[ops][golden]", float, double) {
  using T = TestType;
  compare<T>("mul", 2, [](GraphSpec& s, const Ids& p) { return mul(s, "y", p[0], p[1]); });
  compare<T>("mul_rows", 2, [](GraphSpec& s, const Ids& p) { return mul(s, "y", p[0], p[1]); });
  compare<T>("add_rows", 2, [](GraphSpec& s, const Ids& p) { return s.add("y", p[0], p[1]); });
  compare<T>("scale", 1, [](GraphSpec& s, const Ids& p) { return scale(s, "y", p[0], 0.125); });
  compare<T>("matmul", 2, [](GraphSpec& s, const Ids& p) { return matmul(s, "y", p[0], p[1]); });
  compare<T>("matmul_transposed", 2, [](GraphSpec& s, const Ids& p) { return matmul(s, "y", p[0], p[1], true); });
  compare<T>("softmax", 1, [](GraphSpec& s, const Ids& p) { return softmax(s, "y", p[0]); });
  compare<T>("softmax_causal", 1, [](GraphSpec& s, const Ids& p) { return softmax(s, "y", p[0], true); });
  for (std::uint32_t axis = 0; axis < 3; ++axis) {
    const std::string which = "_" + std::to_string(axis);
    compare<T>("sum" + which, 1, [axis](GraphSpec& s, const Ids& p) { return sum(s, "y", p[0], axis); });
    compare<T>("mean" + which, 1, [axis](GraphSpec& s, const Ids& p) { return mean(s, "y", p[0], axis); });
  }
  compare<T>("sum_all", 1, [](GraphSpec& s, const Ids& p) { return sum_all(s, "y", p[0]); });
  compare<T>("mean_all", 1, [](GraphSpec& s, const Ids& p) { return mean_all(s, "y", p[0]); });
}

TEMPLATE_TEST_CASE("concat, slice, transpose and reshape agree with PyTorch", "[ops][golden]", float, double) {
  using T = TestType;
  compare<T>("concat", 3, [](GraphSpec& s, const Ids& p) { return concat(s, "y", p, 1); });
  compare<T>("slice", 1, [](GraphSpec& s, const Ids& p) { return slice(s, "y", p[0], 1, 1, 4); });
  compare<T>("transpose", 1, [](GraphSpec& s, const Ids& p) { return transpose(s, "y", p[0], {0, 2, 3, 1}); });
  compare<T>("reshape", 1, [](GraphSpec& s, const Ids& p) { return reshape(s, "y", p[0], {4, 6}); });
}

TEMPLATE_TEST_CASE("cross-entropy with label smoothing and ignored targets agrees with PyTorch", "[ops][golden]", float, double) {
  compare<TestType>("smoothed", 1, [](GraphSpec& s, const Ids& p) {
    OpAttributes a;
    a.rate = 0.1;
    return s.op(OpKind::softmax_xent, "y", {p[0], s.input("t", {6})}, a);
  });
}

TEMPLATE_TEST_CASE("sign, ELU and softplus and their slopes agree with PyTorch's table", "[ops][golden]", float, double) {
  using T = TestType;
  const auto x = as<T>(file()["points"].data);
  std::vector<T> y(x.size()), d(x.size());
  for (const Activation f : {Activation::sign, Activation::elu, Activation::softplus}) {
    const std::string name(activation_name(f));
    CAPTURE(name);
    activation_forward<T>(f, x, y);
    activation_derivative<T>(f, x, d);
    CHECK(worst(y, file()[name + ".y"].data) < kBound<T>);  // each value relative to itself
    CHECK(distance(d, file()[name + ".d"].data) < kBound<T>);
    CHECK(worst(d, file()[name + ".d"].data, 1e-2) < kBound<T> * 10);
  }
}

}  // namespace x2g
