// Three ways, each when the one before cannot be sure: products of exact doubles (Clinger 1990, "How to Read Floating Point Numbers
// Accurately"); 64-bit products with a bound on their error; whole numbers of any length, compared with the point halfway.
#include "x2g/io/number.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace x2g {
namespace {

using Fault = DecimalNumber::Fault;
constexpr int kDigits = 19;           // what 64 bits hold
constexpr std::size_t kExact = 800;   // significant digits that can matter: 767, and one for all the rest
constexpr std::uint64_t kError = 64;  // of 2^64, see product_of()
constexpr int kLeast = -1074;         // exponent of the smallest double

bool digit(char c) { return c >= '0' && c <= '9'; }

/// The number as written: significant digits without point and leading zeros, times 10^exponent.
struct Decimal {
  std::uint64_t head = 0;  // the first kDigits of them
  int digits = 0;          // how many `head` has
  int exponent = 0;        // of head
  bool more = false;       // digits other than 0 come after head
  bool negative = false;
};

/// f 2^e with 2^63 <= f < 2^64.
struct Scaled {
  std::uint64_t f;
  int e;
};
// 10^(2^k) and 10^-(2^k), to the nearest.
constexpr std::array<Scaled, 9> kTens{{{0xA000000000000000ull, -60},
                                       {0xC800000000000000ull, -57},
                                       {0x9C40000000000000ull, -50},
                                       {0xBEBC200000000000ull, -37},
                                       {0x8E1BC9BF04000000ull, -10},
                                       {0x9DC5ADA82B70B59Eull, 43},
                                       {0xC2781F49FFCFA6D5ull, 149},
                                       {0x93BA47C980E98CE0ull, 362},
                                       {0xAA7EEBFB9DF9DE8Eull, 787}}};
constexpr std::array<Scaled, 9> kTenths{{{0xCCCCCCCCCCCCCCCDull, -67},
                                         {0xA3D70A3D70A3D70Aull, -70},
                                         {0xD1B71758E219652Cull, -77},
                                         {0xABCC77118461CEFDull, -90},
                                         {0xE69594BEC44DE15Bull, -117},
                                         {0xCFB11EAD453994BAull, -170},
                                         {0xA87FEA27A539E9A5ull, -276},
                                         {0xDDD0467C64BCE4A1ull, -489},
                                         {0xC0314325637A193Aull, -914}}};

/// The upper 64 bits of the product, made to start with a 1 again; what is cut off is less than one unit.
Scaled multiply(Scaled a, Scaled b) {
  const std::uint64_t mask = 0xffffffffull, a0 = a.f & mask, a1 = a.f >> 32, b0 = b.f & mask, b1 = b.f >> 32;
  const std::uint64_t low = a0 * b0, cross = a1 * b0 + (low >> 32), other = a0 * b1 + (cross & mask);
  const std::uint64_t high = a1 * b1 + (cross >> 32) + (other >> 32), rest = (other << 32) | (low & mask);
  if (high >> 63) return {high, a.e + b.e + 64};
  return {(high << 1) | (rest >> 63), a.e + b.e + 63};
}

/// head 10^exponent. Each of at most 9 factors is off by half a unit and each product by one more, relative to 2^63: 27 units of 2^64;
/// digits after the head add less than 10^-18, 19 units. kError is above the sum.
Scaled product_of(const Decimal& d) {
  const int zeros = std::countl_zero(d.head);
  Scaled out{d.head << zeros, -zeros};
  const auto& table = d.exponent < 0 ? kTenths : kTens;
  unsigned bits = static_cast<unsigned>(d.exponent < 0 ? -d.exponent : d.exponent);
  for (std::size_t k = 0; bits != 0; ++k, bits >>= 1)
    if (bits & 1u) out = multiply(out, table[k]);
  return out;
}

/// A whole number of any length, lowest 32 bits first.
class Whole {
 public:
  void multiply_add(std::uint32_t factor, std::uint32_t add) {
    std::uint64_t carry = add;
    for (std::uint32_t& w : words_) {
      carry += static_cast<std::uint64_t>(w) * factor;
      w = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    if (carry) words_.push_back(static_cast<std::uint32_t>(carry));
  }
  void times_ten_to(int n) {
    for (; n >= 9; n -= 9) multiply_add(1000000000u, 0);
    for (; n > 0; --n) multiply_add(10, 0);
  }
  void times_two_to(int n) {
    words_.insert(words_.begin(), static_cast<std::size_t>(n / 32), 0u);
    multiply_add(1u << (n % 32), 0);
  }
  int compare(const Whole& b) const {
    if (words_.size() != b.words_.size()) return words_.size() < b.words_.size() ? -1 : 1;
    for (std::size_t i = words_.size(); i-- > 0;)
      if (words_[i] != b.words_[i]) return words_[i] < b.words_[i] ? -1 : 1;
    return 0;
  }

 private:
  std::vector<std::uint32_t> words_;
};

/// The number as written, against (2q + 1) 2^e: −1, 0, 1. `text` is its digits and point.
int compare_exactly(std::string_view text, char point, int exponent_of_last, std::uint64_t q, int e) {
  Whole a, b;
  std::size_t kept = 0, dropped = 0;
  bool rest = false;
  for (const char c : text) {
    if (c == point || (kept == 0 && c == '0')) continue;
    if (kept < kExact) {
      a.multiply_add(10, static_cast<std::uint32_t>(c - '0'));
      ++kept;
    } else {
      ++dropped;
      rest |= c != '0';
    }
  }
  if (rest) {  // one more digit stands for all that were left out
    a.multiply_add(10, 1);
    --dropped;
  }
  const int exponent = exponent_of_last + static_cast<int>(dropped);
  b.multiply_add(1, static_cast<std::uint32_t>((2 * q + 1) >> 32));
  b.times_two_to(32);
  b.multiply_add(1, static_cast<std::uint32_t>(2 * q + 1));
  if (exponent >= 0)
    a.times_ten_to(exponent);
  else
    b.times_ten_to(-exponent);
  if (e >= 0)
    b.times_two_to(e);
  else
    a.times_two_to(-e);
  return a.compare(b);
}

/// q 2^e as bits; q <= 2^53, and below 2^52 only with e = kLeast.
double compose(std::uint64_t q, int e) {
  if (q == 1ull << 53) {
    q >>= 1;
    ++e;
  }
  if (q < 1ull << 52) return std::bit_cast<double>(q);
  return std::bit_cast<double>((static_cast<std::uint64_t>(e + 1075) << 52) | (q & ((1ull << 52) - 1)));
}

}  // namespace

DecimalNumber parse_decimal(std::string_view text, char point) {
  static constexpr std::array<double, 23> kPowers{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                                  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  DecimalNumber out;
  const auto fault = [&out](Fault why) {
    out.fault = why;
    out.value = 0;
    return out;
  };
  Decimal d;
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) d.negative = text[at++] == '-';
  const std::size_t begin = at;
  bool any = false;
  std::int64_t dropped = 0, after_point = 0;  // digits not in the head; digits after the point
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == point && !out.point) {
      out.point = true;
      continue;
    }
    if (!digit(c)) break;
    any = true;
    after_point += out.point;
    if (d.digits < kDigits) {
      d.head = d.head * 10 + static_cast<std::uint64_t>(c - '0');
      d.digits += d.head != 0;
    } else {
      ++dropped;
      d.more |= c != '0';
    }
  }
  const std::string_view written = text.substr(begin, at - begin);
  if (!any) return fault(Fault::not_a_number);
  std::int64_t power = 0;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    bool down = false;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) down = text[at++] == '-';
    if (at == text.size()) return fault(Fault::not_a_number);
    for (; at < text.size() && digit(text[at]); ++at)
      if (power < 10000000) power = power * 10 + (text[at] - '0');
    if (down) power = -power;
  }
  if (at != text.size()) return fault(Fault::not_a_number);

  const double sign = d.negative ? -1.0 : 1.0;
  out.value = 0 * sign;
  if (d.head == 0) return out;
  const std::int64_t exponent = power - after_point + dropped;
  if (exponent + d.digits > 310) return fault(Fault::too_large);
  if (exponent + d.digits < -330) return out;
  d.exponent = static_cast<int>(exponent);  // small by the two lines above

  if (!d.more && d.head <= 1ull << 53 && d.exponent >= -22 && d.exponent <= 22) {
    const double head = static_cast<double>(d.head), ten = kPowers[static_cast<std::size_t>(d.exponent < 0 ? -d.exponent : d.exponent)];
    out.value = sign * (d.exponent < 0 ? head / ten : head * ten);
    return out;
  }

  const Scaled p = product_of(d);
  const int drop = p.e + 11 < kLeast ? kLeast - p.e : 11;  // bits below the last one a double keeps; more for subnormal numbers
  if (drop > 65) return out;
  std::uint64_t q = drop < 64 ? p.f >> drop : 0;
  const std::uint64_t rest = drop < 64 ? p.f & ((1ull << drop) - 1) : p.f, half = drop < 65 ? 1ull << (drop - 1) : UINT64_MAX;
  const std::uint64_t distance = rest > half ? rest - half : half - rest;
  bool up = drop < 65 && rest > half;
  if (distance <= kError) {
    const int order = compare_exactly(written, point, static_cast<int>(power - after_point), q, p.e + drop - 1);
    up = order > 0 || (order == 0 && (q & 1u));
  }
  q += up;
  if (q != 0 && p.e + drop + static_cast<int>(std::bit_width(q)) > 1024) return fault(Fault::too_large);
  out.value = sign * compose(q, p.e + drop);
  return out;
}

}  // namespace x2g
