// What the targets that call the API share: an input as a row of choices, odd numbers among small ones, and calls that may be refused.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "fuzz/fuzz.hpp"

namespace x2g::fuzz {

inline constexpr int kCalls = 16;  // of one input: what is wrong after these is as good as always wrong after fewer

/// The input as a row of choices; zeros when it is used up.
class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  bool empty() const { return size_ == 0; }
  std::uint8_t byte() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }
  std::uint32_t below(std::uint32_t n) { return byte() % n; }
  bool flag() { return byte() & 1; }
  /// Mostly small; one in eight at an edge of some type or limit.
  std::uint32_t whole() {
    static constexpr std::uint32_t kOdd[] = {0,     63,    64,       255,         256,         2048,        4096,        4097,
                                             65535, 65536, 1u << 20, 0x7fffffffu, 0x80000000u, 0xfffffff0u, 0xfffffffeu, 0xffffffffu};
    const std::uint8_t b = byte();
    return b < 32 ? kOdd[b % 16] : 1 + b % 9;
  }
  /// 1 to n, one in eight beyond what anything of that kind may be: for numbers whose size is the time that an input takes.
  std::uint32_t few(std::uint32_t n) {
    static constexpr std::uint32_t kBeyond[] = {0, 4097, 65537, 0x7fffffffu, 0x80000000u, 0xfffffff0u, 0xfffffffeu, 0xffffffffu};
    const std::uint8_t b = byte();
    return b < 32 ? kBeyond[b % 8] : 1 + b % n;
  }
  double real() {
    constexpr double inf = std::numeric_limits<double>::infinity();
    static const double kOdd[] = {0, -0.0, 1, -1, std::nan(""), inf, -inf, 1e308, -1e308, 5e-324, 1e6, 1e7, 0.5, 2, 0.999999, 1e-20};
    const std::uint8_t b = byte();
    return b < 64 ? kOdd[b % 16] : (b - 64) / 192.0;
  }
  template <class E>
  E one_of(std::uint32_t kinds) {
    return static_cast<E>(below(kinds));
  }
  std::string bytes(std::size_t most) {
    std::string out(below(static_cast<std::uint32_t>(most)), '\0');
    for (char& c : out) c = static_cast<char>(byte());
    return out;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

/// Runs a call that may be refused with an Error; true when it was not.
template <class Call>
bool attempt(const Call& call) {
  try {
    call();
    return true;
  } catch (const Error& e) {
    require(!e.message().empty(), "an error without a message");
    return false;
  }
}

}  // namespace x2g::fuzz
