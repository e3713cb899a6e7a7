// What a model is, before it holds any number: tensors (edges) and nodes (ops) in the order they run.
// Scalar-free on purpose: the same spec becomes a Graph<float> to train and a Graph<double> to check gradients.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "x2g/graph/shape.hpp"
#include "x2g/ops/activation.hpp"

namespace x2g {

using TensorId = std::int32_t;
inline constexpr TensorId kNoTensor = -1;

enum class Role : std::uint8_t {
  input,      ///< set from outside: data, ids, targets
  parameter,  ///< learned
  value,      ///< computed, has a gradient
  saved,      ///< computed for backward or display, has no gradient (att, probs, mean, rstd)
  buffer,     ///< kept with the parameters in snapshots and files but not trained: running statistics, frozen weights, tables
};

/// How a parameter or buffer starts. constant: a (0: zeros). normal: mean 0, standard deviation a; GPT-2's scaled residual weights
/// (Radford et al. 2019) are this with a = 0.02/√(2L). uniform: [−a, a).
/// xavier (Glorot, Bengio 2010): normal with variance 2/(fan_in + fan_out); xavier_uniform: the same variance, [−b, b) with b² = 6/(…).
/// he (He et al. 2015): normal with variance 2/fan_in; he_uniform: the same variance, b² = 6/fan_in.
/// orthogonal (Saxe et al. 2013): a times a matrix with orthonormal rows or columns (whichever are fewer), all equally likely.
/// Weights have shape (outputs, inputs, kernel sizes …): fan_in is the inputs and fan_out the outputs, each times the kernel's places;
/// orthogonal takes such a shape as the matrix (outputs, all the rest).
/// lstm_bias: of the four parts i f g o the second, the forget gates', starts at a, the rest at 0 (Gers, Schmidhuber, Cummins 2000).
/// sinusoidal: the table of positions (rows, C) of Vaswani et al. 2017, section 3.5 (nn/positions.hpp); takes no numbers.
struct Init {
  enum class Kind : std::uint8_t {
    constant,
    normal,
    uniform,
    xavier,
    he,
    xavier_uniform,
    he_uniform,
    orthogonal,
    lstm_bias,
    sinusoidal
  } kind = Kind::constant;
  double a = 0;
};

struct TensorSpec {
  std::string name;
  Shape shape;
  Role role = Role::value;
  Init init{};
  bool decay = false;  ///< weight decay applies (matrices and embeddings, not biases and norms)
};

/// Order as in graph/op_table.cpp.
enum class OpKind : std::uint8_t {
  linear,
  activation,
  add,
  add_positions,
  embedding,
  layernorm,
  attention,
  softmax_xent,
  bce_logits,
  mse,
  mul,
  scale,
  matmul,
  softmax,
  concat,
  slice,
  transpose,
  reshape,
  sum,
  mean,
  rmsnorm,
  batchnorm,
  dropout,
  conv1d,
  conv2d,
  max_pool,
  avg_pool,
  rnn,
  lstm,
  gru,
  rope,
  attend,
};
inline constexpr std::size_t kOpKinds = 32;
std::string_view op_name(OpKind kind);
OpKind op_from_name(std::string_view name);  ///< throws Error(unknown_name)

/// Which keys a query may see. wrong: the other triangle, a mistake for lesson 20 to find.
enum class Mask : std::uint8_t { causal, none, wrong };
/// How a query and a key are compared: q·k, −q·k, or −‖q − k‖² (lesson 19).
enum class Score : std::uint8_t { dot, negated, squared };
Mask mask_from_name(std::string_view name);    ///< "causal", "none", "wrong"; else Error(unknown_name)
Score score_from_name(std::string_view name);  ///< "dot", "negated", "squared"; else Error(unknown_name)

/// Of a convolution or pooling: (height, width); one-dimensional ops use the second of each.
struct Window {
  std::array<std::uint32_t, 2> kernel{1, 1}, stride{1, 1}, padding{0, 0}, dilation{1, 1};
  bool operator==(const Window&) const = default;
};

/// What an op is told besides its inputs; each op reads the fields that its header names.
struct OpAttributes {
  Activation activation = Activation::identity;
  std::uint32_t heads = 1, kv_heads = 0;       ///< kv_heads 0: as many as heads
  bool causal = true;                          ///< attention
  double scale = 1;                            ///< mse, scale: the factor; attend: 0 = 1/√D
  double eps = 1e-5;                           ///< rmsnorm, batchnorm
  double rate = 0;                             ///< dropout: p; attend: p of its weights; softmax_xent: label smoothing; batchnorm: momentum
  double base = 10000;                         ///< rope
  std::uint32_t axis = 0, begin = 0, end = 0;  ///< slice: end 0 is the axis's length
  bool flag = false;  ///< matmul: b is transposed; softmax: causal; sum, mean: over everything; attend: ALiBi slopes
  Mask mask = Mask::causal;
  Score score = Score::dot;
  // Written out for designated initializers: GCC asks for one of every member. NOLINTBEGIN(readability-redundant-member-init)
  Shape shape{};  ///< reshape: the new shape; transpose: the order of axes
  Window window{};
  // NOLINTEND(readability-redundant-member-init)
};

struct NodeSpec {
  OpKind kind;
  std::string name;
  std::vector<TensorId> inputs;   ///< in the op's order; kNoTensor for an absent bias
  std::vector<TensorId> outputs;  ///< the main output first, then saved ones
  OpAttributes attributes;
};

/// Bytes a graph of this spec takes, before it is built.
struct MemoryEstimate {
  std::uint64_t parameters = 0, gradients = 0, optimizer = 0, activations = 0, scratch = 0, data = 0;
  std::uint64_t total() const { return parameters + gradients + optimizer + activations + scratch + data; }
};

class GraphSpec {
 public:
  TensorId input(std::string name, Shape shape);
  TensorId parameter(std::string name, Shape shape, Init init, bool decay);
  TensorId buffer(std::string name, Shape shape, Init init);
  /// Adds a node; checks the shapes; returns its main output, named like the node. Saved outputs are `name.att`, `name.probs`, `name.mean`, `name.rstd`.
  TensorId op(OpKind kind, std::string name, std::vector<TensorId> inputs, OpAttributes attributes = {});

  // The same by op, for building models in C++.
  TensorId linear(std::string name, TensorId x, TensorId W, TensorId b = kNoTensor);
  TensorId activation(std::string name, TensorId x, Activation f);
  TensorId add(std::string name, TensorId a, TensorId b);
  TensorId add_positions(std::string name, TensorId x, TensorId P);
  TensorId embedding(std::string name, TensorId ids, TensorId W);
  TensorId layernorm(std::string name, TensorId x, TensorId w, TensorId b = kNoTensor);
  TensorId attention(std::string name, TensorId qkv, std::uint32_t heads, bool causal = true);
  TensorId softmax_xent(std::string name, TensorId logits, TensorId targets);
  TensorId bce_logits(std::string name, TensorId logits, TensorId targets);
  TensorId mse(std::string name, TensorId y, TensorId t, double scale = 1);

  const std::vector<TensorSpec>& tensors() const { return tensors_; }
  const std::vector<NodeSpec>& nodes() const { return nodes_; }
  TensorId find(std::string_view name) const;     ///< kNoTensor when absent
  TensorId require(std::string_view name) const;  ///< throws Error(unknown_name)
  std::uint64_t parameter_count() const;
  /// state_slots: optimizer values per parameter (0 SGD, 1 momentum, 2 AdamW); bytes: of one scalar (4 or 8)
  MemoryEstimate memory(std::uint32_t state_slots, std::uint32_t bytes, bool with_gradients = true) const;
  std::size_t scratch_elements() const;  ///< the largest scratch any node needs; nodes share it
  std::uint64_t fingerprint() const;     ///< of names, shapes and ops: a snapshot fits only the spec it was taken from

 private:
  std::vector<TensorSpec> tensors_;
  std::vector<NodeSpec> nodes_;
};

}  // namespace x2g
