// The table's rows for what keeps the sizes of values in hand: normalization and dropout.
#include "graph/table/entries.hpp"

#include "graph/table/support.hpp"
#include "x2g/ops/batchnorm.hpp"
#include "x2g/ops/dropout.hpp"
#include "x2g/ops/layernorm.hpp"
#include "x2g/ops/rmsnorm.hpp"

namespace x2g::table {
namespace {

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

void expect_eps(const OpInputs& in, const char* op) {
  const double eps = in.attributes.eps;
  expect(eps > 0 && eps <= 1, op, text("eps is ", eps, "; it must be above 0 and at most 1"));
}

// --- rmsnorm: x, w → y, rrms -------------------------------------------------------------------
std::size_t rmsnorm_infer(const OpInputs& in, Outputs& out) {
  const Shape& x = in.shape[0];
  expect(in.shape[1] == Shape{x.last()}, "rmsnorm",
         text("w has shape ", in.shape[1].text(), "; it must be (", x.last(), ") to fit x ", x.text()));
  expect_eps(in, "rmsnorm");
  out[0] = {"", x, Role::value};
  out[1] = {".rrms", Shape{static_cast<std::uint32_t>(x.rows())}, Role::saved};
  return 2;
}
template <class T>
RmsNormShape rmsnorm_shape(const BoundNode<T>& n) {
  return {n.dims[0], n.dims[1], n.attributes.eps};
}
template <class T>
void rmsnorm_run(BoundNode<T>& n) {
  rmsnorm_forward<T>(rmsnorm_shape(n), n.in[0], n.in[1], n.out[0], n.out[1]);
}
template <class T>
void rmsnorm_back(BoundNode<T>& n) {
  rmsnorm_backward<T>(rmsnorm_shape(n), n.in[0], n.in[1], n.out[1], n.dout, n.din[0], n.din[1]);
}

// --- batchnorm: x (N, C, …), w, b, running mean, running variance → y, mean, rstd ----------------
std::size_t batchnorm_infer(const OpInputs& in, Outputs& out) {
  const Shape& x = in.shape[0];
  expect(x.rank >= 2, "batchnorm", text("x has shape ", x.text(), "; it must be (N, C), (N, C, L) or (N, C, H, W)"));
  const Shape channels{x.dims[1]};
  constexpr const char* kNames[] = {"x", "w", "b", "the running mean", "the running variance"};
  for (std::size_t i = 1; i < 5; ++i)
    expect(in.shape[i] == channels, "batchnorm",
           text(kNames[i], " has shape ", in.shape[i].text(), "; it must be ", channels.text(), " to fit x ", x.text()));
  expect_eps(in, "batchnorm");
  expect(in.attributes.rate >= 0 && in.attributes.rate <= 1, "batchnorm",
         text("rate is ", in.attributes.rate, "; the share of a new batch in the running statistics must be 0 to 1"));
  out = {OutputSpec{"", x, Role::value}, OutputSpec{".mean", channels, Role::saved}, OutputSpec{".rstd", channels, Role::saved}};
  return 3;
}
Dims batchnorm_measure(const OpInputs& in) {
  const Shape& x = in.shape[0];
  return {x.dims[0], x.dims[1], x.size() / x.dims[0] / x.dims[1], 0};
}
template <class T>
BatchNormShape batchnorm_shape(const BoundNode<T>& n) {
  return {n.dims[0], n.dims[1], n.dims[2], n.attributes.eps};
}
template <class T>
void batchnorm_run(BoundNode<T>& n) {
  if (n.mode->training)
    batchnorm_train<T>(batchnorm_shape(n), n.attributes.rate, n.in[0], n.in[1], n.in[2], n.in[3], n.in[4], n.out[0], n.out[1], n.out[2]);
  else
    batchnorm_answer<T>(batchnorm_shape(n), n.in[0], n.in[1], n.in[2], n.in[3], n.in[4], n.out[0], n.out[1], n.out[2]);
}
template <class T>
void batchnorm_back(BoundNode<T>& n) {
  batchnorm_backward<T>(batchnorm_shape(n), n.mode->training, n.in[0], n.in[1], n.out[1], n.out[2], n.dout, n.din[0], n.din[1], n.din[2],
                        n.scratch);
}
std::size_t batchnorm_need(const OpInputs& in) { return batchnorm_scratch({1, in.shape[0].dims[1], 1, 0}); }

// --- dropout: x → y, mask ----------------------------------------------------------------------
std::size_t dropout_infer(const OpInputs& in, Outputs& out) {
  const double p = in.attributes.rate;
  expect(p >= 0 && p < 1, "dropout", text("rate is ", p, "; the share of elements to drop must be at least 0 and less than 1"));
  out[0] = {"", in.shape[0], Role::value};
  out[1] = {".mask", in.shape[0], Role::saved};
  return 2;
}
template <class T>
void dropout_run(BoundNode<T>& n) {
  const double p = n.mode->training ? n.attributes.rate : 0;
  dropout_mask<T>({n.mode->seed, n.mode->step, n.index}, p, n.out[1]);
  dropout_forward<T>(n.in[0], n.out[1], n.out[0]);
}
template <class T>
void dropout_back(BoundNode<T>& n) {
  if (!n.din[0].empty()) dropout_backward<T>(n.out[1], n.dout, n.din[0]);
}

}  // namespace

const OpEntry layernorm = {2, 3, layernorm_infer, layernorm_measure, nullptr, X2G_RUN(layernorm)};
const OpEntry rmsnorm = {2, 2, rmsnorm_infer, layernorm_measure, nullptr, X2G_RUN(rmsnorm)};
const OpEntry batchnorm = {5, 5, batchnorm_infer, batchnorm_measure, batchnorm_need, X2G_RUN(batchnorm)};
const OpEntry dropout = {1, 1, dropout_infer, element_count, nullptr, X2G_RUN(dropout)};

}  // namespace x2g::table
