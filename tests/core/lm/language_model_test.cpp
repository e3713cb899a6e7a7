// A whole language model on real text: it learns, evaluates unseen text, samples, shows its attention, saves and loads.
#include "x2g/lm/language_model.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <algorithm>
#include <cmath>

#include "x2g/base/error.hpp"
#include "x2g/data/stories.hpp"
#include "x2g/lm/gpt_file.hpp"

using namespace x2g;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr GptConfig kSmall{.layers = 2, .heads = 2, .channels = 32, .context = 16, .batch = 8};
constexpr OptimizerConfig kAdam{.kind = OptimizerConfig::Kind::adamw, .lr = 3e-3, .clip = 1, .warmup = 10};

LanguageModel small(const std::string& text, std::uint64_t seed = 1) {
  return {text, Tokenizer::characters(text), kSmall, kAdam, 0.1, seed};
}

}  // namespace

TEST_CASE("a small GPT learns the stories: from ln V to far below, on unseen text too", "[lm][lesson-21][slow]") {
  const std::string language = GENERATE("en", "ja");
  const std::string text = stories(language, 60'000, 3);
  LanguageModel model = small(text);
  const double uniform = std::log(static_cast<double>(model.tokenizer().size()));
  CHECK(std::abs(model.trainer().report().loss - uniform) < 0.2);
  model.trainer().step(250);
  const double held_out = (model.evaluate(true, 0) + model.evaluate(true, 1) + model.evaluate(true, 2)) / 3;
  INFO(language << ": ln V " << uniform << ", train " << model.trainer().report().loss << ", validation " << held_out);
  CHECK(held_out < 0.62 * uniform);
}

TEST_CASE("evaluation does not disturb training and repeats itself", "[lm][reliability-4]") {
  const std::string text = stories("en", 20'000, 1);
  LanguageModel a = small(text), b = small(text);
  a.trainer().step(20);
  for (int i = 0; i < 20; ++i) {
    b.trainer().step(1);
    b.evaluate(true, 0);
    b.look(b.tokenizer().encode_known("the"));
  }
  CHECK(std::ranges::equal(a.trainer().graph().state(), b.trainer().graph().state()));
  CHECK(b.evaluate(true, 5) == b.evaluate(true, 5));
  CHECK(b.evaluate(true, 5) != b.evaluate(false, 5));
}

TEST_CASE("an evaluation in pieces gives the same loss, whatever happens between them", "[lm][reliability-9]") {
  const std::string text = stories("en", 20'000, 1);
  LanguageModel model = small(text);
  CHECK_THROWS_AS(model.advance_evaluation(), x2g::Error);
  const double whole = model.evaluate(true, 3);
  model.begin_evaluation(true, 3);
  std::optional<double> loss;
  std::size_t pieces = 0;
  while (!loss) {
    loss = model.advance_evaluation();
    model.look(model.tokenizer().encode_known("the"));
    ++pieces;
  }
  CHECK(*loss == whole);
  CHECK(pieces == model.trainer().graph().node_count());
  CHECK_THROWS_AS(model.advance_evaluation(), x2g::Error);
}

TEST_CASE("attention rows are probabilities over the tokens before, and the next-token probabilities sum to 1", "[lm][lesson-19]") {
  const std::string text = stories("en", 20'000, 1);
  LanguageModel model = small(text);
  model.trainer().step(20);
  const auto ids = model.tokenizer().encode_known("once upon");
  const auto inside = model.look(ids);
  const std::size_t n = ids.size();
  REQUIRE(inside.attention.size() == 2 * 2 * n * n);
  for (std::size_t row = 0; row < 4 * n; ++row) {
    double sum = 0;
    for (std::size_t j = 0; j < n; ++j) {
      sum += static_cast<double>(inside.attention[row * n + j]);
      if (j > row % n) CHECK(inside.attention[row * n + j] == 0.0f);
    }
    CHECK(sum == Catch::Approx(1).epsilon(1e-5));
  }
  double total = 0;
  for (const float p : inside.probabilities) total += static_cast<double>(p);
  CHECK(total == Catch::Approx(1).epsilon(1e-5));
  // longer than the context: the last tokens are read
  const auto many = model.tokenizer().encode_known(text.substr(0, 100));
  CHECK(model.look(many).ids.size() == 16);
}

TEST_CASE("weights saved and loaded give the same model to the bit, with and without biases", "[lm][reliability-13]") {
  GptConfig config = kSmall;
  config.bias = GENERATE(false, true);
  const std::string text = stories("ja", 20'000, 1);
  LanguageModel a(text, Tokenizer::characters(text), config, kAdam, 0.1, 1), b(text, Tokenizer::characters(text), config, kAdam, 0.1, 2);
  a.trainer().step(5);
  const auto file = save_gpt(a.trainer().graph(), a.config(), a.tokenizer());
  const GptFile said = describe_gpt(file);
  CHECK(said.config.layers == 2);
  CHECK(said.config.heads == 2);
  CHECK(said.config.context == 16);
  CHECK(said.config.bias == config.bias);
  REQUIRE(said.tokenizer);
  CHECK(said.tokenizer->vocabulary() == a.tokenizer().vocabulary());
  load_gpt(file, b.trainer().graph(), b.config(), b.tokenizer());
  b.trainer().touch();
  CHECK(std::ranges::equal(a.trainer().graph().parameters(), b.trainer().graph().parameters()));
  const auto ids = a.tokenizer().encode_known(text.substr(0, 30));
  CHECK(std::ranges::equal(a.next_logits(ids), b.next_logits(ids)));
}

TEST_CASE("weights of another model are refused by name and shape and change nothing", "[lm][reliability-5]") {
  const std::string text = stories("en", 20'000, 1);
  LanguageModel a = small(text);
  GptConfig wider = kSmall;
  wider.channels = 36;
  LanguageModel b(text, Tokenizer::characters(text), wider, kAdam, 0.1, 2);
  const auto file = save_gpt(a.trainer().graph(), a.config(), a.tokenizer());
  const std::vector<float> before(b.trainer().graph().parameters().begin(), b.trainer().graph().parameters().end());
  try {
    load_gpt(file, b.trainer().graph(), b.config(), b.tokenizer());
    FAIL("accepted");
  } catch (const Error& e) {
    CHECK(e.code() == ErrorCode::bad_file);
    CHECK_THAT(e.message(), ContainsSubstring("wte.weight") && ContainsSubstring("32)") && ContainsSubstring("36)"));
  }
  CHECK(std::ranges::equal(before, b.trainer().graph().parameters()));
  CHECK_THROWS_AS(describe_gpt(std::vector<std::uint8_t>(7)), Error);
  const auto other = Tokenizer::characters("abc");
  CHECK_THROWS_AS(load_gpt(file, a.trainer().graph(), a.config(), other), Error);
}

TEST_CASE("text too short, a bad share and a token outside the vocabulary are errors that say so", "[lm][reliability-6]") {
  const auto message = [](auto&& call) -> std::string {
    try {
      call();
    } catch (const Error& e) {
      return e.message();
    }
    return "accepted";
  };
  CHECK_THAT(message([] { small("too short"); }), ContainsSubstring("at least 18"));
  const std::string text = stories("en", 20'000, 1);
  CHECK_THAT(message([&] { LanguageModel m(text, Tokenizer::characters(text), kSmall, kAdam, 0.9, 1); }), ContainsSubstring("0 to 0.5"));
  LanguageModel m(text, Tokenizer::characters(text), kSmall, kAdam, 0, 1);
  CHECK_THAT(message([&] { m.evaluate(true, 0); }), ContainsSubstring("kept aside"));
  CHECK_THAT(message([&] { m.next_logits({}); }), ContainsSubstring("empty"));
  const std::vector<std::uint32_t> beyond{9999};
  CHECK_THAT(message([&] { m.next_logits(beyond); }), ContainsSubstring("9999"));
}

TEST_CASE("a model's memory is told beforehand: run, evaluation, sampling and tokens", "[lm][reliability-7]") {
  GptConfig c{.vocab = 30, .layers = 2, .heads = 2, .channels = 16, .context = 8, .batch = 4};
  OptimizerConfig adamw;
  adamw.kind = OptimizerConfig::Kind::adamw;
  const MemoryEstimate whole = LanguageModel::memory(c, adamw, 1000);
  const MemoryEstimate run = gpt(c).memory(2, sizeof(float)), evaluation = gpt(c).memory(0, sizeof(float), false);
  c.batch = 1;
  c.loss = false;
  const MemoryEstimate sampling = gpt(c).memory(0, sizeof(float), false);
  CHECK(whole.data == 4000);
  CHECK(whole.parameters == run.parameters);  // all three graphs look at the same weights
  CHECK(whole.optimizer == 2 * run.parameters);
  CHECK(whole.gradients == run.gradients);
  CHECK(whole.activations == run.activations + evaluation.activations + sampling.activations);
  CHECK(whole.total() == whole.parameters + whole.optimizer + whole.gradients + whole.activations + whole.scratch + whole.data);
}

TEST_CASE("a model on tokens of another tokenizer trains as one on the same text", "[lm]") {
  const std::string corpus = stories("en", 2000, 1);
  const Tokenizer tokenizer = Tokenizer::characters(corpus);
  const GptConfig config{.layers = 1, .heads = 2, .channels = 8, .context = 8, .batch = 2, .bias = false};
  LanguageModel text(corpus, tokenizer, config, {}, 0.1, 3), tokens(tokenizer.encode(corpus), tokenizer.size(), config, {}, 0.1, 3);
  CHECK(tokens.config().vocab == tokenizer.size());
  text.trainer().step(5);
  tokens.trainer().step(5);
  CHECK(std::ranges::equal(text.trainer().graph().parameters(), tokens.trainer().graph().parameters()));
  CHECK(text.evaluate(true, 0) == tokens.evaluate(true, 0));
  std::string message;
  try {
    LanguageModel({0, 1, 2, 9}, 3, config, {}, 0.1, 3);
  } catch (const Error& e) {
    message = e.message();
  }
  CHECK_THAT(message, ContainsSubstring("token 3 is 9"));
}
