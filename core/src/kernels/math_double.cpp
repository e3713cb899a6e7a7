// Elementary functions of double: range reduction and short series, about one unit in the last place.
// Used by the random numbers, the sampler and the runs in double; the float versions are in simd_math.hpp.
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "kernels/math.hpp"

namespace x2g::kernels {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLog2e = 1.4426950408889634074;
// ln 2 in two parts; the high one has 32 trailing zero bits, so that a whole number times it is exact (Cody, Waite 1980).
constexpr double kLn2High = 0x1.62e42feep-1;
constexpr double kLn2Low = 0x1.a39ef35793c76p-33;
constexpr double kRoundMagic = 0x1.8p52;  // adding and taking it away rounds to a whole number

/// value 2^n for |n| <= 1100, in two steps so that neither factor leaves the range.
double times_power_of_two(double value, int n) {
  const auto power = [](int e) { return std::bit_cast<double>(static_cast<std::uint64_t>(e + 1023) << 52); };
  const int half = n / 2;
  return value * power(half) * power(n - half);
}

struct Reduced {
  int n;     // x = n ln 2 + r
  double r;  // |r| <= ln 2 / 2
};

Reduced reduce(double x) {
  const double n = (x * kLog2e + kRoundMagic) - kRoundMagic;
  return {static_cast<int>(n), (x - n * kLn2High) - n * kLn2Low};
}

/// Two numbers in a vector; the compiler's own, which GCC and Clang have on every target.
using Two = double __attribute__((vector_size(16)));
using TwoBits = std::int64_t __attribute__((vector_size(16)));

/// … ((x c[0] + c[1]) x + c[2]) x …: for one number or two.
template <class Number, std::size_t N>
[[gnu::always_inline]] inline Number horner(Number x, const double (&c)[N]) {
  Number sum = x * c[0] + c[1];
  for (std::size_t i = 2; i < N; ++i) sum = sum * x + c[i];
  return sum;
}

/// (e^r - 1 - r) / r² for |r| <= 0.35: Taylor to r^14, where the next term is below 2^-58 of r.
constexpr double kExp[] = {1.0 / 87178291200.0,
                           1.0 / 6227020800.0,
                           1.0 / 479001600.0,
                           1.0 / 39916800.0,
                           1.0 / 3628800.0,
                           1.0 / 362880.0,
                           1.0 / 40320.0,
                           1.0 / 5040.0,
                           1.0 / 720.0,
                           1.0 / 120.0,
                           1.0 / 24.0,
                           1.0 / 6.0,
                           0.5};
double expm1_reduced(double r) { return r + r * r * horner(r, kExp); }

/// 2 atanh s = s (2 + z P(z)), z = s² <= 0.03
constexpr double kLog[] = {2.0 / 25, 2.0 / 23, 2.0 / 21, 2.0 / 19, 2.0 / 17, 2.0 / 15,
                           2.0 / 13, 2.0 / 11, 2.0 / 9,  2.0 / 7,  2.0 / 5,  2.0 / 3};

/// e^-x² for 0 <= x <= 27; x² is split so that its rounding does not reach the result.
double exp_minus_square(double x) {
  const double high = std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) & ~0x7ffffffull);
  return exp(-high * high) * exp(-(x - high) * (x + high));
}

constexpr double kInverseSqrtPi = 0.56418958354775628695;

/// 1 - erf(x) for x >= 1.5: continued fraction (Abramowitz, Stegun 7.1.14), evaluated from its 100th term.
double erfc_tail(double x) {
  double f = x;
  for (int k = 100; k >= 1; --k) f = x + 0.5 * k / f;
  return exp_minus_square(x) * kInverseSqrtPi / f;
}

/// erf(x) for 0 <= x < 2.5: 2/√π e^-x² Σ 2ⁿ x^(2n+1) / (2n+1)!! (7.1.6); every term is positive, nothing cancels.
double erf_series(double x) {
  double term = x, sum = x;
  for (int n = 1; n < 80 && term > sum * 0x1p-60; ++n) {
    term *= 2 * x * x / (2 * n + 1);
    sum += term;
  }
  return 2 * kInverseSqrtPi * exp_minus_square(x) * sum;
}

/// sin and cos of t, |t| <= π/4.
double sin_reduced(double t) {
  const double z = t * t;
  double sum = 1.0 / 355687428096000.0;  // 1 / 17!
  for (double term :
       {-1.0 / 1307674368000.0, 1.0 / 6227020800.0, -1.0 / 39916800.0, 1.0 / 362880.0, -1.0 / 5040.0, 1.0 / 120.0, -1.0 / 6.0}) {
    sum = sum * z + term;
  }
  return t + t * z * sum;
}

double cos_reduced(double t) {
  const double z = t * t;
  double sum = -1.0 / 6402373705728000.0;  // 1 / 18!
  for (double term :
       {1.0 / 20922789888000.0, -1.0 / 87178291200.0, 1.0 / 479001600.0, -1.0 / 3628800.0, 1.0 / 40320.0, -1.0 / 720.0, 1.0 / 24.0}) {
    sum = sum * z + term;
  }
  return (1 - 0.5 * z) + z * z * sum;
}

/// sin(2π (x + quarters/4)).
double sine_of_turns(double x, int quarters) {
  const double q = (4 * x + kRoundMagic) - kRoundMagic;
  const double t = 6.283185307179586477 * (x - 0.25 * q);  // the difference is exact
  switch ((static_cast<int>(q) + quarters) & 3) {
    case 0: return sin_reduced(t);
    case 1: return cos_reduced(t);
    case 2: return -sin_reduced(t);
    default: return -cos_reduced(t);
  }
}

}  // namespace

double exp(double x) {
  if (x != x) return x;
  if (x > 709.782712893384) return kInfinity;
  if (x < -745.2) return 0;
  const Reduced v = reduce(x);
  return times_power_of_two(1 + expm1_reduced(v.r), v.n);
}

double expm1_negative(double x) {
  if (x != x) return x;
  if (x < -50) return -1;
  const Reduced v = reduce(x);
  const double p = expm1_reduced(v.r);
  if (v.n == 0) return p;
  const double scale = times_power_of_two(1, v.n);
  return scale * p + (scale - 1);
}

double log1p_fraction(double u) {
  const double w = 1 + u;
  return log(w) + (u - (w - 1)) / w;  // the second term is what rounding took from w
}

double log(double x) {
  if (x != x || x < 0) return std::numeric_limits<double>::quiet_NaN();
  if (x == 0) return -kInfinity;
  if (x == kInfinity) return x;
  int k = 0;
  if (x < 0x1p-1022) {
    x *= 0x1p54;
    k = -54;
  }
  // x = 2^k m with m in [√½, √2): the constant is the bit pattern of √½.
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(x);
  const std::uint64_t shifted = bits - 0x3fe6a09e667f3bcdull;
  const auto exponent = static_cast<std::int64_t>(shifted) >> 52;
  k += static_cast<int>(exponent);
  const double f = std::bit_cast<double>(bits - (static_cast<std::uint64_t>(exponent) << 52)) - 1;
  // log(1 + f) = 2 atanh(s), s = f / (2 + f), arranged so that the leading f stays exact.
  const double s = f / (2 + f);
  const double z = s * s;
  const double sum = horner(z, kLog);
  const double half_square = 0.5 * f * f;
  const double low = s * (half_square + z * sum) + k * kLn2Low;
  return k * kLn2High - ((half_square - low) - f);
}

// The steps of exp and log above, without those for arguments that cannot be: 1 + e^x is between 1 and 2.
void softplus_rest(const double (&z)[2], double (&e)[2]) {
  // From e^-40 on it is 1 as it is for anything less. NaN may become any number here: the loss that this is added to is NaN by itself.
  Two x = {-std::fabs(z[0]), -std::fabs(z[1])};
  x = x > -40.0 ? x : Two{-40.0, -40.0};
  const Two n = (x * kLog2e + kRoundMagic) - kRoundMagic, r = (x - n * kLn2High) - n * kLn2Low;
  const Two power = std::bit_cast<Two>(std::bit_cast<TwoBits>(n + (kRoundMagic + 1023)) << 52);
  const Two w = 1.0 + (1.0 + (r + r * r * horner(r, kExp))) * power;
  // w = 2^k m
  const TwoBits bits = std::bit_cast<TwoBits>(w), high = bits >= 0x3ff6a09e667f3bcd;  // √2: all ones, or 0
  const Two f = std::bit_cast<Two>(bits + (high << 52)) - 1.0, k = high ? Two{1, 1} : Two{0, 0};
  const Two s = f / (2.0 + f), square = s * s, half_square = 0.5 * f * f;
  const Two low = s * (half_square + square * horner(square, kLog)) + k * kLn2Low;
  const Two result = k * kLn2High - ((half_square - low) - f);
  e[0] = result[0];
  e[1] = result[1];
}

double tanh(double x) {
  const double a = std::fabs(x);
  if (a > 22) return x > 0 ? 1 : -1;
  if (x != x || a < 0x1p-28) return x;
  const double m = expm1_negative(-2 * a);
  const double y = -m / (2 + m);
  return x > 0 ? y : -y;
}

double sigmoid(double x) {
  if (x >= 0) return 1 / (1 + exp(-x));
  const double e = exp(x);
  return e / (1 + e);
}

double erf(double x) {
  const double a = std::fabs(x);
  if (x != x) return x;
  const double y = a < 2.5 ? erf_series(a) : (a < 6 ? 1 - erfc_tail(a) : 1);
  return x < 0 ? -y : y;
}

double normal_cdf(double x) {
  const double a = std::fabs(x) * 0.70710678118654752440;
  if (x != x) return x;
  if (a < 1.5) return 0.5 * (1 + erf(x * 0.70710678118654752440));
  const double tail = a < 27 ? 0.5 * erfc_tail(a) : 0;
  return x < 0 ? tail : 1 - tail;
}

double sin_2pi(double x) { return sine_of_turns(x, 0); }
double cos_2pi(double x) { return sine_of_turns(x, 1); }

}  // namespace x2g::kernels
