// Clear versions of slice, concat and transpose: one element at a time, by its index.
#pragma once

#include "reference/scalar.hpp"
#include "x2g/ops/shape.hpp"

namespace x2g::reference {

template <class S>
Array<S> slice(const BandShape& s, const Array<S>& x) {
  Array<S> y;
  for (std::size_t o = 0; o < s.outer; ++o) {
    for (std::size_t c = 0; c < s.total; ++c) {
      if (c >= s.begin && c < s.begin + s.width) y.push_back(x[o * s.total + c]);
    }
  }
  return y;
}

/// y with one of its bands replaced by x.
template <class S>
Array<S> concat(const BandShape& s, const Array<S>& x, Array<S> y) {
  for (std::size_t o = 0; o < s.outer; ++o) {
    for (std::size_t c = 0; c < s.width; ++c) y[o * s.total + s.begin + c] = x[o * s.width + c];
  }
  return y;
}

template <class S>
Array<S> transpose(const TransposeShape& s, const Array<S>& x) {
  Array<S> y;
  std::array<std::size_t, 4> j{};  // index into y; that into x has i[order[k]] = j[k]
  for (j[0] = 0; j[0] < s.dims[s.order[0]]; ++j[0]) {
    for (j[1] = 0; j[1] < s.dims[s.order[1]]; ++j[1]) {
      for (j[2] = 0; j[2] < s.dims[s.order[2]]; ++j[2]) {
        for (j[3] = 0; j[3] < s.dims[s.order[3]]; ++j[3]) {
          std::array<std::size_t, 4> i{};
          for (std::size_t k = 0; k < 4; ++k) i[s.order[k]] = j[k];
          y.push_back(x[((i[0] * s.dims[1] + i[1]) * s.dims[2] + i[2]) * s.dims[3] + i[3]]);
        }
      }
    }
  }
  return y;
}

}  // namespace x2g::reference
