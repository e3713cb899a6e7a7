// The table of ops: for each kind how many inputs it takes, how it checks and names its outputs, the scratch it needs, and how its two
// functions are called on a node's memory. "Add an op" ends here: a row in table/ and its line in op_table.cpp. No arithmetic lives here.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "x2g/graph/graph.hpp"
#include "x2g/graph/spec.hpp"

namespace x2g {

inline constexpr std::size_t kMaxInputs = 8, kMaxOutputs = 6;

/// A node bound to its memory: what the adapters in table/ read. Absent tensors and unwanted gradients are empty spans.
template <class T>
struct BoundNode {
  std::array<std::span<T>, kMaxInputs> in, din;
  std::array<std::span<T>, kMaxOutputs> out;
  std::span<T> dout;  // gradient of out[0]
  std::span<T> scratch;
  std::array<std::size_t, 4> dims{};      // what the op's shape struct needs, measured once
  std::array<Shape, kMaxInputs> shape{};  // of the inputs
  OpAttributes attributes;
  const RunMode* mode = nullptr;  // training or not, step, seed: of the graph
  std::size_t index = 0;          // of the node in the graph
  bool live = false;              // the loss, the last node, hangs on its first output
  void (*forward)(BoundNode&) = nullptr;
  void (*backward)(BoundNode&) = nullptr;
};

/// One output of a node: suffix "" is the main one and is named like the node.
struct OutputSpec {
  const char* suffix;
  Shape shape;
  Role role;
};

/// Shapes of a node's inputs as the checks see them; an absent one has present = false.
struct OpInputs {
  std::array<Shape, kMaxInputs> shape;
  std::array<bool, kMaxInputs> present{};
  OpAttributes attributes;
};

struct OpEntry {
  std::size_t required, allowed;  // inputs
  /// Checks shapes (throws Error(shape_mismatch)), fills outputs, returns how many.
  std::size_t (*infer)(const OpInputs&, std::array<OutputSpec, kMaxOutputs>&);
  std::array<std::size_t, 4> (*measure)(const OpInputs&);  // null: zeros
  std::size_t (*scratch)(const OpInputs&);                 // elements; null: none
  void (*forward32)(BoundNode<float>&);
  void (*backward32)(BoundNode<float>&);
  void (*forward64)(BoundNode<double>&);
  void (*backward64)(BoundNode<double>&);
};

const OpEntry& op_entry(OpKind kind);  ///< throws Error(bad_state) where this engine lacks the op
OpInputs op_inputs(const GraphSpec& spec, const std::vector<TensorId>& inputs, const OpAttributes& attributes);

}  // namespace x2g
