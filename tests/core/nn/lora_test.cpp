// Low-rank adaptation of whole models: what is frozen, what learns, and that merged weights say the same.
#include "x2g/nn/lora.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <algorithm>

#include "support/model_check.hpp"
#include "support/op_graph.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/optim/optimizer.hpp"

using namespace x2g;
using namespace x2g::test;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr GptConfig kSmall{.vocab = 11, .layers = 2, .heads = 2, .channels = 16, .context = 8, .batch = 3, .bias = true};
const LoraConfig kQkvAndMlp{4, 8, {"attn.qkv", "mlp.fc"}};

template <class T>
void fill_batch(Graph<T>& g, std::uint64_t seed) {
  fill_tokens(g, "ids", 11, seed);
  fill_tokens(g, "targets", 11, seed + 1);
}

/// A base model with made-up weights and its adapted twin, both looking at the same batch.
struct Pair {
  Graph<float> base, tuned;
  explicit Pair(const LoraConfig& c) : base(gpt(kSmall)), tuned(with_lora(gpt(kSmall), c), {.state_slots = 2}) {
    base.initialize(1);
    scatter_parameters(base, 0.2, 2);
    tuned.initialize(3);
    tensors = copy_by_name(base, tuned);
    fill_batch(base, 4);
    fill_batch(tuned, 4);
  }
  void train(int steps) {
    OptimizerConfig adamw;
    adamw.kind = OptimizerConfig::Kind::adamw;
    adamw.lr = 0.01;
    for (int step = 0; step < steps; ++step) {
      tuned.forward();
      tuned.backward();
      update(adamw, tuned, static_cast<std::uint64_t>(step));
    }
  }
  std::size_t tensors = 0;  // copied
};

}  // namespace

TEST_CASE("before training the adapted model says exactly what its base says", "[nn][lora]") {
  Pair p(kQkvAndMlp);
  CHECK(p.tensors == static_cast<std::size_t>(std::ranges::count(p.base.spec().tensors(), Role::parameter, &TensorSpec::role)));
  CHECK(p.base.forward() == p.tuned.forward());
  CHECK(copied<float>(p.base.value("logits")) == copied<float>(p.tuned.value("logits")));
}

TEST_CASE("only A and B learn: rank times (inputs + outputs) numbers a layer", "[nn][lora]") {
  Pair p(kQkvAndMlp);
  std::uint64_t learned = 0;
  for (const TensorSpec& t : p.tuned.spec().tensors()) {
    if (t.role != Role::parameter) continue;
    CAPTURE(t.name);
    CHECK((t.name.ends_with(".lora.A") || t.name.ends_with(".lora.B")));
    learned += t.shape.size();
  }
  CHECK(learned == 2 * 4 * ((16 + 48) + (16 + 64)));
  CHECK(learned == p.tuned.spec().parameter_count());

  const auto before = copied<float>(p.tuned.value("blocks.1.mlp.fc.weight"));
  CHECK(p.tuned.grad("blocks.1.mlp.fc.weight").empty());
  p.tuned.forward();
  p.tuned.backward();
  const auto zero = [](float g) { return g == 0; };
  CHECK(std::ranges::all_of(p.tuned.grad("blocks.0.attn.qkv.lora.A"), zero));  // B is zero, so nothing comes through to A yet
  CHECK_FALSE(std::ranges::all_of(p.tuned.grad("blocks.0.attn.qkv.lora.B"), zero));
  const float first = p.tuned.loss();
  p.train(30);
  CHECK(p.tuned.forward() < 0.9f * first);
  CHECK(copied<float>(p.tuned.value("blocks.1.mlp.fc.weight")) == before);
  CHECK(copied<float>(p.tuned.value("wte")) == copied<float>(p.base.value("wte")));
}

TEST_CASE("merged weights give the same logits as base and correction apart", "[nn][lora]") {
  Pair p(kQkvAndMlp);
  p.train(10);
  p.tuned.forward();
  p.base.forward();
  const Doubles apart(p.tuned.value("logits").begin(), p.tuned.value("logits").end());
  CHECK(distance(copied<float>(p.base.value("logits")), apart) > 1e-2);  // training has changed something
  CHECK(merge_into_base(p.tuned, p.base) == 4);
  p.base.forward();
  CHECK(distance(copied<float>(p.base.value("logits")), apart) < 1e-6);
}

TEST_CASE("merge adds scale times B A, and unmerge takes it away", "[nn][lora]") {
  // A (1, 2) = (1, 2), B (3, 1) = (1, 0, −1), scale ½
  const std::vector<double> A{1, 2}, B{1, 0, -1};
  std::vector<double> W{10, 20, 30, 40, 50, 60};
  lora_merge<double>({3, 2, 1, 0.5}, A, B, W);
  CHECK(W == std::vector<double>{10.5, 21, 30, 40, 49.5, 59});
  lora_unmerge<double>({3, 2, 1, 0.5}, A, B, W);
  CHECK(W == std::vector<double>{10, 20, 30, 40, 50, 60});
  CHECK(code_of([&] { lora_merge<double>({3, 2, 2, 0.5}, A, B, W); }) == ErrorCode::shape_mismatch);

  const auto a = as<float>(values(4 * 33, 1)), b = as<float>(values(17 * 4, 2)), start = as<float>(values(17 * 33, 3));
  std::vector<float> w = start;
  lora_merge<float>({17, 33, 4, 2}, a, b, w);
  CHECK(distance(w, doubles(start)) > 0.1);
  lora_unmerge<float>({17, 33, 4, 2}, a, b, w);
  CHECK(distance(w, doubles(start)) < 1e-6);
}

TEST_CASE("gradients of an adapted transformer agree with central differences", "[nn][lora][gradient]") {
  const TransformerConfig c = tiny_transformer();
  Graph<double> base(transformer(c)), g(with_lora(transformer(c), {2, 3, {"attn.q", "attn.v", "mlp.proj"}}));
  base.initialize(1);
  scatter_parameters(base, 0.4, 2);
  g.initialize(1);
  scatter_parameters(g, 0.4, 3);
  copy_by_name(base, g);
  fill_tokens(g, "ids", 5, 4);
  fill_tokens(g, "targets", 5, 5);
  const Deviation d = deviation(g);
  CHECK(d.norm < 1e-7);
  CHECK(d.element < 1e-5);
}

TEST_CASE("names stay: the adapted layer's result is called as before, its parts beside it", "[nn][lora]") {
  const GraphSpec base = gpt(kSmall), spec = with_lora(base, {2, 8, {"1.attn.proj"}});
  for (const TensorSpec& t : base.tensors()) {
    CAPTURE(t.name);
    const TensorSpec& other = spec.tensors()[static_cast<std::size_t>(spec.require(t.name))];
    CHECK(other.shape == t.shape);
    CHECK(other.role == (t.role == Role::parameter ? Role::buffer : t.role));
  }
  for (const char* part : {".base", ".lora", ".lora.A", ".lora.B", ".lora.down", ".lora.up"})
    CHECK(spec.find(std::string("blocks.1.attn.proj") + part) != kNoTensor);
  CHECK(spec.find("blocks.0.attn.proj.lora") == kNoTensor);
}

TEST_CASE("corrections are merged only into a model that has the layers", "[nn][lora][reliability-6]") {
  Graph<float> tuned(with_lora(gpt(kSmall), kQkvAndMlp)), other(mlp({.sizes = {2, 3}}));
  CHECK(code_of([&] { merge_into_base(tuned, other); }) == ErrorCode::unknown_name);
  CHECK_THAT(message_of([&] { merge_into_base(tuned, other); }), ContainsSubstring("\"blocks.0.attn.qkv\""));
}

TEST_CASE("adaptation refuses what it cannot do", "[nn][lora][reliability-6]") {
  const GraphSpec base = gpt(kSmall);
  CHECK_THAT(message_of([&] { with_lora(base, {0, 8, {"attn.qkv"}}); }), ContainsSubstring("rank is 0"));
  CHECK_THAT(message_of([&] { with_lora(base, {257, 8, {"attn.qkv"}}); }), ContainsSubstring("1 to 256"));
  CHECK_THAT(message_of([&] { with_lora(base, {4, std::nan(""), {"attn.qkv"}}); }), ContainsSubstring("alpha is NaN"));
  CHECK_THAT(message_of([&] { with_lora(base, {4, 8, {}}); }), ContainsSubstring("targets is empty"));
  CHECK_THAT(message_of([&] { with_lora(base, {4, 8, {"attn.qkv", "attn.k"}}); }), ContainsSubstring("\"attn.k\""));
  CHECK_THAT(message_of([&] { with_lora(base, {4, 8, {"logits"}}); }), ContainsSubstring("shares its weight \"wte\""));
  CHECK(code_of([&] { with_lora(base, {4, 8, {"mlp.act"}}); }) == ErrorCode::unknown_name);
}
