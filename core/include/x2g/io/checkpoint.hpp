// A record of named sections, sealed: what a saved run is kept in (train/saved_run.hpp says which sections). Not a format for exchange;
// weights for other programs go into safetensors.
//
//   8 bytes "x2gckpt\x1a" | version 32 bits | sections 32 | length of the whole 64 | sequence 64
//   per section 48 bytes: name, 32 bytes filled up with 0 | offset 64 | length 64
//   the sections, each from a multiple of 8, filled up with 0 | XXH64 of everything before        all little-endian
//
// Replacing a record safely: keep two places. Write the new record, with a sequence one higher, over the place that newest_checkpoint()
// does not name; read it back; parse() it; only then is it the newest. Whenever writing stops halfway, the other place is still whole:
// a half-written record fails by its length or its checksum.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace x2g {

inline constexpr std::uint32_t kCheckpointVersion = 1;  ///< of the records written

/// A name with its bytes.
struct CheckpointSection {
  std::string name;                     ///< 1 to 32 of a-z 0-9 . _ -
  std::span<const std::uint8_t> bytes;  ///< any number
};

/// A parsed record; the sections point into the bytes given to parse().
struct Checkpoint {
  std::uint64_t sequence = 0;               ///< the newer record has the higher one
  std::vector<CheckpointSection> sections;  ///< 1 to 64, in file order

  /// Error(bad_file) with the byte offset: no record, of a newer version, cut short, damaged, or sections that do not tile it.
  static Checkpoint parse(std::span<const std::uint8_t> bytes);
  bool has(std::string_view name) const;                               ///< whether there is a section of that name
  std::span<const std::uint8_t> section(std::string_view name) const;  ///< Error(bad_file) when absent
};

/// Error(invalid_argument) for a name that is wrong or given twice, or too many sections.
std::vector<std::uint8_t> write_checkpoint(std::span<const CheckpointSection> sections, std::uint64_t sequence = 0);

/// Which of several places holds the whole record with the highest sequence (the first of equal ones); −1: none. Empty places are fine.
int newest_checkpoint(std::span<const std::span<const std::uint8_t>> places);

}  // namespace x2g
