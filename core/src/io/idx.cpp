#include "x2g/io/idx.hpp"

#include <algorithm>
#include <string_view>

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

constexpr std::uint8_t kUnsignedByte = 8;
constexpr std::uint8_t kMostAxes = 4;

[[noreturn]] void bad(std::uint64_t byte, std::string_view why) { throw Error(ErrorCode::bad_file, text("byte ", byte, ": ", why)); }

std::string_view kind_name(std::uint8_t kind) {
  switch (kind) {
    case 9: return "signed bytes";
    case 11: return "16-bit numbers";
    case 12: return "32-bit numbers";
    case 13: return "floats";
    case 14: return "doubles";
    default: return "values of an unknown kind";
  }
}

}  // namespace

IdxFile IdxFile::parse(std::span<const std::uint8_t> bytes) {
  if (bytes.size() >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B) bad(0, "the file is packed with gzip; unpack it first");
  if (bytes.size() < 4) bad(bytes.size(), "the file ends; an IDX file starts with 4 bytes that say what it holds");
  if (bytes[0] != 0 || bytes[1] != 0) bad(0, text("it begins with ", bytes[0], " ", bytes[1], "; an IDX file begins with 0 0"));
  const std::uint8_t kind = bytes[2], rank = bytes[3];
  if (kind != kUnsignedByte) bad(2, text("it holds ", kind_name(kind), " (", kind, "); only unsigned bytes (8) are read"));
  if (rank < 1 || rank > kMostAxes) bad(3, text("it has ", rank, " axes; 1 to ", kMostAxes, " are read"));
  const std::size_t begin = 4 + std::size_t{4} * rank;
  if (bytes.size() < begin) bad(bytes.size(), text("the file ends within its ", rank, " sizes"));

  IdxFile out;
  const std::uint64_t held = bytes.size() - begin;
  std::uint64_t needed = 1;
  for (std::size_t at = 4; at < begin; at += 4) {
    const std::uint32_t size = static_cast<std::uint32_t>(bytes[at]) << 24 | static_cast<std::uint32_t>(bytes[at + 1]) << 16 |
                               static_cast<std::uint32_t>(bytes[at + 2]) << 8 | bytes[at + 3];
    if (size == 0) bad(at, "a size of 0");
    needed = needed > held ? needed : needed * size;  // held is far below 2^32 times itself: no overflow, and too much stays too much
    out.dims.push_back(size);
  }
  if (needed > held) bad(bytes.size(), text("the file ends after ", held, " values; its sizes ask for more: it is cut short"));
  if (needed < held) bad(begin + needed, text(held - needed, " bytes after the last value"));
  out.values = bytes.subspan(begin);
  return out;
}

void LabeledImages::image(std::uint32_t index, std::span<float> out) const {
  const std::size_t size = std::size_t{height} * width;
  if (index >= count) throw Error(ErrorCode::invalid_argument, text("image is ", index, "; there are ", count, ", counted from 0"));
  if (out.size() != size) throw Error(ErrorCode::invalid_argument, text("room for ", out.size(), " pixels; an image has ", size));
  std::ranges::transform(pixels.subspan(index * size, size), out.begin(), [](std::uint8_t p) { return static_cast<float>(p) / 255.0f; });
}

LabeledImages pair_images(const IdxFile& images, const IdxFile& labels, std::uint32_t classes) {
  const auto fail = [](std::string_view why) { throw Error(ErrorCode::bad_file, text("these files do not belong together: ", why)); };
  if (images.dims.size() != 3) fail(text("the images have ", images.dims.size(), " axes, not 3 (count, height, width)"));
  if (labels.dims.size() != 1) fail(text("the labels have ", labels.dims.size(), " axes, not 1"));
  if (images.dims[0] != labels.dims[0]) fail(text("there are ", images.dims[0], " images and ", labels.dims[0], " labels"));
  const auto beyond = std::ranges::find_if(labels.values, [classes](std::uint8_t label) { return label >= classes; });
  if (beyond != labels.values.end())
    fail(text("label ", beyond - labels.values.begin(), " is ", *beyond, "; it must be 0 to ", static_cast<std::int64_t>(classes) - 1));
  return {images.dims[0], images.dims[1], images.dims[2], images.values, labels.values};
}

}  // namespace x2g
