// Sums, scalings and the AdamW update of float arrays, element by element. Activations: activation.cpp; sums over an
// array: reduce.cpp.
#include "kernels/elementwise.hpp"

#include <algorithm>

#include "kernels/loops.hpp"
#include "kernels/simd_math.hpp"

namespace x2g::kernels {

template <>
void exp<float>(std::span<const float> x, std::span<float> y) {
  map(x, y, [](Floats v) { return simd::exp(v); });
}

template <>
void add<float>(std::span<const float> a, std::span<const float> b, std::span<float> y) {
  map(a, b, y, [](Floats u, Floats v) { return u + v; });
}

template <>
void accumulate<float>(std::span<const float> a, std::span<float> y) {
  map(a, y, y, [](Floats u, Floats v) { return v + u; });
}

template <>
void scale_add<float>(float s, std::span<const float> a, std::span<float> y) {
  map(a, y, y, [s](Floats u, Floats v) { return madd(Floats(s), u, v); });
}

template <>
void scale<float>(float s, std::span<float> y) {
  map(y, y, [s](Floats v) { return v * Floats(s); });
}

template <>
void fill<float>(float value, std::span<float> y) {
  std::fill(y.begin(), y.end(), value);
}

template <>
void adamw<float>(const AdamWStep& s, std::span<float> p, std::span<const float> g, std::span<float> m, std::span<float> v) {
  const Floats scale(static_cast<float>(s.grad_scale));
  const Floats beta1(static_cast<float>(s.beta1)), rest1(static_cast<float>(1 - s.beta1));
  const Floats beta2(static_cast<float>(s.beta2)), rest2(static_cast<float>(1 - s.beta2));
  const Floats step(static_cast<float>(s.lr / s.c1)), correction(static_cast<float>(1 / s.c2));
  const Floats eps(static_cast<float>(s.eps)), decay(static_cast<float>(s.lr * s.decay));
  const auto one = [&](Floats& p_, Floats g_, Floats& m_, Floats& v_) {
    g_ *= scale;
    m_ = madd(rest1, g_, beta1 * m_);
    v_ = madd(rest2 * g_, g_, beta2 * v_);
    p_ = (p_ - decay * p_) - step * m_ / (xsimd::sqrt(v_ * correction) + eps);
  };
  const std::size_t n = p.size();
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    Floats p_ = load(&p[i]), m_ = load(&m[i]), v_ = load(&v[i]);
    one(p_, load(&g[i]), m_, v_);
    store(&p[i], p_);
    store(&m[i], m_);
    store(&v[i], v_);
  }
  if (i < n) {
    const std::size_t r = n - i;
    Floats p_ = load_part(&p[i], r), m_ = load_part(&m[i], r), v_ = load_part(&v[i], r);
    one(p_, load_part(&g[i], r), m_, v_);
    store_part(&p[i], p_, r);
    store_part(&m[i], m_, r);
    store_part(&v[i], v_, r);
  }
}

}  // namespace x2g::kernels
