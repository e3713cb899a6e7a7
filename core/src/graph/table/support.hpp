// What the rows of the table have in common: complaints about shapes, and measures that many ops share.
#pragma once

#include <string>

#include "graph/op_table.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g::table {

using Dims = std::array<std::size_t, 4>;
using Outputs = std::array<OutputSpec, kMaxOutputs>;

inline void expect(bool good, const char* op, const std::string& why) {
  if (!good) throw Error(ErrorCode::shape_mismatch, text(op, ": ", why));
}

/// One output of the first input's shape.
inline std::size_t same_shape(const OpInputs& in, Outputs& out) {
  out[0] = {"", in.shape[0], Role::value};
  return 1;
}

inline Dims element_count(const OpInputs& in) { return {in.shape[0].size(), 0, 0, 0}; }

/// The four functions of an op whose adapters are called NAME_run<T> and NAME_back<T>.
#define X2G_RUN(name) name##_run<float>, name##_back<float>, name##_run<double>, name##_back<double>

}  // namespace x2g::table
