// What every op test needs: inputs from a seed that float holds exactly, gradients that start at something other than
// zero (ops add to them), and distances. Not a test by itself.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <span>
#include <vector>

namespace x2g::test {

using Doubles = std::vector<double>;

/// n numbers in [low, low + span), multiples of span·2⁻²⁰: with span a power of two a float holds them exactly.
inline Doubles values(std::size_t n, std::uint64_t seed, double low = -1, double span = 2) {
  std::mt19937_64 bits(seed * 0x9E3779B97F4A7C15ull + n);
  Doubles out(n);
  for (double& v : out) v = low + span * static_cast<double>(bits() >> 44) * 0x1p-20;
  return out;
}

/// n whole numbers 0 … below − 1.
inline Doubles whole(std::size_t n, std::uint64_t seed, std::size_t below) {
  std::mt19937_64 bits(seed * 0x9E3779B97F4A7C15ull + n);
  Doubles out(n);
  for (double& v : out) v = static_cast<double>(bits() % below);
  return out;
}

template <class T>
std::vector<T> as(const Doubles& x) {
  std::vector<T> out(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) out[i] = static_cast<T>(x[i]);
  return out;
}

template <class T>
Doubles doubles(const std::vector<T>& x) {
  return Doubles(x.begin(), x.end());
}

/// A gradient buffer that starts at made-up values; added() is what the op put on top of them.
template <class T>
struct Gradient {
  Doubles start;
  std::vector<T> value;
  explicit Gradient(std::size_t n, std::uint64_t seed = 99) : start(values(n, seed, -0.5, 1)), value(as<T>(start)) {}
  std::span<T> span() { return value; }
  /// What the buffer must hold when the op adds `gradient`.
  Doubles with(const Doubles& gradient) const {
    Doubles sum(start);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += gradient[i];
    return sum;
  }
};

/// ‖a − b‖ / ‖b‖; NaN anywhere gives NaN, which no bound accepts. Lengths must agree.
template <class A>
double distance(const std::vector<A>& a, const Doubles& b) {
  REQUIRE(a.size() == b.size());
  double difference = 0, size = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference += (static_cast<double>(a[i]) - b[i]) * (static_cast<double>(a[i]) - b[i]);
    size += b[i] * b[i];
  }
  return difference == 0 ? 0 : std::sqrt(difference / (size > 0 ? size : 1e-300));
}

/// Largest |a − b| / max(|b|, floor), element by element; NaN anywhere gives NaN.
template <class A>
double worst(const std::vector<A>& a, const Doubles& b, double floor = 0) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::fabs(static_cast<double>(a[i]) - b[i]);
    const double error = difference == 0 ? 0 : difference / std::fmax(std::fabs(b[i]), floor);
    if (std::isnan(error)) return error;
    largest = std::fmax(largest, error);
  }
  return largest;
}

// Bounds on distance(): reference against complex step; ops in double against the reference; ops in float against it.
inline constexpr double kComplexStep = 1e-11;  // both are double and free of cancellation
template <class T>
inline constexpr double kGradient = 1e-5;
template <>
inline constexpr double kGradient<double> = 1e-11;
template <class T>
inline constexpr double kValue = 1e-6;
template <>
inline constexpr double kValue<double> = 1e-13;

}  // namespace x2g::test
