// The table's rows for what slides a window: convolution and pooling of images (rank 4) and sequences (rank 3, images of height 1).
#include "graph/table/entries.hpp"

#include "graph/table/indices.hpp"
#include "graph/table/support.hpp"
#include "x2g/ops/conv.hpp"
#include "x2g/ops/pool.hpp"

namespace x2g::table {
namespace {

/// The window along the height (which = 0) or width (1) of x; a sequence has height 1 and nothing slides along it.
WindowAxis axis_of(const Shape& x, std::uint32_t kernel, const Window& window, std::size_t which) {
  if (which == 0 && x.rank == 3) return {.in = 1, .kernel = 1};
  const std::size_t in = which == 0 ? x.dims[2] : x.last();
  return {in, kernel, window.stride[which], window.padding[which], window.dilation[which]};
}

/// Refuses strides, dilations and paddings that make no sense, and windows that do not fit. Sums are taken in 64 bits.
void expect_fits(const char* op, const char* direction, std::uint64_t in, std::uint64_t kernel, const Window& window, std::size_t which) {
  const std::uint64_t stride = window.stride[which], padding = window.padding[which], dilation = window.dilation[which];
  const auto sane = [&](const char* what, std::uint64_t value, std::uint64_t low) {
    expect(value >= low && value <= 4096, op,
           text("the ", what, " along the ", direction, " is ", value, "; it must be ", low, " to 4096"));
  };
  sane("kernel", kernel, 1);
  sane("stride", stride, 1);
  sane("dilation", dilation, 1);
  sane("padding", padding, 0);
  const std::uint64_t span = dilation * (kernel - 1) + 1;
  expect(span <= in + 2 * padding, op,
         text("a window spans ", span, " along the ", direction, ", but x has only ", in, " there and ", padding,
              " of padding on each side; choose a smaller kernel or dilation, or more padding"));
}

// --- conv2d: x (B, Ci, H, W), W (Co, Ci, kh, kw), [b];  conv1d: x (B, Ci, L), W (Co, Ci, K), [b] -------------------------------
ConvShape conv_shape(const Shape& x, const Shape& W, const Window& window) {
  return {x.dims[0], x.dims[1], W.dims[0], axis_of(x, W.dims[2], window, 0), axis_of(x, W.last(), window, 1)};
}
std::size_t conv_infer(const OpInputs& in, Outputs& out, const char* op, std::uint32_t rank) {
  const Shape &x = in.shape[0], &W = in.shape[1];
  expect(x.rank == rank, op, text("x has shape ", x.text(), "; it must be ", rank == 3 ? "(B, channels, L)" : "(B, channels, H, W)"));
  expect(W.rank == rank && W.dims[1] == x.dims[1], op,
         text("W has shape ", W.text(), "; it must be (outputs, ", x.dims[1], rank == 3 ? ", K)" : ", kh, kw)", " to fit x ", x.text()));
  expect(!in.present[2] || in.shape[2] == Shape{W.dims[0]}, op, text("b has shape ", in.shape[2].text(), "; it must be (", W.dims[0], ")"));
  const Window& window = in.attributes.window;
  if (rank == 4) expect_fits(op, "height", x.dims[2], W.dims[2], window, 0);
  expect_fits(op, rank == 4 ? "width" : "length", x.last(), W.last(), window, 1);
  const ConvShape s = conv_shape(x, W, window);
  const std::uint64_t matrix = std::uint64_t{W.size() / W.dims[0]} * s.h.out() * s.w.out();
  expect(matrix <= 1ull << 31, op,
         text("the windows of one image hold ", matrix, " numbers; they may hold 2^31. Choose a smaller kernel or a larger stride"));
  const auto Ho = static_cast<std::uint32_t>(s.h.out()), Wo = static_cast<std::uint32_t>(s.w.out());
  out[0] = {"", rank == 3 ? Shape{x.dims[0], W.dims[0], Wo} : Shape{x.dims[0], W.dims[0], Ho, Wo}, Role::value};
  return 1;
}
std::size_t conv1d_infer(const OpInputs& in, Outputs& out) { return conv_infer(in, out, "conv1d", 3); }
std::size_t conv2d_infer(const OpInputs& in, Outputs& out) { return conv_infer(in, out, "conv2d", 4); }
std::size_t conv_need(const OpInputs& in) { return conv_scratch(conv_shape(in.shape[0], in.shape[1], in.attributes.window)); }
template <class T>
void conv_run(BoundNode<T>& n) {
  conv_forward<T>(conv_shape(n.shape[0], n.shape[1], n.attributes.window), n.in[0], n.in[1], n.in[2], n.out[0], n.scratch);
}
template <class T>
void conv_back(BoundNode<T>& n) {
  conv_backward<T>(conv_shape(n.shape[0], n.shape[1], n.attributes.window), n.in[0], n.in[1], n.dout, n.din[0], n.din[1], n.din[2],
                   n.scratch);
}

// --- max_pool: x → y, argmax;  avg_pool: x → y;  x (B, C, L) or (B, C, H, W) -----------------------------------------------------
PoolShape pool_shape(const Shape& x, const Window& window) {
  return {std::size_t{x.dims[0]} * x.dims[1], axis_of(x, window.kernel[0], window, 0), axis_of(x, window.kernel[1], window, 1)};
}
Shape pool_infer(const OpInputs& in, const char* op) {
  const Shape& x = in.shape[0];
  expect(x.rank == 3 || x.rank == 4, op, text("x has shape ", x.text(), "; it must be (B, channels, L) or (B, channels, H, W)"));
  const Window& window = in.attributes.window;
  for (std::size_t which = x.rank == 4 ? 0 : 1; which < 2; ++which) {
    const char* direction = which == 0 ? "height" : x.rank == 4 ? "width" : "length";
    const std::uint32_t kernel = window.kernel[which];
    expect(window.dilation[which] == 1, op, text("the dilation is ", window.dilation[which], "; pooling has none, leave it 1"));
    expect_fits(op, direction, which == 0 ? x.dims[2] : x.last(), kernel, window, which);
    expect(window.padding[which] <= kernel / 2, op,
           text("the padding along the ", direction, " is ", window.padding[which], "; it may be half of the kernel, ", kernel / 2));
  }
  const PoolShape s = pool_shape(x, window);
  const auto Ho = static_cast<std::uint32_t>(s.h.out()), Wo = static_cast<std::uint32_t>(s.w.out());
  return x.rank == 3 ? Shape{x.dims[0], x.dims[1], Wo} : Shape{x.dims[0], x.dims[1], Ho, Wo};
}
std::size_t max_infer(const OpInputs& in, Outputs& out) {
  const Shape y = pool_infer(in, "max_pool");
  const Shape& x = in.shape[0];
  expect(x.size() / x.dims[0] / x.dims[1] <= 1u << 24, "max_pool",
         text("x has shape ", x.text(), "; one channel of one image may have 2^24 places, so that a float can name them"));
  out[0] = {"", y, Role::value};
  out[1] = {".argmax", y, Role::saved};
  return 2;
}
std::size_t avg_infer(const OpInputs& in, Outputs& out) {
  out[0] = {"", pool_infer(in, "avg_pool"), Role::value};
  return 1;
}
template <class T>
void max_run(BoundNode<T>& n) {
  max_pool_forward<T>(pool_shape(n.shape[0], n.attributes.window), n.in[0], n.out[0], n.out[1]);
}
template <class T>
void max_back(BoundNode<T>& n) {
  if (n.din[0].empty()) return;
  const PoolShape s = pool_shape(n.shape[0], n.attributes.window);
  expect_indices<T>("max_pool", "argmax", n.out[1], s.h.in * s.w.in);
  max_pool_backward<T>(s, n.out[1], n.dout, n.din[0]);
}
template <class T>
void avg_run(BoundNode<T>& n) {
  avg_pool_forward<T>(pool_shape(n.shape[0], n.attributes.window), n.in[0], n.out[0]);
}
template <class T>
void avg_back(BoundNode<T>& n) {
  if (!n.din[0].empty()) avg_pool_backward<T>(pool_shape(n.shape[0], n.attributes.window), n.dout, n.din[0]);
}

}  // namespace

const OpEntry conv1d = {2, 3, conv1d_infer, nullptr, conv_need, X2G_RUN(conv)};
const OpEntry conv2d = {2, 3, conv2d_infer, nullptr, conv_need, X2G_RUN(conv)};
const OpEntry max_pool = {1, 1, max_infer, nullptr, nullptr, X2G_RUN(max)};
const OpEntry avg_pool = {1, 1, avg_infer, nullptr, nullptr, X2G_RUN(avg)};

}  // namespace x2g::table
