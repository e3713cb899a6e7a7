// Every op, forward and backward, against figures from PyTorch in double (tests/golden/make_golden.py).
#include <catch2/catch_template_test_macros.hpp>

#include "core/ops/op_check.hpp"
#include "golden/golden.hpp"
#include "x2g/ops/activation.hpp"
#include "x2g/ops/attention.hpp"
#include "x2g/ops/elementwise.hpp"
#include "x2g/ops/embedding.hpp"
#include "x2g/ops/layernorm.hpp"
#include "x2g/ops/linear.hpp"
#include "x2g/ops/loss.hpp"

namespace x2g {
namespace {

using namespace test;

// The files hold nine digits, so double is checked to 1e-8 and float to its own precision.
template <class T>
constexpr double kBound = sizeof(T) == 4 ? 2e-6 : 1e-8;

const golden::File& ops() {
  static const golden::File file("ops.txt");
  return file;
}
const Doubles& data(const std::string& name) { return ops()[name].data; }
std::size_t dim(const std::string& name, std::size_t axis) { return ops()[name].shape.at(axis); }
template <class T>
std::vector<T> in(const std::string& name) {
  return as<T>(data(name));
}
/// An output buffer of the golden tensor's size: gradients start at zero.
template <class T>
std::vector<T> like(const std::string& name) {
  return std::vector<T>(data(name).size());
}

}  // namespace

TEMPLATE_TEST_CASE("linear, layernorm, embedding and positions agree with PyTorch", "[ops][golden]", float, double) {
  using T = TestType;
  using V = std::vector<T>;
  {
    const LinearShape s{dim("linear.x", 0), dim("linear.x", 1), dim("linear.W", 0)};
    const V x = in<T>("linear.x"), W = in<T>("linear.W"), b = in<T>("linear.b"), dy = in<T>("linear.dy");
    V y = like<T>("linear.y"), dx = like<T>("linear.x"), dW = like<T>("linear.W"), db = like<T>("linear.b"), scratch(linear_scratch(s));
    linear_forward<T>(s, x, W, b, y, scratch);
    linear_backward<T>(s, x, W, dy, dx, dW, db, scratch);
    CHECK(distance(y, data("linear.y")) < kBound<T>);
    CHECK(distance(dx, data("linear.dx")) < kBound<T>);
    CHECK(distance(dW, data("linear.dW")) < kBound<T>);
    CHECK(distance(db, data("linear.db")) < kBound<T>);
  }
  {
    const LayerNormShape s{dim("layernorm.x", 0), dim("layernorm.x", 1)};
    const V x = in<T>("layernorm.x"), w = in<T>("layernorm.w"), b = in<T>("layernorm.b"), dy = in<T>("layernorm.dy");
    V y(x.size()), dx(x.size()), dw(s.C), db(s.C), mean(s.N), rstd(s.N);
    layernorm_forward<T>(s, x, w, b, y, mean, rstd);
    layernorm_backward<T>(s, x, w, mean, rstd, dy, dx, dw, db);
    CHECK(distance(y, data("layernorm.y")) < kBound<T>);
    CHECK(distance(dx, data("layernorm.dx")) < kBound<T>);
    CHECK(distance(dw, data("layernorm.dw")) < kBound<T>);
    CHECK(distance(db, data("layernorm.db")) < kBound<T>);
  }
  {
    const EmbeddingShape s{dim("embedding.ids", 0), dim("embedding.W", 0), dim("embedding.W", 1)};
    const V ids = in<T>("embedding.ids"), W = in<T>("embedding.W"), dy = in<T>("embedding.dy");
    V y(s.N * s.C), dW(W.size());
    embedding_forward<T>(s, ids, W, y);
    embedding_backward<T>(s, ids, dy, dW);
    CHECK(distance(y, data("embedding.y")) < kBound<T>);
    CHECK(distance(dW, data("embedding.dW")) < kBound<T>);
  }
  {
    const PositionShape s{dim("positions.x", 0), dim("positions.x", 1), dim("positions.x", 2)};
    const V x = in<T>("positions.x"), P = in<T>("positions.P"), dy = in<T>("positions.dy");
    V y(x.size()), dx(x.size()), dP(P.size());
    add_positions_forward<T>(s, x, P, y);
    add_positions_backward<T>(s, dy, dx, dP);
    CHECK(distance(y, data("positions.y")) < kBound<T>);
    CHECK(distance(dx, data("positions.dx")) < kBound<T>);
    CHECK(distance(dP, data("positions.dP")) < kBound<T>);
  }
}

TEMPLATE_TEST_CASE("attention agrees with PyTorch, with and without the mask", "[ops][golden]", float, double) {
  using T = TestType;
  for (const std::string name : {"attention", "attention_full"}) {
    const AttentionShape s{dim(name + ".qkv", 0), dim(name + ".qkv", 1), dim(name + ".y", 2), dim(name + ".att", 1), name == "attention"};
    const auto qkv = in<T>(name + ".qkv"), dout = in<T>(name + ".dy");
    auto att = like<T>(name + ".att"), out = like<T>(name + ".y"), dqkv = like<T>(name + ".qkv");
    std::vector<T> scratch(attention_scratch(s));
    attention_forward<T>(s, qkv, att, out, scratch);
    attention_backward<T>(s, qkv, att, dout, dqkv, scratch);
    CHECK(distance(att, data(name + ".att")) < kBound<T>);
    CHECK(distance(out, data(name + ".y")) < kBound<T>);
    CHECK(distance(dqkv, data(name + ".dqkv")) < kBound<T>);
  }
}

TEMPLATE_TEST_CASE("losses agree with PyTorch, ignored targets included", "[ops][golden]", float, double) {
  using T = TestType;
  std::vector<T> loss(1);
  {
    const XentShape s{dim("softmax_xent.z", 0), dim("softmax_xent.z", 1)};
    const auto z = in<T>("softmax_xent.z"), t = in<T>("softmax_xent.t"), dloss = in<T>("softmax_xent.dy");
    auto p = like<T>("softmax_xent.z"), dz = like<T>("softmax_xent.z");
    softmax_xent_forward<T>(s, z, t, p, loss);
    softmax_xent_backward<T>(s, p, t, dloss, dz);
    CHECK(distance(p, data("softmax_xent.p")) < kBound<T>);
    CHECK(distance(loss, data("softmax_xent.y")) < kBound<T>);
    CHECK(distance(dz, data("softmax_xent.dz")) < kBound<T>);
  }
  {
    const auto z = in<T>("bce_logits.z"), t = in<T>("bce_logits.t"), dloss = in<T>("bce_logits.dy");
    auto p = like<T>("bce_logits.z"), dz = like<T>("bce_logits.z");
    bce_logits_forward<T>(z, t, p, loss);
    bce_logits_backward<T>(p, t, dloss, dz);
    CHECK(distance(p, data("bce_logits.p")) < kBound<T>);
    CHECK(distance(loss, data("bce_logits.y")) < kBound<T>);
    CHECK(distance(dz, data("bce_logits.dz")) < kBound<T>);
  }
  {
    const auto y = in<T>("mse.x"), t = in<T>("mse.t"), dloss = in<T>("mse.dy");
    auto dy = like<T>("mse.x");
    mse_forward<T>(y, t, 1, loss);
    mse_backward<T>(y, t, 1, dloss, dy);
    CHECK(distance(loss, data("mse.y")) < kBound<T>);
    CHECK(distance(dy, data("mse.dx")) < kBound<T>);
  }
}

TEMPLATE_TEST_CASE("activations and their slopes agree with PyTorch's table", "[ops][golden]", float, double) {
  using T = TestType;
  const golden::File table("activations.txt");
  const auto x = as<T>(table["x"].data);
  std::vector<T> y(x.size()), d(x.size());
  for (int k = 0; k <= static_cast<int>(Activation::silu); ++k) {
    const auto f = static_cast<Activation>(k);
    const std::string name(activation_name(f));
    CAPTURE(name);
    activation_forward<T>(f, x, y);
    activation_derivative<T>(f, x, d);
    CHECK(distance(y, table[name + ".y"].data) < kBound<T>);
    CHECK(distance(d, table[name + ".d"].data) < kBound<T>);
    CHECK(worst(y, table[name + ".y"].data, 1e-2) < kBound<T> * 10);
    CHECK(worst(d, table[name + ".d"].data, 1e-2) < kBound<T> * 100);  // slopes near 0 are differences of numbers near 1
  }
}

}  // namespace x2g
