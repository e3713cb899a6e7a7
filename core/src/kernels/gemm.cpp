// Blocked matrix multiplication in float: B is packed in panels of a tile's width, A too when its k runs down the rows.
// Blocks of kDepth along k are summed one after the other into C, so that every element has the same order of sums
// whatever its place, and whatever the tile of registers. See Goto, van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008).
#include "kernels/gemm.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <iterator>

#include "kernels/gemm_pack.hpp"
#include "kernels/gemm_tile.hpp"

namespace X2G_KERNELS {
namespace {

constexpr std::size_t kMostRows = 64, kMostColumns = 512;  // of A and of B per block
constexpr std::size_t kMostTileRows = 8;
constexpr std::size_t kTiny = 512;  // multiplications below which packing costs more than it saves

constexpr std::size_t round_up(std::size_t n, std::size_t step) { return (n + step - 1) / step * step; }

/// Pointer to op(X)(row, column).
const float* at(const Matrix<float>& x, std::size_t row, std::size_t column) {
  return x.op == Op::none ? x.data + row * x.ld + column : x.data + column * x.ld + row;
}

/// One element after the other: for XOR-sized products. The same sums in the same order as the tiles.
void tiny(std::size_t M, std::size_t N, std::size_t K, const Matrix<float>& A, const Matrix<float>& B, float* C, std::size_t ldc,
          bool accumulate, const float* bias) {
  const std::size_t a_row = A.op == Op::none ? A.ld : 1, a_k = A.op == Op::none ? 1 : A.ld;
  const std::size_t b_k = B.op == Op::none ? B.ld : 1, b_column = B.op == Op::none ? 1 : B.ld;
  for (std::size_t i = 0; i < M; ++i) {
    for (std::size_t j = 0; j < N; ++j) {
      const float *a = A.data + i * a_row, *b = B.data + j * b_column;
      float sum = 0;
      for (std::size_t k = 0; k < K; ++k, a += a_k, b += b_k) sum = madd(*a, *b, sum);
      if (accumulate) sum = C[j] + sum;
      if (bias != nullptr) sum = sum + bias[j];
      C[j] = sum;
    }
    C += ldc;
  }
}

/// Where a block meets the diagonal of a causal matrix: rows, k and columns counted from the block's own.
struct Diagonal {
  Causal::Part part;
  std::ptrdiff_t shift;  // row + shift is the last k (a) or column (c) seen, k + shift the last row (a_transposed)
};

std::ptrdiff_t diagonal_shift(const Causal& causal, std::size_t row, std::size_t k, std::size_t column) {
  const auto shift = static_cast<std::ptrdiff_t>(causal.shift), r = static_cast<std::ptrdiff_t>(row), at = static_cast<std::ptrdiff_t>(k);
  switch (causal.part) {
    case Causal::Part::c: return shift + r - static_cast<std::ptrdiff_t>(column);
    case Causal::Part::a: return shift + r - at;
    case Causal::Part::a_transposed: return shift + at - r;
    case Causal::Part::none: break;
  }
  return 0;
}

/// A block's rows against one panel of B.
struct Panel {
  std::size_t K;
  const float *a, *b;
  std::size_t lda;
  bool a_packed;
  Diagonal diagonal;

  /// Which k count for `rows` rows from i on; none where nothing of them is wanted.
  struct Range {
    std::size_t begin, end;
    bool wanted;
  };
  Range range(std::size_t i, std::size_t rows) const {
    const auto within = [this](std::ptrdiff_t k) { return static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(k, 0, K)); };
    const std::ptrdiff_t seen = diagonal.shift + static_cast<std::ptrdiff_t>(i + rows);
    const auto first = static_cast<std::ptrdiff_t>(i) - diagonal.shift;
    return {diagonal.part == Causal::Part::a_transposed ? within(first) : 0, diagonal.part == Causal::Part::a ? within(seen) : K,
            diagonal.part != Causal::Part::c || seen > 0};
  }
};

template <std::size_t Rows, std::size_t Vectors>
void whole_panel(const Panel& p, std::size_t rows, TileTarget target) {
  constexpr std::size_t kWidth = Vectors * kLanes;
  for (std::size_t i = 0; i < rows; i += Rows, target.c += Rows * target.ld) {
    target.rows = std::min(Rows, rows - i);
    const auto [begin, end, wanted] = p.range(i, target.rows);
    if (!wanted) continue;
    Tile<Rows, Vectors> tile;
    for (auto& row : tile.sum) {
      for (auto& sum : row) sum = Floats(0.0f);
    }
    if (p.a_packed) {
      tile_packed(tile, end - begin, p.a + i * p.K + begin * Rows, p.b + begin * kWidth);
    } else {
      const float* row[Rows];
      for (std::size_t r = 0; r < Rows; ++r) row[r] = p.a + (i + std::min(r, target.rows - 1)) * p.lda + begin;
      tile_rows(tile, end - begin, row, p.b + begin * kWidth);
    }
    if (target.columns == kWidth && target.bias == nullptr) {
      store_whole(tile, target);
      continue;
    }
    alignas(64) float sums[Rows * kWidth];
    for (std::size_t r = 0; r < Rows; ++r) {
      for (std::size_t v = 0; v < Vectors; ++v) store(sums + r * kWidth + v * kLanes, tile.sum[r][v]);
    }
    store_tile(sums, kWidth, target);
  }
}

/// A tile of registers: rows, columns, and its way through a panel.
struct TileEntry {
  std::size_t rows, columns;
  void (*panel)(const Panel&, std::size_t rows, TileTarget target);
};

/// A last panel of at most one vector. Packed rows lie in groups as high as the tile.
void narrow_panel(const Panel& p, std::size_t packed_rows, std::size_t rows, TileTarget target) {
  const std::size_t height = p.a_packed ? packed_rows : kNarrowRows;
  for (std::size_t i = 0; i < rows; i += height, target.c += height * target.ld) {
    target.rows = std::min(height, rows - i);
    const auto [begin, end, wanted] = p.range(i, target.rows);
    if (!wanted) continue;
    alignas(64) float sums[kMostTileRows * kLanes];
    if (p.a_packed)
      narrow_rows(target.rows, end - begin, p.a + i * p.K + begin * height, 1, height, p.b + begin * kLanes, sums);
    else
      narrow_rows(target.rows, end - begin, p.a + i * p.lda + begin, p.lda, 1, p.b + begin * kLanes, sums);
    store_tile(sums, kLanes, target);
  }
}

template <std::size_t Rows, std::size_t Vectors>
constexpr TileEntry entry() {
  return {Rows, Vectors * kLanes, &whole_panel<Rows, Vectors>};
}

// The first is the usual one, the other is for engines that compile it better (x2g/tile_probe.hpp). Chosen by measuring:
// tests/bench/README.md has the figures, also of the tiles that won nowhere.
constexpr TileEntry kTiles[] = {
#if defined(__AVX512F__) || defined(__aarch64__)
    entry<8, 2>(),  // 32 registers
#elif defined(__AVX2__)
    entry<6, 2>(),  // 12 accumulators hide the latency of two fused units
#elif defined(X2G_RELAXED)
    entry<6, 2>(),
#elif defined(__wasm_simd128__)
    entry<2, 4>(),  // a second one and the probe's call would take the language lessons' page over its size
#else
    entry<2, 4>(),
    entry<4, 2>(),
#endif
};

constinit std::atomic<std::uint8_t> chosen{0};
const TileEntry& tile_in_use() { return kTiles[chosen.load(std::memory_order_relaxed)]; }

}  // namespace

std::size_t gemm_scratch(std::size_t M, std::size_t N, std::size_t K) {
  // Of the tile that needs most: which one is in use may change.
  std::size_t width = 0;
  for (const TileEntry& t : kTiles) {
    const std::size_t columns = std::min(round_up(N, t.columns), kMostColumns / t.columns * t.columns);
    const std::size_t rows = std::min(round_up(M, t.rows), kMostRows / t.rows * t.rows);
    width = std::max(width, columns + rows);
  }
  return std::min(K, kDepth) * width;
}

std::size_t gemm_tiles() { return std::size(kTiles); }
std::size_t gemm_tile_in_use() { return static_cast<std::size_t>(&tile_in_use() - kTiles); }
GemmTile gemm_tile(std::size_t i) { return {kTiles[i].rows, kTiles[i].columns}; }
void use_gemm_tile(std::size_t i) { chosen.store(static_cast<std::uint8_t>(i), std::memory_order_relaxed); }

template <>
void gemm<float>(std::size_t M, std::size_t N, std::size_t K, Matrix<float> A, Matrix<float> B, float* C, std::size_t ldc, bool accumulate,
                 const float* bias, std::span<float> scratch, Causal causal) {
  if (M * N * K <= kTiny) return tiny(M, N, K, A, B, C, ldc, accumulate, bias);
  const TileEntry& tile = tile_in_use();
  const std::size_t block_rows = kMostRows / tile.rows * tile.rows, block_columns = kMostColumns / tile.columns * tile.columns;
  const bool a_packed = A.op == Op::transpose;
  float* const b_panels = scratch.data();
  float* const a_panels = b_panels + std::min(K, kDepth) * std::min(round_up(N, tile.columns), block_columns);
  for (std::size_t column = 0; column < N; column += block_columns) {
    const std::size_t columns = std::min(block_columns, N - column);
    for (std::size_t k = 0; k < K; k += kDepth) {
      const std::size_t depth = std::min(kDepth, K - k);
      for (std::size_t j = 0; j < columns; j += tile.columns) {
        const std::size_t n = std::min(tile.columns, columns - j);
        // A last panel of at most one vector is packed, and used, as one vector wide.
        (B.op == Op::none ? pack_along : pack_across)(at(B, k, column + j), B.ld, depth, n, n <= kLanes ? kLanes : tile.columns,
                                                      b_panels + j * depth);
      }
      for (std::size_t row = 0; row < M; row += block_rows) {
        const std::size_t rows = std::min(block_rows, M - row);
        for (std::size_t i = 0; a_packed && i < rows; i += tile.rows) {
          pack_along(at(A, row + i, k), A.ld, depth, std::min(tile.rows, rows - i), tile.rows, a_panels + i * depth);
        }
        for (std::size_t j = 0; j < columns; j += tile.columns) {
          const std::size_t n = std::min(tile.columns, columns - j);
          const Panel panel{depth,
                            a_packed ? a_panels : at(A, row, k),
                            b_panels + j * depth,
                            A.ld,
                            a_packed,
                            {causal.part, diagonal_shift(causal, row, k, column + j)}};
          const TileTarget target{
              C + row * ldc + column + j, ldc, 0, n, accumulate || k > 0, bias != nullptr && k + depth == K ? bias + column + j : nullptr};
          if (n <= kLanes)
            narrow_panel(panel, tile.rows, rows, target);
          else
            tile.panel(panel, rows, target);
        }
      }
    }
  }
}

}  // namespace X2G_KERNELS
