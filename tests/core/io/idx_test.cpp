// MNIST's file format: files laid out by hand, pairs, and every bad input by name.
#include "x2g/io/idx.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>

#include "support/op_graph.hpp"

using namespace x2g;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes file(std::uint8_t kind, std::vector<std::uint32_t> dims, std::size_t values) {
  Bytes out{0, 0, kind, static_cast<std::uint8_t>(dims.size())};
  for (const std::uint32_t n : dims)
    for (const int shift : {24, 16, 8, 0}) out.push_back(static_cast<std::uint8_t>(n >> shift));
  for (std::size_t i = 0; i < values; ++i) out.push_back(static_cast<std::uint8_t>(i * 51 % 256));
  return out;
}

std::string refusal(const Bytes& bytes) {
  CHECK(test::code_of([&] { IdxFile::parse(bytes); }) == ErrorCode::bad_file);
  return test::message_of([&] { IdxFile::parse(bytes); });
}

}  // namespace

TEST_CASE("images and labels are read and paired", "[io][idx]") {
  const Bytes images = file(8, {3, 2, 2}, 12);
  const Bytes labels{0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 9};
  const IdxFile a = IdxFile::parse(images), b = IdxFile::parse(labels);
  CHECK(a.dims == std::vector<std::uint32_t>{3, 2, 2});
  CHECK(a.values.size() == 12);
  const LabeledImages pair = pair_images(a, b);
  CHECK(pair.count == 3);
  CHECK(pair.height == 2);
  CHECK(pair.width == 2);
  CHECK(std::ranges::equal(pair.labels, Bytes{7, 0, 9}));
  std::vector<float> pixels(4);
  pair.image(1, pixels);
  CHECK(pixels == std::vector<float>{204.0f / 255, 1.0f, 50.0f / 255, 101.0f / 255});
  CHECK_THAT(test::message_of([&] { pair.image(3, pixels); }), ContainsSubstring("there are 3"));
  pixels.resize(5);
  CHECK_THAT(test::message_of([&] { pair.image(0, pixels); }), ContainsSubstring("an image has 4"));
}

TEST_CASE("a file of MNIST's size is read at once", "[io][idx]") {
  CHECK(IdxFile::parse(file(8, {60000, 28, 28}, 60000u * 784)).values.size() == 47040000);
}

TEST_CASE("a wrong magic number is refused", "[io][idx][bad-input]") {
  CHECK_THAT(refusal({}), StartsWith("byte 0: the file ends"));
  CHECK_THAT(refusal({0, 0, 8}), StartsWith("byte 3: the file ends"));
  CHECK_THAT(refusal({0x89, 'P', 'N', 'G', 0}), StartsWith("byte 0: it begins with 137 80"));
  CHECK_THAT(refusal({0x1F, 0x8B, 8, 0}), ContainsSubstring("gzip"));
  CHECK_THAT(refusal(file(13, {1}, 4)), StartsWith("byte 2: it holds floats (13)"));
  CHECK_THAT(refusal(file(0, {1}, 1)), ContainsSubstring("unknown kind"));
  CHECK_THAT(refusal(file(8, {}, 0)), StartsWith("byte 3: it has 0 axes"));
  CHECK_THAT(refusal(file(8, {1, 1, 1, 1, 1}, 1)), StartsWith("byte 3: it has 5 axes"));
}

TEST_CASE("a truncated file is refused", "[io][idx][bad-input]") {
  const Bytes whole = file(8, {2, 3, 4}, 24);
  CHECK(IdxFile::parse(whole).values.size() == 24);
  for (std::size_t n = 0; n < whole.size(); ++n)
    CHECK_THAT(refusal(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n))), ContainsSubstring("ends"));
}

TEST_CASE("wrong counts are refused", "[io][idx][bad-input]") {
  CHECK_THAT(refusal(file(8, {2, 3}, 7)), StartsWith("byte 18: 1 bytes after the last value"));
  CHECK_THAT(refusal(file(8, {2, 0, 3}, 0)), StartsWith("byte 8: a size of 0"));
  CHECK_THAT(refusal(file(8, {0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF}, 100)), ContainsSubstring("cut short"));
  CHECK_THAT(refusal(file(8, {1, 0xFFFFFFFF, 0xFFFFFFFF}, 100)), ContainsSubstring("cut short"));
}

TEST_CASE("images and labels that do not fit are refused", "[io][idx][bad-input]") {
  const Bytes images = file(8, {3, 2, 2}, 12), two = file(8, {2}, 2), three = file(8, {3}, 3), flat = file(8, {3, 4}, 12);
  const auto message = [](const Bytes& a, const Bytes& b) {
    return test::message_of([&] { pair_images(IdxFile::parse(a), IdxFile::parse(b)); });
  };
  CHECK_THAT(message(images, two), ContainsSubstring("3 images and 2 labels"));
  CHECK_THAT(message(images, images), ContainsSubstring("labels have 3 axes"));
  CHECK_THAT(message(flat, three), ContainsSubstring("images have 2 axes"));
  CHECK_THAT(message(images, three), ContainsSubstring("label 1 is 51; it must be 0 to 9"));
}

TEST_CASE("IDX files of other kinds of numbers are refused by the kind's name", "[io][idx][reliability-5]") {
  for (const auto& [kind, name] : {std::pair<std::uint8_t, const char*>{9, "signed bytes"},
                                   {11, "16-bit numbers"},
                                   {12, "32-bit numbers"},
                                   {13, "floats"},
                                   {14, "doubles"},
                                   {10, "values of an unknown kind"}}) {
    const std::vector<std::uint8_t> bytes{0, 0, kind, 1, 0, 0, 0, 1, 7};
    CHECK_THROWS_WITH(IdxFile::parse(bytes), Catch::Matchers::ContainsSubstring(name));
  }
}
