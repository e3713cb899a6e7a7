// Transformers made of exchangeable parts: equal to gpt() when set alike, gradients of every form, switches, and refusals.
#include "x2g/nn/transformer.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <algorithm>
#include <memory>

#include "support/model_check.hpp"
#include "support/op_graph.hpp"
#include "x2g/nn/lora.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/train/trainer.hpp"

using namespace x2g;
using namespace x2g::test;
using Catch::Matchers::ContainsSubstring;
using Config = TransformerConfig;

namespace {

/// 1, 2, 3, 1 … real tokens.
template <class T>
void fill_lengths(Graph<T>& g, const char* name) {
  const auto lengths = g.value(name);
  for (std::size_t b = 0; b < lengths.size(); ++b) lengths[b] = static_cast<T>(1 + b % 3);
}

template <class T>
void prepare(Graph<T>& g, const Config& c, std::uint64_t seed) {
  g.initialize(seed);
  scatter_parameters(g, 0.4, seed);
  fill_tokens(g, "ids", c.vocab, seed);
  if (c.form == Config::Form::encoder_decoder) fill_tokens(g, "source", c.vocab, seed + 1);
  for (const char* name : {"lengths", "source_lengths"})
    if (g.spec().find(name) != kNoTensor) fill_lengths(g, name);
  if (c.loss) fill_tokens(g, "targets", c.classes ? c.classes : c.vocab, seed + 2);
}

void check(const Config& c, std::uint64_t seed = 1) {
  Graph<double> g(transformer(c));
  prepare(g, c, seed);
  const Deviation d = deviation(g);
  CHECK(d.norm < 1e-7);
  CHECK(d.element < 1e-5);
}

/// Copies weights of gpt() into the form with three linear layers for q, k, v.
template <class T>
void copy_weights(Graph<T>& from, Graph<T>& to) {
  for (std::size_t i = 0; i < to.spec().tensors().size(); ++i) {
    const TensorSpec& t = to.spec().tensors()[i];
    if (t.role != Role::parameter) continue;
    std::string name = t.name;
    std::size_t part = 0;
    for (const char* letter : {"q", "k", "v"}) {
      const std::string own = std::string("attn.") + letter + ".";
      if (const auto at = name.find(own); at != std::string::npos) {
        part = static_cast<std::size_t>(std::string_view("qkv").find(letter[0]));
        name.replace(at, own.size(), "attn.qkv.");
      }
    }
    const auto source = from.value(name);
    const auto target = to.value(static_cast<TensorId>(i));
    std::ranges::copy(source.subspan(part * target.size(), target.size()), target.begin());
  }
}

template <class T>
double apart(std::span<const T> a, std::span<const T> b) {
  REQUIRE(a.size() == b.size());
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::fmax(most, std::fabs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  return most;
}

}  // namespace

TEST_CASE("the decoder set like gpt() gives the same loss, logits and gradients", "[nn][transformer]") {
  const bool bias = GENERATE(false, true);
  GptConfig fast{.vocab = 11, .layers = 2, .heads = 4, .channels = 16, .context = 40, .batch = 2, .bias = bias, .gelu_erf = bias};
  Config c;
  c.vocab = 11;
  c.layers = 2;
  c.channels = 16;
  c.context = 40;
  c.batch = 2;
  c.bias = bias;
  c.activation = bias ? Activation::gelu_erf : Activation::gelu_tanh;
  Graph<double> a(gpt(fast)), b(transformer(c));
  CHECK(a.spec().parameter_count() == b.spec().parameter_count());
  a.initialize(1);
  scatter_parameters(a, 0.3, 2);
  copy_weights(a, b);
  for (auto* g : {&a, &b}) {
    fill_tokens(*g, "ids", 11, 3);
    fill_tokens(*g, "targets", 11, 4);
    g->forward();
    g->backward();
  }
  CHECK(std::fabs(a.loss() - b.loss()) < 1e-12);
  CHECK(apart<double>(a.value("logits"), b.value("logits")) < 1e-12);
  CHECK(apart<double>(a.value("blocks.1.attn.att"), b.value("blocks.1.attn.att")) < 1e-13);
  for (const char* name : {"wte", "wpe", "blocks.0.ln1.weight", "blocks.1.mlp.fc.weight", "lnf.weight"})
    CHECK(apart<double>(a.grad(name), b.grad(name)) < 1e-12);
  const auto qkv = std::span<const double>(a.grad("blocks.0.attn.qkv.weight"));
  CHECK(apart<double>(qkv.subspan(0, 256), b.grad("blocks.0.attn.q.weight")) < 1e-12);
  CHECK(apart<double>(qkv.subspan(256, 256), b.grad("blocks.0.attn.k.weight")) < 1e-12);
  CHECK(apart<double>(qkv.subspan(512, 256), b.grad("blocks.0.attn.v.weight")) < 1e-12);
}

TEST_CASE("decoder gradients agree with central differences for every norm, place and kind of positions", "[nn][transformer][gradient]") {
  Config c = tiny_transformer();
  c.norm = GENERATE(Config::Norm::layernorm, Config::Norm::rmsnorm, Config::Norm::none);
  c.norm_place = GENERATE(Config::NormPlace::pre, Config::NormPlace::post);
  c.positions = GENERATE(Config::Positions::learned, Config::Positions::sinusoidal, Config::Positions::rope, Config::Positions::alibi,
                         Config::Positions::none);
  c.kv_heads = c.positions == Config::Positions::rope ? 1 : 0;
  c.layers = 1;
  CAPTURE(static_cast<int>(c.norm), static_cast<int>(c.norm_place), static_cast<int>(c.positions));
  check(c);
}

TEST_CASE("gradients agree with every part switched off, and with every mask, score and scale", "[nn][transformer][gradient]") {
  Config c = tiny_transformer();
  SECTION("no residual") { c.residual = false; }
  SECTION("no attention") { c.attention = false; }
  SECTION("no mlp") { c.mlp = false; }
  SECTION("own head") { c.tied = false; }
  SECTION("bias, another activation and ratio") {
    c.bias = true;
    c.activation = Activation::silu;
    c.mlp_ratio = 1.5;
  }
  SECTION("no mask") { c.mask = Mask::none; }
  SECTION("wrong mask, negated score") {
    c.mask = Mask::wrong;
    c.score = Score::negated;
  }
  SECTION("gated mlp, embedding scaled") {
    c.swiglu = c.scale_embedding = true;
    c.activation = Activation::silu;
    c.mlp_ratio = 2;
  }
  SECTION("dropout, the mask of one step") { c.dropout = 0.3; }
  SECTION("dropout of the attention weights") { c.attention_dropout = 0.4; }
  SECTION("padded, no mask") {
    c.padding = true;
    c.mask = Mask::none;
  }
  SECTION("squared score, no scale") {
    c.score = Score::squared;
    c.scale = 1;
  }
  check(c);
}

TEST_CASE("encoder gradients agree with central differences: masked words and classes of tokens", "[nn][transformer][gradient]") {
  Config c = tiny_transformer();
  c.form = Config::Form::encoder;
  c.bias = true;
  c.classes = GENERATE(0u, 3u);
  c.padding = c.classes == 3;
  check(c);
}

TEST_CASE("encoder-decoder gradients agree with central differences, lengths differing", "[nn][transformer][gradient]") {
  Config c = tiny_transformer();
  c.form = Config::Form::encoder_decoder;
  c.layers = 1;
  c.length = 2;
  c.source_length = 3;
  c.norm_place = GENERATE(Config::NormPlace::pre, Config::NormPlace::post);
  c.positions = GENERATE(Config::Positions::learned, Config::Positions::sinusoidal, Config::Positions::rope);
  c.padding = c.positions == Config::Positions::rope;
  c.attention_dropout = c.padding ? 0.2 : 0;
  check(c);
}

TEST_CASE("an encoder sees what comes later, a decoder does not, and cross-attention sees the whole source", "[nn][transformer]") {
  Config c = tiny_transformer();
  c.batch = 1;
  c.loss = false;
  const auto first_logits = [&](const char* changed) {
    Graph<float> g(transformer(c));
    prepare(g, c, 3);
    g.forward();
    const std::vector<float> before(g.value("logits").begin(), g.value("logits").begin() + 5);
    float& last = g.value(changed).back();
    last = last == 0 ? 1.0f : last - 1;
    g.forward();
    return std::equal(before.begin(), before.end(), g.value("logits").begin());
  };
  CHECK(first_logits("ids"));
  c.form = Config::Form::encoder;
  CHECK_FALSE(first_logits("ids"));
  c.form = Config::Form::encoder_decoder;
  CHECK(first_logits("ids"));
  CHECK_FALSE(first_logits("source"));
}

TEST_CASE("what stands in the padding changes nothing that is real", "[nn][transformer][padding]") {
  Config c = tiny_transformer();
  c.context = 5;
  c.padding = true;
  c.loss = false;
  const auto real_logits_stay = [&](const char* padded, const char* lengths) {
    Graph<float> g(transformer(c));
    prepare(g, c, 8);
    g.value(lengths)[0] = 3;
    g.value(lengths)[1] = 5;
    g.forward();
    const std::size_t real = padded == std::string_view("ids") ? 3 * 5 : 5 * 5;  // of the first sequence
    const std::vector<float> before(g.value("logits").begin(), g.value("logits").end());
    for (const std::size_t t : {3u, 4u}) g.value(padded)[t] = g.value(padded)[t] == 0 ? 1.0f : 0.0f;
    g.forward();
    const bool stays = std::equal(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(real), g.value("logits").begin());
    g.value(lengths)[0] = 5;
    g.forward();
    CHECK_FALSE(std::equal(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(real), g.value("logits").begin()));
    return stays;
  };
  c.form = Config::Form::encoder;
  CHECK(real_logits_stay("ids", "lengths"));
  c.form = Config::Form::encoder_decoder;
  CHECK(real_logits_stay("source", "source_lengths"));
}

TEST_CASE("without positions an encoder cannot tell the order of its tokens", "[nn][transformer][lesson-18]") {
  Config c = tiny_transformer();
  c.form = Config::Form::encoder;
  c.batch = 1;
  c.loss = false;
  const auto swapped_agree = [&](Config::Positions positions) {
    c.positions = positions;
    Graph<double> g(transformer(c));
    prepare(g, c, 4);
    const auto ids = g.value("ids");
    ids[0] = 1, ids[1] = 2, ids[2] = 3;
    g.forward();
    const std::vector<double> before(g.value("logits").begin(), g.value("logits").end());
    std::swap(ids[0], ids[2]);
    g.forward();
    std::vector<double> after(g.value("logits").begin(), g.value("logits").end());
    std::swap_ranges(after.begin(), after.begin() + 5, after.begin() + 10);
    return apart<double>(before, after) < 1e-12;
  };
  CHECK(swapped_agree(Config::Positions::none));
  CHECK(swapped_agree(Config::Positions::alibi));  // symmetric distances and a mirrored order: the two swaps cannot be told apart
  CHECK_FALSE(swapped_agree(Config::Positions::learned));
  CHECK_FALSE(swapped_agree(Config::Positions::sinusoidal));
  CHECK_FALSE(swapped_agree(Config::Positions::rope));
}

TEST_CASE("dropout changes what a transformer says in training and nothing when it answers", "[nn][transformer]") {
  Config c = tiny_transformer();
  Graph<float> plain(transformer(c));
  prepare(plain, c, 5);
  plain.forward();
  c.dropout = 0.5;
  Graph<float> dropped(transformer(c));
  prepare(dropped, c, 5);
  copy_by_name(plain, dropped);
  dropped.forward();
  CHECK(apart<float>(plain.value("logits"), dropped.value("logits")) > 1e-2);
  dropped.set_training(false);
  dropped.forward();
  CHECK(apart<float>(plain.value("logits"), dropped.value("logits")) == 0);
}

TEST_CASE("dropped attention weights are shown and missing only in training", "[nn][transformer][dropout]") {
  Config c = tiny_transformer();
  Graph<float> plain(transformer(c));
  prepare(plain, c, 5);
  plain.forward();
  CHECK(plain.spec().find("blocks.1.attn.mask") == kNoTensor);
  c.attention_dropout = 0.5;
  Graph<float> dropped(transformer(c));
  prepare(dropped, c, 5);
  copy_by_name(plain, dropped);
  dropped.forward();
  CHECK(apart<float>(plain.value("logits"), dropped.value("logits")) > 1e-3);
  CHECK(std::ranges::count(dropped.value("blocks.1.attn.mask"), 0.0f) > 0);
  CHECK_FALSE(std::ranges::equal(dropped.value("blocks.0.attn.mask"), dropped.value("blocks.1.attn.mask")));
  dropped.set_training(false);
  dropped.forward();
  CHECK(apart<float>(plain.value("logits"), dropped.value("logits")) == 0);
}

TEST_CASE("the gated mlp is activation(gate) times fc, and token vectors are scaled by the root of their size", "[nn][transformer]") {
  Config c = tiny_transformer();
  c.swiglu = c.scale_embedding = true;
  c.activation = Activation::identity;
  Graph<double> g(transformer(c));
  prepare(g, c, 6);
  g.forward();
  for (std::size_t i = 0; i < g.value("blocks.0.mlp.fc").size(); ++i)
    CHECK(g.value("blocks.0.mlp.gated")[i] == g.value("blocks.0.mlp.fc")[i] * g.value("blocks.0.mlp.gate")[i]);
  for (std::size_t i = 0; i < g.value("tokens").size(); ++i) CHECK(g.value("tokens.scaled")[i] == 2 * g.value("tokens")[i]);
}

TEST_CASE("parameters of the original base Transformer are those counted by hand", "[nn][transformer]") {
  Config c;
  c.form = Config::Form::encoder_decoder;
  c.vocab = 1000;
  c.layers = 6;
  c.heads = 8;
  c.channels = 512;
  c.context = 16;
  c.batch = 1;
  c.bias = true;
  c.norm_place = Config::NormPlace::post;
  c.positions = Config::Positions::sinusoidal;
  c.activation = Activation::relu;
  const std::uint64_t C = 512, attention = 4 * (C * C + C), mlp = 2 * 4 * C * C + 4 * C + C, norm = 2 * C;
  const std::uint64_t encoder = 6 * (attention + mlp + 2 * norm), decoder = 6 * (2 * attention + mlp + 3 * norm);
  CHECK(transformer(c).parameter_count() == 1000 * C + encoder + decoder);
}

TEST_CASE("grouped heads shrink only the key and value layers", "[nn][transformer]") {
  Config c;
  const std::uint64_t full = transformer(c).parameter_count();
  c.kv_heads = 1;
  CHECK(full - transformer(c).parameter_count() == 4 * 2 * (128 * 128 - 128 * 32));
}

TEST_CASE("every field of a transformer's configuration is checked", "[nn][transformer][reliability-6]") {
  const auto refused = [](auto&& change) {
    Config c = tiny_transformer();
    change(c);
    CHECK(code_of([&] { transformer(c); }) == ErrorCode::invalid_argument);
    return message_of([&] { transformer(c); });
  };
  CHECK_THAT(refused([](Config& c) { c.vocab = 1; }), ContainsSubstring("vocab is 1"));
  CHECK_THAT(refused([](Config& c) { c.layers = 49; }), ContainsSubstring("1 to 48"));
  CHECK_THAT(refused([](Config& c) { c.heads = 3; }), ContainsSubstring("for example 6"));
  CHECK_THAT(refused([](Config& c) { c.kv_heads = 3; }), ContainsSubstring("kv_heads"));
  CHECK_THAT(refused([](Config& c) { c.heads = 4, c.positions = Config::Positions::rope; }), ContainsSubstring("even number"));
  CHECK_THAT(refused([](Config& c) { c.context = 1; }), ContainsSubstring("context"));
  CHECK_THAT(refused([](Config& c) { c.length = 4; }), ContainsSubstring("length is 4"));
  CHECK_THAT(refused([](Config& c) { c.source_length = 4; }), ContainsSubstring("source_length"));
  CHECK_THAT(refused([](Config& c) { c.batch = 0; }), ContainsSubstring("batch"));
  CHECK_THAT(refused([](Config& c) { c.classes = 3; }), ContainsSubstring("only an encoder"));
  CHECK_THAT(refused([](Config& c) { c.classes = 1, c.form = Config::Form::encoder; }), ContainsSubstring("classes is 1"));
  CHECK_THAT(refused([](Config& c) { c.mlp_ratio = std::nan(""); }), ContainsSubstring("mlp_ratio is NaN"));
  CHECK_THAT(refused([](Config& c) { c.scale = std::nan(""); }), ContainsSubstring("scale is NaN"));
  CHECK_THAT(refused([](Config& c) { c.dropout = 1; }), ContainsSubstring("dropout is 1"));
  CHECK_THAT(refused([](Config& c) { c.attention_dropout = -0.5; }), ContainsSubstring("attention_dropout is -0.5"));
  CHECK_THAT(refused([](Config& c) { c.attention = c.mlp = false; }), ContainsSubstring("must keep one"));
}

namespace {

/// Source: random digits 1 … 5. Targets: the same backwards. Input of the decoder: a start token 0, then the targets so far.
class Reversed final : public BatchSource<float> {
 public:
  void fill(std::uint64_t step, Graph<float>& graph) override {
    Rng rng(7, Stream::batch, step << 16);
    const auto source = graph.value("source"), ids = graph.value("ids"), targets = graph.value("targets");
    for (std::size_t row = 0; row < source.size(); row += 4) {
      for (std::size_t t = 0; t < 4; ++t) source[row + t] = static_cast<float>(1 + rng.below(5));
      for (std::size_t t = 0; t < 4; ++t) targets[row + t] = source[row + 3 - t];
      for (std::size_t t = 0; t < 4; ++t) ids[row + t] = t ? targets[row + t - 1] : 0;
    }
  }
};

}  // namespace

TEST_CASE("an encoder-decoder learns to read a sequence backwards, which only cross-attention can tell it",
          "[nn][transformer][train][slow]") {
  Config c;
  c.form = Config::Form::encoder_decoder;
  c.vocab = 6;
  c.layers = 1;
  c.heads = 2;
  c.channels = 32;
  c.context = 4;
  c.batch = 32;
  OptimizerConfig adamw;
  adamw.kind = OptimizerConfig::Kind::adamw;
  adamw.lr = 5e-3;
  Trainer<float> trainer(transformer(c), adamw, std::make_unique<Reversed>(), 1);
  CHECK(trainer.report().loss > std::log(5.0));  // at first it guesses among six tokens
  trainer.step(400);
  CHECK(trainer.report().loss < 0.05);
}
