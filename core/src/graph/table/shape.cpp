// The table's rows for ops that only move numbers: concat, slice, transpose, reshape.
#include "graph/table/entries.hpp"

#include "graph/table/support.hpp"
#include "x2g/ops/shape.hpp"

namespace x2g::table {
namespace {

void expect_axis(const char* op, std::uint32_t axis, const Shape& x) {
  expect(axis < x.rank, op, text("axis is ", axis, "; x ", x.text(), " has ", x.rank, " dimensions, counted from 0"));
}

/// x with another length along one axis; throws on more than 2^31 elements.
Shape with_axis(const Shape& x, std::uint32_t axis, std::uint32_t length) {
  std::array<std::uint32_t, 4> dims = x.dims;
  dims[axis] = length;
  return Shape(std::span<const std::uint32_t>(dims.data(), x.rank));
}

// --- concat: 2 to 8 tensors; axis --------------------------------------------------------------
std::size_t concat_infer(const OpInputs& in, Outputs& out) {
  const Shape& first = in.shape[0];
  const std::uint32_t axis = in.attributes.axis;
  expect_axis("concat", axis, first);
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < kMaxInputs; ++i) {
    if (!in.present[i]) continue;
    const Shape& x = in.shape[i];
    expect(x.rank == first.rank && with_axis(x, axis, 1) == with_axis(first, axis, 1), "concat",
           text("part ", i, " has shape ", x.text(), " and part 0 ", first.text(), "; they may differ in dimension ", axis, " only"));
    total += x.dims[axis];
  }
  expect(total <= (1ull << 31), "concat", text("the parts have ", total, " rows along the axis; they may have up to 2^31 together"));
  out[0] = {"", with_axis(first, axis, static_cast<std::uint32_t>(total)), Role::value};
  return 1;
}
/// What lies before the axis, and all the columns of the result.
Dims concat_measure(const OpInputs& in) {
  const Around a = around(in.shape[0], in.attributes.axis);
  std::size_t total = 0;
  for (std::size_t i = 0; i < kMaxInputs; ++i)
    if (in.present[i]) total += in.shape[i].dims[in.attributes.axis] * a.inner;
  return {a.outer, total, 0, 0};
}
/// Calls part(i, band) for every input.
template <class T, class Part>
void each_part(const BoundNode<T>& n, Part&& part) {
  BandShape band{n.dims[0], n.dims[1], 0, 0};
  for (std::size_t i = 0; i < kMaxInputs; ++i) {
    band.width = n.in[i].size() / band.outer;  // 0 for an absent one
    if (band.width > 0) part(i, band);
    band.begin += band.width;
  }
}
template <class T>
void concat_run(BoundNode<T>& n) {
  each_part(n, [&n](std::size_t i, const BandShape& band) { concat_forward<T>(band, n.in[i], n.out[0]); });
}
template <class T>
void concat_back(BoundNode<T>& n) {
  each_part(n, [&n](std::size_t i, const BandShape& band) { concat_backward<T>(band, n.dout, n.din[i]); });
}

// --- slice: x; axis, begin, end (0: to the end) ---------------------------------------------------
std::uint32_t slice_end(const OpInputs& in) { return in.attributes.end ? in.attributes.end : in.shape[0].dims[in.attributes.axis]; }
std::size_t slice_infer(const OpInputs& in, Outputs& out) {
  const Shape& x = in.shape[0];
  const OpAttributes& a = in.attributes;
  expect_axis("slice", a.axis, x);
  const std::uint32_t end = slice_end(in), length = x.dims[a.axis];
  expect(a.begin < end && end <= length, "slice",
         text("begin is ", a.begin, " and end ", end, "; dimension ", a.axis, " of x ", x.text(), " needs 0 <= begin < end <= ", length));
  out[0] = {"", with_axis(x, a.axis, end - a.begin), Role::value};
  return 1;
}
Dims slice_measure(const OpInputs& in) {
  const Around a = around(in.shape[0], in.attributes.axis);
  const std::size_t begin = in.attributes.begin;
  return {a.outer, in.shape[0].dims[in.attributes.axis] * a.inner, begin * a.inner, (slice_end(in) - begin) * a.inner};
}
template <class T>
void slice_run(BoundNode<T>& n) {
  slice_forward<T>({n.dims[0], n.dims[1], n.dims[2], n.dims[3]}, n.in[0], n.out[0]);
}
template <class T>
void slice_back(BoundNode<T>& n) {
  slice_backward<T>({n.dims[0], n.dims[1], n.dims[2], n.dims[3]}, n.dout, n.din[0]);
}

// --- transpose: x; shape = the order of axes --------------------------------------------------------
std::size_t transpose_infer(const OpInputs& in, Outputs& out) {
  const Shape &x = in.shape[0], &order = in.attributes.shape;
  std::array<bool, 4> seen{};
  bool good = order.rank == x.rank;
  for (std::uint32_t i = 0; good && i < x.rank; ++i) {
    good = order.dims[i] < x.rank && !seen[order.dims[i]];
    if (good) seen[order.dims[i]] = true;
  }
  expect(good, "transpose",
         text("the order of axes (attribute shape) has ", order.rank, " entries; for x ", x.text(), " it must name each of its ", x.rank,
              " dimensions once, counted from 0"));
  Shape y = x;
  for (std::uint32_t i = 0; i < x.rank; ++i) y.dims[i] = x.dims[order.dims[i]];
  out[0] = {"", y, Role::value};
  return 1;
}
template <class T>
TransposeShape transpose_shape(const BoundNode<T>& n) {
  TransposeShape s;
  const Shape& x = n.shape[0];
  const std::size_t missing = 4 - x.rank;  // leading ones, which stay where they are
  for (std::size_t i = 0; i < x.rank; ++i) {
    s.dims[missing + i] = x.dims[i];
    s.order[missing + i] = missing + n.attributes.shape.dims[i];
  }
  return s;
}
template <class T>
void transpose_run(BoundNode<T>& n) {
  transpose_forward<T>(transpose_shape(n), n.in[0], n.out[0]);
}
template <class T>
void transpose_back(BoundNode<T>& n) {
  transpose_backward<T>(transpose_shape(n), n.dout, n.din[0]);
}

// --- reshape: x; shape = the new one ------------------------------------------------------------------
std::size_t reshape_infer(const OpInputs& in, Outputs& out) {
  const Shape &x = in.shape[0], &given = in.attributes.shape;
  const Shape y(std::span<const std::uint32_t>(given.dims.data(), given.rank));  // refuses zeros and giants
  expect(y.size() == x.size(), "reshape",
         text("the new shape ", y.text(), " holds ", y.size(), " numbers; x ", x.text(), " holds ", x.size()));
  out[0] = {"", y, Role::value};
  return 1;
}
template <class T>
void reshape_run(BoundNode<T>& n) {
  reshape_forward<T>(n.in[0], n.out[0]);
}
template <class T>
void reshape_back(BoundNode<T>& n) {
  reshape_backward<T>(n.dout, n.din[0]);
}

}  // namespace

const OpEntry concat = {2, kMaxInputs, concat_infer, concat_measure, nullptr, X2G_RUN(concat)};
const OpEntry slice = {1, 1, slice_infer, slice_measure, nullptr, X2G_RUN(slice)};
const OpEntry transpose = {1, 1, transpose_infer, nullptr, nullptr, X2G_RUN(transpose)};
const OpEntry reshape = {1, 1, reshape_infer, nullptr, nullptr, X2G_RUN(reshape)};

}  // namespace x2g::table
