// The table's rows for dense layers: linear and activation.
#include "graph/table/entries.hpp"

#include "graph/table/support.hpp"
#include "x2g/ops/activation.hpp"
#include "x2g/ops/linear.hpp"

namespace x2g::table {
namespace {

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

std::size_t linear_need(const OpInputs& in) {
  const Dims d = linear_measure(in);
  return linear_scratch({d[0], d[1], d[2]});
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

}  // namespace

const OpEntry linear = {2, 3, linear_infer, linear_measure, linear_need, X2G_RUN(linear)};
const OpEntry activation = {1, 1, same_shape, element_count, nullptr, X2G_RUN(activation)};

}  // namespace x2g::table
