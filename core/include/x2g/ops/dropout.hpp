// Dropout (Hinton et al. 2012; Srivastava et al. 2014) with inverted scaling: in training each element is dropped with probability p
// and the kept ones grow by 1/(1 − p), so that the expected value stays and answering needs no change.
//
//   m = 0 with probability p, else 1/(1 − p)     y = x m     dx += dy m      x, y, m any shape
//
// The mask is a pure function of (seed, step, node, element): element i takes word i mod 4 of Philox block i div 4 with the counter
// (i div 4, node, stream dropout, step mod 2³²) and the seed as key; it is kept when (word >> 8) / 2²⁴ ≥ p. So the same step gives
// the same mask again, in float and in double, natively and on the web.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace x2g {

/// What a mask is a function of.
struct DropoutKey {
  std::uint64_t seed = 0;  ///< of the run
  std::uint64_t step = 0;  ///< of training; the same one gives the same mask
  std::size_t node = 0;    ///< place of the op in its graph, so that two ops differ
};

/// Fills the mask; p in [0, 1). `mask` may be a part of the whole that begins at element `first`: 0 … 2³⁴ − 1.
template <class T>
void dropout_mask(const DropoutKey& key, double p, std::span<T> mask, std::size_t first = 0);

/// y = x m.
template <class T>
void dropout_forward(std::span<const T> x, std::span<const T> mask, std::span<T> y);

/// dx += dy m.
template <class T>
void dropout_backward(std::span<const T> mask, std::span<const T> dy, std::span<T> dx);

}  // namespace x2g
