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
#include "x2g/lm/language_model.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/nn/perceptron.hpp"
#include "x2g/train/gradient_check.hpp"
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
