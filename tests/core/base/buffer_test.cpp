// The storage of the arena: aligned, zeroed, movable, and an Error where there is no memory.
#include "x2g/base/buffer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <limits>
#include <utility>

#include "x2g/base/error.hpp"

using namespace x2g;

TEST_CASE("a buffer is aligned and zeroed", "[base]") {
  for (const std::size_t n : {1u, 3u, 17u, 1000u}) {
    Buffer<float> b(n);
    CHECK(reinterpret_cast<std::uintptr_t>(b.data()) % kAlignment == 0);
    CHECK(b.size() == n);
    bool zero = true;
    for (const float v : b.span()) zero = zero && v == 0;
    CHECK(zero);
  }
  CHECK(Buffer<double>(0).data() == nullptr);
}

TEST_CASE("a buffer moves and keeps its contents", "[base]") {
  Buffer<double> a(4);
  a.data()[2] = 5;
  Buffer<double> b = std::move(a);
  CHECK(a.size() == 0);
  CHECK(b.span()[2] == 5);
  Buffer<double> c(2);
  c = std::move(b);
  CHECK(c.size() == 4);
  CHECK(c.span()[2] == 5);
}

TEST_CASE("more memory than there is becomes an error that names the figure", "[base]") {
  const std::size_t too_many = std::numeric_limits<std::size_t>::max() / 8;
  for (const std::size_t n : {too_many, std::numeric_limits<std::size_t>::max()}) {
    try {
      Buffer<float> b(n);
      FAIL("an impossible buffer was made");
    } catch (const Error& e) {
      CHECK(e.code() == ErrorCode::out_of_memory);
      CHECK(e.message().find(" MB") != std::string::npos);
      CHECK(error_code_name(e.code()) == "out_of_memory");
    }
  }
}
