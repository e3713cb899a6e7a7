// The version line that the page shows, and that the test binary is the variant its preset promises.
#include "x2g/version.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string_view>

TEST_CASE("the version is three numbers", "[base]") {
  const std::string_view version = x2g::version();
  CHECK(std::count(version.begin(), version.end(), '.') == 2);
  CHECK(version.find_first_not_of("0123456789.") == std::string_view::npos);
}

// Natively on x86-64 it is chosen when the program runs: kernels/dispatch_test.cpp.
#if !X2G_DISPATCH
TEST_CASE("the variant is the one that the preset asked for", "[base]") { CHECK(x2g::variant() == X2G_EXPECTED_VARIANT); }
#endif
