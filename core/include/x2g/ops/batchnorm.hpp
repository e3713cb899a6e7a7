// Batch normalization (Ioffe, Szegedy 2015, algorithms 1 and 2): each channel by its own mean and variance over the batch (and over
// the positions of an image or sequence).
//
//   x̂ = (x − μ) r    y = x̂ w + b        x, y (N, C, S)  w, b, μ, r, running mean and variance (C)
//   training    μ = mean(x), σ² = the biased variance over the M = N·S values of a channel, r = 1/√(σ² + ε);
//               running mean += rate (μ − running mean)    running variance += rate (σ² M/(M − 1) − running variance)
//   answering   μ = running mean, r = 1/√(running variance + ε)
//
//   dx̂ = dy w    training dx += r (dx̂ − mean(dx̂) − x̂ mean(dx̂ x̂))    answering dx += r dx̂    dw += Σ dy x̂    db += Σ dy
//
// As in PyTorch the running variance takes the unbiased one and rate is what it calls momentum (0.1 there). A channel of one value
// (M = 1) has no unbiased variance: its running variance then stays, and y = b.
#pragma once

#include <cstddef>
#include <span>

namespace x2g {

/// Sizes of x, and ε.
struct BatchNormShape {
  std::size_t N;  ///< rows
  std::size_t C;  ///< channels
  std::size_t S;  ///< positions of each: 1, L or H·W
  double eps;     ///< ε
};

/// mean and rstd (C) are saved for backward; the running statistics are updated.
template <class T>
void batchnorm_train(const BatchNormShape& s, double rate, std::span<const T> x, std::span<const T> w, std::span<const T> b,
                     std::span<T> running_mean, std::span<T> running_variance, std::span<T> y, std::span<T> mean, std::span<T> rstd);

/// By the running statistics; mean and rstd are filled from them.
template <class T>
void batchnorm_answer(const BatchNormShape& s, std::span<const T> x, std::span<const T> w, std::span<const T> b,
                      std::span<const T> running_mean, std::span<const T> running_variance, std::span<T> y, std::span<T> mean,
                      std::span<T> rstd);

/// Elements of scratch that backward needs: the two sums of each channel.
inline std::size_t batchnorm_scratch(const BatchNormShape& s) { return 2 * s.C; }

/// training: mean and rstd are those of x, so x moves them too. An empty dx, dw or db is not computed.
template <class T>
void batchnorm_backward(const BatchNormShape& s, bool training, std::span<const T> x, std::span<const T> w, std::span<const T> mean,
                        std::span<const T> rstd, std::span<const T> dy, std::span<T> dx, std::span<T> dw, std::span<T> db,
                        std::span<T> scratch);

}  // namespace x2g
