// exp, log, e^x − 1, log(1 + u), tanh, erf, sigmoid and the normal distribution on vectors of floats. Included by core/src/kernels/*.cpp only.
//
// Polynomial and rational coefficients were fitted for this project: least relative error on the stated interval
// (Lawson's reweighting of the linearized problem, 40 digits), then rounded to float.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>

#include "kernels/simd.hpp"

namespace X2G_KERNELS::simd {

/// c[0] + c[1] x + … by Horner's rule.
template <std::size_t N>
inline Floats polynomial(Floats x, const float (&c)[N]) {
  Floats sum = splat(c[N - 1]);
  for (std::size_t i = N - 1; i-- > 0;) sum = madd(sum, x, splat(c[i]));
  return sum;
}

/// Values above `limit` become it; NaN stays.
inline Floats at_most(Floats x, const float& limit) { return xsimd::select(x > splat(limit), splat(limit), x); }
inline Floats at_least(Floats x, const float& limit) { return xsimd::select(x < splat(limit), splat(limit), x); }

/// y >= 0 (or NaN) with the sign of x.
inline Floats with_sign_of(Floats x, Floats y) {
  const Ints sign = xsimd::bitwise_cast<std::int32_t>(x) & Ints(std::numeric_limits<std::int32_t>::min());
  return xsimd::bitwise_cast<float>(xsimd::bitwise_cast<std::int32_t>(y) | sign);
}

inline constexpr float kExpLow = -87.33654f;  // ln of the smallest normal number
inline constexpr float kExpHigh = 88.72283f;  // ln of the largest one
inline constexpr float kInfinity = std::numeric_limits<float>::infinity();
// ln 2 = 0x1.63p-1 - 0x1.bd0106p-13; a whole number times the first part is exact.
inline constexpr float kMinusLn2 = -0x1.63p-1f, kLn2Rest = 0x1.bd0106p-13f;

/// e^(x + rest) = 2^n (1 + p) for kExpLow <= x <= kExpHigh; |rest| ≪ 1 holds what rounding took from x.
/// x = n ln 2 + r, |r| <= ln 2 / 2 (Cody, Waite 1980); n appears in the low bits of x / ln 2 + 1.5·2^23 and is moved to
/// where floats keep their exponent: added to a number's bits it multiplies it by 2^n.
struct ExpParts {
  Floats p;
  Ints exponent;
};

inline ExpParts exp_parts(Floats x, Floats rest) {
  static constexpr float kCoefficients[] = {0x1.fffffcp-2f, 0x1.555490p-3f, 0x1.5558f4p-5f, 0x1.123a6cp-7f,
                                            0x1.6a2348p-10f};  // (e^r - 1 - r) / r²: relative error of e^r 2^-28
  static constexpr float kMagic = 0x1.8p23f, kLog2e = 0x1.715476p0f;
  const Floats magic = splat(kMagic);
  const Floats shifted = madd(x, splat(kLog2e), magic);
  const Floats n = shifted - magic;
  const Floats r = madd(n, splat(kLn2Rest), madd(n, splat(kMinusLn2), x)) + rest;
  return {madd(r * r, polynomial(r, kCoefficients), r), xsimd::bitwise_cast<std::int32_t>(shifted) << 23};
}

inline Floats times_power(Floats y, Ints exponent) { return xsimd::bitwise_cast<float>(xsimd::bitwise_cast<std::int32_t>(y) + exponent); }

inline Floats exp_inner(Floats x, Floats rest) {
  const ExpParts e = exp_parts(x, rest);
  return times_power(e.p + splat(kOne), e.exponent);
}

/// The same for every x.
inline Floats exp_sum(Floats x, Floats rest) {
  Floats result = xsimd::select(x < splat(kExpLow), Floats(0.0f), exp_inner(x, rest));
  result = xsimd::select(x > splat(kExpHigh), splat(kInfinity), result);
  return xsimd::select(x == x, result, x);
}

inline Floats exp(Floats x) { return exp_sum(x, Floats(0.0f)); }

/// e^x − 1 for x <= 0 (for others: anything), accurate near 0 too: 2^n p + (2^n − 1), where the second term is exact.
inline Floats expm1_negative(Floats x) {
  static constexpr float kFlat = -20.0f;  // from there down it rounds to −1
  const ExpParts e = exp_parts(at_least(x, kFlat), Floats(0.0f));
  const Floats power = times_power(splat(kOne), e.exponent);
  return madd(power, e.p, power - splat(kOne));
}

/// log(1 + u) for 0 <= u <= 1: 2 atanh s, s = u / (2 + u) <= 1/3; every term is positive, nothing cancels.
inline Floats log1p_fraction(Floats u) {
  static constexpr float kCoefficients[] = {2.0f / 3, 2.0f / 5, 2.0f / 7, 2.0f / 9, 2.0f / 11, 2.0f / 13, 2.0f / 15};  // next: 2^-29 of it
  const Floats s = u / (splat(kTwo) + u), square = s * s;
  return madd(s * square, polynomial(square, kCoefficients), s + s);
}

/// log x = k ln 2 + log(1 + f), 1 + f in [√½, √2).
inline Floats log(Floats x) {
  static constexpr float kCoefficients[] = {0x1.555548p-2f,  -0x1.000006p-2f, 0x1.99a4b6p-3f,  -0x1.555c4cp-3f, 0x1.233760p-3f,
                                            -0x1.fc2220p-4f, 0x1.e6f0ecp-4f,  -0x1.de3bb2p-4f, 0x1.14561ap-4f};  // error 2^-30
  const auto subnormal = x < Floats(0x1p-126f);
  const Floats normal = xsimd::select(subnormal, x * Floats(0x1p23f), x);
  const Ints bits = xsimd::bitwise_cast<std::int32_t>(normal);
  const Ints exponent = (bits - Ints(std::bit_cast<std::int32_t>(0x1.6a09e6p-1f))) >> 23;
  const Floats k = xsimd::to_float(exponent) - xsimd::select(subnormal, Floats(23.0f), Floats(0.0f));
  const Floats f = xsimd::bitwise_cast<float>(bits - (exponent << 23)) - Floats(1.0f);
  const Floats square = f * f;
  const Floats low = madd(k, Floats(-kLn2Rest), madd(f * square, polynomial(f, kCoefficients), Floats(0.0f)));
  Floats result = madd(k, Floats(-kMinusLn2), f + madd(square, Floats(-0.5f), low));
  result = xsimd::select(x == splat(kInfinity), x, result);
  result = xsimd::select(x == Floats(0.0f), -splat(kInfinity), result);
  return xsimd::select(x >= Floats(0.0f), result, Floats(std::numeric_limits<float>::quiet_NaN()));
}

/// 1 − 2 / (e^2a + 1) for a = |x| >= 0.55, where the subtraction loses nothing; x + x³ P(x²) below.
inline Floats tanh(Floats x) {
  static constexpr float kCoefficients[] = {-0x1.55554ap-2f, 0x1.110cb0p-3f, -0x1.b9136ep-5f, 0x1.588276p-6f,
                                            -0x1.96cef8p-8f};  // relative error of tanh x 2^-29.6
  static constexpr float kFlat = 9.02f, kNear = 0.55f;         // from kFlat on tanh rounds to 1
  const Floats a = at_most(xsimd::abs(x), kFlat);
  const Floats square = a * a;
  const Floats small = madd(a * square, polynomial(square, kCoefficients), a);
  const Floats large = splat(kOne) - splat(kTwo) / (exp_inner(a + a, Floats(0.0f)) + splat(kOne));
  return with_sign_of(x, xsimd::select(a < splat(kNear), small, large));
}

inline Floats sigmoid(Floats x) { return splat(kOne) / (splat(kOne) + exp(-x)); }

/// e^(−a²/2) and Φ(−a) = e^(−a²/2) R(a) for a >= 0, of small relative error however small they are.
/// R = P / Q within 2^-27.3 for a <= 14; all its terms are positive, nothing cancels. Both are times
/// 1.5, which keeps their values for small a away from powers of two, where rounding weighs most.
struct NormalTail {
  Floats bell, area;
};

inline NormalTail normal_tail(Floats x) {
  static constexpr float kP[] = {0x1.8p-1f, 0x1.4f49e6p-1f, 0x1.177422p-2f, 0x1.edd538p-5f, 0x1.8df2b8p-8f};
  static constexpr float kQ[] = {0x1.8p0f, 0x1.40d696p1f, 0x1.cbb58ap0f, 0x1.65ea1cp-1f, 0x1.357c36p-3f, 0x1.f2bf6p-7f};
  static constexpr float kFlat = 13.3f, kMinusHalf = -0.5f;  // from kFlat on the bell is 0
  const Floats a = at_most(x, kFlat);
  // −a²/2 in two parts: the square of a's upper 12 bits is exact.
  const Floats upper = xsimd::bitwise_cast<float>(xsimd::bitwise_cast<std::int32_t>(a) & Ints(-4096));
  const Floats p = upper * upper * splat(kMinusHalf), q = (a - upper) * (a + upper) * splat(kMinusHalf);
  const Floats high = p + q;
  const Floats bell = exp_sum(high, (p - high) + q);
  return {bell, bell * (polynomial(a, kP) / polynomial(a, kQ))};
}

/// Φ(x) and φ(x) of the normal distribution.
struct Normal {
  Floats cdf, density;
};

inline Normal normal(Floats x) {
  static constexpr float kPeak = 0.39894228f;  // 1 / √(2π)
  const NormalTail tail = normal_tail(xsimd::abs(x));
  return {xsimd::select(x < Floats(0.0f), tail.area, splat(kOne) - tail.area), tail.bell * splat(kPeak)};
}

/// 1 − 2 Φ(−√2 a) for a = |x| >= 0.75; x P(x²) below.
inline Floats erf(Floats x) {
  static constexpr float kCoefficients[] = {-0x1.812746p-2f, 0x1.ce2ef8p-4f,   -0x1.b82642p-6f,
                                            0x1.55d806p-8f,  -0x1.b58e5ap-11f, 0x1.8a4546p-14f};  // error 2^-35
  static constexpr float kFlat = 3.93f, kNear = 0.75f, kFirst = 0x1.20dd76p0f, kRootTwo = 0x1.6a09e6p0f;
  const Floats a = at_most(xsimd::abs(x), kFlat);  // from there on erf rounds to 1
  const Floats square = a * a;
  const Floats small = madd(a, splat(kFirst), a * square * polynomial(square, kCoefficients));
  const Floats large = splat(kOne) - splat(kTwo) * normal_tail(a * splat(kRootTwo)).area;
  return with_sign_of(x, xsimd::select(a < splat(kNear), small, large));
}

}  // namespace X2G_KERNELS::simd
