// Files: whole ones in, whole ones out. What cannot be read or written is an Error(bad_file) with the path, the reason and what to do.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace x2g::cli {

std::vector<std::uint8_t> read_bytes(const std::string& path);

/// UTF-8 text as the lessons read it: without a byte order mark, line ends as \n. Error for an empty file, for other encodings (with the
/// offset of the first wrong byte) and for zero bytes.
std::string read_text(const std::string& path);

/// Error when a file could not be written there; asked before hours of training, not after.
void check_writable(const std::string& path);

/// The folder and those it lies in, where they are not there yet.
void make_folder(const std::string& path);

/// Writes beside the file and renames, so that a file of that name is always whole: the old one or the new one.
void write_bytes(const std::string& path, std::span<const std::uint8_t> bytes);

}  // namespace x2g::cli
