#include "x2g/quant/matmul.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/gemm.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

constexpr std::size_t kPanelRows = 32;
constexpr std::size_t kLongestSum = 133'000;  // 127 · 127 · 133 000 < 2^31

void expect_size(const char* name, std::size_t has, std::size_t rows, std::size_t columns) {
  const bool good = columns != 0 && has % columns == 0 && has / columns == rows;
  if (!good) throw Error(ErrorCode::shape_mismatch, text(name, " holds ", has, " numbers; it must hold ", rows, " x ", columns));
}

/// The 8-bit codes of a matrix quantized by row.
std::vector<std::int8_t> codes(const Quantized& q) {
  std::vector<std::int8_t> out(q.size());
  std::ranges::transform(q.packed(), out.begin(), [](std::uint8_t byte) { return static_cast<std::int8_t>(byte); });
  return out;
}

std::int32_t dot(const std::int8_t* a, const std::int8_t* b, std::size_t n) {
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += static_cast<std::int32_t>(a[i]) * static_cast<std::int32_t>(b[i]);
  return sum;
}

/// The matrix with the marked columns set to zero.
std::vector<float> without(std::span<const float> matrix, const std::vector<std::uint32_t>& columns, std::size_t width) {
  std::vector<float> out(matrix.begin(), matrix.end());
  for (std::size_t row = 0; row < out.size(); row += width)
    for (const std::uint32_t column : columns) out[row + column] = 0;
  return out;
}

}  // namespace

void quantized_matmul(const Quantized& W, std::size_t N, std::span<const float> x, std::span<const float> b, std::span<float> y) {
  const std::size_t O = W.rows(), I = W.columns();
  expect_size("x", x.size(), N, I);
  expect_size("y", y.size(), N, O);
  if (!b.empty()) expect_size("b", b.size(), 1, O);
  const std::size_t most = std::min(kPanelRows, O);
  std::vector<float> panel(most * I), scratch(kernels::gemm_scratch(N, most, I));
  for (std::size_t row = 0; row < O; row += most) {
    const std::size_t count = std::min(most, O - row);
    W.dequantize(row * I, std::span(panel).first(count * I));
    kernels::gemm<float>(N, count, I, {x.data(), I}, {panel.data(), I, kernels::Op::transpose}, y.data() + row, O, false,
                         b.empty() ? nullptr : b.data() + row, scratch);
  }
}

Int8Report int8_matmul(std::size_t N, std::size_t I, std::size_t O, double threshold, std::span<const float> x, std::span<const float> W,
                       std::span<float> y) {
  if (!(threshold > 0)) throw Error(ErrorCode::invalid_argument, text("threshold is ", threshold, "; it must be above 0, for example 6"));
  if (I > kLongestSum) throw Error(ErrorCode::invalid_argument, text("I is ", I, "; 32-bit sums hold up to ", kLongestSum, " products"));
  expect_size("x", x.size(), N, I);
  expect_size("W", W.size(), O, I);
  expect_size("y", y.size(), N, O);
  std::vector<std::uint32_t> outliers;
  for (std::size_t column = 0; column < I; ++column)
    for (std::size_t row = 0; row < N; ++row)
      if (std::fabs(static_cast<double>(x[row * I + column])) >= threshold) {
        outliers.push_back(static_cast<std::uint32_t>(column));
        break;
      }
  QuantConfig by_row;
  by_row.group = QuantConfig::Group::row;
  const Quantized qx = quantize(without(x, outliers, I), N, I, by_row), qW = quantize(without(W, outliers, I), O, I, by_row);
  const std::vector<std::int8_t> cx = codes(qx), cW = codes(qW);
  for (std::size_t n = 0; n < N; ++n)
    for (std::size_t o = 0; o < O; ++o) {
      float sum = qx.constant(n) * qW.constant(o) * static_cast<float>(dot(&cx[n * I], &cW[o * I], I));
      for (const std::uint32_t i : outliers) sum += x[n * I + i] * W[o * I + i];
      y[n * O + o] = sum;
    }
  return {static_cast<std::uint32_t>(outliers.size()), static_cast<std::uint64_t>(N) * O * (I - outliers.size())};
}

}  // namespace x2g
