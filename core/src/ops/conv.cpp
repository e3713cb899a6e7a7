// Convolution as im2col and matrix products, one image at a time. Not a kernel: gemm does the work.
#include "x2g/ops/conv.hpp"

#include <algorithm>
#include <cassert>

#include "kernels/elementwise.hpp"
#include "kernels/gemm.hpp"

namespace x2g {
namespace {

using kernels::Op;

/// First and one past the last output along an axis whose kernel place k looks inside the input.
struct Reach {
  std::size_t begin, end;
};
Reach reach(const WindowAxis& a, std::size_t k) {
  // o·stride + shift is inside [padding, padding + in)
  const std::size_t shift = k * a.dilation, out = a.out();
  const auto from = [&](std::size_t place) { return place <= shift ? 0 : (place - shift + a.stride - 1) / a.stride; };
  return {std::min(out, from(a.padding)), std::min(out, from(a.padding + a.in))};
}

/// Calls f(row of windows at this output row, row of the image or null where it is padding, u, v, columns) for every row of the matrix.
template <class F>
void for_each_row(const ConvShape& s, const F& f) {
  const std::size_t Ho = s.h.out(), Wo = s.w.out();
  std::size_t row = 0;
  for (std::size_t c = 0; c < s.Ci; ++c) {
    for (std::size_t u = 0; u < s.h.kernel; ++u) {
      for (std::size_t v = 0; v < s.w.kernel; ++v, ++row) {
        const Reach rows = reach(s.h, u), columns = reach(s.w, v);
        for (std::size_t i = 0; i < Ho; ++i) {
          const bool inside = i >= rows.begin && i < rows.end && columns.begin < columns.end;
          const std::size_t at = inside ? (c * s.h.in + i * s.h.stride + u * s.h.dilation - s.h.padding) * s.w.in +
                                              columns.begin * s.w.stride + v * s.w.dilation - s.w.padding
                                        : 0;
          f((row * Ho + i) * Wo, at, inside ? columns : Reach{0, 0});
        }
      }
    }
  }
}

/// columns (fan_in, places) of one image x (Ci, H, W).
template <class T>
void im2col(const ConvShape& s, const T* x, T* columns) {
  const std::size_t Wo = s.w.out(), stride = s.w.stride;
  for_each_row(s, [&](std::size_t to, std::size_t from, Reach r) {
    T* out = columns + to;
    std::fill(out, out + r.begin, T(0));
    if (stride == 1) {
      std::copy_n(x + from, r.end - r.begin, out + r.begin);
    } else {
      for (std::size_t j = r.begin; j < r.end; ++j) out[j] = x[from + (j - r.begin) * stride];
    }
    std::fill(out + r.end, out + Wo, T(0));
  });
}

/// dx += dcolumns, each where its column was read from.
template <class T>
void col2im(const ConvShape& s, const T* dcolumns, T* dx) {
  const std::size_t stride = s.w.stride;
  for_each_row(s, [&](std::size_t from, std::size_t to, Reach r) {
    for (std::size_t j = r.begin; j < r.end; ++j) dx[to + (j - r.begin) * stride] += dcolumns[from + j];
  });
}

}  // namespace

std::size_t conv_scratch(const ConvShape& s) {
  const std::size_t K = s.fan_in(), P = s.places();
  return K * P + std::max({kernels::gemm_scratch(s.Co, P, K), kernels::gemm_scratch(s.Co, K, P), kernels::gemm_scratch(K, P, s.Co)});
}

template <class T>
void conv_forward(const ConvShape& s, std::span<const T> x, std::span<const T> W, std::span<const T> bias, std::span<T> y,
                  std::span<T> scratch) {
  const std::size_t K = s.fan_in(), P = s.places(), image = s.Ci * s.h.in * s.w.in;
  assert(x.size() == s.B * image && W.size() == s.Co * K && y.size() == s.B * s.Co * P && scratch.size() >= conv_scratch(s));
  assert(bias.empty() || bias.size() == s.Co);
  T* const columns = scratch.data();
  const std::span<T> packed = scratch.subspan(K * P);
  for (std::size_t b = 0; b < s.B; ++b) {
    im2col<T>(s, x.data() + b * image, columns);
    T* yb = y.data() + b * s.Co * P;
    for (std::size_t o = 0; o < bias.size(); ++o) kernels::fill<T>(bias[o], {yb + o * P, P});
    // y_b (Co, P) = bias + W (Co, K) columns (K, P)
    kernels::gemm<T>(s.Co, P, K, {W.data(), K}, {columns, P}, yb, P, !bias.empty(), nullptr, packed);
  }
}

template <class T>
void conv_backward(const ConvShape& s, std::span<const T> x, std::span<const T> W, std::span<const T> dy, std::span<T> dx, std::span<T> dW,
                   std::span<T> dbias, std::span<T> scratch) {
  const std::size_t K = s.fan_in(), P = s.places(), image = s.Ci * s.h.in * s.w.in;
  assert(dy.size() == s.B * s.Co * P && scratch.size() >= conv_scratch(s));
  T* const columns = scratch.data();
  const std::span<T> packed = scratch.subspan(K * P);
  for (std::size_t b = 0; b < s.B; ++b) {
    const T* dyb = dy.data() + b * s.Co * P;
    // forward: y_b[o,p] = bias[o] + Σ_k W[o,k] columns[k,p]
    if (!dW.empty()) {  // ∂y[o,p]/∂W[o,k] = columns[k,p]:  dW (Co, K) += dy_b (Co, P) columnsᵀ (P, K)
      im2col<T>(s, x.data() + b * image, columns);
      kernels::gemm<T>(s.Co, K, P, {dyb, P}, {columns, P, Op::transpose}, dW.data(), K, true, nullptr, packed);
    }
    if (!dx.empty()) {  // ∂y[o,p]/∂columns[k,p] = W[o,k]:  dcolumns (K, P) = Wᵀ (K, Co) dy_b (Co, P)
      kernels::gemm<T>(K, P, s.Co, {W.data(), K, Op::transpose}, {dyb, P}, columns, P, false, nullptr, packed);
      col2im<T>(s, columns, dx.data() + b * image);
    }
    for (std::size_t o = 0; o < dbias.size(); ++o) dbias[o] += kernels::sum<T>({dyb + o * P, P});
  }
}

template void conv_forward<float>(const ConvShape&, std::span<const float>, std::span<const float>, std::span<const float>,
                                  std::span<float>, std::span<float>);
template void conv_forward<double>(const ConvShape&, std::span<const double>, std::span<const double>, std::span<const double>,
                                   std::span<double>, std::span<double>);
template void conv_backward<float>(const ConvShape&, std::span<const float>, std::span<const float>, std::span<const float>,
                                   std::span<float>, std::span<float>, std::span<float>, std::span<float>);
template void conv_backward<double>(const ConvShape&, std::span<const double>, std::span<const double>, std::span<const double>,
                                    std::span<double>, std::span<double>, std::span<double>, std::span<double>);

}  // namespace x2g
