// The decimal parser against the C library's strtod, which is correctly rounded here and under Node: every bit, on numbers chosen to be hard.
#include "x2g/io/number.hpp"

#include <catch2/catch_test_macros.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>

#include "x2g/base/rng.hpp"

using namespace x2g;

namespace {

void check(const std::string& text) {
  const double want = std::strtod(text.c_str(), nullptr);
  const DecimalNumber n = parse_decimal(text);
  if (std::isinf(want)) {
    if (n.fault != DecimalNumber::Fault::too_large) FAIL(text << " should be too large");
    return;
  }
  if (n.fault != DecimalNumber::Fault::none || std::bit_cast<std::uint64_t>(n.value) != std::bit_cast<std::uint64_t>(want))
    FAIL(text << " gave " << n.value << " for " << want);
}

std::string printed(const char* format, int digits, double value) {
  char buffer[1600];
  std::snprintf(buffer, sizeof buffer, format, digits, value);
  return buffer;
}

double random_double(Rng& rng) {
  for (;;) {
    const double d = std::bit_cast<double>((static_cast<std::uint64_t>(rng.bits()) << 32) | rng.bits());
    if (std::isfinite(d)) return d;
  }
}

}  // namespace

TEST_CASE("numbers known to be hard are rounded as strtod does", "[io][number]") {
  for (const char* text : {"0",
                           "-0",
                           "1",
                           "-1.5",
                           "0.1",
                           "0.2",
                           "0.3",
                           "1e23",
                           "8.5e22",
                           "9007199254740993",
                           "9007199254740992.999999999999999999999",
                           "9007199254740993.000000000000000000000000000001",
                           "1.7976931348623157e308",
                           "1.7976931348623158e308",
                           "1.7976931348623159e308",
                           "179769313486231580793728971405301e276",
                           "2.2250738585072014e-308",
                           "2.2250738585072011e-308",
                           "2.2250738585072012e-308",
                           "5e-324",
                           "4.9e-324",
                           "2.4703282292062327e-324",
                           "2.4703282292062328e-324",
                           "2.47e-324",
                           "1e-400",
                           "1e400",
                           "123456789012345678901234567890",
                           "6.9294956446009195e15",
                           "3.5844466002796428e298",
                           "1e-5000",
                           "0e999999999999",
                           "0.000000000000000000000000000000000001e40",
                           "100000000000000000000000000000000e-32",
                           "1448997445238699",
                           "1.00000000000000011102230246251565",
                           "00000000000000000000000000001"})
    check(text);
}

TEST_CASE("240 000 random numbers come back to the bit", "[io][number]") {
  Rng rng(7);
  for (int i = 0; i < 60000; ++i) {
    const double d = random_double(rng);
    check(printed("%.*e", 16, d));                               // 17 digits say which double it was
    check(printed("%.*e", static_cast<int>(rng.below(25)), d));  // fewer and more
    check(printed("%.*g", 6, rng.uniform(-1000, 1000)));         // what tables hold
    check(printed("%.*f", static_cast<int>(rng.below(12)), rng.uniform(-1e6, 1e6)));
  }
}

TEST_CASE("the exact middle between two doubles goes to the even one, a hair beside it to the nearer", "[io][number]") {
  Rng rng(8);
  for (int i = 0; i < 3000; ++i) {
    // Between d and the next: 53 bits and one more, all its digits printed.
    std::uint64_t bits = ((static_cast<std::uint64_t>(rng.bits()) << 32) | rng.bits()) & 0x7fffffffffffffffull;
    if (i % 3 == 0) bits &= 0x001fffffffffffffull;  // subnormal and just above
    const double d = std::bit_cast<double>(bits);
    if (!(d < 0x1p960)) continue;
    // The middle of d and its successor is exact in two doubles: d and half a step. Its decimal digits: printed from long double arithmetic
    // would depend on the machine, so the digits of 2d + step are printed (exact when d is below 2^52 steps of itself) and halved by e-1.
    const double next = std::nextafter(d, std::numeric_limits<double>::infinity()), step = next - d;
    if (step < 0x1p-1070) continue;
    std::string digits = printed("%.*f", 1100, d), half = printed("%.*f", 1100, step / 2);
    // decimal addition of two numbers with 1100 places
    std::string a = digits.size() > half.size() ? digits : std::string(half.size() - digits.size(), '0') + digits;
    std::string b = std::string(a.size() - half.size(), '0') + half;
    int carry = 0;
    for (std::size_t k = a.size(); k-- > 0;) {
      if (a[k] == '.') continue;
      const int sum = a[k] - '0' + b[k] - '0' + carry;
      a[k] = static_cast<char>('0' + sum % 10);
      carry = sum / 10;
    }
    if (carry) a.insert(a.begin(), '1');
    check(a);
    check(a + "1");
    check("-" + a + "00000000000000000000000000000000001");
    a.back() = a.back() == '0' ? '0' : static_cast<char>(a.back() - 1);
    check(a);
  }
}

TEST_CASE("what is no number is said to be none", "[io][number]") {
  for (const char* text :
       {"", "-", "+", ".", "e5", "1e", "1e+", "1.2.3", "0x10", "inf", "nan", "1,5", " 1", "1 ", "1_000", "--1", "+-1", "1e5.0", "１"}) {
    CAPTURE(text);
    CHECK(parse_decimal(text).fault == DecimalNumber::Fault::not_a_number);
  }
  CHECK(parse_decimal("1,5", ',').value == 1.5);
  CHECK(parse_decimal("1,5", ',').point);
  CHECK_FALSE(parse_decimal("15", ',').point);
  CHECK(parse_decimal("1.5", ',').fault == DecimalNumber::Fault::not_a_number);
  CHECK(parse_decimal("+.5e1").value == 5);
  CHECK(parse_decimal("5.").value == 5);
  CHECK(std::signbit(parse_decimal("-0").value));
  CHECK(std::signbit(parse_decimal("-1e-999").value));
  const std::string many(1'000'000, '9');
  CHECK(parse_decimal(many).fault == DecimalNumber::Fault::too_large);
  CHECK(parse_decimal("0." + many).value == 1);
  CHECK(parse_decimal("0." + std::string(1'000'000, '0') + "1e1000000").value == 0.1);
}
