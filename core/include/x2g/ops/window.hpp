// Where a sliding window fits: output sizes of convolution and pooling along one axis.
//
//   out = ⌊(in + 2 padding − dilation (kernel − 1) − 1) / stride⌋ + 1
//   output o looks at the inputs o·stride − padding + k·dilation, k = 0 … kernel − 1; those outside are padding
#pragma once

#include <cstddef>

namespace x2g {

/// One axis of a convolution or pooling, in elements.
struct WindowAxis {
  std::size_t in;            ///< length of the axis
  std::size_t kernel;        ///< places a window looks at
  std::size_t stride = 1;    ///< from one window to the next
  std::size_t padding = 0;   ///< on either side
  std::size_t dilation = 1;  ///< from one place looked at to the next

  std::size_t span() const { return dilation * (kernel - 1) + 1; }              ///< inputs from the first looked at to the last
  bool fits() const { return span() <= in + 2 * padding; }                      ///< out() is at least 1
  std::size_t out() const { return (in + 2 * padding - span()) / stride + 1; }  ///< windows; only when it fits
};

}  // namespace x2g
