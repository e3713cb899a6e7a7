// Numbers as text for error messages, without printf or iostream (each costs kilobytes of WebAssembly).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace x2g {

std::string to_text(std::int64_t value);
std::string to_text(double value);  ///< whole numbers below 1e15 in full, else up to 6 significant digits; "NaN", "Infinity", "1e-7"
std::string hex64(std::uint64_t value);  ///< 16 lower-case digits
std::uint64_t fnv1a(const void* bytes, std::size_t count, std::uint64_t basis = 0xcbf29ce484222325ull);  ///< checksum (FNV-1a, 64 bit)

/// Joins pieces: `text("batch is ", 0, "; it must be 1 to ", 4096)`.
namespace detail {
inline void append(std::string& out, std::string_view piece) { out += piece; }
inline void append(std::string& out, double value) { out += to_text(value); }
template <class I>
  requires std::is_integral_v<I>
void append(std::string& out, I value) { out += to_text(static_cast<std::int64_t>(value)); }
}  // namespace detail

template <class... Pieces>
std::string text(const Pieces&... pieces) {
  std::string out;
  (detail::append(out, pieces), ...);
  return out;
}

}  // namespace x2g
