// Walks arrays in whole vectors and a zero-padded rest, so that every element goes through the same instructions.
// Included by core/src/kernels/*.cpp only.
#pragma once

#include <span>

#include "kernels/simd.hpp"

namespace X2G_KERNELS {

/// y[i] = f(x[i]); x and y may be the same memory.
template <class Function>
inline void map(std::span<const float> x, std::span<float> y, Function&& f) {
  const std::size_t n = x.size();
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) store(y.data() + i, f(load(x.data() + i)));
  if (i < n) store_part(y.data() + i, f(load_part(x.data() + i, n - i)), n - i);
}

/// y[i] = f(a[i], b[i]); any of the three may be the same memory.
template <class Function>
inline void map(std::span<const float> a, std::span<const float> b, std::span<float> y, Function&& f) {
  const std::size_t n = a.size();
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) store(y.data() + i, f(load(a.data() + i), load(b.data() + i)));
  if (i < n) store_part(y.data() + i, f(load_part(a.data() + i, n - i), load_part(b.data() + i, n - i)), n - i);
}

/// Sixteen running sums, one for each place i mod 16, whatever the vector width: the order of a sum is then the same
/// on every target, and four vectors of four lanes hide the latency of an addition.
inline constexpr std::size_t kStripes = 16;

struct Stripes {
  Floats lane[kStripes / kLanes];

  explicit Stripes(float value) {
    for (auto& v : lane) v = Floats(value);
  }

  /// ((0+8)+(4+12)) + …: halves are added until one is left.
  template <class Combine>
  float fold(Combine&& combine) const {
    float values[kStripes];
    for (std::size_t v = 0; v < kStripes / kLanes; ++v) store(values + v * kLanes, lane[v]);
    for (std::size_t half = kStripes / 2; half > 0; half /= 2) {
      for (std::size_t i = 0; i < half; ++i) values[i] = combine(values[i], values[i + half]);
    }
    return values[0];
  }

  float total() const {
    return fold([](float a, float b) { return a + b; });
  }
};

/// Calls full(offset, lane) for whole vectors and part(offset, count, lane) for the rest; lane is the stripe's vector.
template <class Full, class Part>
inline void walk_stripes(std::size_t n, Stripes& stripes, Full&& full, Part&& part) {
  constexpr std::size_t kVectors = kStripes / kLanes;
  std::size_t i = 0;
  for (; i + kStripes <= n; i += kStripes) {
    for (std::size_t v = 0; v < kVectors; ++v) full(i + v * kLanes, stripes.lane[v]);
  }
  for (std::size_t v = 0; i < n; ++v, i += kLanes) {
    if (i + kLanes <= n)
      full(i, stripes.lane[v]);
    else
      part(i, n - i, stripes.lane[v]);
  }
}

/// Calls work(get, put, stripe) for every vector of arrays of n: get(p) and put(p, v) read and write the elements of an array that it is
/// about, also of a last part.
template <class Work>
inline void walk(std::size_t n, Work&& work) {
  std::size_t i = 0;
  const auto stripe = [&i] { return i % kStripes / kLanes; };
  for (; i + kLanes <= n; i += kLanes)
    work([i](const float* p) { return load(p + i); }, [i](float* p, Floats v) { store(p + i, v); }, stripe());
  if (i < n)
    work([i, n](const float* p) { return load_part(p + i, n - i); }, [i, n](float* p, Floats v) { store_part(p + i, v, n - i); }, stripe());
}

}  // namespace X2G_KERNELS
