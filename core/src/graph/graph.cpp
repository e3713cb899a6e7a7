#include "x2g/graph/graph.hpp"

#include <algorithm>
#include <cmath>

#include "base/parts.hpp"
#include "graph/op_table.hpp"
#include "kernels/elementwise.hpp"
#include "nn/orthogonal.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/base/text.hpp"
#include "x2g/nn/positions.hpp"

namespace x2g {
namespace {

template <class T>
std::size_t padded(std::size_t elements) {
  constexpr std::size_t line = kAlignment / sizeof(T);
  return (elements + line - 1) / line * line;
}

void refuse_if_over(const MemoryEstimate& m, std::uint64_t limit) {
  if (m.total() <= limit) return;
  const auto megabytes = [](std::uint64_t bytes) { return static_cast<std::int64_t>((bytes + (1u << 20) - 1) >> 20); };
  throw Error(ErrorCode::out_of_memory,
              text("this model needs ", megabytes(m.total()), " MB (parameters ", megabytes(m.parameters), ", gradients ",
                   megabytes(m.gradients), ", optimizer ", megabytes(m.optimizer), ", activations ", megabytes(m.activations),
                   "); the limit is ", megabytes(limit), " MB. Choose fewer layers or channels, a shorter context or a smaller batch"));
}

/// Fills one parameter or buffer by its Init.
template <class T>
void start(const TensorSpec& t, Rng& rng, std::span<T> into) {
  using Kind = Init::Kind;
  // Of a convolution's weight (Co, Ci, kernel …) every output sees Ci × kernel inputs, and every input reaches Co × kernel outputs.
  const double out = t.shape.rank ? t.shape.dims[0] : 1, in = t.shape.rank > 1 ? t.shape.dims[1] : t.shape.last();
  const double places = t.shape.rank > 2 ? static_cast<double>(t.shape.size()) / (out * in) : 1, sum = (in + out) * places;
  const auto normal = [&](double deviation) {
    for (T& w : into) w = static_cast<T>(deviation * rng.normal());
  };
  const auto uniform = [&](double bound) {
    for (T& w : into) w = static_cast<T>(rng.uniform(-bound, bound));
  };
  switch (t.init.kind) {
    case Kind::constant: std::ranges::fill(into, static_cast<T>(t.init.a)); break;
    case Kind::normal: normal(t.init.a); break;
    case Kind::uniform: uniform(t.init.a); break;
    case Kind::xavier: normal(std::sqrt(2 / sum)); break;
    case Kind::he: normal(std::sqrt(2 / (in * places))); break;
    case Kind::xavier_uniform: uniform(std::sqrt(6 / sum)); break;
    case Kind::he_uniform: uniform(std::sqrt(6 / (in * places))); break;
#if !X2G_WHOLE_ENGINE
    default: break;  // spec.cpp refuses them
#else
    case Kind::orthogonal: orthogonal(t.shape.dims[0], t.shape.size() / t.shape.dims[0], t.init.a, rng, into); break;
    case Kind::lstm_bias:
      for (std::size_t i = 0; i < into.size(); ++i) into[i] = static_cast<T>(4 * i / into.size() == 1 ? t.init.a : 0);
      break;
    case Kind::sinusoidal: sinusoidal(into, t.shape.rows(), t.shape.last()); break;
#endif
  }
}

}  // namespace

// In the lessons' engines 16-bit precision and the rarer starts are left out.

template <class T>
Graph<T>::Graph(GraphSpec spec, GraphOptions options) : spec_(std::move(spec)) {
  layout(nullptr, options);
}

template <class T>
Graph<T>::Graph(GraphSpec spec, Graph& donor, std::uint64_t memory_limit) : spec_(std::move(spec)) {
  layout(&donor, {.state_slots = 0, .memory_limit = memory_limit, .gradients = false});
}

template <class T>
Graph<T>::~Graph() = default;

template <class T>
std::size_t Graph<T>::check(TensorId id) const {
  if (id < 0 || static_cast<std::size_t>(id) >= values_.size())
    throw Error(ErrorCode::unknown_name,
                text("there is no tensor ", id, "; the graph has tensors 0 to ", static_cast<std::int64_t>(values_.size()) - 1));
  return static_cast<std::size_t>(id);
}

template <class T>
void Graph<T>::layout(Graph* donor, const GraphOptions& options) {
  const std::vector<TensorSpec>& tensors = spec_.tensors();
  gradients_on_ = options.gradients;
  slots_ = options.state_slots;
  mode_.training = options.gradients;

  precision_ = options.precision;
  rounding_ = precision_.rounds();
#if !X2G_WHOLE_ENGINE
  constexpr bool can_round = false;
#else
  constexpr bool can_round = sizeof(T) == sizeof(float);
#endif
  if (rounding_ && !can_round)
    throw Error(ErrorCode::invalid_argument,
                "16-bit precision is emulated in float graphs of the whole engine only; build this one with fp32");

  std::size_t values_total = 0, value_grad_total = 0;
  for (const TensorSpec& t : tensors) {
    const std::size_t size = padded<T>(t.shape.size());
    if (t.role == Role::parameter) {
      if (!donor) parameter_total_ += size;
    } else if (t.role == Role::buffer) {
      if (!donor) buffer_total_ += size;
    } else {
      values_total += size;
      if (t.role == Role::value && gradients_on_) value_grad_total += size;
    }
  }
  MemoryEstimate need = spec_.memory(slots_, sizeof(T), gradients_on_);
  if (donor) need.parameters = 0;
  const bool copied = precision_.weights != Format::fp32;
  if (copied) need.parameters += parameter_total_ * sizeof(T);
  refuse_if_over(need, options.memory_limit);

  const std::size_t copies = 1 + slots_ + (gradients_on_ ? 1 : 0);
  arena_ = Buffer<T>(buffer_total_ + parameter_total_ * copies + values_total + value_grad_total);
  scratch_ = Buffer<T>(spec_.scratch_elements());
  if (copied) weights_ = Buffer<T>(parameter_total_);

  T* const parameter_grads = arena_.data() + buffer_total_ + parameter_total_ * (1 + slots_);
  T* value_at = arena_.data() + buffer_total_ + parameter_total_ * copies;
  T* grad_at = value_at + values_total;
  value_grads_ = {grad_at, value_grad_total};
  std::size_t parameter_at = 0, buffer_at = 0;
  for (const TensorSpec& t : tensors) {
    const std::size_t size = t.shape.size(), step = padded<T>(size);
    std::span<T> value, grad;
    const bool kept = t.role == Role::parameter || t.role == Role::buffer;
    if (kept && donor) {
      const TensorId id = donor->spec_.find(t.name);
      if (id == kNoTensor || donor->spec_.tensors()[static_cast<std::size_t>(id)].shape != t.shape)
        throw Error(ErrorCode::shape_mismatch, text("the model to share with has no \"", t.name, "\" of shape ", t.shape.text()));
      value = donor->value(id);
    } else if (t.role == Role::parameter) {
      value = {arena_.data() + buffer_total_ + parameter_at, size};
      if (gradients_on_) grad = {parameter_grads + parameter_at, size};
      parameter_at += step;
    } else if (t.role == Role::buffer) {
      value = {arena_.data() + buffer_at, size};
      buffer_at += step;
    } else {
      value = {value_at, size};
      value_at += step;
      if (t.role == Role::value && gradients_on_) {
        grad = {grad_at, size};
        grad_at += step;
      }
    }
    values_.push_back(value);
    grads_.push_back(grad);
  }
  bind();
}

template <class T>
void Graph<T>::bind() {
  for (const NodeSpec& node : spec_.nodes()) {
    const OpEntry& entry = op_entry(node.kind);
    BoundNode<T>& b = bound_.emplace_back();
    const OpInputs inputs = op_inputs(spec_, node.inputs, node.attributes);
    b.attributes = node.attributes;
    b.shape = inputs.shape;
    b.mode = &mode_;
    b.index = bound_.size() - 1;
    if (entry.measure) b.dims = entry.measure(inputs);
    b.scratch = scratch_.span();
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      if (node.inputs[i] == kNoTensor) continue;
      const std::span<const T> seen = rounded(node.inputs[i]);
      b.in[i] = {const_cast<T*>(seen.data()), seen.size()};
      b.din[i] = grad(node.inputs[i]);
    }
    for (std::size_t i = 0; i < node.outputs.size(); ++i) b.out[i] = value(node.outputs[i]);
    b.dout = grad(node.outputs[0]);
    if constexpr (sizeof(T) == sizeof(float)) {
      b.forward = entry.forward32;
      b.backward = entry.backward32;
    } else {
      b.forward = entry.forward64;
      b.backward = entry.backward64;
    }
  }
#if X2G_ENGINE != 2
  for (std::size_t i = bound_.size(); i-- > 0;) {
    BoundNode<T>& b = bound_[i];
    if (i + 1 == bound_.size()) b.live = true;
    for (BoundNode<T>& before : bound_)
      for (const std::span<T> in : b.in) before.live |= b.live && in.data() == before.out[0].data();
  }
#endif
}

template <class T>
void Graph<T>::initialize(std::uint64_t seed) {
  mode_.seed = seed;
  std::uint64_t index = 0;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const TensorSpec& t = spec_.tensors()[i];
    if (t.role != Role::parameter && t.role != Role::buffer) continue;
    // 2^31 elements are the most a tensor may have, two numbers a block at least: parameters never share a block.
    Rng rng(seed, Stream::init, (index++) << 32);
    start(t, rng, values_[i]);
  }
}

template <class T>
std::span<T> Graph<T>::slot(TensorId id, std::uint32_t k) {
  const std::size_t i = check(id);
  if (spec_.tensors()[i].role != Role::parameter || k >= slots_ || parameter_total_ == 0)
    throw Error(ErrorCode::unknown_name, text("tensor ", id, " has no optimizer value ", k, "; parameters have ", slots_));
  const std::size_t offset = static_cast<std::size_t>(values_[i].data() - arena_.data());  // buffers included
  return arena_.span().subspan((1 + k) * parameter_total_ + offset, values_[i].size());
}

template <class T>
std::span<T> Graph<T>::slots(std::uint32_t k) {
#if X2G_ANY_GRAPH  // ready models are trained by a Trainer alone, which gives them what their optimizer needs
  if (k >= slots_) throw Error(ErrorCode::unknown_name, "too few optimizer values; build the graph with the optimizer's state_slots()");
#endif
  return part(1 + k, 1);
}

template <class T>
std::span<const T> Graph<T>::rounded(TensorId id) const {
  const std::span<const T> master = value(id);
  if (weights_.size() == 0 || spec_.tensors()[static_cast<std::size_t>(id)].role != Role::parameter) return master;
  const std::size_t offset = static_cast<std::size_t>(master.data() - arena_.data()) - buffer_total_;
  return weights_.span().subspan(offset, master.size());
}

namespace {

void check_node(std::size_t i, std::size_t count) {
  if (i >= count) throw Error(ErrorCode::invalid_argument, text("there is no node ", i, "; the graph has ", count, ", counted from 0"));
}

}  // namespace

template <class T>
void Graph<T>::forward_node(std::size_t i) {
  check_node(i, bound_.size());
  run_forward(i);
}

template <class T>
void Graph<T>::run_forward(std::size_t i) {
#if X2G_WHOLE_ENGINE
  if (rounding_) return forward_rounded(i);
#endif
  bound_[i].forward(bound_[i]);
}

#if X2G_WHOLE_ENGINE
template <class T>
void Graph<T>::forward_rounded([[maybe_unused]] std::size_t i) {
  if constexpr (sizeof(T) == sizeof(float)) {
    if (i == 0 && weights_.size() > 0) round_to(precision_.weights, parameters(), weights_.span());
    BoundNode<T>& node = bound_[i];
    node.forward(node);
    if (i + 1 < bound_.size()) round_to(precision_.activations, node.out[0]);  // the last node is the loss; saved outputs may be indices
  }
}

template <class T>
void Graph<T>::backward_rounded([[maybe_unused]] std::size_t i) {
  if constexpr (sizeof(T) == sizeof(float)) {
    BoundNode<T>& node = bound_[i];
    node.backward(node);
    for (const std::span<T> gradient : node.din) round_to(precision_.gradients, gradient);
  }
}

#endif

template <class T>
void Graph<T>::backward_node(std::size_t i) {
  if (!gradients_on_) throw Error(ErrorCode::bad_state, "this graph is forward-only; build it with gradients to run it backward");
  check_node(i, bound_.size());
  run_backward(i);
}

template <class T>
void Graph<T>::run_backward(std::size_t i) {
#if X2G_WHOLE_ENGINE
  if (rounding_) return backward_rounded(i);
#endif
  bound_[i].backward(bound_[i]);
}

template <class T>
bool Graph<T>::reaches_loss(std::size_t i) const {
#if X2G_ENGINE == 2  // in a GPT every node does
  return i < bound_.size();
#else
  check_node(i, bound_.size());
  return bound_[i].live;
#endif
}

template <class T>
void Graph<T>::zero_grad() {
  kernels::fill<T>(T(0), gradients());
  zero_value_grad();
}

template <class T>
void Graph<T>::zero_value_grad() {
  kernels::fill<T>(T(0), value_grads_);
}

template <class T>
void Graph<T>::seed_loss(T seed) {
  if (bound_.empty() || bound_.back().dout.size() != 1)
    throw Error(ErrorCode::bad_state, "backward needs a loss: the last node must give one number");
  bound_.back().dout[0] = seed;
}

template <class T>
T Graph<T>::loss() const {
  if (bound_.empty()) throw Error(ErrorCode::bad_state, "the graph has no nodes; add at least one op");
  return bound_.back().out[0][0];
}

template <class T>
T Graph<T>::forward() {
  for (std::size_t i = 0; i < bound_.size(); ++i) run_forward(i);
  return loss();
}

template <class T>
void Graph<T>::backward() {
  zero_grad();
  seed_loss();
  backward_nodes();
}

template <class T>
void Graph<T>::backward_nodes() {
  for (std::size_t i = gradients_on_ ? bound_.size() : 0; i-- > 0;) {
#if X2G_ENGINE != 2
    if (!bound_[i].live) continue;
#endif
    run_backward(i);
  }
}

template <class T>
typename Graph<T>::NonFinite Graph<T>::find_non_finite() const {
  const auto broken = [](std::span<const T> v) { return !kernels::all_finite<T>(v); };
  for (const NodeSpec& node : spec_.nodes()) {
    for (const TensorId id : node.inputs)
      if (id != kNoTensor && broken(value(id))) return {id, false};
    for (const TensorId id : node.outputs)
      if (broken(value(id))) return {id, false};
  }
  for (std::size_t i = spec_.nodes().size(); i-- > 0;) {
    const NodeSpec& node = spec_.nodes()[i];
    if (broken(grad(node.outputs[0]))) return {node.outputs[0], true};
    for (const TensorId id : node.inputs)
      if (id != kNoTensor && broken(grad(id))) return {id, true};
  }
  return {};
}

template class Graph<float>;
template class Graph<double>;

}  // namespace x2g
