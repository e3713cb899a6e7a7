// Matrix multiplication, the engine's one hot spot.
//
//   C (M, N) = [C +] op(A) op(B) [+ bias (N) on every row]        op(A) (M, K)   op(B) (K, N)
//
// All matrices are row-major with a leading dimension (elements from one row to the next).
// Sums over k run in the same order for every element of C whatever the tile, so results do not depend on M, N or blocking edges.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/variant.hpp"

namespace x2g::kernels {

enum class Op : bool { none = false, transpose = true };

template <class T>
struct Matrix {
  const T* data;
  std::size_t ld;  // elements between the starts of two stored rows
  Op op = Op::none;
};

/// A product with a causal matrix S, stored with rows = queries: S(i, j) is zero, or not wanted, where key j > i + shift. What lies wholly
/// beyond the diagonal is left out by tiles of a few rows, so the zeros must be there and what is not wanted may be written or not.
struct Causal {
  enum class Part : std::uint8_t { none, c, a, a_transposed } part = Part::none;  // S is C, A, or the stored A of Op::transpose
  std::size_t shift = 0;                                                          // of the first stored row
};

/// A tile of C that stays in registers.
struct GemmTile {
  std::size_t rows, columns;
};

}  // namespace x2g::kernels

namespace X2G_KERNELS {

/// The tiles that gemm can work in; 0 is the usual one. All give the same bits; which is fastest depends on the machine and the engine.
std::size_t gemm_tiles();
GemmTile gemm_tile(std::size_t i);
std::size_t gemm_tile_in_use();
void use_gemm_tile(std::size_t i);

/// Elements of scratch (packed panels) that gemm needs.
std::size_t gemm_scratch(std::size_t M, std::size_t N, std::size_t K);

/// `bias` may be null. `accumulate` adds to C instead of overwriting it. C must not overlap A or B.
template <class T>
void gemm(std::size_t M, std::size_t N, std::size_t K, Matrix<T> A, Matrix<T> B, T* C, std::size_t ldc, bool accumulate, const T* bias,
          std::span<T> scratch, Causal causal = {});

}  // namespace X2G_KERNELS
