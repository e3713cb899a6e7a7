// Cached decoding against the whole forward pass: every form of decoder, every length, chunks, sliding, taking back, refusals.
#include "x2g/lm/cached_decoder.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <algorithm>
#include <cmath>

#include "support/counting_new.hpp"
#include "support/figures.hpp"
#include "support/model_check.hpp"
#include "x2g/base/error.hpp"
#include "x2g/nn/lora.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/nn/transformer.hpp"

using namespace x2g;
using namespace x2g::test;
using Catch::Matchers::ContainsSubstring;
using Config = TransformerConfig;
using Positions = Config::Positions;
using Ids = std::vector<std::uint32_t>;

namespace {

Config small() {
  Config c;
  c.vocab = 13;
  c.layers = 2;
  c.heads = 4;
  c.channels = 24;
  c.context = 21;
  c.batch = 2;
  return c;
}

Ids some_ids(std::size_t n, std::uint32_t vocab, std::uint64_t seed) {
  Rng rng(seed, Stream::data);
  Ids ids(n);
  for (std::uint32_t& id : ids) id = rng.below(vocab);
  return ids;
}

template <class SpecConfig>
SpecConfig alone(SpecConfig c) {
  c.batch = 1;
  c.loss = false;
  return c;
}

/// Scattered weights.
void prepare(Graph<float>& g, std::uint64_t seed) {
  g.initialize(seed);
  scatter_parameters(g, 0.3, seed);
}

/// Logits (n, V) of all the tokens by the whole forward pass of a graph with B = 1.
std::vector<float> whole(Graph<float>& g, const Ids& ids) {
  const auto input = g.value("ids");
  std::ranges::fill(input, 0.0f);
  for (std::size_t i = 0; i < ids.size(); ++i) input[i] = static_cast<float>(ids[i]);
  g.forward();
  const auto logits = g.value("logits");
  return {logits.begin(), logits.begin() + static_cast<std::ptrdiff_t>(ids.size() * (logits.size() / input.size()))};
}

double apart(std::span<const float> a, std::span<const float> b) {
  REQUIRE(a.size() == b.size());
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) worst = std::fmax(worst, std::fabs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  return worst;
}

/// Token by token, and in prompts of several lengths, against the whole pass; the values are to be equal, not only near.
void check(Graph<float>& trained, Graph<float>& one, std::uint32_t vocab, std::size_t context, std::uint64_t seed) {
  const Ids ids = some_ids(context, vocab, seed);
  const std::vector<float> expected = whole(one, ids);
  const auto row = [&](std::size_t t) { return std::span(expected).subspan(t * vocab, vocab); };
  CachedDecoder decoder(trained, {.chunk = 5});
  REQUIRE(decoder.vocab() == vocab);
  double worst = 0;
  for (std::size_t t = 0; t < ids.size(); ++t) worst = std::fmax(worst, apart(decoder.step(ids[t]), row(t)));
  CHECK(decoder.room() == 0);
  for (const std::size_t prompt : {std::size_t{2}, std::size_t{5}, std::size_t{6}, std::size_t{13}, context}) {
    decoder.clear();
    worst = std::fmax(worst, apart(decoder.prefill(std::span(ids).first(prompt)), row(prompt - 1)));
    CHECK(decoder.length() == prompt);
    if (prompt < context) worst = std::fmax(worst, apart(decoder.step(ids[prompt]), row(prompt)));
    if (prompt + 4 < context)
      worst = std::fmax(worst, apart(decoder.prefill_all(std::span(ids).subspan(prompt + 1, 3)),
                                     std::span(expected).subspan((prompt + 1) * vocab, 3 * vocab)));
  }
  figure("cached decoding equals the whole pass", "logits", worst, 1e-5);
  CHECK(worst == 0);
}

void check(const Config& c, std::uint64_t seed) {
  Graph<float> trained(transformer(c)), one(transformer(alone(c)), trained);
  prepare(trained, seed);
  check(trained, one, c.vocab, c.context, seed);
}

/// As messages name it.
std::string refusal(const Graph<float>& g, CachedDecoderConfig config = {}, ErrorCode code = ErrorCode::invalid_argument) {
  try {
    CachedDecoder decoder(g, config);
  } catch (const Error& e) {
    CHECK(e.code() == code);
    return e.message();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("cached and whole logits are equal for gpt()", "[lm][cache][lesson-25]") {
  GptConfig c{.vocab = 11, .layers = 3, .heads = 2, .channels = 20, .context = 37, .batch = 2};
  c.bias = GENERATE(false, true);
  c.gelu_erf = GENERATE(false, true);
  const std::uint64_t seed = GENERATE(1u, 2u, 3u);
  Graph<float> trained(gpt(c)), one(gpt(alone(c)), trained);
  prepare(trained, seed);
  check(trained, one, c.vocab, c.context, seed);
}

TEST_CASE("cached and whole logits are equal for every kind of positions and of heads", "[lm][cache][lesson-25]") {
  Config c = small();
  c.positions = GENERATE(Positions::learned, Positions::sinusoidal, Positions::rope, Positions::alibi, Positions::none);
  c.kv_heads = GENERATE(0u, 2u, 1u);
  c.norm_place = GENERATE(Config::NormPlace::pre, Config::NormPlace::post);
  c.bias = c.kv_heads == 2;
  CAPTURE(static_cast<int>(c.positions), c.kv_heads, static_cast<int>(c.norm_place));
  for (const std::uint64_t seed : {1u, 2u, 3u}) check(c, seed);
}

TEST_CASE("cached and whole logits are equal for every other part of a transformer", "[lm][cache][lesson-25]") {
  Config c = small();
  c.positions = GENERATE(Positions::learned, Positions::rope, Positions::alibi);
  SECTION("rmsnorm, SwiGLU, own head: a Llama") {
    c.norm = Config::Norm::rmsnorm;
    c.swiglu = true;
    c.activation = Activation::silu;
    c.tied = false;
    c.kv_heads = 2;
  }
  SECTION("no norm, ReLU, bias") {
    c.norm = Config::Norm::none;
    c.activation = Activation::relu;
    c.bias = true;
  }
  SECTION("exact GELU, embedding scaled, narrow MLP") {
    c.activation = Activation::gelu_erf;
    c.scale_embedding = true;
    c.mlp_ratio = 1.5;
  }
  SECTION("dropout, which answers leave out") { c.dropout = c.attention_dropout = 0.4; }
  SECTION("padding, which a text being read has not") { c.padding = true; }
  SECTION("no residual") { c.residual = false; }
  SECTION("no attention") { c.attention = false; }
  SECTION("no MLP") { c.mlp = false; }
  SECTION("squared score") { c.score = Score::squared; }
  SECTION("negated score, own scale") {
    c.score = Score::negated;
    c.scale = 0.7;
  }
  SECTION("one head, wide, one layer") {
    c.heads = 1;
    c.layers = 1;
    c.channels = 70;
  }
  Config answering = alone(c);
  answering.padding = false;
  Graph<float> trained(transformer(c)), one(transformer(answering), trained);
  prepare(trained, 5);
  one.set_training(false);
  check(trained, one, c.vocab, c.context, 5);
}

TEST_CASE("cached and whole logits are equal over sums longer than a block", "[lm][cache]") {
  GptConfig c{.vocab = 5, .layers = 1, .heads = 1, .channels = 160, .context = 600, .batch = 1, .loss = false};
  Graph<float> g(gpt(c));
  prepare(g, 4);
  const Ids ids = some_ids(600, 5, 4);
  const std::vector<float> expected = whole(g, ids);
  CachedDecoder decoder(g, {.chunk = 64});
  CHECK(apart(decoder.prefill(std::span(ids).first(599)), std::span(expected).subspan(598 * 5, 5)) == 0);
  CHECK(apart(decoder.step(ids[599]), std::span(expected).subspan(599 * 5, 5)) == 0);
}

TEST_CASE("a LoRA decodes as it is, and training on shows at once", "[lm][cache]") {
  Config c = small();
  const LoraConfig lora{.rank = 2, .alpha = 3, .targets = {"attn.q", "mlp.fc"}};
  Graph<float> trained(with_lora(transformer(c), lora)), one(with_lora(transformer(alone(c)), lora), trained);
  prepare(trained, 6);
  check(trained, one, c.vocab, c.context, 6);
  CachedDecoder decoder(trained);
  const auto first = decoder.step(3);
  const std::vector<float> before(first.begin(), first.end());
  trained.value("blocks.0.mlp.fc.lora.B")[0] += 1;
  decoder.clear();
  CHECK(apart(decoder.step(3), before) > 0);
}

TEST_CASE("taking tokens back leaves what had been there", "[lm][cache]") {
  Config c = small();
  c.positions = GENERATE(Positions::learned, Positions::rope);
  Graph<float> g(transformer(c));
  prepare(g, 7);
  CachedDecoder a(g), b(g);
  a.prefill(Ids{1, 2, 3, 4, 5, 6});
  a.forget(4);
  CHECK(a.length() == 2);
  a.prefill(Ids{7, 8});
  b.prefill(Ids{1, 2, 7, 8});
  CHECK(apart(a.step(9), b.step(9)) == 0);
}

TEST_CASE("a sliding window equals attention that sees so many tokens back, in every layer", "[lm][cache][lesson-25]") {
  Config c = small();
  c.positions = GENERATE(Positions::rope, Positions::alibi, Positions::none);
  c.kv_heads = GENERATE(0u, 1u);
  c.context = 60;
  Graph<float> g(transformer(alone(c)));
  prepare(g, 8);
  const std::size_t window = 9, D = c.channels / c.heads, G = c.kv_heads ? c.kv_heads : c.heads;
  const Ids ids = some_ids(c.context, c.vocab, 8);
  const auto input = g.value("ids");
  for (std::size_t i = 0; i < ids.size(); ++i) input[i] = static_cast<float>(ids[i]);
  // The whole pass, with the result of each attention computed again over the newest `window` scores alone, in double.
  for (std::size_t n = 0; n < g.node_count(); ++n) {
    g.forward_node(n);
    const NodeSpec& node = g.spec().nodes()[n];
    if (node.kind != OpKind::attend) continue;
    const auto scores = g.value(node.outputs[1]), v = g.value(node.inputs[2]), out = g.value(node.outputs[0]);
    for (std::size_t h = 0; h < c.heads; ++h) {
      for (std::size_t t = 0; t < c.context; ++t) {
        const std::size_t from = t + 1 > window ? t + 1 - window : 0, head = h / (c.heads / G);
        double sum = 0;
        for (std::size_t j = from; j <= t; ++j) sum += std::exp(static_cast<double>(scores[(h * c.context + t) * c.context + j]));
        for (std::size_t d = 0; d < D; ++d) {
          double y = 0;
          for (std::size_t j = from; j <= t; ++j)
            y += std::exp(static_cast<double>(scores[(h * c.context + t) * c.context + j])) / sum *
                 static_cast<double>(v[j * G * D + head * D + d]);
          out[t * c.channels + h * D + d] = static_cast<float>(y);
        }
      }
    }
  }
  const auto logits = g.value("logits");
  const auto row = [&](std::size_t t) { return std::span<const float>(logits).subspan(t * c.vocab, c.vocab); };
  CachedDecoder one(g, {.window = window, .chunk = 4, .when_full = WhenFull::slide}),
      many(g, {.window = window, .chunk = 4, .when_full = WhenFull::slide});
  double worst = 0;
  for (std::size_t t = 0; t < ids.size(); ++t) worst = std::fmax(worst, apart(one.step(ids[t]), row(t)));
  CHECK(one.cache().tokens() == window);
  worst = std::fmax(worst, apart(many.prefill(std::span(ids).first(31)), row(30)));
  many.prefill(Ids{1, 2, 3});
  many.forget(3);
  worst = std::fmax(worst, apart(many.prefill_all(std::span(ids).subspan(31, 4)), logits.subspan(31 * c.vocab, 4 * c.vocab)));
  figure("cached decoding with a sliding window", "logits", worst, 1e-5);
}

TEST_CASE("with relative positions a window may be longer than the training length", "[lm][cache]") {
  Config c = small();
  c.positions = Positions::rope;
  Config longer = alone(c);
  longer.context = 50;
  Graph<float> g(transformer(c)), whole_graph(transformer(longer), g);
  prepare(g, 9);
  const Ids ids = some_ids(50, c.vocab, 9);
  const std::vector<float> expected = whole(whole_graph, ids);
  CachedDecoder decoder(g, {.window = 50});
  CHECK(apart(decoder.prefill(ids), std::span(expected).last(c.vocab)) == 0);
}

TEST_CASE("a step allocates nothing, and the cache takes the bytes of its formula", "[lm][cache][lesson-25]") {
  Config c = small();
  c.positions = Positions::rope;
  c.kv_heads = GENERATE(4u, 2u, 1u);
  Graph<float> g(transformer(c));
  prepare(g, 1);
  CachedDecoder decoder(g, {.chunk = 8}), sliding(g, {.window = 10, .chunk = 8, .when_full = WhenFull::slide});
  CHECK(decoder.cache().bytes() == kv_bytes(c.layers, c.kv_heads, c.channels / c.heads, c.context));
  const Ids ids = some_ids(12, c.vocab, 1);
  const auto before = allocations();
  decoder.prefill(ids);
  for (std::uint32_t t = 0; t < 9; ++t) decoder.step(t);
  for (std::uint32_t t = 0; t < 40; ++t) sliding.step(t % c.vocab);
  CHECK(allocations() == before);
  CHECK(decoder.cache().used_bytes() == decoder.cache().bytes());
  CHECK(sliding.cache().used_bytes() == kv_bytes(c.layers, c.kv_heads, c.channels / c.heads, 10));
}

TEST_CASE("a graph of one's own decodes, with vectors added and multiplied to every token", "[lm][cache]") {
  const auto spec = [](std::uint32_t batch) {
    GraphSpec g;
    const TensorId ids = g.input("ids", {batch, 9});
    TensorId x = g.embedding("x", ids, g.parameter("wte", {6, 8}, {Init::Kind::normal, 1}, true));
    x = g.add("shifted", x, g.parameter("shift", {8}, {Init::Kind::normal, 1}, false));
    x = g.op(OpKind::mul, "gated", {x, g.parameter("gate", {8}, {Init::Kind::normal, 1}, false)});
    OpAttributes two;
    two.heads = 2;
    x = g.add("mixed", x, g.op(OpKind::attend, "look", {x, x, x}, two));
    x = g.op(OpKind::mul, "squared", {x, x});
    g.linear("logits", x, g.parameter("head", {6, 8}, {Init::Kind::normal, 1}, true));
    return g;
  };
  Graph<float> trained(spec(3)), one(spec(1), trained);
  trained.initialize(2);
  const Ids ids = some_ids(9, 6, 2);
  const std::vector<float> expected = whole(one, ids);
  CachedDecoder decoder(trained, {.chunk = 2});
  for (std::size_t t = 0; t < 9; ++t) CHECK(apart(decoder.step(ids[t]), std::span(expected).subspan(t * 6, 6)) == 0);
  decoder.clear();
  CHECK(apart(decoder.prefill(ids), std::span(expected).last(6)) == 0);
}

TEST_CASE("what cannot be decoded token by token is refused by name", "[lm][cache][reliability-6]") {
  Config c = small();
  const auto message = [](const Config& config) { return refusal(Graph<float>(transformer(config))); };
  c.mask = Mask::none;
  CHECK_THAT(message(c), ContainsSubstring("\"blocks.0.attn\" sees later tokens"));
  c = small();
  c.form = Config::Form::encoder_decoder;
  CHECK_THAT(message(c), ContainsSubstring("looks up \"source\""));
  c = small();
  c.form = Config::Form::encoder;
  CHECK_THAT(message(c), ContainsSubstring("sees later tokens"));
  GraphSpec pooled;
  {
    const TensorId ids = pooled.input("ids", {1, 4});
    const TensorId x = pooled.embedding("x", ids, pooled.parameter("wte", {5, 6}, {}, false));
    pooled.op(OpKind::softmax, "logits", {x});
  }
  CHECK_THAT(refusal(Graph<float>(pooled)), ContainsSubstring("kind softmax"));
  GraphSpec other;
  other.input("ids", {1, 4});
  const TensorId x = other.input("x", {1, 4, 6});
  other.linear("logits", x, other.parameter("w", {5, 6}, {}, false));
  CHECK_THAT(refusal(Graph<float>(other)), ContainsSubstring("needs \"x\""));
  const auto made = [](auto&& add, const Shape& shape = {1, 4}) {
    GraphSpec g;
    add(g, g.embedding("e", g.input("ids", shape), g.parameter("wte", {5, 6}, {}, false)));
    return refusal(Graph<float>(g));
  };
  CHECK_THAT(made([](GraphSpec& g, TensorId e) { g.linear("logits", e, g.parameter("w", {5, 6}, {}, false)); }, {4}),
             ContainsSubstring("ids has shape (4)"));
  CHECK_THAT(made([](GraphSpec& g, TensorId e) {
               g.linear("logits", e, g.activation("bent", g.parameter("w", {5, 6}, {}, false), Activation::tanh));
             }),
             ContainsSubstring("\"bent\" has shape (5, 6)"));
  CHECK_THAT(made([](GraphSpec& g, TensorId e) { g.linear("logits", e, g.input("w", {5, 6})); }),
             ContainsSubstring("takes \"w\" as a weight"));
  CHECK_THAT(made([](GraphSpec& g, TensorId e) { g.add("logits", e, g.parameter("p", {1, 4, 6}, {}, false)); }),
             ContainsSubstring("needs \"p\""));
  CHECK_THAT(made([](GraphSpec& g, TensorId e) {
               OpAttributes half;
               half.rate = 0.5;
               g.add("logits", e, g.op(OpKind::dropout, "d", {g.parameter("p", {1, 4, 6}, {}, false)}, half));
             }),
             ContainsSubstring("\"d\" drops what is no value"));
  CHECK_THAT(made([](GraphSpec& g, TensorId e) {
               g.linear("x", e, g.parameter("w", {5, 6}, {}, false));
               g.parameter("logits", {1, 4, 5}, {}, false);
             }),
             ContainsSubstring("does not depend on ids"));
  CHECK_THAT(refusal(Graph<float>(mlp({.sizes = {2, 2}})), {}, ErrorCode::unknown_name), ContainsSubstring("ids"));
  Graph<float> half(transformer(small()), {.precision = {Format::bf16, Format::fp32, Format::fp32}});
  CHECK_THAT(refusal(half), ContainsSubstring("16-bit"));
}

TEST_CASE("windows, chunks, tokens and memory out of range are refused with the figures", "[lm][cache][reliability-6]") {
  Config c = small();
  Graph<float> learned(transformer(c));
  CHECK_THAT(refusal(learned, {.window = 22}), ContainsSubstring("positions for 21"));
  CHECK_THAT(refusal(learned, {.when_full = WhenFull::slide}), ContainsSubstring("cannot slide"));
  CHECK_THAT(refusal(learned, {.chunk = 0}), ContainsSubstring("chunk is 0"));
  CHECK_THAT(refusal(learned, {.chunk = 513}), ContainsSubstring("1 to 512"));
  CHECK_THAT(refusal(learned, {.memory_limit = 1000}, ErrorCode::out_of_memory), ContainsSubstring("the limit is 0 kB"));
  c.positions = Positions::rope;
  c.heads = 2;
  Graph<float> rope(transformer(c));
  CHECK_THAT(refusal(rope, {.window = (1u << 20) + 1}), ContainsSubstring("1 to 1048576"));
  CHECK_THAT(refusal(rope, {.window = 1u << 20}, ErrorCode::out_of_memory), ContainsSubstring("kB"));

  CachedDecoder decoder(learned, {.chunk = 4});
  const auto refused = [&](auto&& act, ErrorCode code) {
    try {
      act();
    } catch (const Error& e) {
      CHECK(e.code() == code);
      CHECK(decoder.length() == 3);
      return e.message();
    }
    return std::string("accepted");
  };
  decoder.prefill(Ids{1, 2, 3});
  CHECK_THAT(refused([&] { decoder.prefill({}); }, ErrorCode::invalid_argument), ContainsSubstring("0 tokens"));
  CHECK_THAT(refused([&] { decoder.step(13); }, ErrorCode::invalid_argument), ContainsSubstring("0 to 12"));
  CHECK_THAT(refused([&] { decoder.prefill(Ids(19, 1)); }, ErrorCode::bad_state), ContainsSubstring("3 of 21"));
  CHECK_THAT(refused([&] { decoder.prefill_all(Ids(5, 1)); }, ErrorCode::invalid_argument), ContainsSubstring("1 to 4"));
  CHECK_THAT(refused([&] { decoder.forget(4); }, ErrorCode::invalid_argument), ContainsSubstring("newest 3"));
  decoder.prefill(Ids(18, 1));
  CHECK(decoder.room() == 0);
}
