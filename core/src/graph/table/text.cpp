// The table's rows for language models: residual sum, positions, embedding, causal attention.
#include "graph/table/entries.hpp"

#include "graph/table/indices.hpp"
#include "graph/table/support.hpp"
#include "x2g/ops/attention.hpp"
#include "x2g/ops/elementwise.hpp"
#include "x2g/ops/embedding.hpp"

namespace x2g::table {
namespace {

// --- add: a, b ---------------------------------------------------------------------------------
std::size_t add_infer(const OpInputs& in, Outputs& out) { return broadcast_shape("add", in, out); }
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
  return same_shape(in, out);
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
  expect_indices<T>("embedding", "id", n.in[0], n.dims[1]);
  embedding_forward<T>({n.dims[0], n.dims[1], n.dims[2]}, n.in[0], n.in[1], n.out[0]);
}
template <class T>
void embedding_back(BoundNode<T>& n) {
  if (n.din[1].empty()) return;
  expect_indices<T>("embedding", "id", n.in[0], n.dims[1]);
  embedding_backward<T>({n.dims[0], n.dims[1], n.dims[2]}, n.in[0], n.dout, n.din[1]);
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

std::size_t attention_need(const OpInputs& in) { return attention_scratch(attention_shape(attention_measure(in), true)); }

}  // namespace

const OpEntry add = {2, 2, add_infer, element_count, nullptr, X2G_RUN(add)};
const OpEntry add_positions = {2, 2, positions_infer, positions_measure, nullptr, X2G_RUN(positions)};
const OpEntry embedding = {2, 2, embedding_infer, embedding_measure, nullptr, X2G_RUN(embedding)};
const OpEntry attention = {1, 1, attention_infer, attention_measure, attention_need, X2G_RUN(attention)};

}  // namespace x2g::table
