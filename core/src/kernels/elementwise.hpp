// Vectorised loops over contiguous arrays (xsimd on every target from one source; plain loops for double).
// Every function takes any length (0 included) and any alignment; tails give the same bits as full vectors.
#pragma once

#include <cstddef>
#include <span>

#include "kernels/variant.hpp"
#include "x2g/ops/activation.hpp"

namespace x2g::kernels {

/// AdamW (Loshchilov, Hutter 2019), one tensor:  m = β₁m + (1−β₁)g   v = β₂v + (1−β₂)g²
///   p −= lr (m/c₁ / (√(v/c₂) + ε) + decay p),  c₁ = 1 − β₁ᵗ, c₂ = 1 − β₂ᵗ;  g is first multiplied by grad_scale (clipping).
struct AdamWStep {
  double lr, beta1, beta2, eps, decay, c1, c2, grad_scale;
};

/// Gradient descent, one tensor, with g' = grad_scale g (limit 0), or g cut to ± limit, + decay p:
///   p −= lr g' (m empty)   or   m = momentum m + g',  p −= lr m, where `ahead` (Nesterov) lr (g' + momentum m)
struct SgdStep {
  double lr, momentum, decay, grad_scale, limit;
  bool ahead;
};

}  // namespace x2g::kernels

namespace X2G_KERNELS {

template <class T>
void exp(std::span<const T> x, std::span<T> y);
template <class T>
void activation(Activation f, std::span<const T> x, std::span<T> y);
template <class T>
void activation_derivative(Activation f, std::span<const T> x, std::span<T> d);
/// dx += dy f'(x); y = f(x) as saved
template <class T>
void activation_backward(Activation f, std::span<const T> x, std::span<const T> y, std::span<const T> dy, std::span<T> dx);

template <class T>
void add(std::span<const T> a, std::span<const T> b, std::span<T> y);  ///< y = a + b
template <class T>
void accumulate(std::span<const T> a, std::span<T> y);  ///< y += a
template <class T>
void scale_add(T s, std::span<const T> a, std::span<T> y);  ///< y += s a
template <class T>
void scale(T s, std::span<T> y);  ///< y *= s
template <class T>
void fill(T value, std::span<T> y);
template <class T>
void copy(std::span<const T> x, std::span<T> y);  ///< y = x
template <class T>
T sum(std::span<const T> x);  ///< fixed order: striped by 16 lanes, then pairwise (same bits at every SIMD width)
template <class T>
T dot(std::span<const T> a, std::span<const T> b);
template <class T>
double sum_of_squares(std::span<const T> x);  ///< accumulated in double
template <class T>
T max(std::span<const T> x);  ///< −∞ for an empty array
template <class T>
bool all_finite(std::span<const T> x);

/// One softmax row over the first n entries: y = exp(scale x − max) / Σ; returns nothing; n ≥ 1.
template <class T>
void softmax(std::span<const T> x, T scale, std::span<T> y);
/// Row statistics for layer norm: mean and biased variance (two passes).
template <class T>
void mean_variance(std::span<const T> x, T& mean, T& variance);

/// One row of layer norm, y = (x − mean) rstd w (+ b); b may be empty.
template <class T>
void normalize(std::span<const T> x, T mean, T rstd, std::span<const T> w, std::span<const T> b, std::span<T> y);
/// Its way back. With h = (x − mean) rstd and g = dy w:  dw += dy h,  dx += rstd (g − avg(g) − h avg(g h)). An empty dx or dw is not wanted.
template <class T>
void normalize_backward(std::span<const T> x, T mean, T rstd, std::span<const T> w, std::span<const T> dy, std::span<T> dx,
                        std::span<T> dw);
/// One row of softmax(scale x) = p, in place: d = p (d − Σ p d) scale.
template <class T>
void softmax_backward(std::span<const T> p, T scale, std::span<T> d);

template <class T>
void adamw(const AdamWStep& s, std::span<T> p, std::span<const T> g, std::span<T> m, std::span<T> v);

template <class T>
void sgd(const SgdStep& s, std::span<T> p, std::span<const T> g, std::span<T> m);

}  // namespace X2G_KERNELS
