// Times small products between two ticks of the host's clock, so that a coarse clock misleads by a product at most.
#include "x2g/tile_probe.hpp"

#include <algorithm>

#include "kernels/gemm.hpp"

namespace x2g {
namespace {

constexpr double kSlice = 0.25;  // milliseconds
constexpr double kClearly = 1.08;
// As one block of a small GPT has them, in 20 µs or so.
constexpr std::size_t kRows = 48, kColumns = 96, kDepth = 64;

}  // namespace

bool TileProbe::round(double (*now)()) {
  const std::size_t tiles = std::min(kernels::gemm_tiles(), kMostTiles);
  if (tiles < 2 || rounds_ == kRounds) return false;
  constexpr std::size_t kA = kRows * kDepth, kB = kColumns * kDepth, kC = kRows * kColumns;
  memory_.resize(kA + kB + kC + kernels::gemm_scratch(kRows, kColumns, kDepth));
  float *const A = memory_.data(), *const B = A + kA, *const C = B + kB;
  const auto work = [&] {
    kernels::gemm<float>(kRows, kColumns, kDepth, {A, kDepth}, {B, kDepth, kernels::Op::transpose}, C, kColumns, false, nullptr,
                         std::span(memory_).subspan(kA + kB + kC));
  };
  for (std::size_t i = 0; i < tiles; ++i) {
    kernels::use_gemm_tile(i);
    const double before = now();
    double begin = before, end = begin;
    do {
      work();
      begin = now();
    } while (begin == before);
    double products = 0;
    do {
      work();
      ++products;
      end = now();
    } while (end - begin < kSlice);
    if (rounds_ >= kRounds - kCounted) best_[i] = std::max(best_[i], products / (end - begin));
  }
  std::size_t chosen = 0;
  if (++rounds_ == kRounds) {
    for (std::size_t i = 1; i < tiles; ++i) {
      if (best_[i] > kClearly * best_[0] && best_[i] > best_[chosen]) chosen = i;
    }
    memory_ = {};
  }
  kernels::use_gemm_tile(chosen);
  return rounds_ < kRounds;
}

}  // namespace x2g
