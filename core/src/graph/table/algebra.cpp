// The table's rows for arithmetic on tensors that are not weights: mul, scale, sin, matmul, softmax, sum, mean.
#include "graph/table/entries.hpp"

#include <cmath>

#include "graph/table/support.hpp"
#include "x2g/ops/elementwise.hpp"
#include "x2g/ops/matmul.hpp"
#include "x2g/ops/reduce.hpp"
#include "x2g/ops/softmax.hpp"

namespace x2g::table {
namespace {

// --- mul: a, b ---------------------------------------------------------------------------------
std::size_t mul_infer(const OpInputs& in, Outputs& out) { return broadcast_shape("mul", in, out); }
template <class T>
void mul_run(BoundNode<T>& n) {
  mul_forward<T>(n.in[0], n.in[1], n.out[0]);
}
template <class T>
void mul_back(BoundNode<T>& n) {
  mul_backward<T>(n.in[0], n.in[1], n.dout, n.din[0], n.din[1]);
}

// --- scale: x; scale ---------------------------------------------------------------------------
std::size_t scale_infer(const OpInputs& in, Outputs& out) {
  if (!std::isfinite(in.attributes.scale))
    throw Error(ErrorCode::invalid_argument, text("scale: scale is ", in.attributes.scale, "; it must be a finite number"));
  return same_shape(in, out);
}
template <class T>
void scale_run(BoundNode<T>& n) {
  scale_forward<T>(n.attributes.scale, n.in[0], n.out[0]);
}
template <class T>
void scale_back(BoundNode<T>& n) {
  scale_backward<T>(n.attributes.scale, n.dout, n.din[0]);
}

// --- sin: x ------------------------------------------------------------------------------------
template <class T>
void sin_run(BoundNode<T>& n) {
  sin_forward<T>(n.in[0], n.out[0]);
}
template <class T>
void sin_back(BoundNode<T>& n) {
  sin_backward<T>(n.in[0], n.dout, n.din[0]);
}

// --- matmul: a (…, M, K), b (…, K, N) or, with flag, (…, N, K) → (…, M, N) ------------------------
/// The sides of the last two dimensions of a shape of rank 2 or more.
std::uint32_t rows_of(const Shape& s) { return s.dims[s.rank - 2]; }

std::size_t matmul_infer(const OpInputs& in, Outputs& out) {
  const Shape &a = in.shape[0], &b = in.shape[1];
  expect(a.rank >= 2 && b.rank == a.rank, "matmul",
         text("a has shape ", a.text(), " and b ", b.text(), "; both need the same number of dimensions, 2 to 4"));
  for (std::uint32_t i = 0; i + 2 < a.rank; ++i)
    expect(a.dims[i] == b.dims[i], "matmul", text("a has shape ", a.text(), " and b ", b.text(), "; all but the last two must be equal"));
  const bool flipped = in.attributes.flag;
  expect(
      (flipped ? b.last() : rows_of(b)) == a.last(), "matmul",
      text("a has shape ", a.text(), " and b ", b.text(), "; b must have ", a.last(), flipped ? " columns (it is transposed)" : " rows"));
  std::array<std::uint32_t, 4> dims = a.dims;
  dims[a.rank - 1] = flipped ? rows_of(b) : b.last();
  out[0] = {"", Shape(std::span<const std::uint32_t>(dims.data(), a.rank)), Role::value};
  return 1;
}
/// M, N, K, and the matrices in the batch.
Dims matmul_measure(const OpInputs& in) {
  const Shape &a = in.shape[0], &b = in.shape[1];
  const std::size_t M = rows_of(a), K = a.last();
  return {M, in.attributes.flag ? rows_of(b) : b.last(), K, a.size() / (M * K)};
}
MatmulShape matmul_shape(const Dims& d, bool transposed) { return {d[3], d[0], d[1], d[2], transposed}; }
template <class T>
void matmul_run(BoundNode<T>& n) {
  matmul_forward<T>(matmul_shape(n.dims, n.attributes.flag), n.in[0], n.in[1], n.out[0], n.scratch);
}
template <class T>
void matmul_back(BoundNode<T>& n) {
  matmul_backward<T>(matmul_shape(n.dims, n.attributes.flag), n.in[0], n.in[1], n.dout, n.din[0], n.din[1], n.scratch);
}

std::size_t matmul_need(const OpInputs& in) { return matmul_scratch(matmul_shape(matmul_measure(in), in.attributes.flag)); }

// --- softmax: x; flag = causal -----------------------------------------------------------------
std::size_t softmax_infer(const OpInputs& in, Outputs& out) {
  const Shape& x = in.shape[0];
  expect(!in.attributes.flag || (x.rank >= 2 && rows_of(x) == x.last()), "softmax",
         text("x has shape ", x.text(), "; to be causal its last two dimensions must be equal"));
  return same_shape(in, out);
}
Dims softmax_measure(const OpInputs& in) { return {in.shape[0].rows(), in.shape[0].last(), 0, 0}; }
template <class T>
void softmax_run(BoundNode<T>& n) {
  softmax_forward<T>({n.dims[0], n.dims[1], n.attributes.flag}, n.in[0], n.out[0]);
}
template <class T>
void softmax_back(BoundNode<T>& n) {
  softmax_backward<T>({n.dims[0], n.dims[1], n.attributes.flag}, n.out[0], n.dout, n.din[0]);
}

// --- sum, mean: x; axis, or flag = over everything -----------------------------------------------
std::size_t reduce_infer(const char* op, const OpInputs& in, Outputs& out) {
  const Shape& x = in.shape[0];
  out[0] = {"", Shape{}, Role::value};
  if (in.attributes.flag) return 1;
  const std::uint32_t axis = in.attributes.axis;
  expect(axis < x.rank, op, text("axis is ", axis, "; x ", x.text(), " has ", x.rank, " dimensions, counted from 0"));
  Shape& left = out[0].shape;
  for (std::uint32_t i = 0; i < x.rank; ++i)
    if (i != axis) left.dims[left.rank++] = x.dims[i];
  return 1;
}
std::size_t sum_infer(const OpInputs& in, Outputs& out) { return reduce_infer("sum", in, out); }
std::size_t mean_infer(const OpInputs& in, Outputs& out) { return reduce_infer("mean", in, out); }
Dims reduce_measure(const OpInputs& in) {
  const Shape& x = in.shape[0];
  if (in.attributes.flag) return {1, x.size(), 1, 0};
  const Around a = around(x, in.attributes.axis);
  return {a.outer, x.dims[in.attributes.axis], a.inner, 0};
}
template <class T>
void sum_run(BoundNode<T>& n) {
  reduce_forward<T>({n.dims[0], n.dims[1], n.dims[2], false}, n.in[0], n.out[0]);
}
template <class T>
void sum_back(BoundNode<T>& n) {
  reduce_backward<T>({n.dims[0], n.dims[1], n.dims[2], false}, n.dout, n.din[0]);
}
template <class T>
void mean_run(BoundNode<T>& n) {
  reduce_forward<T>({n.dims[0], n.dims[1], n.dims[2], true}, n.in[0], n.out[0]);
}
template <class T>
void mean_back(BoundNode<T>& n) {
  reduce_backward<T>({n.dims[0], n.dims[1], n.dims[2], true}, n.dout, n.din[0]);
}

}  // namespace

const OpEntry mul = {2, 2, mul_infer, nullptr, nullptr, X2G_RUN(mul)};
const OpEntry scale = {1, 1, scale_infer, nullptr, nullptr, X2G_RUN(scale)};
const OpEntry sin = {1, 1, same_shape, nullptr, nullptr, X2G_RUN(sin)};
const OpEntry matmul = {2, 2, matmul_infer, matmul_measure, matmul_need, X2G_RUN(matmul)};
const OpEntry softmax = {1, 1, softmax_infer, softmax_measure, nullptr, X2G_RUN(softmax)};
const OpEntry sum = {1, 1, sum_infer, reduce_measure, nullptr, X2G_RUN(sum)};
const OpEntry mean = {1, 1, mean_infer, reduce_measure, nullptr, X2G_RUN(mean)};

}  // namespace x2g::table
