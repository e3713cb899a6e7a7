// What memory is asked for: nothing in a training step, nothing that stays behind, and a request that fails is an exception that leaves
// everything as it was, whichever request it is (SQLite fails the n-th allocation for every n; so do we).
#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <new>
#include <string>
#include <vector>

#include "support/counting_new.hpp"
#include "x2g/base/error.hpp"
#include "x2g/data/stories.hpp"
#include "x2g/io/csv.hpp"
#include "x2g/lm/gpt_file.hpp"
#include "x2g/lm/language_model.hpp"
#include "x2g/nn/cnn.hpp"
#include "x2g/nn/lora.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/nn/perceptron.hpp"
#include "x2g/nn/recurrent.hpp"
#include "x2g/nn/skipgram.hpp"
#include "x2g/nn/transformer.hpp"
#include "x2g/train/gradient_check.hpp"
#include "x2g/train/saved_run.hpp"
#include "x2g/train/skipgram_batches.hpp"
#include "x2g/train/trainer.hpp"

using namespace x2g;

namespace {

std::unique_ptr<Trainer<float>> xor_run() {
  MlpConfig c;
  c.sizes = {2, 4, 1};
  c.loss = MlpConfig::Loss::bce;
  c.batch = 4;
  return std::make_unique<Trainer<float>>(
      mlp(c), OptimizerConfig{.kind = OptimizerConfig::Kind::adamw, .lr = 0.05},
      std::make_unique<TableBatches<float>>(std::vector<float>{0, 0, 0, 1, 1, 0, 1, 1}, std::vector<float>{0, 1, 1, 0}, 4, 4, 1), 1);
}

const std::string& corpus() {
  static const std::string text = stories("en", 2000, 1);
  return text;
}

std::unique_ptr<LanguageModel> language_model() {
  GptConfig c{.layers = 1, .heads = 2, .channels = 8, .context = 8, .batch = 2};
  return std::make_unique<LanguageModel>(corpus(), Tokenizer::bytes(), c, OptimizerConfig{.kind = OptimizerConfig::Kind::adamw, .lr = 0.01},
                                         0.1, 1);
}

OptimizerConfig adam() { return {.kind = OptimizerConfig::Kind::adamw, .lr = 0.01}; }

/// Builds with the n-th allocation failing, for every n that a build has; returns how many of them refused the build. The others were for
/// messages, which do without. Nothing may stay behind.
template <class Build>
std::uint64_t sweep(const Build& build) {
  build();  // what is made once for the whole program is made now
  const std::uint64_t first = x2g::test::allocations();
  build();
  const std::uint64_t count = x2g::test::allocations() - first;
  std::uint64_t refusals = 0;
  for (std::uint64_t n = 1; n <= count; ++n) {
    const std::int64_t before = x2g::test::live_blocks();
    {
      const x2g::test::FailingAllocation failing(n);
      try {
        build();
      } catch (const std::bad_alloc&) {
        ++refusals;
      } catch (const Error& e) {
        refusals += e.code() == ErrorCode::out_of_memory;
      }
    }
    const std::int64_t left = x2g::test::live_blocks() - before;
    if (left != 0) {
      CAPTURE(n, count, left);
      FAIL("a failed allocation left blocks behind");
    }
  }
  return refusals;
}

}  // namespace

TEST_CASE("whichever allocation of a build fails, nothing stays behind", "[train][reliability-7]") {
  CHECK(sweep([] { xor_run(); }) > 20);
  CHECK(sweep([] { language_model(); }) > 100);
  CHECK(sweep([] { Perceptron(gate("and"), {}).step(); }) > 3);
  const auto run = xor_run();
  CHECK(sweep([&] { in_double(run->graph()); }) > 20);
  const std::vector<std::uint8_t> kept = run->snapshot();
  CHECK(sweep([&] { run->restore(run->snapshot()); }) == 1);
  CHECK(run->snapshot() == kept);
}

TEST_CASE("whichever allocation of the other models' builds fails, nothing stays behind", "[train][reliability-7]") {
  const auto tokens = std::make_shared<const std::vector<std::uint32_t>>(std::vector<std::uint32_t>{1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5});
  const auto text_run = [&tokens](GraphSpec spec) {
    Trainer<float>(std::move(spec), adam(), std::make_unique<TextBatches<float>>(tokens, 0, tokens->size(), 1, Stream::batch), 1).step();
  };
  const TransformerConfig decoder{
      .vocab = 8, .layers = 1, .heads = 2, .channels = 4, .context = 4, .batch = 2, .swiglu = true, .dropout = 0.1};
  CHECK(sweep([&] { text_run(transformer(decoder)); }) > 60);
  CHECK(sweep([&] {
          TransformerConfig c = decoder;
          c.form = TransformerConfig::Form::encoder_decoder;
          c.positions = TransformerConfig::Positions::rope;
          Graph<float>(transformer(c)).initialize(1);
        }) > 60);
  for (const auto cell : {RecurrentConfig::Cell::rnn, RecurrentConfig::Cell::lstm, RecurrentConfig::Cell::gru})
    CHECK(sweep([&] { text_run(recurrent_model({.cell = cell, .vocab = 8, .channels = 3, .hidden = 3, .batch = 2, .length = 4})); }) > 25);
  CHECK(sweep([] {
          const CnnConfig c{
              .height = 8, .width = 8, .filters = {2}, .kernel = 3, .hidden = {4}, .classes = 3, .batchnorm = true, .dropout = 0.1};
          Trainer<float>(cnn(c), adam(),
                         std::make_unique<TableBatches<float>>(std::vector<float>(64, 0.5f), std::vector<float>{2}, 1, 1, 1), 1)
              .step();
        }) > 40);
  CHECK(sweep([&] {
          Trainer<float>(skipgram({.vocab = 8, .channels = 3, .negatives = 2, .batch = 4}), adam(),
                         std::make_unique<SkipGramBatches<float>>(tokens, 8, 2, 1), 1)
              .step();
        }) > 25);
  CHECK(sweep([&] { text_run(with_lora(transformer(decoder), {.rank = 2, .targets = {"attn.q", "attn.v"}})); }) > 80);
}

TEST_CASE("whichever allocation of reading or writing a file fails, nothing stays behind and nothing has changed",
          "[train][reliability-7]") {
  const auto model = language_model();
  model->trainer().step(2);
  const auto file = save_gpt(model->trainer().graph(), model->config(), model->tokenizer());
  const auto record = save_run(model->trainer(), "{}");
  const auto kept = model->trainer().snapshot();
  CHECK(sweep([&] { save_gpt(model->trainer().graph(), model->config(), model->tokenizer()); }) > 30);
  CHECK(sweep([&] { load_gpt(file, model->trainer().graph(), model->config(), model->tokenizer()); }) > 60);
  CHECK(sweep([&] { describe_gpt(file); }) > 30);
  CHECK(sweep([&] { save_run(model->trainer(), "{}"); }) >= 2);
  CHECK(sweep([&] { load_run(record, model->trainer()); }) >= 2);
  CHECK(model->trainer().snapshot() == kept);
  const std::string table = "a name of twenty bytes,b\n1,two and twenty bytes of text\n3,\"quoted \"\"four\"\" and more\"\n";
  CHECK(sweep([&] { read_csv({reinterpret_cast<const std::uint8_t*>(table.data()), table.size()}); }) > 4);
}

TEST_CASE("a training step allocates nothing", "[train][performance]") {
  const auto steps = [](Trainer<float>& t) {
    t.step(2);  // the first step may
    const std::uint64_t before = x2g::test::allocations();
    t.step(20);
    return x2g::test::allocations() - before;
  };
  const auto net = xor_run();
  CHECK(steps(*net) == 0);
  const auto model = language_model();
  CHECK(steps(model->trainer()) == 0);
}

TEST_CASE("built, trained and thrown away a thousand times leaves nothing", "[train][reliability-8]") {
  const std::int64_t before = x2g::test::live_blocks();
  for (int i = 0; i < 1000; ++i) {
    xor_run()->step(3);
    if (i % 50 == 0) language_model()->trainer().step(1);
  }
  CHECK(x2g::test::live_blocks() == before);
}
