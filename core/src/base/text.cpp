// Numbers as text, by integer arithmetic only. For messages and names: to_text(double) keeps six digits and is no
// round-trip format.
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

constexpr int kDigits = 6;

std::string digits_of(std::uint64_t value) {
  char buffer[20];
  int n = 0;
  do {
    buffer[n++] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  std::string out;
  while (n > 0) out += buffer[--n];
  return out;
}

/// value 10^power, in steps that stay in range.
double scaled(double value, int power) {
  static constexpr double kPowers[] = {1e1, 1e2, 1e4, 1e8, 1e16, 1e32, 1e64, 1e128, 1e256};
  const bool down = power < 0;
  unsigned bits = static_cast<unsigned>(down ? -power : power);
  for (int i = 0; bits != 0; ++i, bits >>= 1) {
    if ((bits & 1u) == 0) continue;
    value = down ? value / kPowers[i] : value * kPowers[i];
  }
  return value;
}

/// The decimal exponent of value > 0: 10^e <= value < 10^(e+1), up to rounding.
int decimal_exponent(double value) {
  int e = 0;
  while (scaled(value, -e) >= 10) e += (scaled(value, -e) >= 1e16) ? 16 : 1;
  while (scaled(value, -e) < 1) e -= (scaled(value, -e) < 1e-16) ? 16 : 1;
  return e;
}

}  // namespace

std::string to_text(std::int64_t value) {
  if (value >= 0) return digits_of(static_cast<std::uint64_t>(value));
  std::string out(1, '-');
  return out += digits_of(~static_cast<std::uint64_t>(value) + 1);
}

std::string to_text(double value) {
  if (value != value) return "NaN";
  std::string out;
  if (value < 0) {
    out = "-";
    value = -value;
  }
  if (value > 1.7976931348623157e308) return out += "Infinity";
  if (value == 0) return "0";
  if (value < 1e15 && value == static_cast<double>(static_cast<std::uint64_t>(value))) {
    return out += digits_of(static_cast<std::uint64_t>(value));
  }
  int e = decimal_exponent(value);
  auto rounded = static_cast<std::uint64_t>(scaled(value, kDigits - 1 - e) + 0.5);
  if (rounded >= 1000000) {  // 9.999997 became 10.0000
    rounded /= 10;
    ++e;
  }
  std::string digits = digits_of(rounded);
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  const bool fixed = e >= -5 && e < kDigits;
  if (fixed && e < 0) return out.append("0.").append(static_cast<std::size_t>(-e - 1), '0').append(digits);
  const std::size_t whole = fixed ? static_cast<std::size_t>(e) + 1 : 1;
  if (digits.size() < whole) digits.append(whole - digits.size(), '0');
  out.append(digits, 0, whole);
  if (digits.size() > whole) out.append(".").append(digits, whole);
  if (!fixed) out.append("e").append(to_text(static_cast<std::int64_t>(e)));
  return out;
}

namespace detail {

void Piece::append_to(std::string& out) const {
  switch (kind_) {
    case Kind::characters: out.append(value_.characters, size_); break;
    case Kind::real: out += to_text(value_.real); break;
    case Kind::whole: out += to_text(value_.whole); break;
  }
}

std::string join(const Piece* pieces, std::size_t count) noexcept {
  try {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) pieces[i].append_to(out);
    return out;
  } catch (...) {
    return {};
  }
}

}  // namespace detail

std::string hex64(std::uint64_t value) {
  std::string out(16, '0');
  for (std::size_t i = 16; i-- > 0; value >>= 4) out[i] = "0123456789abcdef"[value & 15];
  return out;
}

std::uint64_t fnv1a(const void* bytes, std::size_t count, std::uint64_t basis) {
  const auto* p = static_cast<const unsigned char*>(bytes);
  std::uint64_t hash = basis;
  for (std::size_t i = 0; i < count; ++i) hash = (hash ^ p[i]) * 0x100000001b3ull;
  return hash;
}

}  // namespace x2g
