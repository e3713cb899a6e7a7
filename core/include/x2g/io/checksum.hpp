// XXH64, the 64-bit hash that files are sealed with (Y. Collet, "xxHash fast digest algorithm", the specification's section on XXH64).
// Finds damage, eight bytes at a time; it is no protection against somebody who wants to deceive.
#pragma once

#include <cstdint>
#include <span>

namespace x2g {

/// The same figure on every machine.
std::uint64_t xxh64(std::span<const std::uint8_t> bytes, std::uint64_t seed = 0);

}  // namespace x2g
