// A run saved and gone on with elsewhere is the run that never stopped, to the bit: weights, optimizer state, losses; and what is refused.
#include "x2g/train/saved_run.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <cstring>

#include "support/op_graph.hpp"
#include "x2g/data/stories.hpp"
#include "x2g/lm/language_model.hpp"
#include "x2g/nn/transformer.hpp"

using namespace x2g;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr OptimizerConfig kAdam{.kind = OptimizerConfig::Kind::adamw,
                                .lr = 3e-3,
                                .beta2 = 0.99,
                                .weight_decay = 0.1,
                                .clip = 1,
                                .warmup = 5,
                                .total = 60,
                                .min_lr = 3e-4};

LanguageModel small_gpt(std::uint32_t channels = 16) {
  const std::string text = stories("en", 6000, 1);
  return {text, Tokenizer::characters(text), {.layers = 2, .heads = 2, .channels = channels, .context = 12, .batch = 4}, kAdam, 0.1, 11};
}

/// With dropout: its masks are part of what must go on, too.
Trainer<float> with_dropout(std::uint64_t seed) {
  const TransformerConfig c{.vocab = 30, .layers = 1, .heads = 2, .channels = 8, .context = 6, .batch = 3, .dropout = 0.2};
  auto tokens = std::make_shared<std::vector<std::uint32_t>>();
  for (std::uint32_t i = 0; i < 500; ++i) tokens->push_back(i * i % 29);
  TrainOptions options;
  options.loss_scale = {.kind = LossScale::Kind::dynamic, .interval = 7};
  return {transformer(c), kAdam, std::make_unique<TextBatches<float>>(tokens, 0, 500, 3, Stream::batch), seed, kMemoryLimit, options};
}

}  // namespace

TEST_CASE("a GPT resumed from a saved run goes on with the same bits as one not interrupted", "[train][checkpoint][reliability-11]") {
  LanguageModel straight = small_gpt();
  straight.trainer().step(20);
  const auto record = save_run(straight.trainer(), R"({"model":"gpt","seed":11})", 3);
  CHECK(Checkpoint::parse(record).sequence == 3);
  CHECK(saved_config(record) == R"({"model":"gpt","seed":11})");

  LanguageModel resumed = small_gpt();
  resumed.trainer().step(3);  // it had gone somewhere else meanwhile
  load_run(record, resumed.trainer());
  CHECK(resumed.trainer().steps() == 20);
  CHECK(save_run(resumed.trainer(), R"({"model":"gpt","seed":11})", 3) == record);
  for (int i = 0; i < 25; ++i) {
    straight.trainer().step();
    resumed.trainer().step();
    CHECK(straight.trainer().report().loss == resumed.trainer().report().loss);
    CHECK(straight.trainer().report().lr == resumed.trainer().report().lr);
  }
  CHECK(straight.trainer().steps() == 45);
  const auto a = straight.trainer().graph().state(), b = resumed.trainer().graph().state();
  REQUIRE(a.size() == b.size());
  CHECK(std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
}

TEST_CASE("dropout's masks and the loss scale go on, too, in a run built from another seed", "[train][checkpoint][reliability-11]") {
  Trainer<float> straight = with_dropout(1), resumed = with_dropout(2);
  straight.step(9);
  load_run(save_run(straight, "{}"), resumed);
  straight.step(9);
  resumed.step(9);
  CHECK(straight.report().loss_scale == resumed.report().loss_scale);
  CHECK(straight.snapshot() == resumed.snapshot());
}

TEST_CASE("further sections are kept, and cannot take the place of the run's own", "[train][checkpoint]") {
  LanguageModel m = small_gpt();
  const std::vector<std::uint8_t> history{1, 2, 3};
  const std::vector<CheckpointSection> more{{"history", history}}, own{{"state", history}};
  const auto record = save_run(m.trainer(), "null", 0, more);
  CHECK(std::ranges::equal(Checkpoint::parse(record).section("history"), history));
  CHECK_THAT(test::message_of([&] { save_run(m.trainer(), "{}", 0, own); }), ContainsSubstring("two sections are called \"state\""));
}

TEST_CASE("a record of another model, a damaged or an incomplete one changes nothing", "[train][checkpoint][bad-input]") {
  LanguageModel m = small_gpt(), other = small_gpt(20);
  m.trainer().step(2);
  const auto before = m.trainer().snapshot();
  const auto message = [&](std::span<const std::uint8_t> record) {
    CHECK(test::code_of([&] { load_run(record, m.trainer()); }) == ErrorCode::bad_file);
    CHECK(m.trainer().snapshot() == before);
    return test::message_of([&] { load_run(record, m.trainer()); });
  };
  CHECK_THAT(message(save_run(other.trainer(), "{}")), ContainsSubstring("another model"));
  auto damaged = save_run(m.trainer(), "{}");
  damaged[damaged.size() / 2] ^= 4;
  CHECK_THAT(message(damaged), ContainsSubstring("checksum"));
  const std::vector<CheckpointSection> lone{{"state", before}}, wrong{{"state", before}, {"seed", std::span(before).first(3)}};
  CHECK_THAT(message(write_checkpoint(lone)), ContainsSubstring("no section \"seed\""));
  CHECK_THAT(message(write_checkpoint(wrong)), ContainsSubstring("3 bytes"));
  CHECK_THAT(test::message_of([&] { saved_config(write_checkpoint(lone)); }), ContainsSubstring("\"config\""));
  CHECK(test::code_of([&] { save_run(m.trainer(), "{a:1}"); }) == ErrorCode::invalid_argument);
}
