#include "x2g/data/curves.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "kernels/math.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

void require(bool good, const std::string& why) {
  if (!good) throw Error(ErrorCode::invalid_argument, why);
}

void check(std::uint32_t n, double noise) {
  require(n >= 2 && n <= 100000, text("a curve of ", n, " points; choose 2 to 100000"));
  require(noise >= 0 && noise <= 10, text("a curve with noise ", noise, "; choose 0 to 10"));
}

/// Points in order of x, one for each x.
struct Knots {
  std::vector<double> x, y, slope;
};

Knots in_order(std::span<const float> x, std::span<const float> y) {
  if (x.size() != y.size())
    throw Error(ErrorCode::shape_mismatch, text("the drawing has ", x.size(), " x and ", y.size(), " y; it needs as many"));
  require(x.size() <= 100000, text("the drawing has ", x.size(), " points; at most 100000 are read"));
  std::vector<std::uint32_t> order(x.size());
  std::iota(order.begin(), order.end(), 0u);
  for (const std::uint32_t i : order)
    require(std::fabs(x[i]) <= 1e6f && std::fabs(y[i]) <= 1e6f, text("point ", i, " of the drawing is (", static_cast<double>(x[i]), ", ",
                                                                     static_cast<double>(y[i]), "); both must be within -1e6 to 1e6"));
  std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) { return x[a] < x[b] || (x[a] == x[b] && a < b); });
  Knots k;
  for (const std::uint32_t i : order) {
    const double at = x[i], value = y[i];
    if (!k.x.empty() && k.x.back() == at) {
      k.y.back() = value;
      continue;
    }
    k.x.push_back(at);
    k.y.push_back(value);
  }
  require(k.x.size() >= 2, "the drawing has fewer than two different x; draw from left to right");
  return k;
}

/// Slope at an end: of the parabola through three points, held to what keeps the cubic monotone. a, b: slopes of the first two intervals
/// from there, wa, wb: their lengths.
double end_slope(double a, double b, double wa, double wb) {
  const double slope = ((2 * wa + wb) * a - wa * b) / (wa + wb);
  if (slope * a <= 0) return 0;
  return a * b < 0 && std::fabs(slope) > 3 * std::fabs(a) ? 3 * a : slope;
}

/// Slopes at the knots: 0 at a peak, else the harmonic mean of the slopes on either side, weighted by the lengths of the intervals.
void set_slopes(Knots& k) {
  const std::size_t last = k.x.size() - 1;
  const auto secant = [&](std::size_t i) { return (k.y[i + 1] - k.y[i]) / (k.x[i + 1] - k.x[i]); };
  k.slope.assign(k.x.size(), 0);
  const auto length = [&](std::size_t i) { return k.x[i + 1] - k.x[i]; };
  k.slope.front() = last == 1 ? secant(0) : end_slope(secant(0), secant(1), length(0), length(1));
  k.slope.back() = last == 1 ? secant(0) : end_slope(secant(last - 1), secant(last - 2), length(last - 1), length(last - 2));
  for (std::size_t i = 1; i < last; ++i) {
    const double a = secant(i - 1), b = secant(i), left = length(i - 1), right = length(i);
    if (a * b <= 0) continue;
    const double wa = 2 * right + left, wb = right + 2 * left;
    k.slope[i] = (wa + wb) / (wa / a + wb / b);
  }
}

/// The curve at x within interval i; slopes empty: straight.
double at(const Knots& k, std::size_t i, double x) {
  const double width = k.x[i + 1] - k.x[i], u = (x - k.x[i]) / width;
  if (k.slope.empty()) return k.y[i] + u * (k.y[i + 1] - k.y[i]);
  const double v = 1 - u;  // cubic Hermite basis
  return k.y[i] * v * v * (1 + 2 * u) + k.y[i + 1] * u * u * (3 - 2 * u) + width * u * v * (k.slope[i] * v - k.slope[i + 1] * u);
}

}  // namespace

CurveSet sine(std::uint32_t n, double periods, double noise, std::uint64_t seed) {
  check(n, noise);
  require(periods > 0 && periods <= 32, text("a sine of ", periods, " periods; choose more than 0, up to 32"));
  Rng rng(seed, Stream::data);
  CurveSet set;
  for (std::uint32_t i = 0; i < n; ++i) {
    const double x = static_cast<double>(i) / (n - 1), turn = periods * x;
    set.x.push_back(static_cast<float>(x));
    set.y.push_back(static_cast<float>(kernels::sin_2pi(turn - std::floor(turn)) + noise * rng.normal()));
  }
  return set;
}

Interpolation interpolation_from_name(std::string_view name) {
  if (name == "linear") return Interpolation::linear;
  if (name == "smooth") return Interpolation::smooth;
  throw Error(ErrorCode::unknown_name, text("no interpolation is called \"", name.substr(0, 80), "\"; there are linear, smooth"));
}

CurveSet drawn_curve(std::span<const float> x, std::span<const float> y, std::uint32_t n, Interpolation how, double noise,
                     std::uint64_t seed) {
  check(n, noise);
  Knots k = in_order(x, y);
  if (how == Interpolation::smooth) set_slopes(k);
  Rng rng(seed, Stream::data);
  CurveSet set;
  std::size_t interval = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    const double share = static_cast<double>(i) / (n - 1), place = k.x.front() * (1 - share) + k.x.back() * share;
    while (interval + 2 < k.x.size() && place > k.x[interval + 1]) ++interval;
    set.x.push_back(static_cast<float>(place));
    set.y.push_back(static_cast<float>(at(k, interval, place) + noise * rng.normal()));
  }
  return set;
}

}  // namespace x2g
