// Sums, scalings and the AdamW update of float arrays, element by element. Activations: activation.cpp; sums over an
// array: reduce.cpp.
#include "kernels/elementwise.hpp"

#include <algorithm>

#include "base/parts.hpp"
#include "kernels/loops.hpp"
#include "kernels/simd_math.hpp"

namespace X2G_KERNELS {

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
#ifdef __wasm_simd128__  // without bulk memory the library's goes word by word
  const Floats all(value);
  std::size_t i = 0;
#pragma clang loop unroll(disable)
  for (; i + kLanes <= y.size(); i += kLanes) store(&y[i], all);
  if (i < y.size()) store_part(&y[i], all, y.size() - i);
#else
  std::fill(y.begin(), y.end(), value);
#endif
}

template <>
void copy<float>(std::span<const float> x, std::span<float> y) {
#ifdef __wasm_simd128__
  map(x, y, [](Floats v) { return v; });
#else
  std::copy(x.begin(), x.end(), y.begin());
#endif
}

template <>
void adamw<float>(const AdamWStep& s, std::span<float> p, std::span<const float> g, std::span<float> m, std::span<float> v) {
  const Floats scale(static_cast<float>(s.grad_scale));
  const Floats beta1(static_cast<float>(s.beta1)), rest1(static_cast<float>(1 - s.beta1));
  const Floats beta2(static_cast<float>(s.beta2)), rest2(static_cast<float>(1 - s.beta2));
  const Floats step(static_cast<float>(s.lr / s.c1)), correction(static_cast<float>(1 / s.c2));
  const Floats eps(static_cast<float>(s.eps)), decay(static_cast<float>(s.lr * s.decay));
  walk(p.size(), [&](auto get, auto put, std::size_t) {
    const Floats p_ = get(p.data()), g_ = get(g.data()) * scale;
    const Floats m_ = madd(rest1, g_, beta1 * get(m.data())), v_ = madd(rest2 * g_, g_, beta2 * get(v.data()));
    put(p.data(), (p_ - decay * p_) - step * m_ / (xsimd::sqrt(v_ * correction) + eps));
    put(m.data(), m_);
    put(v.data(), v_);
  });
}

template <>
void sgd<float>(const SgdStep& s, std::span<float> p, std::span<const float> g, std::span<float> m) {
  const Floats rate(static_cast<float>(s.lr)), mu(static_cast<float>(s.momentum)), decay(static_cast<float>(s.decay));
  const Floats scale(static_cast<float>(s.grad_scale)), limit(static_cast<float>(s.limit));
#if !X2G_WHOLE_ENGINE  // compiled for size: the usual case by itself, or it would be decided for each vector
  if (m.empty() && !(s.limit > 0)) return map(g, p, p, [=](Floats g_, Floats p_) { return p_ - rate * (scale * g_ + decay * p_); });
#endif
  walk(p.size(), [&](auto get, auto put, std::size_t) {
    const Floats p_ = get(p.data()), raw = get(g.data());
    const Floats g_ = (s.limit > 0 ? xsimd::max(xsimd::min(raw, limit), -limit) : scale * raw) + decay * p_;
    if (m.empty()) return put(p.data(), p_ - rate * g_);
    const Floats m_ = mu * get(m.data()) + g_;
    put(m.data(), m_);
    put(p.data(), p_ - rate * (s.ahead ? g_ + mu * m_ : m_));
  });
}

}  // namespace X2G_KERNELS
