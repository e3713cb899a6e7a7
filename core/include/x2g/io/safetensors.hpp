// The safetensors file format (huggingface/safetensors, described in its README):
// 8 bytes of header length, little-endian; a JSON header; raw data.
// Reading checks everything before anything is used: every fault is Error(bad_file) with the byte offset and the reason.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace x2g {

/// One tensor of a file, as its header tells.
struct StoredTensor {
  std::string name;                  ///< unique in the file
  std::string dtype;                 ///< "F32", "F16", "BF16", …
  std::vector<std::uint64_t> shape;  ///< rank 0 = one element
  std::uint64_t begin = 0;           ///< first byte within the data part
  std::uint64_t end = 0;             ///< behind the last
};

/// A parsed file; `data` points into the bytes given to parse().
struct SafeTensors {
  std::vector<StoredTensor> tensors;                          ///< in file order
  std::vector<std::pair<std::string, std::string>> metadata;  ///< "__metadata__"
  std::span<const std::uint8_t> data;                         ///< the data part

  static SafeTensors parse(std::span<const std::uint8_t> bytes);  ///< the bytes must outlive the result
  const StoredTensor* find(std::string_view name) const;          ///< null when absent
  /// Values as float (F32, F16, BF16 are converted); other kinds are an Error(bad_file).
  std::vector<float> floats(const StoredTensor& t) const;
  std::string_view meta(std::string_view key) const;  ///< empty when absent
};

/// What write_safetensors takes: an F32 tensor.
struct TensorToStore {
  std::string name;                  ///< unlike the others
  std::vector<std::uint64_t> shape;  ///< its product is the number of values
  std::span<const float> values;     ///< row-major
};

/// Writes F32 tensors, sorted as given, data aligned to 8 bytes, header padded with spaces.
std::vector<std::uint8_t> write_safetensors(std::span<const TensorToStore> tensors,
                                            std::span<const std::pair<std::string, std::string>> metadata);

}  // namespace x2g
