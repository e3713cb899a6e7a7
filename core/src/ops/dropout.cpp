// Dropout's mask from the counter-based generator, and two products. Which mask belongs to which step is the caller's business.
#include "x2g/ops/dropout.hpp"

#include <algorithm>
#include <cassert>

#include "x2g/base/rng.hpp"

namespace x2g {

template <class T>
void dropout_mask(const DropoutKey& key, double p, std::span<T> mask, std::size_t first) {
  assert(p >= 0 && p < 1);
  if (p == 0) {
    std::ranges::fill(mask, T(1));
    return;
  }
  const std::uint64_t stream = static_cast<std::uint64_t>(Stream::dropout) | key.step << 32;
  Rng rng(key.seed, stream, (static_cast<std::uint64_t>(key.node) << 32) + first / 4);  // a mask has fewer than 2³² blocks of four
  for (std::size_t i = 0; i < first % 4; ++i) rng.bits();
  const T kept = static_cast<T>(1 / (1 - p));
  for (T& m : mask) m = static_cast<double>(rng.uniform()) >= p ? kept : T(0);
}

template <class T>
void dropout_forward(std::span<const T> x, std::span<const T> mask, std::span<T> y) {
  assert(x.size() == mask.size() && y.size() == x.size());
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = x[i] * mask[i];
}

template <class T>
void dropout_backward(std::span<const T> mask, std::span<const T> dy, std::span<T> dx) {
  assert(dy.size() == mask.size() && dx.size() == dy.size());
  // forward: y = x m
  for (std::size_t i = 0; i < dx.size(); ++i) dx[i] += dy[i] * mask[i];
}

template void dropout_mask<float>(const DropoutKey&, double, std::span<float>, std::size_t);
template void dropout_mask<double>(const DropoutKey&, double, std::span<double>, std::size_t);
template void dropout_forward<float>(std::span<const float>, std::span<const float>, std::span<float>);
template void dropout_forward<double>(std::span<const double>, std::span<const double>, std::span<double>);
template void dropout_backward<float>(std::span<const float>, std::span<const float>, std::span<float>);
template void dropout_backward<double>(std::span<const double>, std::span<const double>, std::span<double>);

}  // namespace x2g
