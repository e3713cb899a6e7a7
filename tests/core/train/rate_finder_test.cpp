// The learning-rate finder: rates rise evenly, the run comes back untouched, the suggestion trains.
#include "x2g/train/rate_finder.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <algorithm>
#include <cmath>
#include <memory>

#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/nn/models.hpp"

using namespace x2g;

namespace {

/// A regression that SGD can learn: t = x·w from 64 rows, batches of 16.
Trainer<float> regression(double lr = 0.01) {
  Rng rng(9, Stream::data);
  std::vector<float> x(64 * 4), t(64);
  for (float& v : x) v = static_cast<float>(rng.normal());
  for (std::size_t i = 0; i < 64; ++i) t[i] = x[4 * i] - 2 * x[4 * i + 1] + 0.5f * x[4 * i + 2];
  MlpConfig c;
  c.sizes = {4, 8, 1};
  c.hidden = Activation::tanh;
  c.batch = 16;
  return {mlp(c), {.lr = lr, .momentum = 0.5, .warmup = 5, .total = 100}, std::make_unique<TableBatches<float>>(x, t, 64, 16, 1), 1};
}

}  // namespace

TEST_CASE("the finder sweeps rates evenly in log and leaves the run as it found it", "[train][rate-finder][lesson-22]") {
  Trainer<float> run = regression(), untouched = regression();
  run.step(7);
  untouched.step(12);
  run.advance();  // in the middle of a step
  double suggestion = 0;
  {
    RateFinder<float> finder(run, 1e-5, 10, 61);
    while (finder.advance()) {}
    const auto points = finder.points();
    REQUIRE(points.size() > 20);
    CHECK(points[0].lr == Catch::Approx(1e-5));
    for (std::size_t i = 1; i < points.size(); ++i)
      CHECK(points[i].lr / points[i - 1].lr == Catch::Approx(std::pow(1e6, 1.0 / 60)).epsilon(1e-6));
    CHECK(points[0].smoothed == Catch::Approx(points[0].loss));
    CHECK_FALSE(finder.advance());
    suggestion = finder.suggestion();
  }
  CHECK(run.optimizer().lr == 0.01);
  CHECK(run.optimizer().total == 100);
  CHECK(run.steps() == 7);
  run.step(5);
  CHECK(std::ranges::equal(run.graph().state(), untouched.graph().state()));
  CHECK(run.report().loss == untouched.report().loss);
  CHECK(suggestion > 1e-3);
  CHECK(suggestion < 1);
}

TEST_CASE("the suggested rate learns in twenty steps what a hundredth of it does not", "[train][rate-finder]") {
  Trainer<float> run = regression();
  RateFinder<float> finder(run, 1e-5, 10, 61);
  while (finder.advance()) {}
  const double rate = finder.suggestion();
  Trainer<float> good = regression(rate), slow = regression(rate / 100);
  good.step(20);
  slow.step(20);
  CHECK(good.report().loss < 0.5 * slow.report().loss);
}

TEST_CASE("a sweep that diverges ends, and the run goes on as if nothing had been", "[train][rate-finder]") {
  Trainer<float> run = regression();
  {
    RateFinder<float> finder(run, 1e5, 1e6, 1000);
    while (finder.advance()) {}
    CHECK(finder.points().size() < 1000);
  }
  CHECK_FALSE(run.diverged());
  CHECK(run.steps() == 0);
  run.step(3);
  CHECK_FALSE(run.diverged());
}

TEST_CASE("no points, no suggestion; settings are checked and a refusal changes nothing", "[train][rate-finder]") {
  Trainer<float> run = regression();
  CHECK_THROWS_AS(RateFinder<float>(run, 1, 0.1, 10), Error);
  CHECK_THROWS_AS(RateFinder<float>(run, 0, 1, 10), Error);
  CHECK_THROWS_AS(RateFinder<float>(run, 0.1, 1, 2), Error);
  CHECK(run.optimizer().lr == 0.01);
  RateFinder<float> none(run, 0.1, 1, 3);
  CHECK(none.suggestion() == 0);
  none.finish();
  CHECK(run.optimizer().lr == 0.01);
}
