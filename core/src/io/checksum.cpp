#include "x2g/io/checksum.hpp"

#include <array>
#include <bit>
#include <cstring>

namespace x2g {
namespace {

constexpr std::uint64_t kP1 = 0x9E3779B185EBCA87ull, kP2 = 0xC2B2AE3D27D4EB4Full, kP3 = 0x165667B19E3779F9ull, kP4 = 0x85EBCA77C2B2AE63ull,
                        kP5 = 0x27D4EB2F165667C5ull;

template <class I>
std::uint64_t load(const std::uint8_t* p) {
  I value = 0;
  std::memcpy(&value, p, sizeof value);  // the bytes are little-endian, and so is every machine this runs on
  return value;
}

std::uint64_t round(std::uint64_t lane, std::uint64_t input) { return std::rotl(lane + input * kP2, 31) * kP1; }
std::uint64_t merge(std::uint64_t h, std::uint64_t lane) { return (h ^ round(0, lane)) * kP1 + kP4; }

}  // namespace

std::uint64_t xxh64(std::span<const std::uint8_t> bytes, std::uint64_t seed) {
  static_assert(std::endian::native == std::endian::little);
  const std::uint8_t* p = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t h = seed + kP5;
  if (left >= 32) {
    std::array<std::uint64_t, 4> lane{seed + kP1 + kP2, seed + kP2, seed, seed - kP1};
    for (; left >= 32; left -= 32)
      for (std::uint64_t& l : lane) {
        l = round(l, load<std::uint64_t>(p));
        p += 8;
      }
    h = std::rotl(lane[0], 1) + std::rotl(lane[1], 7) + std::rotl(lane[2], 12) + std::rotl(lane[3], 18);
    for (const std::uint64_t l : lane) h = merge(h, l);
  }
  h += bytes.size();
  for (; left >= 8; left -= 8, p += 8) h = std::rotl(h ^ round(0, load<std::uint64_t>(p)), 27) * kP1 + kP4;
  if (left >= 4) {
    h = std::rotl(h ^ load<std::uint32_t>(p) * kP1, 23) * kP2 + kP3;
    left -= 4;
    p += 4;
  }
  for (; left > 0; --left, ++p) h = std::rotl(h ^ *p * kP5, 11) * kP1;
  h = (h ^ (h >> 33)) * kP2;
  h = (h ^ (h >> 29)) * kP3;
  return h ^ (h >> 32);
}

}  // namespace x2g
