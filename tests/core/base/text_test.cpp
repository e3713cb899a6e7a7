// Numbers as they appear in messages.
#include "x2g/base/text.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <cmath>
#include <limits>

#include "x2g/base/rng.hpp"

using namespace x2g;

TEST_CASE("whole numbers are written in full", "[base]") {
  CHECK(to_text(std::int64_t{0}) == "0");
  CHECK(to_text(std::int64_t{-17}) == "-17");
  CHECK(to_text(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  CHECK(to_text(1234567.0) == "1234567");
  CHECK(to_text(999999999999999.0) == "999999999999999");
  CHECK(to_text(-0.0) == "0");
}

TEST_CASE("other numbers keep six significant digits", "[base]") {
  CHECK(to_text(0.1) == "0.1");
  CHECK(to_text(-0.5) == "-0.5");
  CHECK(to_text(3.14159265) == "3.14159");
  CHECK(to_text(9.9999996) == "10");
  CHECK(to_text(123456.7) == "123457");
  CHECK(to_text(0.00012345678) == "0.000123457");
  CHECK(to_text(1e-7) == "1e-7");
  CHECK(to_text(1.5e-9) == "1.5e-9");
  CHECK(to_text(1e22) == "1e22");
  CHECK(to_text(-2.5e300) == "-2.5e300");
  CHECK(to_text(std::numeric_limits<double>::quiet_NaN()) == "NaN");
  CHECK(to_text(-std::numeric_limits<double>::infinity()) == "-Infinity");
}

TEST_CASE("numbers of every size read back within six digits", "[base]") {
  Rng rng(1);
  for (int i = 0; i < 20000; ++i) {
    const double value = std::ldexp(rng.uniform64() + 0.5, static_cast<int>(rng.below(2040)) - 1020);
    const double back = std::strtod(to_text(value).c_str(), nullptr);
    REQUIRE(std::fabs(back - value) <= 5.001e-6 * value);
  }
}

TEST_CASE("pieces of every kind are joined", "[base]") {
  CHECK(text("batch is ", 0, "; it must be ", 1u, " to ", 4096.0, std::string(".")) == "batch is 0; it must be 1 to 4096.");
}

TEST_CASE("checksums are FNV-1a and show as sixteen digits", "[base]") {
  // Test vectors of the FNV authors (draft-eastlake-fnv): "" and "a" and "foobar".
  CHECK(fnv1a("", 0) == 0xcbf29ce484222325ull);
  CHECK(fnv1a("a", 1) == 0xaf63dc4c8601ec8cull);
  CHECK(fnv1a("foobar", 6) == 0x85944171f73967e8ull);
  CHECK(fnv1a("bar", 3, fnv1a("foo", 3)) == fnv1a("foobar", 6));
  CHECK(hex64(0x1a2b) == "0000000000001a2b");
}
