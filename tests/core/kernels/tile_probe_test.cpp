// The choice among gemm's tiles, by clocks made up so that one tile or another seems the fastest.
#include "x2g/tile_probe.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cmath>

#include "kernels/gemm.hpp"
#include "support/variants.hpp"

using namespace x2g;

namespace {

/// A call of the clock comes after a product: it moves on by what that tile's product is to take.
double time_ = 0, product_[TileProbe::kMostTiles] = {}, tick_ = 0;
double clock_made_up() {
  time_ += product_[kernels::gemm_tile_in_use()];
  return tick_ > 0 ? std::floor(time_ / tick_) * tick_ : time_;
}

/// The tile in use after all rounds, where a product takes so many milliseconds with each.
std::size_t chosen(double usual, double other, double tick) {
  time_ = 0, tick_ = tick;
  for (double& p : product_) p = other;
  product_[0] = usual;
  TileProbe probe;
  std::size_t rounds = 1;
  while (probe.round(&clock_made_up)) {
    REQUIRE(kernels::gemm_tile_in_use() == 0);  // what else runs between rounds has the usual tile
    ++rounds;
  }
  CHECK(rounds == (kernels::gemm_tiles() < 2 ? 1 : TileProbe::kRounds));
  const std::size_t tile = kernels::gemm_tile_in_use();
  CHECK_FALSE(probe.round(&clock_made_up));
  CHECK(kernels::gemm_tile_in_use() == tile);
  kernels::use_gemm_tile(0);
  return tile;
}

}  // namespace

TEST_CASE("the tile probe leaves the fastest tile in use, the usual one unless another is clearly faster", "[kernels]") {
  X2G_ON_EACH_VARIANT();
  const std::size_t other = kernels::gemm_tiles() > 1 ? 1 : 0;
  for (const double tick : {0.0, 0.005, 0.1, 1.0}) {  // Node, Chromium isolated or not, Safari
    CAPTURE(tick);
    CHECK(chosen(0.02, 0.01, tick) == other);
    CHECK(chosen(0.02, 0.016, tick) == other);
    CHECK(chosen(0.02, 0.02, tick) == 0);
    CHECK(chosen(0.01, 0.02, tick) == 0);
  }
  CHECK(chosen(0.0200, 0.0195, 0) == 0);
}
