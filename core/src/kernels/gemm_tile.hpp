// The inner loop of matrix multiplication: a tile of C kept in registers while k runs. Included by gemm.cpp, and by gemv.cpp for kDepth.
//
// Registers: kRows · 2 accumulators, 2 of B, 1 of A (+ 1 product without fused multiply-add) must fit. V8 on x64 leaves
// WebAssembly 15 of 16; one too many halves the speed.
#pragma once

#include <cstddef>
#include <cstring>

#include "kernels/simd.hpp"

namespace X2G_KERNELS {

// Rows are chosen by measuring: without fused multiply-add 4 are as fast as 5 under Node 24; with it 8 accumulators are
// too few to cover its latency (22 GFLOP/s with 4 rows, 31 with 5, 32 with 6, where one register is left).
#if defined(__AVX512F__) || defined(__aarch64__)
inline constexpr std::size_t kRows = 8;  // 32 registers
#elif defined(__AVX2__)
inline constexpr std::size_t kRows = 6;  // 12 accumulators hide the latency of two fused units
#elif defined(X2G_RELAXED)
inline constexpr std::size_t kRows = 5;
#else
inline constexpr std::size_t kRows = 4;
#endif
inline constexpr std::size_t kPanelVectors = 2;
inline constexpr std::size_t kColumns = kPanelVectors * kLanes;
inline constexpr std::size_t kDepth = 512;  // k per block: a panel of B (16 KB at 8 columns) stays in the first cache

// V8 checks for interrupts at every loop's end: four steps a round, where bytes do not matter more.
#ifdef __OPTIMIZE_SIZE__
inline constexpr std::size_t kUnroll = 1;
#else
inline constexpr std::size_t kUnroll = 4;
#endif

/// Where a tile goes: `columns` of the tile are stored in `rows` rows.
struct TileTarget {
  float* c;
  std::size_t ld, rows, columns;
  bool accumulate;
  const float* bias;  // of these columns, or null
};

template <std::size_t Vectors>
struct Tile {
  Floats sum[kRows][Vectors];
};

/// sum[i][v] += a[i] · b(k), for one k. A's value is splat, B's come from the packed panel.
template <std::size_t Vectors, class Row>
[[gnu::always_inline]] inline void tile_step(Tile<Vectors>& tile, Row&& a, const float* b) {
  Floats column[Vectors];
  for (std::size_t v = 0; v < Vectors; ++v) column[v] = load(b + v * kLanes);
  for (std::size_t i = 0; i < kRows; ++i) {
    const Floats splat(a(i));
    for (std::size_t v = 0; v < Vectors; ++v) tile.sum[i][v] = madd(splat, column[v], tile.sum[i][v]);
  }
}

/// Calls step(u) for K values of k, u counted from the last next(). Between two steps stands a way out: without it LLVM takes the sums of one
/// element for one expression and puts its steps one behind the other, a chain that waits for every addition while all of B is held.
template <class Step, class Next>
[[gnu::always_inline]] inline void tile_loop(std::size_t K, Step&& step, Next&& next) {
  for (;; K -= kUnroll, next()) {
    if (K == 0) return;
    step(0);
    if constexpr (kUnroll == 4) {
      if (K == 1) return;
      step(1);
      if (K == 2) return;
      step(2);
      if (K == 3) return;
      step(3);
    }
  }
}

/// A packed: kRows values for each k. B packed: Vectors · kLanes values for each k.
template <std::size_t Vectors>
[[gnu::always_inline]] inline void tile_packed(Tile<Vectors>& tile, std::size_t K, const float* a, const float* b) {
  constexpr std::size_t kWidth = Vectors * kLanes;
  const auto step = [&](std::size_t u) __attribute__((always_inline)) {
    tile_step(tile, [&](std::size_t i) __attribute__((always_inline)) { return a[u * kRows + i]; }, b + u * kWidth);
  };
  tile_loop(K, step, [&] {
    a += kUnroll * kRows;
    b += kUnroll * kWidth;
  });
}

/// A as it lies: rows[i] points at the row's value for k = 0. The pointers move, so that the steps of a round are constant offsets.
template <std::size_t Vectors>
[[gnu::always_inline]] inline void tile_rows(Tile<Vectors>& tile, std::size_t K, const float* (&rows)[kRows], const float* b) {
  constexpr std::size_t kWidth = Vectors * kLanes;
  const auto step = [&](std::size_t u) __attribute__((always_inline)) {
    tile_step(tile, [&](std::size_t i) __attribute__((always_inline)) { return rows[i][u]; }, b + u * kWidth);
  };
  tile_loop(K, step, [&] {
    for (const float*& row : rows) row += kUnroll;
    b += kUnroll * kWidth;
  });
}

template <std::size_t Vectors>
inline void store_tile(const Tile<Vectors>& tile, const TileTarget& t) {
  if (t.columns == Vectors * kLanes) {
    for (std::size_t i = 0; i < kRows; ++i) {
      if (i == t.rows) break;
      float* c = t.c + i * t.ld;
      for (std::size_t v = 0; v < Vectors; ++v, c += kLanes) {
        Floats sum = tile.sum[i][v];
        if (t.accumulate) sum = load(c) + sum;
        if (t.bias != nullptr) sum = sum + load(t.bias + v * kLanes);
        store(c, sum);
      }
    }
    return;
  }
  float lanes[kRows][Vectors * kLanes];
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t v = 0; v < Vectors; ++v) store(lanes[i] + v * kLanes, tile.sum[i][v]);
  }
  for (std::size_t i = 0; i < t.rows; ++i) {
    float* c = t.c + i * t.ld;
    for (std::size_t j = 0; j < t.columns; ++j) {
      float sum = lanes[i][j];
      if (t.accumulate) sum = c[j] + sum;
      if (t.bias != nullptr) sum = sum + t.bias[j];
      c[j] = sum;
    }
  }
}

}  // namespace X2G_KERNELS
