#include "x2g/graph/spec.hpp"

#include <algorithm>

#include "base/parts.hpp"
#include "graph/op_table.hpp"
#include "nn/orthogonal.hpp"
#include "x2g/base/buffer.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

[[maybe_unused]] constexpr std::size_t kMaxTensors = 10'000;

/// Elements a tensor takes in the arena: whole 64-byte lines.
std::uint64_t padded(std::uint64_t elements, std::uint32_t bytes) {
  const std::uint64_t line = kAlignment / bytes;
  return (elements + line - 1) / line * line;
}

#if X2G_WHOLE_ENGINE
/// An orthogonal start needs a matrix, and one that can be made in seconds.
void check_orthogonal(const TensorSpec& t) {
  if (t.shape.rank < 2)
    throw Error(ErrorCode::invalid_argument,
                text("\"", t.name, "\" has shape ", t.shape.text(), "; an orthogonal start needs two dimensions or more"));
  const std::uint64_t rows = t.shape.dims[0], columns = t.shape.size() / rows;
  if (std::min(rows, columns) * t.shape.size() > kOrthogonalWork)
    throw Error(ErrorCode::invalid_argument, text("\"", t.name, "\" is ", rows, " by ", columns,
                                                  ", too large to be made orthogonal; at most 1625 by 1625. Choose xavier or he"));
}
#endif

TensorId add_tensor(std::vector<TensorSpec>& tensors, TensorSpec tensor) {
#if !X2G_WHOLE_ENGINE
  if (tensor.init.kind >= Init::Kind::orthogonal)
    throw Error(ErrorCode::bad_state, "this engine was built without that start of the weights; open the whole engine");
#else
  if (tensor.init.kind == Init::Kind::orthogonal) check_orthogonal(tensor);
#endif
#if X2G_ANY_GRAPH
  if (tensor.name.empty() || tensor.name.size() > 200)
    throw Error(ErrorCode::invalid_argument, text("a tensor name has ", tensor.name.size(), " bytes; it must have 1 to 200"));
  for (const TensorSpec& other : tensors)
    if (other.name == tensor.name)
      throw Error(ErrorCode::invalid_argument, text("two tensors are called \"", tensor.name, "\"; names must differ"));
  if (tensors.size() >= kMaxTensors)
    throw Error(ErrorCode::invalid_argument, text("the graph has more than ", kMaxTensors, " tensors; build a smaller one"));
#endif
  tensors.push_back(std::move(tensor));
  return static_cast<TensorId>(tensors.size() - 1);
}

}  // namespace

TensorId GraphSpec::input(std::string name, Shape shape) { return add_tensor(tensors_, {std::move(name), shape, Role::input, {}, false}); }

TensorId GraphSpec::parameter(std::string name, Shape shape, Init init, bool decay) {
  return add_tensor(tensors_, {std::move(name), shape, Role::parameter, init, decay});
}

TensorId GraphSpec::buffer(std::string name, Shape shape, Init init) {
  return add_tensor(tensors_, {std::move(name), shape, Role::buffer, init, false});
}

TensorId GraphSpec::op(OpKind kind, std::string name, std::vector<TensorId> inputs, OpAttributes attributes) {
  const OpEntry& entry = op_entry(kind);
#if X2G_ANY_GRAPH
  if (inputs.size() < entry.required || inputs.size() > entry.allowed)
    throw Error(ErrorCode::invalid_argument, text(op_name(kind), " has ", inputs.size(), " inputs; it takes ", entry.required,
                                                  entry.allowed > entry.required ? text(" to ", entry.allowed) : ""));
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const TensorId id = inputs[i];
    const bool absent = id == kNoTensor && i >= entry.required;
    if (!absent && (id < 0 || static_cast<std::size_t>(id) >= tensors_.size()))
      throw Error(ErrorCode::invalid_argument, text(op_name(kind), ": input ", i, " is tensor ", id, "; the graph has tensors 0 to ",
                                                    static_cast<std::int64_t>(tensors_.size()) - 1));
  }
#endif
  std::array<OutputSpec, kMaxOutputs> out;
  const std::size_t count = entry.infer(op_inputs(*this, inputs, attributes), out);

  NodeSpec node{kind, name, std::move(inputs), {}, attributes};
  const auto add_outputs = [&] {
    for (std::size_t i = 0; i < count; ++i)
      node.outputs.push_back(add_tensor(tensors_, {name + out[i].suffix, out[i].shape, out[i].role, {}, false}));
  };
#if X2G_ANY_GRAPH
  const std::size_t before = tensors_.size();
  try {
    add_outputs();
  } catch (...) {
    tensors_.resize(before);  // all or nothing
    throw;
  }
#else
  add_outputs();
#endif
  nodes_.push_back(std::move(node));
  return nodes_.back().outputs[0];
}

TensorId GraphSpec::linear(std::string name, TensorId x, TensorId W, TensorId b) { return op(OpKind::linear, std::move(name), {x, W, b}); }
TensorId GraphSpec::activation(std::string name, TensorId x, Activation f) {
  OpAttributes a;
  a.activation = f;
  return op(OpKind::activation, std::move(name), {x}, a);
}
TensorId GraphSpec::add(std::string name, TensorId a, TensorId b) { return op(OpKind::add, std::move(name), {a, b}); }
TensorId GraphSpec::add_positions(std::string name, TensorId x, TensorId P) { return op(OpKind::add_positions, std::move(name), {x, P}); }
TensorId GraphSpec::embedding(std::string name, TensorId ids, TensorId W) { return op(OpKind::embedding, std::move(name), {ids, W}); }
TensorId GraphSpec::layernorm(std::string name, TensorId x, TensorId w, TensorId b) {
  return op(OpKind::layernorm, std::move(name), {x, w, b});
}
TensorId GraphSpec::attention(std::string name, TensorId qkv, std::uint32_t heads, bool causal) {
  OpAttributes a;
  a.heads = heads;
  a.causal = causal;
  return op(OpKind::attention, std::move(name), {qkv}, a);
}
TensorId GraphSpec::softmax_xent(std::string name, TensorId logits, TensorId targets) {
  return op(OpKind::softmax_xent, std::move(name), {logits, targets});
}
TensorId GraphSpec::bce_logits(std::string name, TensorId logits, TensorId targets) {
  return op(OpKind::bce_logits, std::move(name), {logits, targets});
}
TensorId GraphSpec::mse(std::string name, TensorId y, TensorId t, double scale) {
  OpAttributes a;
  a.scale = scale;
  return op(OpKind::mse, std::move(name), {y, t}, a);
}

TensorId GraphSpec::find(std::string_view name) const {
  for (std::size_t i = 0; i < tensors_.size(); ++i)
    if (tensors_[i].name == name) return static_cast<TensorId>(i);
  return kNoTensor;
}

TensorId GraphSpec::require(std::string_view name) const {
  const TensorId id = find(name);
  if (id == kNoTensor) {
    std::string some;
    for (std::size_t i = 0; i < tensors_.size() && i < 8; ++i) some += text(i ? ", " : "", tensors_[i].name);
    throw Error(ErrorCode::unknown_name, text("no tensor is called \"", name.substr(0, 80), "\"; the graph has ", some,
                                              tensors_.size() > 8 ? text(", … (", tensors_.size(), " in all)") : ""));
  }
  return id;
}

std::uint64_t GraphSpec::parameter_count() const {
  std::uint64_t total = 0;
  for (const TensorSpec& t : tensors_)
    if (t.role == Role::parameter) total += t.shape.size();
  return total;
}

std::size_t GraphSpec::scratch_elements() const {
  std::size_t most = 0;
  for (const NodeSpec& node : nodes_) {
    const OpEntry& entry = op_entry(node.kind);
    if (entry.scratch) most = std::max(most, entry.scratch(op_inputs(*this, node.inputs, node.attributes)));
  }
  return most;
}

MemoryEstimate GraphSpec::memory(std::uint32_t state_slots, std::uint32_t bytes, bool with_gradients) const {
  MemoryEstimate m;
  for (const TensorSpec& t : tensors_) {
    const std::uint64_t size = padded(t.shape.size(), bytes) * bytes;
    if (t.role == Role::parameter) {
      m.parameters += size;
      m.optimizer += size * state_slots;
    } else if (t.role == Role::buffer) {
      m.parameters += size;
    } else {
      m.activations += size;
    }
    if (with_gradients && (t.role == Role::parameter || t.role == Role::value)) m.gradients += size;
  }
  m.scratch = padded(scratch_elements(), bytes) * bytes;
  return m;
}

std::uint64_t GraphSpec::fingerprint() const {
  std::uint64_t hash = fnv1a("x2g", 3);
  const auto mix = [&hash](const void* data, std::size_t count) { hash = fnv1a(data, count, hash); };
  for (const TensorSpec& t : tensors_) {
    mix(t.name.data(), t.name.size());
    mix(t.shape.dims.data(), sizeof(std::uint32_t) * t.shape.rank);
    mix(&t.role, 1);
  }
  for (const NodeSpec& n : nodes_) {
    mix(&n.kind, 1);
    mix(n.inputs.data(), n.inputs.size() * sizeof(TensorId));
    const OpAttributes& a = n.attributes;
    const double numbers[] = {a.scale, a.eps, a.rate, a.base};
    mix(numbers, sizeof numbers);
    const std::uint32_t words[] = {static_cast<std::uint32_t>(a.activation),
                                   a.heads,
                                   a.kv_heads,
                                   a.causal,
                                   a.axis,
                                   a.begin,
                                   a.end,
                                   a.flag,
                                   static_cast<std::uint32_t>(a.mask),
                                   static_cast<std::uint32_t>(a.score)};
    mix(words, sizeof words);
    mix(a.shape.dims.data(), sizeof(std::uint32_t) * a.shape.rank);
    mix(&a.window, sizeof a.window);
  }
  return hash;
}

}  // namespace x2g
