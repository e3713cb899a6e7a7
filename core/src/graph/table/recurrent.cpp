// The table's rows for recurrent layers: x (B, T, I), W_ih, W_hh, [b_ih], [b_hh], [h0], [c0] → y (B, T, H) and what backward and the
// lessons read: .gates and .c or .q, and .dh, which backward writes: the whole gradient of the loss by each state.
#include "graph/table/entries.hpp"

#include "graph/table/support.hpp"
#include "x2g/ops/recurrent.hpp"

namespace x2g::table {
namespace {

// --- what the three have in common -------------------------------------------------------------
/// Checks the inputs of a layer with G gates; returns the shape of y.
Shape check_layer(const OpInputs& in, const char* op, std::uint32_t G) {
  const Shape &x = in.shape[0], &W_ih = in.shape[1], &W_hh = in.shape[2];
  expect(x.rank == 3, op, text("x has shape ", x.text(), "; it must be (B, T, inputs)"));
  expect(W_hh.rank == 2 && W_hh.dims[0] == std::uint64_t{G} * W_hh.dims[1], op,
         text("W_hh has shape ", W_hh.text(), "; it must be (", G, " H, H) with H the size of the state"));
  const std::uint32_t H = W_hh.dims[1];
  expect(
      W_ih == Shape{G * H, x.dims[2]}, op,
      text("W_ih has shape ", W_ih.text(), "; it must be (", G * H, ", ", x.dims[2], ") to fit x ", x.text(), " and W_hh ", W_hh.text()));
  const char* const biases[] = {"b_ih", "b_hh"};
  for (std::size_t i = 3; i < 5; ++i)
    expect(!in.present[i] || in.shape[i] == Shape{G * H}, op,
           text(biases[i - 3], " has shape ", in.shape[i].text(), "; it must be (", G * H, ")"));
  const char* const states[] = {"h0", "c0"};
  for (std::size_t i = 5; i < 7; ++i)
    expect(!in.present[i] || in.shape[i] == Shape{x.dims[0], H}, op,
           text(states[i - 5], " has shape ", in.shape[i].text(), "; it must be (", x.dims[0], ", ", H, "): one state for each sequence"));
  return x.with_last(H);
}

Dims layer_measure(const OpInputs& in) { return {in.shape[0].dims[0], in.shape[0].dims[1], in.shape[0].dims[2], in.shape[2].dims[1]}; }
RecurrentShape layer_shape(const Dims& d) { return {d[0], d[1], d[2], d[3]}; }

template <class T>
RecurrentInputs<T> layer_inputs(const BoundNode<T>& n) {
  return {n.in[0], n.in[1], n.in[2], n.in[3], n.in[4], n.in[5], n.in[6]};
}
template <class T>
RecurrentGradients<T> layer_gradients(const BoundNode<T>& n) {
  return {n.din[0], n.din[1], n.din[2], n.din[3], n.din[4], n.din[5], n.din[6]};
}

// --- rnn → y, dh -------------------------------------------------------------------------------
std::size_t rnn_infer(const OpInputs& in, Outputs& out) {
  const Activation f = in.attributes.activation;
  if (f != Activation::tanh && f != Activation::relu)
    throw Error(ErrorCode::invalid_argument, text("rnn: activation is ", activation_name(f), "; it must be tanh or relu"));
  const Shape y = check_layer(in, "rnn", 1);
  out[0] = {"", y, Role::value};
  out[1] = {".dh", y, Role::saved};
  return 2;
}
std::size_t rnn_need(const OpInputs& in) { return rnn_scratch(layer_shape(layer_measure(in))); }
template <class T>
void rnn_run(BoundNode<T>& n) {
  rnn_forward<T>(layer_shape(n.dims), n.attributes.activation, layer_inputs(n), n.out[0], n.scratch);
}
template <class T>
void rnn_back(BoundNode<T>& n) {
  rnn_backward<T>(layer_shape(n.dims), n.attributes.activation, layer_inputs(n), n.out[0], n.dout, n.out[1], layer_gradients(n), n.scratch);
}

// --- lstm → y, gates, c, dh --------------------------------------------------------------------
std::size_t lstm_infer(const OpInputs& in, Outputs& out) {
  const Shape y = check_layer(in, "lstm", 4);
  out[0] = {"", y, Role::value};
  out[1] = {".gates", y.with_last(4 * y.last()), Role::saved};
  out[2] = {".c", y, Role::saved};
  out[3] = {".dh", y, Role::saved};
  return 4;
}
std::size_t lstm_need(const OpInputs& in) { return lstm_scratch(layer_shape(layer_measure(in))); }
template <class T>
void lstm_run(BoundNode<T>& n) {
  lstm_forward<T>(layer_shape(n.dims), layer_inputs(n), n.out[1], n.out[2], n.out[0], n.scratch);
}
template <class T>
void lstm_back(BoundNode<T>& n) {
  lstm_backward<T>(layer_shape(n.dims), layer_inputs(n), n.out[1], n.out[2], n.out[0], n.dout, n.out[3], layer_gradients(n), n.scratch);
}

// --- gru → y, gates, q, dh ---------------------------------------------------------------------
std::size_t gru_infer(const OpInputs& in, Outputs& out) {
  const Shape y = check_layer(in, "gru", 3);
  out[0] = {"", y, Role::value};
  out[1] = {".gates", y.with_last(3 * y.last()), Role::saved};
  out[2] = {".q", y, Role::saved};
  out[3] = {".dh", y, Role::saved};
  return 4;
}
std::size_t gru_need(const OpInputs& in) { return gru_scratch(layer_shape(layer_measure(in))); }
template <class T>
void gru_run(BoundNode<T>& n) {
  gru_forward<T>(layer_shape(n.dims), layer_inputs(n), n.out[1], n.out[2], n.out[0], n.scratch);
}
template <class T>
void gru_back(BoundNode<T>& n) {
  gru_backward<T>(layer_shape(n.dims), layer_inputs(n), n.out[1], n.out[2], n.out[0], n.dout, n.out[3], layer_gradients(n), n.scratch);
}

}  // namespace

const OpEntry rnn = {3, 6, rnn_infer, layer_measure, rnn_need, X2G_RUN(rnn)};
const OpEntry lstm = {3, 7, lstm_infer, layer_measure, lstm_need, X2G_RUN(lstm)};
const OpEntry gru = {3, 6, gru_infer, layer_measure, gru_need, X2G_RUN(gru)};

}  // namespace x2g::table
