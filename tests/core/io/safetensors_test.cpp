// safetensors: a round trip, a file laid out by hand, every bad input by name, and random damage.
#include "x2g/io/safetensors.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"

using x2g::SafeTensors;
using Bytes = std::vector<std::uint8_t>;

namespace {

Bytes file(const std::string& header, std::size_t data_bytes, std::uint64_t header_length) {
  Bytes out(8 + header.size() + data_bytes);
  std::memcpy(out.data(), &header_length, 8);
  std::memcpy(out.data() + 8, header.data(), header.size());
  for (std::size_t i = 0; i < data_bytes; ++i) out[8 + header.size() + i] = static_cast<std::uint8_t>(i);
  return out;
}
Bytes file(const std::string& header, std::size_t data_bytes) { return file(header, data_bytes, header.size()); }

/// "ok" or the message of Error(bad_file).
std::string verdict(const Bytes& bytes) {
  try {
    SafeTensors::parse(bytes);
  } catch (const x2g::Error& e) {
    REQUIRE(e.code() == x2g::ErrorCode::bad_file);
    REQUIRE(e.message().substr(0, 5) == "byte ");
    return e.message();
  }
  return "ok";
}

void check_refused(const Bytes& bytes, const std::string& reason) {
  const std::string message = verdict(bytes);
  INFO(message);
  CHECK(message.find(reason) != std::string::npos);
}

std::string entry(const std::string& name, const std::string& shape, int begin, int end, const std::string& dtype = "F32") {
  return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":[" + shape + "],\"data_offsets\":[" + std::to_string(begin) + "," +
         std::to_string(end) + "]}";
}

Bytes sample() {
  const std::vector<float> a{1, 2, 3, 4, 5, 6}, b{-0.5f}, c{};
  const std::vector<x2g::TensorToStore> tensors{{"wte.weight", {2, 3}, a}, {"h.0.ln \"é\"", {}, b}, {"empty", {4, 0}, c}};
  const std::vector<std::pair<std::string, std::string>> metadata{{"format", "pt"}, {"vocabulary", "\n \"\\あ"}};
  return x2g::write_safetensors(tensors, metadata);
}

}  // namespace

TEST_CASE("tensors and metadata come back as they were written", "[io]") {
  const Bytes bytes = sample();
  const SafeTensors st = SafeTensors::parse(bytes);
  REQUIRE(st.tensors.size() == 3);
  CHECK(st.tensors[0].name == "wte.weight");
  CHECK(st.tensors[0].shape == std::vector<std::uint64_t>{2, 3});
  CHECK(st.floats(st.tensors[0]) == std::vector<float>{1, 2, 3, 4, 5, 6});
  REQUIRE(st.find("h.0.ln \"é\"") != nullptr);
  CHECK(st.find("h.0.ln \"é\"")->shape.empty());
  CHECK(st.floats(*st.find("h.0.ln \"é\"")) == std::vector<float>{-0.5f});
  CHECK(st.floats(*st.find("empty")).empty());
  CHECK(st.find("absent") == nullptr);
  CHECK(st.meta("format") == "pt");
  CHECK(st.meta("vocabulary") == "\n \"\\あ");
  CHECK(st.meta("absent").empty());
}

TEST_CASE("the file is laid out as the format says", "[io]") {
  const std::vector<float> a{1, -2};
  const std::vector<x2g::TensorToStore> tensors{{"a", {2}, a}};
  const Bytes bytes = x2g::write_safetensors(tensors, {});
  const std::string header = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  REQUIRE(header.size() == 54);
  Bytes expected = file(header + "  ", 0, 56);  // padded to a multiple of 8
  for (const int b : {0x00, 0x00, 0x80, 0x3F, 0x00, 0x00, 0x00, 0xC0}) expected.push_back(static_cast<std::uint8_t>(b));
  CHECK(bytes == expected);
}

TEST_CASE("no tensors at all is a valid file", "[io]") {
  CHECK(verdict(file("{}", 0)) == "ok");
  CHECK(verdict(x2g::write_safetensors({}, {})) == "ok");
}

TEST_CASE("half and brain floats are converted exactly", "[io]") {
  Bytes bytes = file("{" + entry("h", "9", 0, 18, "F16") + "," + entry("b", "3", 18, 24, "BF16") + "}", 24);
  // zero, -zero, one, largest, smallest normal, smallest subnormal, largest subnormal, infinity, -2.5
  const std::uint16_t halves[] = {0x0000, 0x8000, 0x3C00, 0x7BFF, 0x0400, 0x0001, 0x03FF, 0x7C00, 0xC100};
  const std::uint16_t brains[] = {0x3F80, 0xC020, 0x7FC0};
  std::memcpy(bytes.data() + bytes.size() - 24, halves, 18);
  std::memcpy(bytes.data() + bytes.size() - 6, brains, 6);
  const SafeTensors st = SafeTensors::parse(bytes);
  const std::vector<float> h = st.floats(st.tensors[0]), b = st.floats(st.tensors[1]);
  CHECK(h ==
        std::vector<float>{0, -0.0f, 1, 65504, 0x1p-14f, 0x1p-24f, 0x1p-14f - 0x1p-24f, std::numeric_limits<float>::infinity(), -2.5f});
  CHECK(std::signbit(h[1]));
  CHECK(b[0] == 1.0f);
  CHECK(b[1] == -2.5f);
  CHECK(std::isnan(b[2]));
}

TEST_CASE("values of another kind are parsed over but not read", "[io]") {
  const Bytes bytes = file("{" + entry("i", "2", 0, 16, "I64") + "}", 16);
  const SafeTensors st = SafeTensors::parse(bytes);
  CHECK_THROWS_AS(st.floats(st.tensors[0]), x2g::Error);
}

TEST_CASE("NaN and infinity are legal values", "[io]") {
  const std::vector<float> odd{std::nanf(""), std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()};
  const std::vector<x2g::TensorToStore> tensors{{"odd", {3}, odd}};
  const Bytes bytes = x2g::write_safetensors(tensors, {});
  const SafeTensors st = SafeTensors::parse(bytes);
  const std::vector<float> back = st.floats(st.tensors[0]);
  CHECK(std::memcmp(back.data(), odd.data(), 12) == 0);
}

TEST_CASE("a file shorter than 8 bytes is refused", "[io][bad-input]") {
  for (std::size_t n = 0; n < 8; ++n) check_refused(Bytes(n, 0x7B), "8 bytes of header length");
}

TEST_CASE("a header length over the limit or past the end is refused", "[io][bad-input]") {
  check_refused(file("{}", 0, 100000001), "at most 100000000");
  check_refused(file("{}", 0, UINT64_MAX), "at most 100000000");
  check_refused(file("{}", 4, 7), "only 6 follow");
  check_refused(file("{}", 0, 100000000), "cut short");
}

TEST_CASE("a header that does not start with a brace is refused", "[io][bad-input]") {
  check_refused(file("", 0), "does not start");
  check_refused(file(" {}", 0), "does not start");
  check_refused(file("[]", 0), "does not start");
  check_refused(file("\xEF\xBB\xBF{}", 0), "does not start");
}

TEST_CASE("a header that is not UTF-8 is refused", "[io][bad-input]") { check_refused(file("{\"\xC3\x28\":1}", 0), "byte 10: not UTF-8"); }

TEST_CASE("a header that is not JSON is refused", "[io][bad-input]") {
  check_refused(file("{", 0), "the JSON ends");
  check_refused(file("{\"a\":", 0), "the JSON ends");
  check_refused(file("{}{}", 0), "more text");
  check_refused(file(std::string("{}\0", 3), 0), "more text");
  check_refused(file("{\"a\":[]}", 0), "object was expected");
  check_refused(file("{\"a\":1}", 0), "object was expected");
}

TEST_CASE("blanks after the header's JSON are padding", "[io]") { CHECK(verdict(file("{}      ", 0)) == "ok"); }

TEST_CASE("duplicate names are refused", "[io][bad-input]") {
  check_refused(file("{" + entry("a", "1", 0, 4) + "," + entry("a", "1", 4, 8) + "}", 8), "\"a\" is given twice");
  check_refused(file("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 0), "\"k\" is given twice");
  check_refused(file("{\"__metadata__\":{},\"__metadata__\":{}}", 0), "given twice");
  check_refused(file(R"({"a":{"dtype":"F32","dtype":"F32","shape":[],"data_offsets":[0,4]}})", 4), "\"dtype\" is given twice");
}

TEST_CASE("metadata that is no string is refused", "[io][bad-input]") {
  for (const char* value : {"1", "null", "true", "{}", "[\"a\"]"})
    check_refused(file(std::string("{\"__metadata__\":{\"k\":") + value + "}}", 0), "is no string");
  check_refused(file("{\"__metadata__\":\"x\"}", 0), "object was expected");
}

TEST_CASE("an unknown kind of number is refused", "[io][bad-input]") {
  check_refused(file("{" + entry("a", "1", 0, 4, "F33") + "}", 4), "unknown kind \"F33\"");
  check_refused(file("{" + entry("a", "1", 0, 4, "") + "}", 4), "unknown kind");
  check_refused(file("{" + entry("a", "1", 0, 4, "f32") + "}", 4), "unknown kind");
}

TEST_CASE("missing and unknown properties of a tensor are refused", "[io][bad-input]") {
  check_refused(file(R"({"a":{}})", 0), "lacks dtype");
  check_refused(file(R"({"a":{"dtype":"F32","data_offsets":[0,4]}})", 4), "lacks shape");
  check_refused(file(R"({"a":{"dtype":"F32","shape":[]}})", 0), "lacks data_offsets");
  check_refused(file(R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0,4],"x":1}})", 4), "no property");
  check_refused(file(R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0]}})", 4), "two numbers");
  check_refused(file(R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0,4,4]}})", 4), "two numbers");
  check_refused(file(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4), "whole number");
  check_refused(file(R"({"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}})", 4), "whole number");
}

TEST_CASE("a shape whose size overflows is refused", "[io][bad-input]") {
  check_refused(file("{" + entry("a", "4294967296,4294967296", 0, 4) + "}", 4), "too large to count");
  check_refused(file("{" + entry("a", "4611686018427387904", 0, 4) + "}", 4), "too large to count");  // × 4 bytes is 2^64
  check_refused(file("{" + entry("a", "18446744073709551616", 0, 4) + "}", 4), "beyond 64 bits");
  CHECK(verdict(file("{" + entry("a", "4294967296,4294967296,0", 0, 0) + "}", 0)) == "ok");  // an empty tensor has no size to overflow
}

TEST_CASE("a range that begins after its end is refused", "[io][bad-input]") {
  check_refused(file("{" + entry("a", "1", 4, 0) + "}", 4), "after its end");
}

TEST_CASE("a range past the end of the file is refused", "[io][bad-input]") {
  check_refused(file("{" + entry("a", "2", 0, 8) + "}", 4), "holds 4 bytes");
}

TEST_CASE("a range that does not fit the shape is refused", "[io][bad-input]") {
  check_refused(file("{" + entry("a", "2", 0, 4) + "}", 4), "needs 8 bytes");
  check_refused(file("{" + entry("a", "0", 0, 4) + "}", 4), "needs 0 bytes");
}

TEST_CASE("overlapping tensors are refused", "[io][bad-input]") {
  check_refused(file("{" + entry("a", "2", 0, 8) + "," + entry("b", "2", 4, 12) + "}", 12), "overlaps");
  check_refused(file("{" + entry("a", "1", 0, 4) + "," + entry("b", "1", 0, 4) + "}", 4), "overlaps");
}

TEST_CASE("holes between tensors are refused", "[io][bad-input]") {
  check_refused(file("{" + entry("a", "1", 0, 4) + "," + entry("b", "1", 8, 12) + "}", 12), "hole");
  check_refused(file("{" + entry("a", "1", 4, 8) + "}", 8), "hole");
}

TEST_CASE("bytes after the last tensor are refused", "[io][bad-input]") {
  check_refused(file("{" + entry("a", "1", 0, 4) + "}", 5), "1 bytes after");
  check_refused(file("{}", 1), "1 bytes after");
}

TEST_CASE("rank 0 and empty tensors are fine", "[io]") {
  CHECK(verdict(file("{" + entry("a", "", 0, 4) + "}", 4)) == "ok");
  CHECK(verdict(file("{" + entry("a", "0", 0, 0) + "," + entry("b", "3,0,2", 0, 0) + "," + entry("c", "1", 0, 4) + "}", 4)) == "ok");
}

TEST_CASE("tensors may be listed in another order than they are stored", "[io]") {
  const Bytes bytes = file("{" + entry("b", "1", 4, 8) + "," + entry("a", "1", 0, 4) + "}", 8);
  CHECK(verdict(bytes) == "ok");
}

TEST_CASE("ten thousand tensors on one range are refused at once", "[io][bad-input]") {
  std::string header = "{";
  for (int i = 0; i < 10000; ++i) header += (i > 0 ? "," : "") + entry("t" + std::to_string(i), "1024", 0, 4096);
  check_refused(file(header + "}", 4096), "overlaps");
}

TEST_CASE("deep nesting and many dimensions are refused", "[io][bad-input]") {
  check_refused(file("{\"a\":{\"shape\":" + std::string(100000, '[') + "}}", 0), "whole number");
  std::string shape = "1";
  for (int i = 0; i < 40; ++i) shape += ",1";
  check_refused(file("{" + entry("a", shape, 0, 4) + "}", 4), "dimensions");
}

TEST_CASE("what cannot be written is refused", "[io]") {
  const std::vector<float> two{1, 2};
  const auto code = [](const std::vector<x2g::TensorToStore>& tensors, const std::vector<std::pair<std::string, std::string>>& metadata) {
    try {
      x2g::write_safetensors(tensors, metadata);
    } catch (const x2g::Error& e) {
      return std::string(x2g::error_code_name(e.code()));
    }
    return std::string("written");
  };
  CHECK(code({{"a", {2}, two}}, {}) == "written");
  CHECK(code({{"a", {3}, two}}, {}) == "shape_mismatch");
  CHECK(code({{"a", {2}, two}, {"a", {2}, two}}, {}) == "invalid_argument");
  CHECK(code({{"__metadata__", {2}, two}}, {}) == "invalid_argument");
  CHECK(code({{"\xFF", {2}, two}}, {}) == "invalid_argument");
  CHECK(code({}, {{"k", "1"}, {"k", "2"}}) == "invalid_argument");
}

TEST_CASE("ten thousand random damages never do worse than an error", "[io][bad-input]") {
  // With the sanitizers on, a read outside the bytes ends the test. A damaged file that still parses must hold together.
  const Bytes whole = sample();
  x2g::Rng rng(2026);
  int refused = 0;
  for (int round = 0; round < 10000; ++round) {
    Bytes bytes = whole;
    for (std::uint32_t edits = 1 + rng.below(4); edits > 0 && !bytes.empty(); --edits) {
      const std::size_t at = rng.below(static_cast<std::uint32_t>(bytes.size()));
      const auto place = bytes.begin() + static_cast<std::ptrdiff_t>(at);
      switch (rng.below(6)) {
        case 0: bytes[at] = static_cast<std::uint8_t>(rng.below(256)); break;
        case 1: bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ (1u << rng.below(8))); break;
        case 2: bytes.resize(at); break;
        case 3: bytes.erase(place); break;
        case 4: bytes.insert(place, static_cast<std::uint8_t>("{}[]\",:09\\"[rng.below(10)])); break;
        default: {  // a piece copied over another place
          const std::size_t n = rng.below(static_cast<std::uint32_t>(bytes.size() - at));
          const std::size_t to = rng.below(static_cast<std::uint32_t>(bytes.size() - n));
          std::memmove(bytes.data() + to, bytes.data() + at, n);
        }
      }
    }
    bytes.shrink_to_fit();  // so that one byte too far is seen
    try {
      const SafeTensors st = SafeTensors::parse(bytes);
      std::size_t covered = 0;
      for (const x2g::StoredTensor& t : st.tensors) {
        covered += static_cast<std::size_t>(t.end - t.begin);
        if (t.dtype == "F32") CHECK(st.floats(t).size() == (t.end - t.begin) / 4);
      }
      CHECK(covered == st.data.size());
    } catch (const x2g::Error& e) {
      ++refused;
      if (e.code() != x2g::ErrorCode::bad_file) FAIL(e.message());
    }
  }
  CHECK(refused > 5000);
}

TEST_CASE("a long name is cut between characters in a message, and a tensor of another file is refused", "[io][reliability-5]") {
  x2g::StoredTensor t;
  for (int i = 0; i < 40; ++i) t.name += "あ";  // 3 bytes each: 80 falls inside the 27th
  t.dtype = "I64";
  std::string cut;
  for (int i = 0; i < 26; ++i) cut += "あ";
  const SafeTensors file;
  CHECK_THROWS_WITH(file.floats(t), Catch::Matchers::ContainsSubstring("\"" + cut + "…\""));
  t.name = "w";
  t.dtype = "F32";
  t.end = 8;
  CHECK_THROWS_WITH(file.floats(t), Catch::Matchers::ContainsSubstring("not of this file"));
}
