// What the kernel tests share: random arrays that start off any alignment, and distances between results.
// Not a place for expected values.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <vector>

#include "x2g/base/rng.hpp"

namespace x2g::test {

inline std::vector<float> random_floats(std::size_t n, std::uint64_t seed, double low = -1, double high = 1) {
  Rng rng(seed, Stream::user);
  std::vector<float> out(n);
  for (float& v : out) v = static_cast<float>(rng.uniform(low, high));
  return out;
}

/// `n` values that start `offset` floats past an aligned address, between guards that must not change.
class Shifted {
 public:
  Shifted(std::size_t n, std::size_t offset, float value = 0) : store_(n + offset + 2 * kGuard, kMark), first_(kGuard + offset), size_(n) {
    for (float& v : span()) v = value;
  }
  Shifted(const std::vector<float>& values, std::size_t offset) : Shifted(values.size(), offset) {
    std::copy(values.begin(), values.end(), span().begin());
  }
  std::span<float> span() { return std::span(store_).subspan(first_, size_); }
  std::span<const float> span() const { return std::span(store_).subspan(first_, size_); }
  bool guards_intact() const {
    for (std::size_t i = 0; i < store_.size(); ++i) {
      if ((i < first_ || i >= first_ + size_) && store_[i] != kMark) return false;
    }
    return true;
  }

 private:
  static constexpr std::size_t kGuard = 32;
  static constexpr float kMark = 12345.5f;
  std::vector<float> store_;
  std::size_t first_, size_;
};

/// |value − truth| in units of the last place of the float nearest to truth. 0 when both are NaN or the same infinity.
inline double ulp_error(float value, double truth) {
  const float nearest = static_cast<float>(truth);
  if (std::isnan(nearest) || std::isinf(nearest)) {
    const bool same = std::isnan(nearest) ? std::isnan(value) : value == nearest;
    return same ? 0 : std::numeric_limits<double>::infinity();
  }
  if (!std::isfinite(value)) return std::numeric_limits<double>::infinity();
  const float a = std::fabs(nearest);
  const double step =
      a < std::numeric_limits<float>::max() ? static_cast<double>(std::nextafter(a, std::numeric_limits<float>::infinity())) - a : 0x1p104;
  return std::fabs(value - truth) / step;
}

/// Σ (a − b)² / Σ b²: 0 for two empty or equal arrays.
template <class A, class B>
double nmse(const A& a, const B& b) {
  double error = 0, size = 0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    const double d = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    error += d * d;
    size += static_cast<double>(b[i]) * static_cast<double>(b[i]);
  }
  return error == 0 ? 0 : error / size;
}

inline bool same_bits(std::span<const float> a, std::span<const float> b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
}

}  // namespace x2g::test
