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

/// A tensor's place in GraphSpec::tensors().
using TensorId = std::int32_t;
inline constexpr TensorId kNoTensor = -1;  ///< no such tensor; as an input: absent

/// What a tensor is for: whether it is kept, trained, or has a gradient.
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
  /// The ways named above.
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
  } kind = Kind::constant;  ///< how
  double a = 0;             ///< the number that constant, normal, uniform, orthogonal and lstm_bias take
};

/// One tensor of a spec.
struct TensorSpec {
  std::string name;         ///< 1 to 200 bytes, unlike any other of the graph
  Shape shape;              ///< 1 to 4 dimensions; a loss has none
  Role role = Role::value;  ///< decides where it lies in the arena
  Init init{};              ///< of parameters and buffers
  bool decay = false;       ///< weight decay applies (matrices and embeddings, not biases and norms)
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
  sin,
};
inline constexpr std::size_t kOpKinds = 33;  ///< how many kinds there are
std::string_view op_name(OpKind kind);       ///< "linear", "activation", …: the enumerator's name
OpKind op_from_name(std::string_view name);  ///< throws Error(unknown_name)

/// Which keys a query may see. wrong: the other triangle, a mistake for lesson 20 to find.
enum class Mask : std::uint8_t { causal, none, wrong };
/// How a query and a key are compared: q·k, −q·k, or −‖q − k‖² (lesson 19).
enum class Score : std::uint8_t { dot, negated, squared };
Mask mask_from_name(std::string_view name);    ///< "causal", "none", "wrong"; else Error(unknown_name)
Score score_from_name(std::string_view name);  ///< "dot", "negated", "squared"; else Error(unknown_name)

/// Of a convolution or pooling: (height, width); one-dimensional ops use the second of each.
struct Window {
  std::array<std::uint32_t, 2> kernel{1, 1};       ///< places a window looks at
  std::array<std::uint32_t, 2> stride{1, 1};       ///< from one window to the next
  std::array<std::uint32_t, 2> padding{0, 0};      ///< on either side
  std::array<std::uint32_t, 2> dilation{1, 1};     ///< from one place looked at to the next; pooling knows 1 only
  bool operator==(const Window&) const = default;  ///< all equal
};

/// What an op is told besides its inputs; each op reads the fields that its header names.
struct OpAttributes {
  Activation activation = Activation::identity;  ///< activation: which; rnn: tanh or relu
  std::uint32_t heads = 1;                       ///< attention, attend, rope: H
  std::uint32_t kv_heads = 0;                    ///< attend: G; 0: as many as heads
  bool causal = true;                            ///< attention
  double scale = 1;                              ///< mse, scale: the factor; attend: 0 = 1/√D
  double eps = 1e-5;                             ///< rmsnorm, batchnorm
  double rate = 0;           ///< dropout: p; attend: p of its weights; softmax_xent: label smoothing; batchnorm: momentum
  double base = 10000;       ///< rope
  std::uint32_t axis = 0;    ///< concat, slice, sum, mean: counted from 0, the outermost
  std::uint32_t begin = 0;   ///< slice: the first element; rope: the position of the first row
  std::uint32_t end = 0;     ///< slice: behind the last element; 0 is the axis's length
  bool flag = false;         ///< matmul: b is transposed; softmax: causal; sum, mean: over everything; attend: ALiBi slopes
  Mask mask = Mask::causal;  ///< attend
  Score score = Score::dot;  ///< attend
  // Written out for designated initializers: GCC asks for one of every member. NOLINTBEGIN(readability-redundant-member-init)
  Shape shape{};    ///< reshape: the new shape; transpose: the order of axes
  Window window{};  ///< conv1d, conv2d, max_pool, avg_pool
  // NOLINTEND(readability-redundant-member-init)
};

/// One op with its inputs and outputs; nodes run in the order they were added.
struct NodeSpec {
  OpKind kind;                    ///< which op
  std::string name;               ///< that of its main output
  std::vector<TensorId> inputs;   ///< in the op's order; kNoTensor for an absent bias
  std::vector<TensorId> outputs;  ///< the main output first, then saved ones
  OpAttributes attributes;        ///< what it was told
};

/// Bytes a graph of this spec takes, before it is built.
struct MemoryEstimate {
  std::uint64_t parameters = 0;   ///< buffers included
  std::uint64_t gradients = 0;    ///< of parameters and of values
  std::uint64_t optimizer = 0;    ///< state: as much as the parameters, times the slots
  std::uint64_t activations = 0;  ///< values, saved tensors and inputs
  std::uint64_t scratch = 0;      ///< shared by all nodes
  std::uint64_t data = 0;         ///< texts and tokens, where a model keeps them
  std::uint64_t total() const { return parameters + gradients + optimizer + activations + scratch + data; }  ///< of the six
};

/// Built op by op; every call checks its shapes and leaves the spec as it was when it throws.
class GraphSpec {
 public:
  TensorId input(std::string name, Shape shape);                             ///< set from outside before forward; zeros until then
  TensorId parameter(std::string name, Shape shape, Init init, bool decay);  ///< decay: weight decay applies to it
  TensorId buffer(std::string name, Shape shape, Init init);                 ///< kept and started like a parameter, never trained
  /// Adds a node; checks the shapes; returns its main output, named like the node. Saved outputs are `name.att`, `name.probs`, `name.mean`, `name.rstd`.
  TensorId op(OpKind kind, std::string name, std::vector<TensorId> inputs, OpAttributes attributes = {});

  // The same by op, for building models in C++.
  TensorId linear(std::string name, TensorId x, TensorId W, TensorId b = kNoTensor);     ///< y = x Wᵀ + b: x (…, I), W (O, I), b (O)
  TensorId activation(std::string name, TensorId x, Activation f);                       ///< y = f(x)
  TensorId add(std::string name, TensorId a, TensorId b);                                ///< b as a, or its last dimensions
  TensorId add_positions(std::string name, TensorId x, TensorId P);                      ///< x (B, T, C), P (T or more, C)
  TensorId embedding(std::string name, TensorId ids, TensorId W);                        ///< ids of up to 3 dimensions, W (V, C) → (…, C)
  TensorId layernorm(std::string name, TensorId x, TensorId w, TensorId b = kNoTensor);  ///< over the last dimension, ε 1e-5; w, b (C)
  TensorId attention(std::string name, TensorId qkv, std::uint32_t heads, bool causal = true);  ///< qkv (B, T, 3C) → (B, T, C)
  TensorId softmax_xent(std::string name, TensorId logits, TensorId targets);  ///< logits (…, V), a class for each row; −1 is ignored
  TensorId bce_logits(std::string name, TensorId logits, TensorId targets);    ///< targets 0 … 1, shaped as the logits
  TensorId mse(std::string name, TensorId y, TensorId t, double scale = 1);    ///< scale Σ(y − t)²/n

  const std::vector<TensorSpec>& tensors() const { return tensors_; }  ///< by id
  const std::vector<NodeSpec>& nodes() const { return nodes_; }        ///< in running order
  TensorId find(std::string_view name) const;                          ///< kNoTensor when absent
  TensorId require(std::string_view name) const;                       ///< throws Error(unknown_name)
  std::uint64_t parameter_count() const;                               ///< numbers that are trained
  /// state_slots: optimizer values per parameter (0 SGD, 1 momentum, 2 AdamW); bytes: of one scalar (4 or 8)
  MemoryEstimate memory(std::uint32_t state_slots, std::uint32_t bytes, bool with_gradients = true) const;
  std::size_t scratch_elements() const;  ///< the largest scratch any node needs; nodes share it
  std::uint64_t fingerprint() const;     ///< of names, shapes and ops: a snapshot fits only the spec it was taken from

 private:
  std::vector<TensorSpec> tensors_;
  std::vector<NodeSpec> nodes_;
};

}  // namespace x2g
