// Losses: one number from predictions and targets, averaged as each formula says.
//
//   softmax_xent  p = softmax(z), loss = −(1/K) Σ_n log p[n, t_n]    z, p (N, V)  t (N) whole numbers 0 … V-1
//                 dz += dloss (p − onehot(t)) / K                    (log-sum-exp with the row maximum taken out)
//                 K rows count: those with t_n ≥ 0; K = 0 gives loss 0 and no gradient
//                 with label smoothing ε (Szegedy et al. 2016, section 7) onehot(t) becomes q = (1−ε) onehot(t) + ε/V:
//                 loss = −(1/K) Σ_n Σ_v q_v log p[n,v]               dz += dloss (p − q) / K
//   bce_logits    p = sigmoid(z), loss = −mean(t log p + (1−t) log(1−p))   z, t, p (n)   dz += dloss (p − t) / n
//                 computed as max(z,0) − z t + log(1 + e^−|z|)
//   mse           loss = scale · mean((y − t)²)    y, t (n)          dy += dloss · 2 scale (y − t) / n
//                 scale 1 is PyTorch's; ½ makes dy = (y − t)/n, the textbook form
#pragma once

#include <cstddef>
#include <span>

namespace x2g {

/// Sizes of the logits, and label smoothing.
struct XentShape {
  std::size_t N;         ///< rows
  std::size_t V;         ///< classes
  double smoothing = 0;  ///< ε in [0, 1)
};

/// loss has one element; p is saved for backward and for display. Rows with t_n < 0 get p only.
template <class T>
void softmax_xent_forward(const XentShape& s, std::span<const T> z, std::span<const T> t, std::span<T> p, std::span<T> loss);
/// dz += dloss times the gradient above; rows with t_n < 0 get nothing.
template <class T>
void softmax_xent_backward(const XentShape& s, std::span<const T> p, std::span<const T> t, std::span<const T> dloss, std::span<T> dz);

/// p = σ(z) is saved for backward and for display.
template <class T>
void bce_logits_forward(std::span<const T> z, std::span<const T> t, std::span<T> p, std::span<T> loss);
/// dz += dloss (p − t)/n.
template <class T>
void bce_logits_backward(std::span<const T> p, std::span<const T> t, std::span<const T> dloss, std::span<T> dz);

/// loss has one element.
template <class T>
void mse_forward(std::span<const T> y, std::span<const T> t, double scale, std::span<T> loss);
/// dy += dloss scale 2 (y − t)/n.
template <class T>
void mse_backward(std::span<const T> y, std::span<const T> t, double scale, std::span<const T> dloss, std::span<T> dy);

/// Plain softmax of one row with temperature: p = softmax(z / temperature). For samplers and displays.
template <class T>
void softmax_row(std::span<const T> z, double temperature, std::span<T> p);

}  // namespace x2g
