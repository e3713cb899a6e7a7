// Numbers as text for error messages, without printf or iostream (each costs kilobytes of WebAssembly).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace x2g {

std::string to_text(std::int64_t value);  ///< decimal
std::string to_text(double value);        ///< whole numbers below 1e15 in full, else up to 6 significant digits; "NaN", "Infinity", "1e-7"
std::string hex64(std::uint64_t value);   ///< 16 lower-case digits
std::uint64_t fnv1a(const void* bytes, std::size_t count, std::uint64_t basis = 0xcbf29ce484222325ull);  ///< checksum (FNV-1a, 64 bit)

/// What headers need and callers do not.
namespace detail {

/// One piece of a message. Messages are joined out of line: a fault costs its call site a few stores and one call.
class Piece {
 public:
  /// Refers to the characters: they must outlive the making of the message.
  Piece(std::string_view s) : kind_(Kind::characters), size_(s.size()) { value_.characters = s.data(); }
  Piece(const std::string& s) : Piece(std::string_view(s)) {}  ///< likewise
  Piece(const char* s) : Piece(std::string_view(s)) {}         ///< zero-terminated
  Piece(double d) : kind_(Kind::real) { value_.real = d; }     ///< as to_text(double) writes it
  /// A whole number; bool gives 0 or 1.
  template <class I>
    requires std::is_integral_v<I>
  Piece(I i) : kind_(Kind::whole) {
    value_.whole = static_cast<std::int64_t>(i);
  }
  void append_to(std::string& out) const;  ///< at its end

 private:
  enum class Kind : unsigned char { characters, real, whole } kind_;
  std::size_t size_ = 0;
  union {
    const char* characters;
    double real;
    std::int64_t whole;
  } value_;
};

/// Empty when there is no memory for a message.
std::string join(const Piece* pieces, std::size_t count) noexcept;

}  // namespace detail

/// Joins pieces: `text("batch is ", 0, "; it must be 1 to ", 4096)`.
template <class... Pieces>
std::string text(const Pieces&... pieces) noexcept {
  const detail::Piece list[] = {detail::Piece(pieces)...};
  return detail::join(list, sizeof...(Pieces));
}

}  // namespace x2g
