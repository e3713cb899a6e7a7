// The table of ops: for each kind its name, how many inputs it takes, how it checks and names its outputs, the scratch it needs, and
// how its two functions are called on a node's memory. "Add an op" ends here: one entry. No arithmetic lives in this folder.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "x2g/graph/spec.hpp"

namespace x2g {

/// A node bound to its memory: what the adapters in op_table.cpp read. Absent tensors and unwanted gradients are empty spans.
template <class T>
struct BoundNode {
  std::array<std::span<T>, 3> in, din;
  std::array<std::span<T>, 3> out;
  std::span<T> dout;  // gradient of out[0]
  std::span<T> scratch;
  std::array<std::size_t, 4> dims{};  // what the op's shape struct needs, measured once
  OpAttributes attributes;
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
  std::array<Shape, 3> shape;
  std::array<bool, 3> present{};
  OpAttributes attributes;
};

struct OpEntry {
  const char* name;
  std::size_t required, allowed;  // inputs
  /// Checks shapes (throws Error(shape_mismatch)), fills outputs, returns how many.
  std::size_t (*infer)(const OpInputs&, std::array<OutputSpec, 3>&);
  std::array<std::size_t, 4> (*measure)(const OpInputs&);
  std::size_t (*scratch)(const std::array<std::size_t, 4>&);  // null: none
  void (*forward32)(BoundNode<float>&);
  void (*backward32)(BoundNode<float>&);
  void (*forward64)(BoundNode<double>&);
  void (*backward64)(BoundNode<double>&);
};

const OpEntry& op_entry(OpKind kind);
OpInputs op_inputs(const GraphSpec& spec, const std::vector<TensorId>& inputs, const OpAttributes& attributes);

}  // namespace x2g
