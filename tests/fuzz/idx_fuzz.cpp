// MNIST's files: the first byte says how many bytes the file of labels has; the rest is that file and then the images.
#include "fuzz/fuzz.hpp"

#include <algorithm>

#include "x2g/io/idx.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace x2g;
  if (size == 0) return 0;
  const std::span<const std::uint8_t> all(data + 1, size - 1);
  const std::size_t cut = std::min<std::size_t>(data[0], all.size());
  IdxFile labels, images;
  const auto parse = [](std::span<const std::uint8_t> bytes, IdxFile& out) {
    if (!fuzz::accepted([&] { out = IdxFile::parse(bytes); })) return false;
    std::uint64_t count = 1;
    for (const std::uint32_t n : out.dims) count *= n;
    fuzz::require(count == out.values.size() && count > 0, "as many values as the sizes say");
    return true;
  };
  const bool first = parse(all.first(cut), labels), second = parse(all.subspan(cut), images);
  LabeledImages pair;
  if (!first || !second || !fuzz::accepted([&] { pair = pair_images(images, labels); })) return 0;
  std::vector<float> pixels(std::size_t{pair.height} * pair.width);
  pair.image(pair.count - 1, pixels);
  fuzz::require(std::ranges::all_of(pixels, [](float p) { return p >= 0 && p <= 1; }), "pixels are 0 to 1");
  fuzz::require(std::ranges::all_of(pair.labels, [](std::uint8_t l) { return l < 10; }), "labels are classes");
  return 0;
}
