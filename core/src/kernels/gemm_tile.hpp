// The inner loop of matrix multiplication: a tile of C kept in registers while k runs. Included by gemm.cpp, and by gemv.cpp for kDepth.
//
// Registers: Rows · Vectors accumulators, Vectors of B, 1 of A (+ 1 product without fused multiply-add) must fit. V8 on x64 leaves
// WebAssembly 15 of 16; one too many halves the speed. Which tile wins differs between machines and engines: gemm.cpp has the list.
#pragma once

#include <algorithm>
#include <cstddef>

#include "kernels/simd.hpp"

namespace X2G_KERNELS {

inline constexpr std::size_t kDepth = 512;  // k per block: a panel of B (16 KB at 8 columns) stays in the first cache

// V8 checks for interrupts at every loop's end: four steps a round.
inline constexpr std::size_t kUnroll = 4;

/// Where a tile goes: `columns` of the tile are stored in `rows` rows.
struct TileTarget {
  float* c;
  std::size_t ld, rows, columns;
  bool accumulate;
  const float* bias;  // of these columns, or null
};

template <std::size_t Rows, std::size_t Vectors>
struct Tile {
  static constexpr std::size_t kWidth = Vectors * kLanes;
  Floats sum[Rows][Vectors];
};

/// sum[i][v] += a[i] · b(k), for one k. A's value is splat, B's come from the packed panel.
template <std::size_t Rows, std::size_t Vectors, class Row>
[[gnu::always_inline]] inline void tile_step(Tile<Rows, Vectors>& tile, Row&& a, const float* b) {
  Floats column[Vectors];
  for (std::size_t v = 0; v < Vectors; ++v) column[v] = load(b + v * kLanes);
  for (std::size_t i = 0; i < Rows; ++i) {
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
    if (K == 1) return;
    step(1);
    if (K == 2) return;
    step(2);
    if (K == 3) return;
    step(3);
  }
}

/// A packed: Rows values for each k. B packed: Vectors · kLanes values for each k.
template <std::size_t Rows, std::size_t Vectors>
[[gnu::always_inline]] inline void tile_packed(Tile<Rows, Vectors>& tile, std::size_t K, const float* a, const float* b) {
  constexpr std::size_t kWidth = Tile<Rows, Vectors>::kWidth;
  const auto step = [&](std::size_t u) __attribute__((always_inline)) {
    tile_step(tile, [&](std::size_t i) __attribute__((always_inline)) { return a[u * Rows + i]; }, b + u * kWidth);
  };
  tile_loop(K, step, [&] {
    a += kUnroll * Rows;
    b += kUnroll * kWidth;
  });
}

/// A as it lies: rows[i] points at the row's value for k = 0. The pointers move, so that the steps of a round are constant offsets.
template <std::size_t Rows, std::size_t Vectors>
[[gnu::always_inline]] inline void tile_rows(Tile<Rows, Vectors>& tile, std::size_t K, const float* (&rows)[Rows], const float* b) {
  constexpr std::size_t kWidth = Tile<Rows, Vectors>::kWidth;
  const auto step = [&](std::size_t u) __attribute__((always_inline)) {
    tile_step(tile, [&](std::size_t i) __attribute__((always_inline)) { return rows[i][u]; }, b + u * kWidth);
  };
  tile_loop(K, step, [&] {
    for (const float*& row : rows) row += kUnroll;
    b += kUnroll * kWidth;
  });
}

/// The sums of a last panel of one vector, rows any: A's values lie `a_row` apart from row to row and `a_k` from k to k. It is rare, so one
/// loop serves all tiles.
inline constexpr std::size_t kNarrowRows = 4;  // at once
inline void narrow_rows(std::size_t rows, std::size_t K, const float* a, std::size_t a_row, std::size_t a_k, const float* b, float* sums) {
  for (std::size_t i = 0; i < rows; i += kNarrowRows) {
    Tile<kNarrowRows, 1> tile;
    const float* row[kNarrowRows];
    for (std::size_t r = 0; r < kNarrowRows; ++r) {
      tile.sum[r][0] = Floats(0.0f);
      row[r] = a + std::min(i + r, rows - 1) * a_row;
    }
    for (std::size_t k = 0; k < K; ++k) tile_step(tile, [&](std::size_t r) { return row[r][k * a_k]; }, b + k * kLanes);
    for (std::size_t r = 0; r < kNarrowRows && i + r < rows; ++r) store(sums + (i + r) * kLanes, tile.sum[r][0]);
  }
}

/// The usual case of what follows: all columns, no bias.
template <std::size_t Rows, std::size_t Vectors>
[[gnu::always_inline]] inline void store_whole(const Tile<Rows, Vectors>& tile, const TileTarget& t) {
  float* c = t.c;
  for (std::size_t i = 0; i < Rows; ++i, c += t.ld) {
    if (i == t.rows) break;
    for (std::size_t v = 0; v < Vectors; ++v) store(c + v * kLanes, t.accumulate ? load(c + v * kLanes) + tile.sum[i][v] : tile.sum[i][v]);
  }
}

/// Sums of t.rows rows, `width` a row, to their place.
[[gnu::noinline]] inline void store_tile(const float* sums, std::size_t width, const TileTarget& t) {
  for (std::size_t i = 0; i < t.rows; ++i, sums += width) {
    float* const c = t.c + i * t.ld;
    std::size_t j = 0;
    for (; j + kLanes <= t.columns; j += kLanes) {
      Floats sum = load(sums + j);
      if (t.accumulate) sum = load(c + j) + sum;
      if (t.bias != nullptr) sum = sum + load(t.bias + j);
      store(c + j, sum);
    }
    for (; j < t.columns; ++j) {
      float sum = sums[j];
      if (t.accumulate) sum = c[j] + sum;
      if (t.bias != nullptr) sum = sum + t.bias[j];
      c[j] = sum;
    }
  }
}

}  // namespace X2G_KERNELS
