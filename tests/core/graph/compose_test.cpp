// A GPT block composed from small ops (slice, reshape, transpose, matmul, scale, softmax) gives the numbers and the gradients of the
// fused attention op: neither knows of the other. Not a test of either against an outside truth: that is golden_test.cpp.
#include "x2g/nn/compose.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <cmath>

#include "support/figures.hpp"
#include "support/op_graph.hpp"

using namespace x2g;
using namespace x2g::test;

namespace {

constexpr std::uint32_t B = 2, T = 5, C = 15, H = 3, D = C / H;

TensorId fused(GraphSpec& s, TensorId qkv, bool causal) { return s.attention("attn", qkv, H, causal); }

/// (B, T, C) → (B, H, T, D)
TensorId heads_first(GraphSpec& s, const std::string& name, TensorId x) {
  return transpose(s, name + ".heads", reshape(s, name + ".apart", x, {B, T, H, D}), {0, 2, 1, 3});
}

TensorId composed(GraphSpec& s, TensorId qkv, bool causal) {
  const std::vector<TensorId> parts = split(s, "part", qkv, 2, 3);
  const TensorId q = heads_first(s, "q", parts[0]), k = heads_first(s, "k", parts[1]), v = heads_first(s, "v", parts[2]);
  const TensorId scores = scale(s, "scores", matmul(s, "products", q, k, true), 1 / std::sqrt(static_cast<double>(D)));
  const TensorId mixed = matmul(s, "mixed", softmax(s, "att", scores, causal), v);  // (B, H, T, D)
  return reshape(s, "attn", transpose(s, "mixed.time", mixed, {0, 2, 1, 3}), {B, T, C});
}

/// x → x + proj(attention(qkv(ln1 x))) → + mlp(ln2 …) → loss; the names of nn/models.hpp.
template <class Attention>
GraphSpec block(Attention&& attention, bool causal) {
  GraphSpec s;
  const auto linear = [&s](const std::string& name, TensorId x, std::uint32_t in, std::uint32_t out) {
    return s.linear(name, x, s.parameter(name + ".weight", {out, in}, {Init::Kind::normal, 0.5}, true),
                    s.parameter(name + ".bias", {out}, {Init::Kind::normal, 0.5}, false));
  };
  const auto norm = [&s](const std::string& name, TensorId x) {
    return s.layernorm(name, x, s.parameter(name + ".weight", {C}, {Init::Kind::normal, 1}, false),
                       s.parameter(name + ".bias", {C}, {Init::Kind::normal, 1}, false));
  };
  const TensorId x = s.parameter("x", {B, T, C}, {Init::Kind::normal, 1}, false);
  const TensorId qkv = linear("qkv", norm("ln1", x), C, 3 * C);
  const TensorId middle = s.add("middle", x, linear("proj", attention(s, qkv, causal), C, C));
  const TensorId bent = s.activation("bent", linear("fc", norm("ln2", middle), C, 4 * C), Activation::gelu_tanh);
  end_with_mse(s, s.add("y", middle, linear("down", bent, 4 * C, C)));
  return s;
}

/// Both graphs with the same numbers, run forward and backward.
template <class Scalar>
struct Pair {
  Graph<Scalar> one, other;
  Pair(bool causal, std::uint64_t seed) : one(block(fused, causal)), other(block(composed, causal)) {
    fill(one, seed);
    for (std::size_t i = 0; i < one.spec().tensors().size(); ++i) {
      const TensorSpec& t = one.spec().tensors()[i];
      if (t.role == Role::parameter || t.role == Role::input) std::ranges::copy(one.value(t.name), other.value(t.name).begin());
    }
    for (Graph<Scalar>* g : {&one, &other}) {
      g->forward();
      g->backward();
    }
  }
  void compare(double bound) {
    const auto far = [](std::span<const Scalar> a, std::span<const Scalar> b) {
      return distance(std::vector<Scalar>(a.begin(), a.end()), Doubles(b.begin(), b.end()));
    };
    CHECK(std::fabs(static_cast<double>(one.loss() - other.loss())) <= bound * static_cast<double>(other.loss()));
    const char* promise = sizeof(Scalar) == 4 ? "3 fused op = composed of small ops, float" : "3 fused op = composed of small ops, double";
    figure(promise, "attention, values", far(other.value("attn"), one.value("attn")), bound);
    figure(promise, "attention, weights", far(other.value("att"), one.value("attn.att")), bound);
    figure(promise, "GPT block, values", far(other.value("y"), one.value("y")), bound);
    for (const TensorSpec& t : one.spec().tensors()) {
      if (t.role != Role::parameter) continue;
      CAPTURE(t.name);
      double size = 0;
      for (const Scalar g : one.grad(t.name)) size += static_cast<double>(g) * static_cast<double>(g);
      REQUIRE(size > 1e-8);  // something was learned
      figure(promise, "GPT block, gradients", far(other.grad(t.name), one.grad(t.name)), bound);
    }
  }
};

}  // namespace

TEST_CASE("a GPT block composed from small ops equals the fused attention op", "[graph][compose]") {
  const bool causal = GENERATE(true, false);
  const std::uint64_t seed = GENERATE(1u, 2u, 3u);
  CAPTURE(causal, seed);
  Pair<double>(causal, seed).compare(1e-12);
  Pair<float>(causal, seed).compare(1e-5);
}

TEST_CASE("the composed block's gradients are those of central differences", "[graph][compose][gradient]") {
  Graph<double> graph(block(composed, true));
  fill(graph, 4);
  check_gradients(graph);
}
