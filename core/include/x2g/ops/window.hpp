// Where a sliding window fits: output sizes of convolution and pooling along one axis.
//
//   out = ⌊(in + 2 padding − dilation (kernel − 1) − 1) / stride⌋ + 1
//   output o looks at the inputs o·stride − padding + k·dilation, k = 0 … kernel − 1; those outside are padding
#pragma once

#include <cstddef>

namespace x2g {

struct WindowAxis {
  std::size_t in, kernel, stride = 1, padding = 0, dilation = 1;

  std::size_t span() const { return dilation * (kernel - 1) + 1; }  ///< inputs from the first looked at to the last
  bool fits() const { return span() <= in + 2 * padding; }
  std::size_t out() const { return (in + 2 * padding - span()) / stride + 1; }
};

}  // namespace x2g
