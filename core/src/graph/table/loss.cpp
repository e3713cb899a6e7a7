// The table's rows for losses: one number from predictions and targets.
#include "graph/table/entries.hpp"

#include "graph/table/indices.hpp"
#include "graph/table/support.hpp"
#include "x2g/ops/loss.hpp"

namespace x2g::table {
namespace {

// --- losses ------------------------------------------------------------------------------------
std::size_t xent_infer(const OpInputs& in, Outputs& out) {
  const Shape &z = in.shape[0], &t = in.shape[1];
  expect(t.size() == z.rows(), "softmax_xent",
         text("targets has shape ", t.text(), "; it must hold one whole number for each of the ", z.rows(), " rows of logits ", z.text()));
  const double smoothing = in.attributes.rate;
  if (!(smoothing >= 0 && smoothing < 1))
    throw Error(ErrorCode::invalid_argument,
                text("softmax_xent: rate (label smoothing) is ", smoothing, "; it must be 0 or more and less than 1, for example 0.1"));
  out[0] = {"", Shape{}, Role::value};
  out[1] = {".probs", z, Role::saved};
  return 2;
}
Dims xent_measure(const OpInputs& in) { return {in.shape[0].rows(), in.shape[0].last(), 0, 0}; }
template <class T>
void xent_run(BoundNode<T>& n) {
  expect_indices<T>("softmax_xent", "target", n.in[1], n.dims[1], true);
  softmax_xent_forward<T>({n.dims[0], n.dims[1], n.attributes.rate}, n.in[0], n.in[1], n.out[1], n.out[0]);
}
template <class T>
void xent_back(BoundNode<T>& n) {
  if (n.din[0].empty()) return;
  expect_indices<T>("softmax_xent", "target", n.in[1], n.dims[1], true);
  softmax_xent_backward<T>({n.dims[0], n.dims[1], n.attributes.rate}, n.out[1], n.in[1], n.dout, n.din[0]);
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

}  // namespace

const OpEntry softmax_xent = {2, 2, xent_infer, xent_measure, nullptr, X2G_RUN(xent)};
const OpEntry bce_logits = {2, 2, bce_infer, element_count, nullptr, X2G_RUN(bce)};
const OpEntry mse = {2, 2, mse_infer, element_count, nullptr, X2G_RUN(mse)};

}  // namespace x2g::table
