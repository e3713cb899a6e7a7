// A spec with memory: one arena, forward, backward, node by node or whole.
//
//   arena = [ buffers | parameters | optimizer state | gradients of parameters | values and saved | gradients of values ]
//
// The first three parts stand together so that a snapshot is one copy. Every tensor starts on a 64-byte line; the padding is zero.
// After construction nothing is allocated. Every tensor and every gradient is a span found by name or id.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "x2g/base/buffer.hpp"
#include "x2g/base/half.hpp"
#include "x2g/graph/spec.hpp"

namespace x2g {

inline constexpr std::uint64_t kMemoryLimit = 256ull << 20;  ///< bytes: what a tab is allowed (reliability promise 7)

/// How a graph is built; nothing here changes later.
struct GraphOptions {
  std::uint32_t state_slots = 0;              ///< optimizer values per parameter
  std::uint64_t memory_limit = kMemoryLimit;  ///< bytes; a larger graph is Error(out_of_memory) with the figure
  bool gradients = true;                      ///< false: forward only (sampling, maps), no gradient memory
  Precision precision{};                      ///< other than fp32: emulated (float graphs only), see Graph::precision
};

/// What ops that train and answer differently look at: dropout, batch norm. The step makes each mask a function of (seed, step, node).
struct RunMode {
  bool training = true;    ///< false: dropout passes through, batch norm uses its running statistics
  std::uint64_t step = 0;  ///< of the run: batch and masks belong to it
  std::uint64_t seed = 0;  ///< of the masks
};

template <class T>
struct BoundNode;

/// float to train, double to check gradients. Addressed by tensor id or name; Error(unknown_name) for what the spec does not hold.
template <class T>
class Graph {
 public:
  explicit Graph(GraphSpec spec, GraphOptions options = {});  ///< all zeros; Error(out_of_memory) with the figure
  /// Forward-only twin of other batch or length: every parameter and buffer is the donor's own memory, by name and shape
  /// (Error(shape_mismatch) when the donor has no such parameter). The donor must outlive the twin.
  Graph(GraphSpec spec, Graph& donor, std::uint64_t memory_limit = kMemoryLimit);
  ~Graph();
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  const GraphSpec& spec() const { return spec_; }  ///< what it was built from

  /// Fills every parameter and buffer by its Init, and takes the seed for dropout. Each parameter draws from its own offset of stream `init`, so that adding one never shifts another.
  void initialize(std::uint64_t seed);

  std::span<T> value(TensorId id) { return values_[check(id)]; }              ///< the tensor's elements, row-major
  std::span<const T> value(TensorId id) const { return values_[check(id)]; }  ///< likewise
  std::span<T> grad(TensorId id) { return grads_[check(id)]; }                ///< empty for inputs, saved tensors and forward-only graphs
  std::span<const T> grad(TensorId id) const { return grads_[check(id)]; }    ///< likewise
  std::span<T> slot(TensorId id, std::uint32_t k);                            ///< optimizer value k of a parameter
  std::span<T> value(std::string_view name) { return value(spec_.require(name)); }  ///< by name
  std::span<T> grad(std::string_view name) { return grad(spec_.require(name)); }    ///< by name

  std::span<T> parameters() { return part(0, 1); }                              ///< all of them with their padding, one flat array
  std::span<T> gradients() { return part(1 + slots_, gradients_on_ ? 1 : 0); }  ///< of the parameters, same layout
  std::span<T> slots(std::uint32_t k);                                          ///< optimizer value k of all parameters, same layout
  std::span<T> buffers() { return arena_.span().first(buffer_total_); }         ///< all of them with their padding; empty for a twin
  /// Buffers, parameters and optimizer state: what a snapshot keeps.
  std::span<T> state() { return arena_.span().first(buffer_total_ + (1 + slots_) * parameter_total_); }
  std::span<const T> state() const { return const_cast<Graph*>(this)->state(); }  ///< likewise

  /// Emulated precision (Micikevicius et al. 2018): node outputs are rounded after forward and gradients after each node's backward, but
  /// not the loss and not its own gradient; ops see rounded copies of the parameters, made when node 0 runs, while value() stays the fp32
  /// master that the optimizer updates.
  const Precision& precision() const { return precision_; }
  std::span<const T> rounded(TensorId id) const;  ///< what ops see of a parameter: its copy, or the parameter itself

  const RunMode& mode() const { return mode_; }             ///< as the setters left it
  void set_training(bool on) { mode_.training = on; }       ///< false: dropout passes through, batch norm uses its running statistics
  void set_step(std::uint64_t step) { mode_.step = step; }  ///< of dropout's masks: the trainer sets it before each step
  void set_seed(std::uint64_t seed) { mode_.seed = seed; }  ///< of dropout's masks; initialize() sets it, too

  std::size_t node_count() const { return spec_.nodes().size(); }  ///< of the spec
  void forward_node(std::size_t i);                                ///< node i alone, from its inputs as they stand
  void backward_node(std::size_t i);       ///< adds to the gradients of its inputs; Error(bad_state) in a forward-only graph
  bool reaches_loss(std::size_t i) const;  ///< false: the last node does not hang on node i, so that its gradients stay zero
  void zero_grad();                        ///< all gradients, of parameters and of values
  void zero_value_grad();                  ///< of values only: those of parameters go on adding up (micro-batches)
  void seed_loss(T seed = T(1));           ///< d loss / d loss at the last node's output; other than 1: loss scaling, a share of a batch
  T loss() const;                          ///< first element of the last node's output
  T forward();                             ///< runs all nodes; returns loss()
  void backward();                         ///< zero_grad, seed_loss, backward_nodes
  void backward_nodes();                   ///< in reverse all nodes that reach the loss: the others would add zeros

  /// The first tensor in running order that holds NaN or ±∞: forward values, then gradients from the loss back.
  struct NonFinite {
    TensorId tensor = kNoTensor;  ///< kNoTensor: all is finite
    bool gradient = false;        ///< it is the tensor's gradient, not its value
  };
  NonFinite find_non_finite() const;  ///< looks at everything: for a run that has gone wrong

 private:
  std::size_t check(TensorId id) const;
  void layout(Graph* donor, const GraphOptions& options);
  void bind();
  void run_forward(std::size_t i);
  void run_backward(std::size_t i);
  void forward_rounded(std::size_t i);
  void backward_rounded(std::size_t i);
  std::span<T> part(std::size_t first, std::size_t count) {
    return arena_.span().subspan(buffer_total_ + first * parameter_total_, count * parameter_total_);
  }

  GraphSpec spec_;
  Buffer<T> arena_, scratch_, weights_;       // weights_: rounded copies of the parameters, empty without
  std::vector<std::span<T>> values_, grads_;  // by tensor id
  std::vector<BoundNode<T>> bound_;           // by node
  std::size_t buffer_total_ = 0;              // elements, padding included; 0 for a twin
  std::size_t parameter_total_ = 0;           // likewise
  RunMode mode_;
  std::span<T> value_grads_;
  std::uint32_t slots_ = 0;
  bool gradients_on_ = true;
  bool rounding_ = false;
  Precision precision_;
};

extern template class Graph<float>;
extern template class Graph<double>;

}  // namespace x2g
