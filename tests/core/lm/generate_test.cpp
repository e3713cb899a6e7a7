// Whole texts: cached and uncached generation draw the same tokens, before and after the context is full; ends, stops, refusals.
#include "x2g/lm/generate.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "support/model_check.hpp"
#include "x2g/base/error.hpp"
#include "x2g/data/stories.hpp"
#include "x2g/lm/language_model.hpp"
#include "x2g/lm/sampler.hpp"
#include "x2g/nn/transformer.hpp"

using namespace x2g;
using Catch::Matchers::ContainsSubstring;
using Ids = std::vector<std::uint32_t>;

namespace {

constexpr GptConfig kSmall{.layers = 2, .heads = 2, .channels = 32, .context = 16, .batch = 8};
constexpr OptimizerConfig kAdam{.kind = OptimizerConfig::Kind::adamw, .lr = 3e-3, .clip = 1, .warmup = 10};

struct Text {
  Ids ids;
  std::string shown;
  Finish finish = Finish::no;
};

Text run(Generator& g, const Ids& prompt) {
  Text t;
  g.begin(prompt);
  while (g.finish() == Finish::no) {
    const Generated piece = g.next();
    t.ids.push_back(piece.token);
    t.shown += piece.text;
    t.finish = piece.finish;
  }
  return t;
}

/// Bytes, so that characters are cut.
LanguageModel of_bytes(const std::string& text) { return {text, Tokenizer::bytes(), kSmall, kAdam, 0.1, 1}; }

/// transformer() with made-up weights whose "text" is letters.
struct Letters {
  Graph<float> graph;
  std::vector<std::string> pieces;
  explicit Letters(TransformerConfig::Positions positions, std::uint32_t context = 8) : graph(transformer(config(positions, context))) {
    graph.initialize(2);
    test::scatter_parameters(graph, 0.5, 2);
    for (char c = 'a'; c < 'a' + 12; ++c) pieces.emplace_back(1, c);
  }
  static TransformerConfig config(TransformerConfig::Positions positions, std::uint32_t context) {
    TransformerConfig c;
    c.positions = positions;
    c.vocab = 12;
    c.layers = 2;
    c.heads = 2;
    c.channels = 16;
    c.context = context;
    c.loss = false;
    return c;
  }
};

using Positions = TransformerConfig::Positions;

}  // namespace

TEST_CASE("cached generation draws what the whole pass draws, beyond the context too", "[lm][generate][lesson-25]") {
  const std::string language = GENERATE("en", "ja");
  LanguageModel model = of_bytes(stories(language, 20'000, 3));
  model.trainer().step(60);
  const Ids prompt = model.tokenizer().encode_known(language == "en" ? "Once" : "むかし");
  for (const double temperature : {0.0, 0.9}) {
    Sampler sampler({temperature, 40, 7});
    Ids ids = prompt;
    while (ids.size() < prompt.size() + 60) ids.push_back(sampler.next(model.next_logits(ids)));
    Generator g(model.trainer().graph(), token_bytes(model.tokenizer()),
                {.decoding = {.temperature = temperature, .top_k = 40, .seed = 7}, .max_tokens = 60, .keep = 16, .chunk = 5});
    const Text t = run(g, prompt);
    CHECK(std::ranges::equal(g.ids(), ids));
    CHECK(t.finish == Finish::length);
    // Shown is what a browser's decoder would show of all the bytes.
    StopText whole;
    const std::string all = model.tokenizer().decode(t.ids);
    std::string expected = whole.push(all);
    expected += whole.finish();
    CHECK(t.shown == expected);
    CHECK(run(g, prompt).ids == t.ids);  // begun again: the same text
  }
}

TEST_CASE("reading half the window again gives what the model says of that half", "[lm][generate]") {
  Letters m(Positions::learned);
  Generator g(m.graph, m.pieces, {.decoding = {.temperature = 1, .seed = 3}, .max_tokens = 30});
  const Ids prompt{1, 2, 3};
  run(g, prompt);
  const auto ids = g.ids();
  // Window 8, half 4: positions of the first token of each reading are 0, then 5 (the ninth token cannot be read: 4 newest of 9), 10, …
  CachedDecoder decoder(m.graph);
  Decoder sampler({.temperature = 1, .seed = 3});
  std::size_t from = 0;
  for (std::size_t n = prompt.size(); n < ids.size(); ++n) {
    if (n - from > 8) from = n - 4;
    decoder.clear();
    CHECK(sampler.next(decoder.prefill(ids.subspan(from, n - from))) == ids[n]);
  }
}

TEST_CASE("a text ends where it is told to: tokens, end token, context", "[lm][generate]") {
  Letters m(Positions::learned);
  const GenerateConfig base{.decoding = {.temperature = 1.5, .seed = 5}, .max_tokens = 40};
  Generator free(m.graph, m.pieces, base);
  const Text t = run(free, {0});
  CHECK(t.ids.size() == 40);
  CHECK(t.finish == Finish::length);
  CHECK(t.shown.size() == 40);

  GenerateConfig c = base;
  c.end_token = t.ids[6];
  Generator ending(m.graph, m.pieces, c);
  const Text e = run(ending, {0});
  CHECK(e.finish == Finish::end_token);
  const auto first = static_cast<std::size_t>(std::ranges::find(t.ids, t.ids[6]) - t.ids.begin());
  CHECK(e.shown == t.shown.substr(0, first));
  CHECK(ending.ids().back() == t.ids[6]);
  CHECK_THROWS_AS(ending.next(), Error);

  c = base;
  c.context_end = ContextEnd::stop;
  Generator full(m.graph, m.pieces, c);
  const Text f = run(full, {0});
  CHECK(f.finish == Finish::context);
  CHECK(f.ids.size() == 8);  // eight tokens read, the prompt among them, and the one drawn after the eighth
  CHECK(f.shown == t.shown.substr(0, 8));
}

TEST_CASE("a stop string ends the text across tokens and is not shown", "[lm][generate]") {
  Letters m(Positions::rope, 64);
  const GenerateConfig base{.decoding = {.temperature = 2, .seed = 6}, .max_tokens = 50};
  Generator free(m.graph, m.pieces, base);
  const std::string shown = run(free, {4}).shown;
  GenerateConfig c = base;
  c.stops = {"zzz", shown.substr(20, 3)};
  Generator g(m.graph, m.pieces, c);
  const Text t = run(g, {4});
  CHECK(t.finish == Finish::stop_text);
  CHECK(t.shown == shown.substr(0, shown.find(c.stops[1])));
}

TEST_CASE("relative positions slide for ever", "[lm][generate][lesson-25]") {
  Letters m(Positions::alibi);
  GenerateConfig c{.decoding = {.temperature = 1, .seed = 8}, .max_tokens = 200, .context_end = ContextEnd::slide};
  Generator g(m.graph, m.pieces, c);
  const Text t = run(g, Ids(30, 2));  // a prompt longer than the window is read whole
  CHECK(t.finish == Finish::length);
  CHECK(g.decoder().length() == 229);
  CHECK(g.decoder().cache().tokens() == 8);
  Letters learned(Positions::learned);
  CHECK_THROWS_AS(Generator(learned.graph, learned.pieces, c), Error);
}

TEST_CASE("penalties see the newest tokens, and a trace shows what will be drawn from", "[lm][generate][lesson-24]") {
  Letters m(Positions::rope, 64);
  GenerateConfig c{.decoding = {.presence = 10, .frequency = 10, .temperature = 0}, .max_tokens = 11};
  Generator g(m.graph, m.pieces, c);
  Ids ids = run(g, {0}).ids;
  ids.push_back(0);
  std::ranges::sort(ids);  // prompt and text: each of the twelve once
  CHECK(std::ranges::adjacent_find(ids) == ids.end());
  c.penalty_tokens = 1;
  Generator near(m.graph, m.pieces, c);
  const Ids again = run(near, {0}).ids;
  CHECK(std::ranges::adjacent_find(again) == again.end());  // never twice running

  near.begin(Ids{3, 4});
  const DecodingTrace t = near.trace();
  CHECK(t.kept[static_cast<std::size_t>(DecodingStep::temperature)] == 1);
  CHECK(t.removed_by[near.next().token] == kKeptToken);
}

TEST_CASE("a long prompt can be read in pieces", "[lm][generate][reliability-9]") {
  Letters m(Positions::rope, 64);
  GenerateConfig c{.max_tokens = 5, .chunk = 16};
  Generator whole(m.graph, m.pieces, c), pieces(m.graph, m.pieces, c);
  const Ids prompt(50, 7);
  const Text t = run(whole, prompt);
  pieces.begin(prompt);
  int readings = 1;
  while (pieces.read_some()) ++readings;
  CHECK(readings == 4);
  CHECK_FALSE(pieces.read_some());
  for (const std::uint32_t id : t.ids) CHECK(pieces.next().token == id);
}

TEST_CASE("settings and prompts out of range are refused", "[lm][generate][reliability-6]") {
  Letters m(Positions::learned);
  const auto refused = [&](const GenerateConfig& c) {
    try {
      Generator g(m.graph, m.pieces, c);
    } catch (const Error& e) {
      CHECK(e.code() == ErrorCode::invalid_argument);
      return e.message();
    }
    return std::string("accepted");
  };
  CHECK_THAT(refused({.max_tokens = 0}), ContainsSubstring("max_tokens is 0"));
  CHECK_THAT(refused({.max_tokens = 1'000'001}), ContainsSubstring("1 to 1000000"));
  CHECK_THAT(refused({.end_token = 12}), ContainsSubstring("end_token is 12"));
  CHECK_THAT(refused({.keep = 9}), ContainsSubstring("keep is 9"));
  CHECK_THAT(refused({.decoding = {.top_p = 2}}), ContainsSubstring("top_p is 2"));
  CHECK_THAT(refused({.stops = {""}}), ContainsSubstring("stop string 0"));
  CHECK_THAT(refused({.window = 9}), ContainsSubstring("window is 9"));
  Generator g(m.graph, m.pieces, {});
  CHECK_THROWS_AS(g.next(), Error);
  CHECK_THROWS_AS(g.begin({}), Error);
  CHECK_THROWS_AS(g.begin(Ids{12}), Error);
}
