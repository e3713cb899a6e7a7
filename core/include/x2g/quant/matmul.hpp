// Products with quantized weights.
//
//   quantized_matmul   y = x ŵᵀ [+ b]   x (N, I)   ŵ (O, I) decoded a few rows at a time   y (N, O): weights are stored small, sums are float
//   int8_matmul        y = x Wᵀ          both rounded to 8-bit integers by row and multiplied as integers; columns of x that hold a number
//                                        of at least `threshold` stay in float, with those of W (Dettmers et al. 2022, "LLM.int8()",
//                                        section 3: vector-wise quantization, mixed-precision decomposition, threshold 6)
// No backward: what is quantized is frozen, and gradients pass through decoded weights (quant/model.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "x2g/quant/quantize.hpp"

namespace x2g {

/// The bits of the float product with W.dequantize(); at most 32 decoded rows exist at a time. An empty b means no bias.
/// Error(shape_mismatch) unless x holds N × W.columns() numbers, y N × W.rows(), b W.rows().
void quantized_matmul(const Quantized& W, std::size_t N, std::span<const float> x, std::span<const float> b, std::span<float> y);

/// How int8_matmul divided its work.
struct Int8Report {
  std::uint32_t outliers = 0;       ///< columns that stayed in float
  std::uint64_t integer_terms = 0;  ///< products formed in integers; N · O · I less those of the outlier columns
};
/// threshold above 0, +∞: no column is an outlier. I at most 133 000, so that 32-bit sums cannot overflow.
Int8Report int8_matmul(std::size_t N, std::size_t I, std::size_t O, double threshold, std::span<const float> x, std::span<const float> W,
                       std::span<float> y);

}  // namespace x2g
