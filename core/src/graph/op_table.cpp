#include "graph/op_table.hpp"

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/ops/attention.hpp"
#include "x2g/ops/elementwise.hpp"
#include "x2g/ops/embedding.hpp"
#include "x2g/ops/layernorm.hpp"
#include "x2g/ops/linear.hpp"
#include "x2g/ops/loss.hpp"

namespace x2g {
namespace {

using Dims = std::array<std::size_t, 4>;
using Outputs = std::array<OutputSpec, 3>;

void expect(bool good, const char* op, const std::string& why) {
  if (!good) throw Error(ErrorCode::shape_mismatch, text(op, ": ", why));
}

std::size_t same_shape_output(const OpInputs& in, Outputs& out) {
  out[0] = {"", in.shape[0], Role::value};
  return 1;
}

Dims element_count(const OpInputs& in) { return {in.shape[0].size(), 0, 0, 0}; }

// --- linear: x, W, [b] -------------------------------------------------------------------------
std::size_t linear_infer(const OpInputs& in, Outputs& out) {
  const Shape &x = in.shape[0], &W = in.shape[1];
  expect(W.rank == 2 && W.dims[1] == x.last(), "linear",
         text("W has shape ", W.text(), "; it must be (outputs, ", x.last(), ") to fit x ", x.text()));
  expect(!in.present[2] || in.shape[2] == Shape{W.dims[0]}, "linear",
         text("b has shape ", in.shape[2].text(), "; it must be (", W.dims[0], ")"));
  out[0] = {"", x.with_last(W.dims[0]), Role::value};
  return 1;
}
Dims linear_measure(const OpInputs& in) { return {in.shape[0].rows(), in.shape[1].dims[1], in.shape[1].dims[0], 0}; }
template <class T>
LinearShape linear_shape(const BoundNode<T>& n) {
  return {n.dims[0], n.dims[1], n.dims[2]};
}
template <class T>
void linear_run(BoundNode<T>& n) {
  linear_forward<T>(linear_shape(n), n.in[0], n.in[1], n.in[2], n.out[0], n.scratch);
}
template <class T>
void linear_back(BoundNode<T>& n) {
  linear_backward<T>(linear_shape(n), n.in[0], n.in[1], n.dout, n.din[0], n.din[1], n.din[2], n.scratch);
}

// --- activation: x -----------------------------------------------------------------------------
template <class T>
void activation_run(BoundNode<T>& n) {
  activation_forward<T>(n.attributes.activation, n.in[0], n.out[0]);
}
template <class T>
void activation_back(BoundNode<T>& n) {
  if (!n.din[0].empty()) activation_backward<T>(n.attributes.activation, n.in[0], n.out[0], n.dout, n.din[0]);
}

// --- add: a, b ---------------------------------------------------------------------------------
std::size_t add_infer(const OpInputs& in, Outputs& out) {
  expect(in.shape[0] == in.shape[1], "add",
         text("a has shape ", in.shape[0].text(), " and b ", in.shape[1].text(), "; they must be equal"));
  return same_shape_output(in, out);
}
template <class T>
void add_run(BoundNode<T>& n) {
  add_forward<T>(n.in[0], n.in[1], n.out[0]);
}
template <class T>
void add_back(BoundNode<T>& n) {
  add_backward<T>(n.dout, n.din[0], n.din[1]);
}

// --- add_positions: x (B, T, C), P (≥ T, C) ------------------------------------------------------
std::size_t positions_infer(const OpInputs& in, Outputs& out) {
  const Shape &x = in.shape[0], &P = in.shape[1];
  expect(x.rank == 3, "add_positions", text("x has shape ", x.text(), "; it must be (B, T, C)"));
  expect(P.rank == 2 && P.dims[1] == x.dims[2] && P.dims[0] >= x.dims[1], "add_positions",
         text("P has shape ", P.text(), "; it must be (", x.dims[1], " or more, ", x.dims[2], ")"));
  return same_shape_output(in, out);
}
Dims positions_measure(const OpInputs& in) { return {in.shape[0].dims[0], in.shape[0].dims[1], in.shape[0].dims[2], 0}; }
template <class T>
void positions_run(BoundNode<T>& n) {
  add_positions_forward<T>({n.dims[0], n.dims[1], n.dims[2]}, n.in[0], n.in[1], n.out[0]);
}
template <class T>
void positions_back(BoundNode<T>& n) {
  add_positions_backward<T>({n.dims[0], n.dims[1], n.dims[2]}, n.dout, n.din[0], n.din[1]);
}

// --- embedding: ids (…), W (V, C) → (…, C) -----------------------------------------------------
std::size_t embedding_infer(const OpInputs& in, Outputs& out) {
  const Shape &ids = in.shape[0], &W = in.shape[1];
  expect(W.rank == 2, "embedding", text("W has shape ", W.text(), "; it must be (vocabulary, channels)"));
  expect(ids.rank <= 3, "embedding", text("ids has shape ", ids.text(), "; it may have up to 3 dimensions"));
  std::array<std::uint32_t, 4> dims = ids.dims;
  dims[ids.rank] = W.dims[1];
  out[0] = {"", Shape(std::span<const std::uint32_t>(dims.data(), ids.rank + 1)), Role::value};
  return 1;
}
Dims embedding_measure(const OpInputs& in) { return {in.shape[0].size(), in.shape[1].dims[0], in.shape[1].dims[1], 0}; }
template <class T>
void embedding_run(BoundNode<T>& n) {
  embedding_forward<T>({n.dims[0], n.dims[1], n.dims[2]}, n.in[0], n.in[1], n.out[0]);
}
template <class T>
void embedding_back(BoundNode<T>& n) {
  if (!n.din[1].empty()) embedding_backward<T>({n.dims[0], n.dims[1], n.dims[2]}, n.in[0], n.dout, n.din[1]);
}

// --- layernorm: x, w, [b] → y, mean, rstd ------------------------------------------------------
std::size_t layernorm_infer(const OpInputs& in, Outputs& out) {
  const Shape& x = in.shape[0];
  const Shape features{x.last()};
  expect(in.shape[1] == features && (!in.present[2] || in.shape[2] == features), "layernorm",
         text("w has shape ", in.shape[1].text(), "; w and b must be ", features.text(), " to fit x ", x.text()));
  const Shape rows{static_cast<std::uint32_t>(x.rows())};
  out = {OutputSpec{"", x, Role::value}, OutputSpec{".mean", rows, Role::saved}, OutputSpec{".rstd", rows, Role::saved}};
  return 3;
}
Dims layernorm_measure(const OpInputs& in) { return {in.shape[0].rows(), in.shape[0].last(), 0, 0}; }
template <class T>
void layernorm_run(BoundNode<T>& n) {
  layernorm_forward<T>({n.dims[0], n.dims[1]}, n.in[0], n.in[1], n.in[2], n.out[0], n.out[1], n.out[2]);
}
template <class T>
void layernorm_back(BoundNode<T>& n) {
  layernorm_backward<T>({n.dims[0], n.dims[1]}, n.in[0], n.in[1], n.out[1], n.out[2], n.dout, n.din[0], n.din[1], n.din[2]);
}

// --- attention: qkv (B, T, 3C) → out (B, T, C), att (B, H, T, T) ---------------------------------
std::size_t attention_infer(const OpInputs& in, Outputs& out) {
  const Shape& x = in.shape[0];
  const std::uint32_t heads = in.attributes.heads;
  expect(x.rank == 3 && x.dims[2] % 3 == 0, "attention", text("qkv has shape ", x.text(), "; it must be (B, T, 3C)"));
  const std::uint32_t C = x.dims[2] / 3;
  expect(heads >= 1 && C % heads == 0, "attention", text("heads is ", heads, "; it must divide the ", C, " channels without remainder"));
  out[0] = {"", x.with_last(C), Role::value};
  out[1] = {".att", Shape{x.dims[0], heads, x.dims[1], x.dims[1]}, Role::saved};
  return 2;
}
Dims attention_measure(const OpInputs& in) {
  return {in.shape[0].dims[0], in.shape[0].dims[1], in.shape[0].dims[2] / 3, in.attributes.heads};
}
AttentionShape attention_shape(const Dims& d, bool causal) { return {d[0], d[1], d[2], d[3], causal}; }
template <class T>
void attention_run(BoundNode<T>& n) {
  attention_forward<T>(attention_shape(n.dims, n.attributes.causal), n.in[0], n.out[1], n.out[0], n.scratch);
}
template <class T>
void attention_back(BoundNode<T>& n) {
  if (!n.din[0].empty())
    attention_backward<T>(attention_shape(n.dims, n.attributes.causal), n.in[0], n.out[1], n.dout, n.din[0], n.scratch);
}

// --- losses ------------------------------------------------------------------------------------
std::size_t xent_infer(const OpInputs& in, Outputs& out) {
  const Shape &z = in.shape[0], &t = in.shape[1];
  expect(t.size() == z.rows(), "softmax_xent",
         text("targets has shape ", t.text(), "; it must hold one whole number for each of the ", z.rows(), " rows of logits ", z.text()));
  out[0] = {"", Shape{}, Role::value};
  out[1] = {".probs", z, Role::saved};
  return 2;
}
Dims xent_measure(const OpInputs& in) { return {in.shape[0].rows(), in.shape[0].last(), 0, 0}; }
template <class T>
void xent_run(BoundNode<T>& n) {
  softmax_xent_forward<T>({n.dims[0], n.dims[1]}, n.in[0], n.in[1], n.out[1], n.out[0]);
}
template <class T>
void xent_back(BoundNode<T>& n) {
  if (!n.din[0].empty()) softmax_xent_backward<T>({n.dims[0], n.dims[1]}, n.out[1], n.in[1], n.dout, n.din[0]);
}

std::size_t bce_infer(const OpInputs& in, Outputs& out) {
  expect(in.shape[0] == in.shape[1], "bce_logits",
         text("logits has shape ", in.shape[0].text(), " and targets ", in.shape[1].text(), "; they must be equal"));
  out[0] = {"", Shape{}, Role::value};
  out[1] = {".probs", in.shape[0], Role::saved};
  return 2;
}
template <class T>
void bce_run(BoundNode<T>& n) {
  bce_logits_forward<T>(n.in[0], n.in[1], n.out[1], n.out[0]);
}
template <class T>
void bce_back(BoundNode<T>& n) {
  if (!n.din[0].empty()) bce_logits_backward<T>(n.out[1], n.in[1], n.dout, n.din[0]);
}

std::size_t mse_infer(const OpInputs& in, Outputs& out) {
  expect(in.shape[0] == in.shape[1], "mse",
         text("y has shape ", in.shape[0].text(), " and t ", in.shape[1].text(), "; they must be equal"));
  out[0] = {"", Shape{}, Role::value};
  return 1;
}
template <class T>
void mse_run(BoundNode<T>& n) {
  mse_forward<T>(n.in[0], n.in[1], n.attributes.scale, n.out[0]);
}
template <class T>
void mse_back(BoundNode<T>& n) {
  if (!n.din[0].empty()) mse_backward<T>(n.in[0], n.in[1], n.attributes.scale, n.dout, n.din[0]);
}

std::size_t linear_need(const Dims& d) { return linear_scratch({d[0], d[1], d[2]}); }
std::size_t attention_need(const Dims& d) { return attention_scratch(attention_shape(d, true)); }

// With X2G_SMALL (the first lessons' engine, wasm/CMakeLists.txt) the ops of language models are known by name only: nothing there can
// make a graph that has them, and what they would call is not linked.
#define X2G_RUN(name) name##_run<float>, name##_back<float>, name##_run<double>, name##_back<double>
#ifdef X2G_SMALL
#define X2G_LM_OP(name, ...) {name, 0, 0, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr}
#else
#define X2G_LM_OP(name, ...) {name, __VA_ARGS__}
#endif
// In the order of OpKind.
constexpr OpEntry kOps[] = {
    {"linear", 2, 3, linear_infer, linear_measure, linear_need, X2G_RUN(linear)},
    {"activation", 1, 1, same_shape_output, element_count, nullptr, X2G_RUN(activation)},
    X2G_LM_OP("add", 2, 2, add_infer, element_count, nullptr, X2G_RUN(add)),
    X2G_LM_OP("add_positions", 2, 2, positions_infer, positions_measure, nullptr, X2G_RUN(positions)),
    X2G_LM_OP("embedding", 2, 2, embedding_infer, embedding_measure, nullptr, X2G_RUN(embedding)),
    X2G_LM_OP("layernorm", 2, 3, layernorm_infer, layernorm_measure, nullptr, X2G_RUN(layernorm)),
    X2G_LM_OP("attention", 1, 1, attention_infer, attention_measure, attention_need, X2G_RUN(attention)),
    {"softmax_xent", 2, 2, xent_infer, xent_measure, nullptr, X2G_RUN(xent)},
    {"bce_logits", 2, 2, bce_infer, element_count, nullptr, X2G_RUN(bce)},
    {"mse", 2, 2, mse_infer, element_count, nullptr, X2G_RUN(mse)},
};
#undef X2G_LM_OP
#undef X2G_RUN

}  // namespace

const OpEntry& op_entry(OpKind kind) { return kOps[static_cast<std::size_t>(kind)]; }

OpInputs op_inputs(const GraphSpec& spec, const std::vector<TensorId>& inputs, const OpAttributes& attributes) {
  OpInputs in;
  in.attributes = attributes;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i] == kNoTensor) continue;
    in.present[i] = true;
    in.shape[i] = spec.tensors()[static_cast<std::size_t>(inputs[i])].shape;
  }
  return in;
}

std::string_view op_name(OpKind kind) { return op_entry(kind).name; }

OpKind op_from_name(std::string_view name) {
  std::string known;
  for (std::size_t i = 0; i < std::size(kOps); ++i) {
    if (name == kOps[i].name) return static_cast<OpKind>(i);
    known += text(i ? ", " : "", kOps[i].name);
  }
  throw Error(ErrorCode::unknown_name, text("no op is called \"", name, "\"; there are ", known));
}

}  // namespace x2g
