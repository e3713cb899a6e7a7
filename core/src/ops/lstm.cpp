// Long short-term memory: the gates of a step are one row i f g o; the cells are a second state beside y.
#include "ops/recurrent_steps.hpp"

namespace x2g {

using namespace recurrent;

namespace {
constexpr std::size_t kGates = 4;
}

std::size_t lstm_scratch(const RecurrentShape& s) {
  const std::size_t states = s.B * s.T * s.H;
  return panels(s, kGates) + (kGates + 1) * states + s.B * s.H + s.H;  // dpre, previous, dc, tanh c
}

template <class T>
void lstm_forward(const RecurrentShape& s, const RecurrentInputs<T>& in, std::span<T> gates, std::span<T> c, std::span<T> y,
                  std::span<T> scratch) {
  const std::size_t H = s.H, W = kGates * H;
  assert(gates.size() == s.B * s.T * W && c.size() == s.B * s.T * H && y.size() == c.size() && scratch.size() >= lstm_scratch(s));
  check_inputs(s, kGates, in);
  project_inputs<T>(s, kGates, in, gates, scratch);
  for (std::size_t t = 0; t < s.T; ++t) {
    project_state<T>(s, in, state_before<T>(s, t, in.h0, y), 0, W, {gates.data() + t * W, s.T * W}, true, scratch);
    const Rows<const T*> before = state_before<T>(s, t, in.c0, c);
    for (std::size_t b = 0; b < s.B; ++b) {
      const std::span<T> row = gates.subspan((b * s.T + t) * W, W), c_t = c.subspan((b * s.T + t) * H, H),
                         h_t = y.subspan((b * s.T + t) * H, H);
      kernels::activation<T>(Activation::sigmoid, row.first(2 * H), row.first(2 * H));
      kernels::activation<T>(Activation::tanh, row.subspan(2 * H, H), row.subspan(2 * H, H));
      kernels::activation<T>(Activation::sigmoid, row.subspan(3 * H), row.subspan(3 * H));
      const T *i = row.data(), *f = i + H, *g = f + H, *o = g + H;
      for (std::size_t k = 0; k < H; ++k) c_t[k] = i[k] * g[k];
      if (before.data) {
        const T* c_before = before.data + b * before.ld;
        for (std::size_t k = 0; k < H; ++k) c_t[k] += f[k] * c_before[k];
      }
      kernels::activation<T>(Activation::tanh, c_t, h_t);
      for (std::size_t k = 0; k < H; ++k) h_t[k] *= o[k];
    }
  }
}

template <class T>
void lstm_backward(const RecurrentShape& s, const RecurrentInputs<T>& in, std::span<const T> gates, std::span<const T> c,
                   std::span<const T> y, std::span<const T> dy, std::span<T> dh, const RecurrentGradients<T>& d, std::span<T> scratch) {
  const std::size_t H = s.H, W = kGates * H, states = s.B * s.T * H;
  assert(dy.size() == states && dh.size() == states && scratch.size() >= lstm_scratch(s));
  Carver<T> carve{scratch};
  const std::span<T> work = carve.take(panels(s, kGates)), dpre = carve.take(kGates * states), previous = carve.take(states);
  const std::span<T> dcs = carve.take(s.B * H), tanh_c = carve.take(H);
  kernels::fill<T>(T(0), dcs);  // from the step after the last: nothing
  std::copy(dy.begin(), dy.end(), dh.begin());
  for (std::size_t t = s.T; t-- > 0;) {
    const Rows<const T*> c_rows = state_before<T>(s, t, in.c0, c);
    for (std::size_t b = 0; b < s.B; ++b) {
      const std::size_t at = b * s.T + t;
      const T *i = gates.data() + at * W, *f = i + H, *g = f + H, *o = g + H, *dh_t = dh.data() + at * H;
      const T* c_before = c_rows.data ? c_rows.data + b * c_rows.ld : nullptr;
      T *di = dpre.data() + at * W, *df = di + H, *dg = df + H, *d_o = dg + H, *dc = dcs.data() + b * H;
      kernels::activation<T>(Activation::tanh, c.subspan(at * H, H), tanh_c);
      for (std::size_t k = 0; k < H; ++k) {
        // forward: h = o tanh(c)
        d_o[k] = dh_t[k] * tanh_c[k] * o[k] * (T(1) - o[k]);
        const T dc_k = dc[k] + dh_t[k] * o[k] * (T(1) - tanh_c[k] * tanh_c[k]);
        // forward: c = f c_before + i g
        di[k] = dc_k * g[k] * i[k] * (T(1) - i[k]);
        dg[k] = dc_k * i[k] * (T(1) - g[k] * g[k]);
        df[k] = c_before ? dc_k * c_before[k] * f[k] * (T(1) - f[k]) : T(0);
        dc[k] = dc_k * f[k];
      }
    }
    const Rows<T*> before = gradient_before<T>(s, t, d.h0, dh);
    if (before.data) back_to_state<T>(s, in, {dpre.data() + t * W, s.T * W}, 0, W, before, work);
  }
  if (!d.c0.empty()) kernels::accumulate<T>(dcs, d.c0);
  input_gradients<T>(s, kGates, in, dpre, d, work);
  previous_states<T>(s, in.h0, y, previous);
  state_gradients<T>(s, {dpre.data(), W}, 0, W, previous, d, work);
}

template void lstm_forward<float>(const RecurrentShape&, const RecurrentInputs<float>&, std::span<float>, std::span<float>,
                                  std::span<float>, std::span<float>);
template void lstm_forward<double>(const RecurrentShape&, const RecurrentInputs<double>&, std::span<double>, std::span<double>,
                                   std::span<double>, std::span<double>);
template void lstm_backward<float>(const RecurrentShape&, const RecurrentInputs<float>&, std::span<const float>, std::span<const float>,
                                   std::span<const float>, std::span<const float>, std::span<float>, const RecurrentGradients<float>&,
                                   std::span<float>);
template void lstm_backward<double>(const RecurrentShape&, const RecurrentInputs<double>&, std::span<const double>, std::span<const double>,
                                    std::span<const double>, std::span<const double>, std::span<double>, const RecurrentGradients<double>&,
                                    std::span<double>);

}  // namespace x2g
