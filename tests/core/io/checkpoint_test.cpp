// Sealed records: round trip, the layout by hand, every damage found, the swap of two places, and the checksum's own test vectors.
#include "x2g/io/checkpoint.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <cstring>

#include "support/op_graph.hpp"
#include "x2g/io/checksum.hpp"

using namespace x2g;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

using Bytes = std::vector<std::uint8_t>;

std::span<const std::uint8_t> bytes_of(std::string_view s) { return {reinterpret_cast<const std::uint8_t*>(s.data()), s.size()}; }

Bytes sample(std::uint64_t sequence = 5) {
  const std::vector<CheckpointSection> sections{
      {"config", bytes_of("{\"a\":1}")}, {"empty", {}}, {"state.0", bytes_of("0123456789abcdef")}};
  return write_checkpoint(sections, sequence);
}

std::string refusal(const Bytes& bytes) {
  CHECK(test::code_of([&] { Checkpoint::parse(bytes); }) == ErrorCode::bad_file);
  return test::message_of([&] { Checkpoint::parse(bytes); });
}

/// A record with something changed and a checksum that fits again: what only a faulty or hostile writer makes.
Bytes resealed(std::size_t at, std::uint8_t value) {
  Bytes out = sample();
  out[at] = value;
  const std::uint64_t seal = xxh64(std::span(out).first(out.size() - 8));
  std::memcpy(out.data() + out.size() - 8, &seal, 8);
  return out;
}

}  // namespace

TEST_CASE("XXH64 gives its published values", "[io][checkpoint]") {
  CHECK(xxh64({}) == 0xEF46DB3751D8E999ull);
  CHECK(xxh64(bytes_of("a")) == 0xD24EC4F1A98C6E5Bull);
  CHECK(xxh64(bytes_of("abc")) == 0x44BC2CF5AD770999ull);
  CHECK(xxh64(bytes_of("Nobody inspects the spammish repetition")) == 0xFBCEA83C8A378BF1ull);
  CHECK(xxh64(bytes_of("abc"), 1) != xxh64(bytes_of("abc")));
}

TEST_CASE("sections come back as they were written", "[io][checkpoint]") {
  const Bytes bytes = sample();
  const Checkpoint c = Checkpoint::parse(bytes);
  CHECK(c.sequence == 5);
  REQUIRE(c.sections.size() == 3);
  CHECK(std::ranges::equal(c.section("config"), bytes_of("{\"a\":1}")));
  CHECK(c.section("empty").empty());
  CHECK(std::ranges::equal(c.section("state.0"), bytes_of("0123456789abcdef")));
  CHECK(c.has("empty"));
  CHECK_FALSE(c.has("stat"));
  CHECK_THAT(test::message_of([&] { static_cast<void>(c.section("rng")); }), ContainsSubstring("no section \"rng\""));
}

TEST_CASE("the record is laid out as the header says", "[io][checkpoint]") {
  const Bytes bytes = sample();
  REQUIRE(bytes.size() == 32 + 3 * 48 + 8 + 0 + 16 + 8);
  CHECK(std::memcmp(bytes.data(), "x2gckpt\x1a\1\0\0\0\3\0\0\0\xD0\0\0\0\0\0\0\0\5\0\0\0\0\0\0\0config\0", 39) == 0);
  CHECK(bytes[32 + 32] == 176);           // the first section follows the table …
  CHECK(bytes[32 + 40] == 7);             // … and has 7 bytes,
  CHECK(bytes[32 + 2 * 48 + 32] == 184);  // so the third begins at the next multiple of 8
  CHECK(bytes[183] == 0);
}

TEST_CASE("a half-written record is detected at whatever byte it stops", "[io][checkpoint][bad-input][reliability-13]") {
  const Bytes whole = sample();
  for (std::size_t n = 0; n < whole.size(); ++n) {
    CAPTURE(n);
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
    CHECK_THAT(refusal(cut), ContainsSubstring(n < 32 ? "ends" : "not written to its end"));
    Bytes hollow = cut;  // the place was made long enough first, as some storage does
    hollow.resize(whole.size());
    if (n + 8 < whole.size() || hollow != whole) CHECK_THAT(refusal(hollow), StartsWith("byte "));
  }
  Bytes longer = whole;
  longer.push_back(0);
  CHECK_THAT(refusal(longer), ContainsSubstring("not written to its end"));
}

TEST_CASE("every single bit that changes is detected", "[io][checkpoint][bad-input][reliability-13]") {
  const Bytes whole = sample();
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    Bytes bytes = whole;
    bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (1u << (bit % 8)));
    if (test::message_of([&] { Checkpoint::parse(bytes); }) == "no error") FAIL("bit " << bit);
  }
}

TEST_CASE("a newer version says so, and that is all it says", "[io][checkpoint][bad-input]") {
  Bytes bytes = sample();
  bytes[8] = 2;
  CHECK(refusal(bytes) == "byte 8: it was saved by a newer lab (version 2; this one reads up to 1): reload the page to update it");
  bytes[8] = 0;
  CHECK_THAT(refusal(bytes), ContainsSubstring("version of 0"));
  CHECK_THAT(refusal(Bytes(40, 'x')), StartsWith("byte 0: this is no saved run"));
}

TEST_CASE("sections that do not tile the record are refused although the checksum fits", "[io][checkpoint][bad-input]") {
  CHECK_THAT(refusal(resealed(12, 0)), ContainsSubstring("0 sections"));
  CHECK_THAT(refusal(resealed(12, 65)), ContainsSubstring("65 sections"));
  CHECK_THAT(refusal(resealed(12, 64)), ContainsSubstring("ends within the list"));
  CHECK_THAT(refusal(resealed(12, 2)), ContainsSubstring("does not lie"));
  CHECK_THAT(refusal(resealed(32, 'C')), ContainsSubstring("proper name"));
  CHECK_THAT(refusal(resealed(32 + 20, 'x')), ContainsSubstring("proper name"));
  CHECK_THAT(refusal(resealed(32 + 39, 1)), ContainsSubstring("does not lie"));  // an offset of 2^56 and more
  CHECK_THAT(refusal(resealed(32 + 47, 0xFF)), ContainsSubstring("does not lie"));
  CHECK_THAT(refusal(resealed(32 + 96 + 40, 8)), ContainsSubstring("8 bytes after the last"));
  CHECK_THAT(refusal(resealed(183, 1)), StartsWith("byte 183: a byte between"));
}

TEST_CASE("names that are wrong or twice, and too many sections, are refused in writing", "[io][checkpoint]") {
  const auto message = [](const std::vector<CheckpointSection>& sections) { return test::message_of([&] { write_checkpoint(sections); }); };
  CHECK(message({{std::string(32, 'a'), {}}}) == "no error");
  CHECK_THAT(message({{std::string(33, 'a'), {}}}), ContainsSubstring("1 to 32"));
  CHECK_THAT(message({{"", {}}}), ContainsSubstring("1 to 32"));
  CHECK_THAT(message({{"A", {}}}), ContainsSubstring("a-z"));
  CHECK_THAT(message({{"a", {}}, {"b", {}}, {"a", {}}}), ContainsSubstring("two sections are called \"a\""));
  CHECK_THAT(message({}), ContainsSubstring("0 sections"));
  CHECK_THAT(message(std::vector<CheckpointSection>(65, {"a", {}})), ContainsSubstring("65 sections"));
}

TEST_CASE("of two places the newest whole record counts, wherever writing stopped", "[io][checkpoint][reliability-13]") {
  const Bytes older = sample(7), newer = sample(8);
  const auto newest = [](const Bytes& a, const Bytes& b) {
    const std::vector<std::span<const std::uint8_t>> places{a, b};
    return newest_checkpoint(places);
  };
  CHECK(newest(older, newer) == 1);
  CHECK(newest(newer, older) == 0);
  CHECK(newest(older, older) == 0);
  CHECK(newest({}, older) == 1);
  CHECK(newest({}, {}) == -1);
  Bytes place(newer.size(), 0xAA);  // the second place holds something old; the new record is written over it byte by byte
  for (std::size_t n = 0; n <= newer.size(); ++n) {
    if (n > 0) place[n - 1] = newer[n - 1];
    if (newest(older, place) != (n == newer.size() ? 1 : 0)) FAIL("after " << n << " bytes");
  }
}
