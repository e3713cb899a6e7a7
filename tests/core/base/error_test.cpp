#include "x2g/base/error.hpp"

#include <catch2/catch_test_macros.hpp>
#include <exception>
#include <set>
#include <string>

using namespace x2g;

TEST_CASE("an error carries its code and one sentence, also for those who know std::exception only", "[base]") {
  const Error e(ErrorCode::bad_file, "byte 3: not a number");
  const std::exception& plain = e;
  CHECK(e.code() == ErrorCode::bad_file);
  CHECK(e.message() == "byte 3: not a number");
  CHECK(std::string(plain.what()) == e.message());
}

TEST_CASE("every code has a name of its own, as JavaScript sees it", "[base]") {
  using enum ErrorCode;
  CHECK(error_code_name(invalid_argument) == "invalid_argument");
  CHECK(error_code_name(shape_mismatch) == "shape_mismatch");
  CHECK(error_code_name(unknown_name) == "unknown_name");
  CHECK(error_code_name(out_of_memory) == "out_of_memory");
  CHECK(error_code_name(bad_file) == "bad_file");
  CHECK(error_code_name(bad_state) == "bad_state");
}
