// Sums and maxima over float arrays, in one order on every target (see Stripes), and what is built on them.
#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/elementwise.hpp"
#include "kernels/loops.hpp"
#include "kernels/simd_math.hpp"

namespace X2G_KERNELS {

template <>
float sum<float>(std::span<const float> x) {
  Stripes s(0.0f);
  walk_stripes(
      x.size(), s, [&](std::size_t i, Floats& lane) { lane += load(&x[i]); },
      [&](std::size_t i, std::size_t n, Floats& lane) { lane += load_part(&x[i], n); });
  return s.total();
}

template <>
float dot<float>(std::span<const float> a, std::span<const float> b) {
  Stripes s(0.0f);
  walk_stripes(
      a.size(), s, [&](std::size_t i, Floats& lane) { lane = madd(load(&a[i]), load(&b[i]), lane); },
      [&](std::size_t i, std::size_t n, Floats& lane) { lane = madd(load_part(&a[i], n), load_part(&b[i], n), lane); });
  return s.total();
}

template <>
double sum_of_squares<float>(std::span<const float> x) {
  constexpr std::size_t kSums = 8;
  std::size_t i = 0;
#ifdef __wasm_simd128__  // the same sums, two in a vector
  double sums[kSums];
  v128_t pair[kSums / 2] = {};
  const auto add = [](v128_t& sum, v128_t two) __attribute__((always_inline)) {
    const v128_t v = wasm_f64x2_promote_low_f32x4(two);
    sum = wasm_f64x2_add(sum, wasm_f64x2_mul(v, v));
  };
  for (; i + kSums <= x.size(); i += kSums) {
    const v128_t a = wasm_v128_load(&x[i]), b = wasm_v128_load(&x[i + 4]);
    add(pair[0], a);
    add(pair[1], wasm_i64x2_shuffle(a, a, 1, 1));
    add(pair[2], b);
    add(pair[3], wasm_i64x2_shuffle(b, b, 1, 1));
  }
  for (std::size_t p = 0; p < kSums / 2; ++p) wasm_v128_store(sums + 2 * p, pair[p]);
#else
  double sums[kSums] = {};
  for (; i + kSums <= x.size(); i += kSums) {
    for (std::size_t l = 0; l < kSums; ++l) {
      const double v = x[i + l];
      sums[l] += v * v;
    }
  }
#endif
  for (std::size_t l = 0; i < x.size(); ++i, ++l) sums[l] += static_cast<double>(x[i]) * x[i];
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

template <>
float max<float>(std::span<const float> x) {
  constexpr float kLowest = -std::numeric_limits<float>::infinity();
  Stripes s(kLowest);
  const std::size_t whole = x.size() / kLanes * kLanes;
  walk_stripes(whole, s, [&](std::size_t i, Floats& lane) { lane = larger(load(&x[i]), lane); }, [](std::size_t, std::size_t, Floats&) {});
  float result = s.fold([](float a, float b) { return a > b ? a : b; });
  for (std::size_t i = whole; i < x.size(); ++i) result = std::max(result, x[i]);
  return result;
}

template <>
bool all_finite<float>(std::span<const float> x) {
  Stripes s(0.0f);  // 0 · x is 0 for finite x and NaN for others
  const Floats zero(0.0f);
  walk_stripes(
      x.size(), s, [&](std::size_t i, Floats& lane) { lane += load(&x[i]) * zero; },
      [&](std::size_t i, std::size_t n, Floats& lane) { lane += load_part(&x[i], n) * zero; });
  return s.total() == 0;
}

template <>
void softmax<float>(std::span<const float> x, float scale_by, std::span<float> y) {
  // The largest of the scaled values is the scaled extreme: rounding keeps order.
  float top = max(x);
  if (scale_by < 0) {
    top = x[0];
    for (const float v : x) top = std::min(top, v);
  }
  const Floats factor(scale_by), highest(top * scale_by);
  Stripes s(0.0f);
  const auto one = [&](Floats v) { return simd::exp(v * factor - highest); };
  walk_stripes(
      x.size(), s,
      [&](std::size_t i, Floats& lane) {
        const Floats e = one(load(&x[i]));
        store(&y[i], e);
        lane += e;
      },
      [&](std::size_t i, std::size_t n, Floats& lane) {
        store_part(&y[i], one(load_part(&x[i], n)), n);
        lane += load_part(&y[i], n);
      });
  scale(1.0f / s.total(), y.first(x.size()));
}

template <>
void mean_variance<float>(std::span<const float> x, float& mean, float& variance) {
  const float n = static_cast<float>(x.size());
  mean = sum(x) / n;
  const Floats center(mean);
  Stripes s(0.0f);
  walk_stripes(
      x.size(), s,
      [&](std::size_t i, Floats& lane) {
        const Floats d = load(&x[i]) - center;
        lane = madd(d, d, lane);
      },
      [&](std::size_t i, std::size_t count, Floats& lane) {
        float rest[kLanes] = {};
        for (std::size_t l = 0; l < count; ++l) rest[l] = x[i + l] - mean;
        const Floats d = load(rest);
        lane = madd(d, d, lane);
      });
  variance = s.total() / n;
}

}  // namespace X2G_KERNELS
