// Promise 1 for every op, by one rule: in double the whole gradient agrees with central differences, in float with the double one; three
// shapes and three seeds each. What an op does is tested beside it in ops/; here stands only the list that none may be missing from.
#include <catch2/catch_test_macros.hpp>

#include <set>
#include <string>
#include <vector>

#include "support/figures.hpp"
#include "support/gradients.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/graph/graph.hpp"

using namespace x2g;

namespace {

/// A spec under construction. What is to be differentiated is a parameter, also an op's data.
struct Net {
  GraphSpec g;
  std::uint32_t size = 0;  // 0, 1, 2: which of the three shapes
  TensorId p(const char* name, Shape s) { return g.parameter(name, s, {Init::Kind::normal, 0.7}, true); }
  TensorId positive(const char* name, Shape s) { return g.parameter(name, s, {Init::Kind::uniform, 0.5}, true); }
  TensorId op(OpKind kind, std::vector<TensorId> in, OpAttributes a = {}) { return g.op(kind, "y", std::move(in), a); }
  /// Of 1, 2, 3 … what fits the present shape.
  std::uint32_t pick(std::uint32_t a, std::uint32_t b, std::uint32_t c) const { return size == 0 ? a : size == 1 ? b : c; }
};

struct Case {
  OpKind kind;
  const char* name;  // of the variant
  TensorId (*build)(Net&);
};

OpAttributes with(void (*set)(OpAttributes&)) {
  OpAttributes a;
  set(a);
  return a;
}

template <Activation F>
TensorId act(Net& n) {
  OpAttributes a;
  a.activation = F;
  return n.op(OpKind::activation, {n.p("x", {n.pick(1, 3, 5), n.pick(1, 7, 67)})}, a);
}

/// A recurrent layer of G gates with all its inputs.
template <OpKind Kind, std::uint32_t G, Activation F>
TensorId recurrent(Net& n) {
  const std::uint32_t B = n.pick(1, 2, 3), I = n.pick(1, 3, 2), H = n.pick(1, 4, 7);
  std::vector<TensorId> in{n.p("x", {B, n.pick(1, 4, 6), I}),
                           n.p("W_ih", {G * H, I}),
                           n.p("W_hh", {G * H, H}),
                           n.p("b_ih", {G * H}),
                           n.p("b_hh", {G * H}),
                           n.p("h0", {B, H})};
  if (Kind == OpKind::lstm) in.push_back(n.p("c0", {B, H}));
  OpAttributes a;
  a.activation = F;
  return n.op(Kind, in, a);
}

/// Four heads that share KV keys and values, over S keys.
template <std::uint32_t KV>
TensorId heads(Net& n, OpAttributes a) {
  const std::uint32_t B = n.pick(1, 2, 2), T = n.pick(1, 3, 5), S = n.pick(1, 4, 6), D = n.pick(1, 2, 3);
  a.heads = 4;
  a.kv_heads = KV;
  return n.op(OpKind::attend, {n.p("q", {B, T, 4 * D}), n.p("k", {B, S, KV * D}), n.p("v", {B, S, KV * (D + 1)})}, a);
}

// clang-format off
const Case kCases[] = {
    {OpKind::linear, "linear", [](Net& n) { const auto I = n.pick(1, 3, 17), O = n.pick(1, 5, 9); return n.op(OpKind::linear, {n.p("x", {n.pick(1, 4, 7), I}), n.p("W", {O, I}), n.p("b", {O})}); }},
    {OpKind::linear, "linear without bias", [](Net& n) { const auto I = n.pick(2, 3, 17), O = n.pick(1, 5, 9); return n.op(OpKind::linear, {n.p("x", {n.pick(1, 4, 7), I}), n.p("W", {O, I})}); }},
    {OpKind::activation, "sigmoid", act<Activation::sigmoid>},
    {OpKind::activation, "tanh", act<Activation::tanh>},
    {OpKind::activation, "relu", act<Activation::relu>},
    {OpKind::activation, "leaky_relu", act<Activation::leaky_relu>},
    {OpKind::activation, "gelu_erf", act<Activation::gelu_erf>},
    {OpKind::activation, "gelu_tanh", act<Activation::gelu_tanh>},
    {OpKind::activation, "silu", act<Activation::silu>},
    {OpKind::add, "add", [](Net& n) { const Shape s{n.pick(1, 3, 5), n.pick(1, 7, 33)}; return n.op(OpKind::add, {n.p("a", s), n.p("b", s)}); }},
    {OpKind::add_positions, "add_positions", [](Net& n) { const auto T = n.pick(1, 3, 6), C = n.pick(1, 4, 9); return n.op(OpKind::add_positions, {n.p("x", {n.pick(1, 2, 3), T, C}), n.p("P", {T + 1, C})}); }},
    {OpKind::embedding, "embedding", [](Net& n) { return n.op(OpKind::embedding, {n.g.input("whole5", {n.pick(1, 2, 3), n.pick(1, 4, 9)}), n.p("W", {5, n.pick(1, 4, 9)})}); }},
    {OpKind::layernorm, "layernorm", [](Net& n) { const auto C = n.pick(3, 8, 67); return n.op(OpKind::layernorm, {n.p("x", {n.pick(1, 3, 5), C}), n.p("w", {C}), n.p("b", {C})}); }},
    {OpKind::attention, "attention", [](Net& n) { const auto C = n.pick(2, 4, 12); return n.op(OpKind::attention, {n.p("qkv", {n.pick(1, 2, 2), n.pick(1, 4, 7), 3 * C})}, with([](OpAttributes& a) { a.heads = 2; })); }},
    {OpKind::softmax_xent, "softmax_xent", [](Net& n) { const auto N = n.pick(1, 4, 9); return n.op(OpKind::softmax_xent, {n.p("z", {N, n.pick(5, 6, 33)}), n.g.input("whole5", {N})}); }},
    {OpKind::bce_logits, "bce_logits", [](Net& n) { const Shape s{n.pick(1, 4, 9), n.pick(1, 3, 7)}; return n.op(OpKind::bce_logits, {n.p("z", s), n.g.input("whole2", s)}); }},
    {OpKind::mse, "mse", [](Net& n) { const Shape s{n.pick(1, 4, 9), n.pick(1, 3, 7)}; return n.op(OpKind::mse, {n.p("x", s), n.g.input("t", s)}); }},
    {OpKind::rmsnorm, "rmsnorm", [](Net& n) { const auto C = n.pick(3, 8, 67); return n.op(OpKind::rmsnorm, {n.p("x", {n.pick(1, 3, 5), C}), n.p("w", {C})}); }},
    {OpKind::batchnorm, "batchnorm", [](Net& n) { const auto C = n.pick(1, 3, 5); const Shape x = n.size == 2 ? Shape{3, C, 2, 3} : Shape{n.pick(4, 7, 0), C};
       return n.op(OpKind::batchnorm, {n.p("x", x), n.p("w", {C}), n.p("b", {C}), n.g.buffer("m", {C}, {}), n.g.buffer("v", {C}, {Init::Kind::constant, 1})}, with([](OpAttributes& a) { a.rate = 0.1; })); }},
    {OpKind::dropout, "dropout", [](Net& n) { return n.op(OpKind::dropout, {n.p("x", {n.pick(1, 3, 5), n.pick(5, 8, 67)})}, with([](OpAttributes& a) { a.rate = 0.4; })); }},
    {OpKind::conv1d, "conv1d", [](Net& n) { const auto I = n.pick(1, 2, 3); return n.op(OpKind::conv1d, {n.p("x", {n.pick(1, 2, 2), I, n.pick(3, 7, 9)}), n.p("W", {n.pick(1, 3, 2), I, 3}), n.p("b", {n.pick(1, 3, 2)})}, with([](OpAttributes& a) { a.window = {{1, 3}, {1, 1}, {0, 1}, {1, 1}}; })); }},
    {OpKind::conv2d, "conv2d", [](Net& n) { const auto I = n.pick(1, 2, 3); return n.op(OpKind::conv2d, {n.p("x", {n.pick(1, 2, 2), I, n.pick(3, 5, 6), n.pick(3, 7, 5)}), n.p("W", {n.pick(1, 3, 2), I, 3, 3}), n.p("b", {n.pick(1, 3, 2)})}, with([](OpAttributes& a) { a.window = {{3, 3}, {2, 1}, {1, 1}, {1, 1}}; })); }},
    {OpKind::max_pool, "max_pool", [](Net& n) { return n.op(OpKind::max_pool, {n.p("x", {n.pick(1, 2, 2), n.pick(1, 2, 3), n.pick(2, 5, 6), n.pick(2, 6, 5)})}, with([](OpAttributes& a) { a.window = {{2, 2}, {2, 2}, {0, 0}, {1, 1}}; })); }},
    {OpKind::avg_pool, "avg_pool", [](Net& n) { return n.op(OpKind::avg_pool, {n.p("x", {n.pick(1, 2, 2), n.pick(1, 2, 3), n.pick(2, 5, 6), n.pick(2, 6, 5)})}, with([](OpAttributes& a) { a.window = {{2, 2}, {2, 2}, {0, 0}, {1, 1}}; })); }},
    {OpKind::activation, "sign", act<Activation::sign>},
    {OpKind::activation, "elu", act<Activation::elu>},
    {OpKind::activation, "softplus", act<Activation::softplus>},
    {OpKind::mul, "mul", [](Net& n) { const Shape s{n.pick(1, 3, 5), n.pick(1, 7, 33)}; return n.op(OpKind::mul, {n.p("a", s), n.p("b", s)}); }},
    {OpKind::mul, "mul, one row for all", [](Net& n) { const auto C = n.pick(1, 7, 33); return n.op(OpKind::mul, {n.p("a", {n.pick(1, 3, 5), 2, C}), n.p("b", {C})}); }},
    {OpKind::scale, "scale", [](Net& n) { return n.op(OpKind::scale, {n.p("x", {n.pick(1, 3, 5), n.pick(1, 7, 33)})}, with([](OpAttributes& a) { a.scale = -1.5; })); }},
    {OpKind::sin, "sin", [](Net& n) { return n.op(OpKind::sin, {n.p("x", {n.pick(1, 3, 5), n.pick(1, 7, 33)})}); }},
    {OpKind::matmul, "matmul", [](Net& n) { const auto K = n.pick(1, 3, 9); return n.op(OpKind::matmul, {n.p("a", {n.pick(1, 2, 2), n.pick(1, 4, 5), K}), n.p("b", {n.pick(1, 2, 2), K, n.pick(1, 3, 7)})}); }},
    {OpKind::matmul, "matmul, transposed", [](Net& n) { const auto K = n.pick(1, 3, 9); return n.op(OpKind::matmul, {n.p("a", {n.pick(1, 2, 2), n.pick(1, 4, 5), K}), n.p("b", {n.pick(1, 2, 2), n.pick(1, 3, 7), K})}, with([](OpAttributes& a) { a.flag = true; })); }},
    {OpKind::softmax, "softmax", [](Net& n) { return n.op(OpKind::softmax, {n.p("x", {n.pick(1, 3, 5), n.pick(2, 7, 33)})}); }},
    {OpKind::softmax, "softmax, causal", [](Net& n) { const auto T = n.pick(2, 4, 7); return n.op(OpKind::softmax, {n.p("x", {n.pick(1, 2, 3), T, T})}, with([](OpAttributes& a) { a.flag = true; })); }},
    {OpKind::concat, "concat", [](Net& n) { const auto A = n.pick(1, 3, 4); return n.op(OpKind::concat, {n.p("a", {A, 2, 3}), n.p("b", {A, n.pick(1, 3, 5), 3}), n.p("c", {A, 1, 3})}, with([](OpAttributes& a) { a.axis = 1; })); }},
    {OpKind::slice, "slice", [](Net& n) { return n.op(OpKind::slice, {n.p("x", {n.pick(1, 3, 4), n.pick(3, 4, 9), 2})}, with([](OpAttributes& a) { a.axis = 1; a.begin = 1; a.end = 3; })); }},
    {OpKind::transpose, "transpose", [](Net& n) { return n.op(OpKind::transpose, {n.p("x", {n.pick(1, 2, 3), n.pick(1, 3, 5), n.pick(1, 4, 7)})}, with([](OpAttributes& a) { a.shape = {}; a.shape.rank = 3; a.shape.dims = {2, 0, 1, 0}; })); }},
    {OpKind::reshape, "reshape", [](Net& n) { OpAttributes a; a.shape = {4, n.pick(1, 3, 5)}; return n.op(OpKind::reshape, {n.p("x", {n.pick(1, 3, 5), 2, 2})}, a); }},
    {OpKind::sum, "sum", [](Net& n) { return n.op(OpKind::sum, {n.p("x", {n.pick(1, 3, 4), n.pick(1, 5, 9), 2})}, with([](OpAttributes& a) { a.axis = 1; })); }},
    {OpKind::sum, "sum of all", [](Net& n) { return n.op(OpKind::sum, {n.p("x", {n.pick(1, 3, 4), n.pick(1, 5, 9)})}, with([](OpAttributes& a) { a.flag = true; })); }},
    {OpKind::mean, "mean", [](Net& n) { return n.op(OpKind::mean, {n.p("x", {n.pick(1, 3, 4), n.pick(1, 5, 9), 2})}, with([](OpAttributes& a) { a.axis = 2; })); }},
    {OpKind::softmax_xent, "softmax_xent, smoothed", [](Net& n) { const auto N = n.pick(1, 4, 9); return n.op(OpKind::softmax_xent, {n.p("z", {N, n.pick(5, 6, 33)}), n.g.input("whole5", {N})}, with([](OpAttributes& a) { a.rate = 0.1; })); }},
    {OpKind::rnn, "rnn", recurrent<OpKind::rnn, 1, Activation::tanh>},
    {OpKind::rnn, "rnn, relu", recurrent<OpKind::rnn, 1, Activation::relu>},
    {OpKind::lstm, "lstm", recurrent<OpKind::lstm, 4, Activation::tanh>},
    {OpKind::gru, "gru", recurrent<OpKind::gru, 3, Activation::tanh>},
    {OpKind::rope, "rope", [](Net& n) { return n.op(OpKind::rope, {n.p("x", {n.pick(1, 2, 3), n.pick(1, 4, 7), n.pick(4, 8, 12)})}, with([](OpAttributes& a) { a.heads = 2; })); }},
    {OpKind::attend, "attend", [](Net& n) { return heads<4>(n, with([](OpAttributes& a) { a.scale = 0; })); }},
    {OpKind::attend, "attend, grouped, ALiBi", [](Net& n) { return heads<2>(n, with([](OpAttributes& a) { a.scale = 0; a.flag = true; })); }},
    {OpKind::attend, "attend, one key head, no mask", [](Net& n) { return heads<1>(n, with([](OpAttributes& a) { a.scale = 1; a.mask = Mask::none; })); }},
    {OpKind::attend, "attend, wrong triangle, negated", [](Net& n) { return heads<4>(n, with([](OpAttributes& a) { a.scale = 0; a.mask = Mask::wrong; a.score = Score::negated; })); }},
    {OpKind::attend, "attend, squared distance", [](Net& n) { return heads<2>(n, with([](OpAttributes& a) { a.scale = 0; a.score = Score::squared; })); }},
};
// clang-format on

/// The case's graph, ending in one number: what is no loss is compared with a target t.
GraphSpec built(const Case& c, std::uint32_t size) {
  Net n;
  n.size = size;
  const TensorId y = c.build(n);
  const Shape shape = n.g.tensors()[static_cast<std::size_t>(y)].shape;
  if (shape.rank > 0) n.g.mse("loss", y, n.g.input("t", shape));
  return std::move(n.g);
}

template <class T>
void fill(Graph<T>& graph, std::uint64_t seed) {
  graph.initialize(seed);
  Rng rng(seed, Stream::data);
  const auto& tensors = graph.spec().tensors();
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i].role == Role::parameter)  // a float holds them exactly
      for (T& w : graph.value(static_cast<TensorId>(i))) w = static_cast<T>(static_cast<float>(w));
    if (tensors[i].role != Role::input) continue;
    const bool whole = tensors[i].name.starts_with("whole");
    const std::uint32_t below = whole ? static_cast<std::uint32_t>(tensors[i].name.back() - '0') : 0;
    for (T& v : graph.value(static_cast<TensorId>(i))) v = whole ? static_cast<T>(rng.below(below)) : static_cast<T>(rng.uniform() * 2 - 1);
  }
}

}  // namespace

TEST_CASE("every op's gradient is right, in double and in float", "[promises][reliability-1]") {
  for (const Case& c : kCases) {
    for (std::uint32_t size = 0; size < 3; ++size) {
      for (const std::uint64_t seed : {1u, 2u, 3u}) {
        CAPTURE(c.name, size, seed);
        const GraphSpec spec = built(c, size);
        Graph<double> exact(spec);
        fill(exact, seed);
        const test::Deviation e = test::deviation(exact);
        test::figure("1 gradient in double, norm", c.name, e.norm, 1e-7);
        test::figure("1 gradient in double, element", c.name, e.element, 1e-5);
        Graph<float> single(spec);
        fill(single, seed);
        test::figure("1 gradient in float, norm", c.name, test::compare(test::gradients(single), test::gradients(exact)).norm, 1e-5);
      }
    }
  }
}

TEST_CASE("no op is missing from the list of proven gradients", "[promises][reliability-1]") {
  std::set<OpKind> listed;
  for (const Case& c : kCases) listed.insert(c.kind);
  for (std::size_t k = 0; k < kOpKinds; ++k) {
    CAPTURE(op_name(static_cast<OpKind>(k)));
    CHECK(listed.contains(static_cast<OpKind>(k)));
  }
}
