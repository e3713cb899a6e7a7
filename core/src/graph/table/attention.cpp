// The table's rows for attention in parts: rotary positions, and attention over separate queries, keys and values.
#include <cmath>

#include "graph/table/entries.hpp"
#include "graph/table/support.hpp"
#include "x2g/ops/attend.hpp"
#include "x2g/ops/rope.hpp"

namespace x2g::table {
namespace {

void expect_sequence(const char* op, const char* name, const Shape& x) {
  expect(x.rank == 3, op, text(name, " has shape ", x.text(), "; it must be (batch, length, channels)"));
}

// --- rope: x (B, T, C) → y, angles (T, C/H): cos, sin, cos, … ------------------------------------
RopeShape rope_shape(const Shape& x, const OpAttributes& a) { return {x.dims[0], x.dims[1], x.dims[2], a.heads, a.base, a.begin}; }

std::size_t rope_infer(const OpInputs& in, Outputs& out) {
  const Shape& x = in.shape[0];
  const OpAttributes& a = in.attributes;
  expect_sequence("rope", "x", x);
  expect(a.heads >= 1 && x.dims[2] % a.heads == 0 && x.dims[2] / a.heads % 2 == 0, "rope",
         text("heads is ", a.heads, "; it must split the ", x.dims[2], " channels into heads of an even size"));
  expect(a.base > 0 && std::isfinite(a.base), "rope", text("base is ", a.base, "; it must be above 0, usually 10000"));
  out[0] = {"", x, Role::value};
  out[1] = {".angles", Shape{x.dims[1], x.dims[2] / a.heads}, Role::saved};
  return 2;
}
template <class T>
void rope_run(BoundNode<T>& n) {
  const RopeShape s = rope_shape(n.shape[0], n.attributes);
  rope_table<T>(s, n.out[1]);
  rope_forward<T>(s, n.in[0], n.out[1], n.out[0]);
}
template <class T>
void rope_back(BoundNode<T>& n) {
  rope_backward<T>(rope_shape(n.shape[0], n.attributes), n.out[1], n.dout, n.din[0]);
}

// --- attend: q (B, T, H·D), k (B, S, G·D), v (B, S, G·Dv) [, lengths (B)] → out (B, T, H·Dv), scores, att
// [, mask] (B, H, T, S); the mask is there with dropout only ----
AttendShape attend_shape(const std::array<Shape, kMaxInputs>& in, const OpAttributes& a) {
  const Shape &q = in[0], &k = in[1], &v = in[2];
  const std::size_t groups = a.kv_heads ? a.kv_heads : a.heads, D = q.dims[2] / a.heads;
  const double scale = a.scale == 0 ? 1 / std::sqrt(static_cast<double>(D)) : a.scale;
  return {q.dims[0], q.dims[1], k.dims[1], a.heads, groups, D, v.dims[2] / groups, scale, a.mask, a.score, a.flag, a.rate};
}

std::size_t attend_infer(const OpInputs& in, Outputs& out) {
  const Shape &q = in.shape[0], &k = in.shape[1], &v = in.shape[2];
  const OpAttributes& a = in.attributes;
  const char* const op = "attend";
  expect_sequence(op, "q", q);
  expect_sequence(op, "k", k);
  expect_sequence(op, "v", v);
  expect(a.heads >= 1 && q.dims[2] % a.heads == 0, op,
         text("heads is ", a.heads, "; it must divide the ", q.dims[2], " channels of q without remainder"));
  const std::uint32_t groups = a.kv_heads ? a.kv_heads : a.heads, D = q.dims[2] / a.heads;
  expect(a.heads % groups == 0, op, text("kv_heads is ", groups, "; it must divide the ", a.heads, " heads without remainder"));
  expect(std::uint64_t{groups} * D == k.dims[2], op,
         text("k has shape ", k.text(), "; its last dimension must be ", std::uint64_t{groups} * D, ": ", groups, " heads of size ", D));
  expect(v.dims[2] % groups == 0, op, text("v has shape ", v.text(), "; its last dimension must be a multiple of the ", groups, " heads"));
  expect(k.dims[0] == q.dims[0] && v.dims[0] == q.dims[0] && v.dims[1] == k.dims[1], op,
         text("q is ", q.text(), ", k ", k.text(), " and v ", v.text(), "; the batches must agree, and the lengths of k and v"));
  expect(a.mask == Mask::none || k.dims[1] >= q.dims[1], op,
         text("there are ", q.dims[1], " queries and ", k.dims[1], " keys; with a mask there must be at least as many keys as queries"));
  expect(std::isfinite(a.scale), op, text("scale is ", a.scale, "; it must be a number, 0 for 1/√", D));
  expect(a.rate >= 0 && a.rate < 1, op, text("rate is ", a.rate, "; the share of weights to drop must be at least 0 and less than 1"));
  const Shape& lengths = in.shape[3];
  expect(!in.present[3] || (lengths.rank == 1 && lengths.dims[0] == q.dims[0]), op,
         text("lengths has shape ", lengths.text(), "; it must be (", q.dims[0], "), one number of keys for each sequence"));
  const Shape pairs{q.dims[0], a.heads, q.dims[1], k.dims[1]};
  const Shape mixed{q.dims[0], q.dims[1], v.dims[2] / groups * a.heads};
  out = {OutputSpec{"", mixed, Role::value}, OutputSpec{".scores", pairs, Role::saved}, OutputSpec{".att", pairs, Role::saved}};
  out[3] = {".mask", pairs, Role::saved};
  return a.rate > 0 ? 4 : 3;
}
/// Answering drops nothing; the mask then shows ones.
template <class T>
AttendShape attend_now(const BoundNode<T>& n) {
  AttendShape s = attend_shape(n.shape, n.attributes);
  if (!n.mode->training) s.dropout = 0;
  return s;
}
template <class T>
void attend_run(BoundNode<T>& n) {
  const AttendShape s = attend_now(n);
  dropout_mask<T>({n.mode->seed, n.mode->step, n.index}, s.dropout, n.out[3]);
  attend_forward<T>(s, n.in[0], n.in[1], n.in[2], n.out[1], n.out[2], n.out[0], n.scratch, n.in[3], n.out[3]);
}
template <class T>
void attend_back(BoundNode<T>& n) {
  attend_backward<T>(attend_now(n), n.in[0], n.in[1], n.in[2], n.out[2], n.dout, n.din[0], n.din[1], n.din[2], n.scratch, n.in[3],
                     n.out[3]);
}
std::size_t attend_need(const OpInputs& in) { return attend_scratch(attend_shape(in.shape, in.attributes)); }

}  // namespace

const OpEntry rope = {1, 1, rope_infer, nullptr, nullptr, X2G_RUN(rope)};
const OpEntry attend = {3, 4, attend_infer, nullptr, attend_need, X2G_RUN(attend)};

}  // namespace x2g::table
