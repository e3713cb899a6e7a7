// Graphs made for testing one op: every gradient against central differences, and the message of an Error.
// Inputs that shall be checked are made parameters; a value becomes a loss by mse against a made-up target.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <string>

#include "core/ops/op_check.hpp"
#include "support/gradients.hpp"
#include "x2g/base/error.hpp"
#include "x2g/graph/graph.hpp"

namespace x2g::test {

inline std::string message_of(auto&& call) {
  try {
    call();
  } catch (const Error& e) {
    return e.message();
  }
  return "no error";
}

/// The code of the Error that `call` throws; REQUIREs one.
inline ErrorCode code_of(auto&& call) {
  try {
    call();
  } catch (const Error& e) {
    return e.code();
  }
  FAIL("no error");
  return ErrorCode::bad_state;
}

inline Shape shape_of(const GraphSpec& spec, TensorId id) { return spec.tensors()[static_cast<std::size_t>(id)].shape; }

/// Ends a spec with the loss Σ (y − t)² / size against an input "t".
inline void end_with_mse(GraphSpec& spec, TensorId y) { spec.mse("loss", y, spec.input("t", shape_of(spec, y))); }

/// Made-up numbers for every input; initialize() for the rest.
template <class T>
void fill(Graph<T>& graph, std::uint64_t seed) {
  graph.initialize(seed);
  for (std::size_t i = 0; i < graph.spec().tensors().size(); ++i) {
    if (graph.spec().tensors()[i].role != Role::input) continue;
    const auto into = graph.value(static_cast<TensorId>(i));
    std::ranges::copy(as<T>(values(into.size(), seed + i)), into.begin());
  }
}

/// Every parameter by itself: backward against central differences, in double. By norm < 1e-7, each within 1e-5 (reliability row 4).
inline void check_gradients(Graph<double>& graph) {
  for (const ParameterGradient& p : parameter_gradients(graph)) {
    CAPTURE(p.name);
    const Deviation d = compare(p.analytic, p.numeric, 1e-3);
    CHECK(d.norm < 1e-7);
    CHECK(d.element < 1e-5);
  }
}

}  // namespace x2g::test
