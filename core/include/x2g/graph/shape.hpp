// The shape of a tensor: up to four dimensions, row-major.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

namespace x2g {

/// Rank 0 is a single number, (): the shape of a loss.
struct Shape {
  std::array<std::uint32_t, 4> dims{};  ///< sizes from the outermost to the innermost; those from rank on are 0
  std::uint32_t rank = 0;               ///< 0 … 4

  Shape() = default;
  Shape(std::initializer_list<std::uint32_t> d);                    ///< throws on rank > 4, a zero dimension or more than 2^31 elements
  explicit Shape(std::span<const std::uint32_t> d);                 ///< the same
  std::uint64_t size() const;                                       ///< number of elements; 1 for rank 0
  std::uint32_t last() const { return rank ? dims[rank - 1] : 1; }  ///< the innermost size; 1 for rank 0
  std::uint64_t rows() const { return size() / last(); }            ///< all but the last dimension
  Shape with_last(std::uint32_t width) const;                       ///< the same rows, another width
  std::string text() const;                                         ///< "(4, 64, 128)"
  bool operator==(const Shape&) const = default;                    ///< the same rank and sizes
};

}  // namespace x2g
