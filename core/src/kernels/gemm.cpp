// Blocked matrix multiplication in float: B is packed in panels of kColumns, A too when its k runs down the rows.
// Blocks of kDepth along k are summed one after the other into C, so that every element has the same order of sums
// whatever its place. See Goto, van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008).
#include "kernels/gemm.hpp"

#include <algorithm>

#include "kernels/gemm_pack.hpp"
#include "kernels/gemm_tile.hpp"

namespace X2G_KERNELS {
namespace {

constexpr std::size_t kBlockRows = 64 / kRows * kRows;  // rows of A per block
constexpr std::size_t kBlockColumns = 512 / kColumns * kColumns;
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
      float sum = 0;
      for (std::size_t k = 0; k < K; ++k) sum = madd(A.data[i * a_row + k * a_k], B.data[k * b_k + j * b_column], sum);
      if (accumulate) sum = C[i * ldc + j] + sum;
      if (bias != nullptr) sum = sum + bias[j];
      C[i * ldc + j] = sum;
    }
  }
}

/// Where a block meets the diagonal of a causal matrix: rows, k and columns counted from the block's own.
struct Diagonal {
  Causal::Part part;
  std::ptrdiff_t shift;  // row + shift is the last k (a) or column (c) seen, k + shift the last row (a_transposed)
};

/// The rows of one block of A against one panel of B.
template <std::size_t Vectors>
void panel_product(std::size_t rows, std::size_t K, const float* a, std::size_t lda, bool a_packed, const float* b, TileTarget target,
                   Diagonal diagonal) {
  const auto within = [K](std::ptrdiff_t k) { return static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(k, 0, K)); };
  for (std::size_t i = 0; i < rows; i += kRows, target.c += kRows * target.ld) {
    target.rows = std::min(kRows, rows - i);
    const std::ptrdiff_t seen = diagonal.shift + static_cast<std::ptrdiff_t>(i + target.rows);
    if (diagonal.part == Causal::Part::c && seen <= 0) continue;
    const std::size_t end = diagonal.part == Causal::Part::a ? within(seen) : K;
    const std::size_t begin = diagonal.part == Causal::Part::a_transposed ? within(static_cast<std::ptrdiff_t>(i) - diagonal.shift) : 0;
    Tile<Vectors> tile;
    for (auto& row : tile.sum) {
      for (auto& sum : row) sum = Floats(0.0f);
    }
    const float* const panel = b + begin * Vectors * kLanes;
    if (a_packed) {
      tile_packed(tile, end - begin, a + i * K + begin * kRows, panel);
    } else {
      const float* row[kRows];
      for (std::size_t r = 0; r < kRows; ++r) row[r] = a + (i + std::min(r, target.rows - 1)) * lda + begin;
      tile_rows(tile, end - begin, row, panel);
    }
    store_tile(tile, target);
  }
}

void pack_b(const Matrix<float>& B, std::size_t k, std::size_t K, std::size_t column, std::size_t N, float* panels) {
  for (std::size_t j = 0; j < N; j += kColumns) {
    const float* source = at(B, k, column + j);
    const std::size_t n = std::min(kColumns, N - j);
    // A last panel of at most one vector is packed, and used, as one vector wide.
    if (n <= kLanes) {
      if (B.op == Op::none)
        pack_along<kLanes>(source, B.ld, K, n, panels + j * K);
      else
        pack_across<kLanes>(source, B.ld, K, n, panels + j * K);
    } else {
      if (B.op == Op::none)
        pack_along<kColumns>(source, B.ld, K, n, panels + j * K);
      else
        pack_across<kColumns>(source, B.ld, K, n, panels + j * K);
    }
  }
}

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

}  // namespace

std::size_t gemm_scratch(std::size_t M, std::size_t N, std::size_t K) {
  const std::size_t depth = std::min(K, kDepth);
  return depth * (std::min(round_up(N, kColumns), kBlockColumns) + std::min(round_up(M, kRows), kBlockRows));
}

template <>
void gemm<float>(std::size_t M, std::size_t N, std::size_t K, Matrix<float> A, Matrix<float> B, float* C, std::size_t ldc, bool accumulate,
                 const float* bias, std::span<float> scratch, Causal causal) {
  if (M * N * K <= kTiny) return tiny(M, N, K, A, B, C, ldc, accumulate, bias);
  const bool a_packed = A.op == Op::transpose;
  float* const b_panels = scratch.data();
  float* const a_panels = b_panels + std::min(K, kDepth) * std::min(round_up(N, kColumns), kBlockColumns);
  for (std::size_t column = 0; column < N; column += kBlockColumns) {
    const std::size_t columns = std::min(kBlockColumns, N - column);
    for (std::size_t k = 0; k < K; k += kDepth) {
      const std::size_t depth = std::min(kDepth, K - k);
      pack_b(B, k, depth, column, columns, b_panels);
      for (std::size_t row = 0; row < M; row += kBlockRows) {
        const std::size_t rows = std::min(kBlockRows, M - row);
        if (a_packed) {
          for (std::size_t i = 0; i < rows; i += kRows) {
            pack_along<kRows>(at(A, row + i, k), A.ld, depth, std::min(kRows, rows - i), a_panels + i * depth);
          }
        }
        const float* a = a_packed ? a_panels : at(A, row, k);
        for (std::size_t j = 0; j < columns; j += kColumns) {
          const std::size_t n = std::min(kColumns, columns - j);
          TileTarget target{
              C + row * ldc + column + j, ldc, 0, n, accumulate || k > 0, bias != nullptr && k + depth == K ? bias + column + j : nullptr};
          const Diagonal diagonal{causal.part, diagonal_shift(causal, row, k, column + j)};
          if (n <= kLanes)
            panel_product<1>(rows, depth, a, A.ld, a_packed, b_panels + j * depth, target, diagonal);
          else
            panel_product<kPanelVectors>(rows, depth, a, A.ld, a_packed, b_panels + j * depth, target, diagonal);
        }
      }
    }
  }
}

}  // namespace X2G_KERNELS
