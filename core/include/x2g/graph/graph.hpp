// A spec with memory: one arena [parameters | gradients | optimizer state | values and saved], forward, backward, node by node or whole.
// After construction nothing is allocated. Every tensor and every gradient is a span found by name or id.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "x2g/base/buffer.hpp"
#include "x2g/graph/spec.hpp"

namespace x2g {

struct GraphOptions {
  std::uint32_t state_slots = 0;              ///< optimizer values per parameter
  std::uint64_t memory_limit = 256ull << 20;  ///< bytes; a larger graph is Error(out_of_memory) with the figure
  bool gradients = true;                      ///< false: forward only (sampling, maps), no gradient memory
};

template <class T>
class Graph {
 public:
  explicit Graph(GraphSpec spec, GraphOptions options = {});
  /// Forward-only twin of other batch or length: parameters of equal name and shape are the donor's own memory (the donor must outlive it).
  Graph(GraphSpec spec, Graph& donor, GraphOptions options = {});

  const GraphSpec& spec() const { return spec_; }

  /// Fills every parameter by its Init: parameter i uses stream init, offset by its index, so that it does not depend on the others.
  void initialize(std::uint64_t seed);

  std::span<T> value(TensorId id);
  std::span<const T> value(TensorId id) const;
  std::span<T> grad(TensorId id);                ///< empty for inputs without gradient and saved tensors
  std::span<T> slot(TensorId id, std::uint32_t k);  ///< optimizer value k of a parameter
  std::span<T> value(std::string_view name) { return value(spec_.require(name)); }
  std::span<T> grad(std::string_view name) { return grad(spec_.require(name)); }

  std::span<T> parameters();  ///< all of them, one flat array
  std::span<T> gradients();   ///< of the parameters, same order
  std::span<T> state();       ///< parameters + optimizer state, what a snapshot keeps (contiguous parts: see state_parts)

  std::size_t node_count() const { return spec_.nodes().size(); }
  void forward_node(std::size_t i);
  void backward_node(std::size_t i);
  void zero_grad();            ///< all gradients (parameters and values)
  void seed_loss();            ///< d loss / d loss = 1 at the last node's output
  T forward();                 ///< runs all nodes; returns the last node's first element (the loss)
  void backward();             ///< zero_grad, seed_loss, all nodes in reverse

  /// The first tensor in running order that holds NaN or ±∞ (forward values, then gradients from the loss back); kNoTensor when none.
  struct NonFinite {
    TensorId tensor = kNoTensor;
    bool gradient = false;
  };
  NonFinite find_non_finite() const;

 private:
  friend class GraphAccess;
  void layout(Graph* donor, const GraphOptions& options);

  GraphSpec spec_;
  Buffer<T> arena_, scratch_;
  std::vector<std::span<T>> values_, grads_;
  std::vector<std::uint64_t> slot_base_;
  std::size_t parameter_total_ = 0, value_grad_begin_ = 0, value_grad_total_ = 0;
  std::uint32_t state_slots_ = 0;
};

extern template class Graph<float>;
extern template class Graph<double>;

}  // namespace x2g
