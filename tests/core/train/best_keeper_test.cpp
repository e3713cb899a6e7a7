// Early stopping on made-up losses and on a real run that is put back to its best.
#include "x2g/train/best_keeper.hpp"

#include <catch2/catch_test_macros.hpp>
#include <algorithm>
#include <cmath>
#include <memory>

#include "x2g/base/error.hpp"
#include "x2g/nn/models.hpp"

using namespace x2g;
using enum BestKeeper::Verdict;

namespace {

Trainer<float> small_run() {
  MlpConfig c;
  c.sizes = {2, 4, 1};
  c.loss = MlpConfig::Loss::bce;
  c.batch = 4;
  return {mlp(c),
          {.lr = 0.5},
          std::make_unique<TableBatches<float>>(std::vector<float>{0, 0, 0, 1, 1, 0, 1, 1}, std::vector<float>{0, 1, 1, 0}, 4, 4, 1),
          1};
}

}  // namespace

TEST_CASE("patience counts observations without enough gain; the best can be restored to the bit", "[train][best]") {
  Trainer<float> run = small_run();
  BestKeeper keeper(3, 0.125);
  CHECK_FALSE(keeper.has_best());
  CHECK(keeper.observe(NAN, run) == waiting);
  CHECK(keeper.observe(1.0, run) == better);
  run.step(5);
  CHECK(keeper.observe(0.95, run) == waiting);  // better, but not by min_delta
  CHECK(keeper.observe(0.75, run) == better);
  CHECK(keeper.best() == 0.75);
  CHECK(keeper.best_step() == 5);
  const std::vector<float> best(run.graph().state().begin(), run.graph().state().end());
  run.step(5);
  CHECK(keeper.observe(2.0, run) == waiting);
  CHECK(keeper.observe(0.625, run) == waiting);  // 0.75 − 0.125 must be beaten
  CHECK(keeper.observe(NAN, run) == stop);
  CHECK(keeper.observe(0.7, run) == stop);
  CHECK(keeper.waited() == 3);
  CHECK_FALSE(std::ranges::equal(best, run.graph().state()));
  run.restore(keeper.snapshot());
  CHECK(run.steps() == 5);
  CHECK(std::ranges::equal(best, run.graph().state()));
  keeper.reset();
  CHECK_FALSE(keeper.has_best());
  CHECK(keeper.best() == INFINITY);
}

TEST_CASE("patience and the least gain are checked", "[train][best]") {
  CHECK_THROWS_AS(BestKeeper(0), Error);
  CHECK_THROWS_AS(BestKeeper(1, -1), Error);
  CHECK_THROWS_AS(BestKeeper(1, NAN), Error);
}
