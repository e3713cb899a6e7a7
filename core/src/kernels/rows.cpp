// Rows of layer norm and of the softmax's way back, in float: one pass over memory for each, sums striped as everywhere (loops.hpp).
#include "kernels/elementwise.hpp"
#include "kernels/loops.hpp"

namespace X2G_KERNELS {
template <>
void normalize<float>(std::span<const float> x, float mean, float rstd, std::span<const float> w, std::span<const float> b,
                      std::span<float> y) {
  const Floats center(mean), r(rstd);
  walk(x.size(), [&](auto get, auto put, std::size_t) {
    const Floats scaled = (get(x.data()) - center) * r * get(w.data());
    put(y.data(), b.empty() ? scaled : scaled + get(b.data()));
  });
}

template <>
void normalize_backward<float>(std::span<const float> x, float mean, float rstd, std::span<const float> w, std::span<const float> dy,
                               std::span<float> dx, std::span<float> dw) {
  const Floats center(mean), r(rstd);
  Stripes sum(0.0f), product(0.0f);
  walk(x.size(), [&](auto get, auto put, std::size_t stripe) {
    const Floats h = (get(x.data()) - center) * r, d = get(dy.data()), g = d * get(w.data());
    sum.lane[stripe] += g;
    product.lane[stripe] = madd(g, h, product.lane[stripe]);
    if (!dw.empty()) put(dw.data(), madd(d, h, get(dw.data())));
  });
  if (dx.empty()) return;
  const float per_feature = 1.0f / static_cast<float>(x.size());
  const Floats a(sum.total() * per_feature), k(product.total() * per_feature);
  walk(x.size(), [&](auto get, auto put, std::size_t) {
    const Floats h = (get(x.data()) - center) * r, g = get(dy.data()) * get(w.data());
    put(dx.data(), madd(r, g - a - h * k, get(dx.data())));
  });
}

template <>
void softmax_backward<float>(std::span<const float> p, float scale, std::span<float> d) {
  const Floats common(dot<float>(p, d)), factor(scale);
  walk(p.size(), [&](auto get, auto put, std::size_t) { put(d.data(), get(p.data()) * (get(d.data()) - common) * factor); });
}

}  // namespace X2G_KERNELS
