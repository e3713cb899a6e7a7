// The table's rows for normalization.
#include "graph/table/entries.hpp"

#include "graph/table/support.hpp"
#include "x2g/ops/layernorm.hpp"

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

}  // namespace

const OpEntry layernorm = {2, 3, layernorm_infer, layernorm_measure, nullptr, X2G_RUN(layernorm)};

}  // namespace x2g::table
