// What the rows of the table have in common: complaints about shapes, and measures that many ops share.
#pragma once

#include <string>

#include "base/parts.hpp"
#include "graph/op_table.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g::table {

using Dims = std::array<std::size_t, 4>;
using Outputs = std::array<OutputSpec, kMaxOutputs>;

#if X2G_ANY_GRAPH
inline void expect(bool good, const char* op, const std::string& why) {
  if (!good) throw Error(ErrorCode::shape_mismatch, text(op, ": ", why));
}
#else
[[noreturn]] inline void misfit(const char* op) { throw Error(ErrorCode::shape_mismatch, op); }
/// Here no reader's graph can break it: the words for why stay at home.
#define expect(good, op, why) static_cast<void>((good) || (misfit(op), sizeof(why) > 0))
#endif

/// One output of the first input's shape.
inline std::size_t same_shape(const OpInputs& in, Outputs& out) {
  out[0] = {"", in.shape[0], Role::value};
  return 1;
}

/// a and b of one shape, or b of the last dimensions of a alone: it is then repeated over the others. The result is as a.
inline std::size_t broadcast_shape(const char* op, const OpInputs& in, Outputs& out) {
  const Shape &a = in.shape[0], &b = in.shape[1];
  bool fits = b.rank <= a.rank;
  for (std::uint32_t i = 0; fits && i < b.rank; ++i) fits = b.dims[i] == a.dims[a.rank - b.rank + i];
  expect(fits, op, text("a has shape ", a.text(), " and b ", b.text(), "; they must be equal, or b's dimensions the last ones of a"));
  return same_shape(in, out);
}

/// How many elements lie before an axis (outer) and after it (inner).
struct Around {
  std::size_t outer = 1, inner = 1;
};
inline Around around(const Shape& x, std::uint32_t axis) {
  Around a;
  for (std::uint32_t i = 0; i < x.rank; ++i) {
    if (i < axis) a.outer *= x.dims[i];
    if (i > axis) a.inner *= x.dims[i];
  }
  return a;
}

inline Dims element_count(const OpInputs& in) { return {in.shape[0].size(), 0, 0, 0}; }

/// The four functions of an op whose adapters are called NAME_run<T> and NAME_back<T>. The lessons' engines have none in double.
#if !X2G_IN_DOUBLE
#define X2G_RUN(name) name##_run<float>, name##_back<float>, nullptr, nullptr
#else
#define X2G_RUN(name) name##_run<float>, name##_back<float>, name##_run<double>, name##_back<double>
#endif

}  // namespace x2g::table
