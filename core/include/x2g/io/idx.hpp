// The IDX format of the MNIST data (Y. LeCun, C. Cortes, C. Burges: "The MNIST database", file formats at the page's end):
// bytes 0 0 kind rank, then rank sizes of 32 bits, highest byte first, then the values, the last axis fastest.
// Unpacking gzip is the caller's (a browser has a stream for it); packed bytes are recognized and refused with that word.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace x2g {

/// A parsed file of unsigned bytes (kind 8); `values` points into the bytes given to parse().
struct IdxFile {
  std::vector<std::uint32_t> dims;       ///< rank 1 … 4, each size at least 1
  std::span<const std::uint8_t> values;  ///< the last axis fastest

  /// Error(bad_file) with the byte offset: too short, not an IDX file, another kind or rank, a size of 0, values missing or left over.
  static IdxFile parse(std::span<const std::uint8_t> bytes);
};

/// Images with the class of each. pixels: (count, height, width), 0 = background.
struct LabeledImages {
  std::uint32_t count = 0;               ///< images
  std::uint32_t height = 0;              ///< pixels
  std::uint32_t width = 0;               ///< pixels
  std::span<const std::uint8_t> pixels;  ///< (count, height, width)
  std::span<const std::uint8_t> labels;  ///< (count)

  /// Pixels of image `index` as 0 … 1 into `out`, height × width numbers. Error(invalid_argument) for a wrong index or length.
  void image(std::uint32_t index, std::span<float> out) const;
};

/// Pairs a file of images (rank 3) with one of labels (rank 1). Error(bad_file) when ranks or counts do not fit, or a label is `classes` or more.
LabeledImages pair_images(const IdxFile& images, const IdxFile& labels, std::uint32_t classes = 10);

}  // namespace x2g
