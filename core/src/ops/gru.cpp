// Gated recurrent unit, PyTorch's variant: rows r z of W_hh act like an lstm's, rows n give q, which the reset gate multiplies.
#include "ops/recurrent_steps.hpp"

namespace x2g {

using namespace recurrent;

namespace {
constexpr std::size_t kGates = 3;
}

std::size_t gru_scratch(const RecurrentShape& s) {
  return panels(s, kGates) + (kGates + 2) * s.B * s.T * s.H;  // dpre, dq, previous
}

template <class T>
void gru_forward(const RecurrentShape& s, const RecurrentInputs<T>& in, std::span<T> gates, std::span<T> q, std::span<T> y,
                 std::span<T> scratch) {
  const std::size_t H = s.H, W = kGates * H;
  assert(gates.size() == s.B * s.T * W && q.size() == s.B * s.T * H && y.size() == q.size() && scratch.size() >= gru_scratch(s));
  check_inputs(s, kGates, in);
  project_inputs<T>(s, kGates, in, gates, scratch);
  for (std::size_t t = 0; t < s.T; ++t) {
    const Rows<const T*> before = state_before<T>(s, t, in.h0, y);
    project_state<T>(s, in, before, 0, 2 * H, {gates.data() + t * W, s.T * W}, true, scratch);
    project_state<T>(s, in, before, 2 * H, H, {q.data() + t * H, s.T * H}, false, scratch);
    for (std::size_t b = 0; b < s.B; ++b) {
      const std::size_t at = b * s.T + t;
      const std::span<T> row = gates.subspan(at * W, W);
      kernels::activation<T>(Activation::sigmoid, row.first(2 * H), row.first(2 * H));
      const T *r = row.data(), *z = r + H, *q_t = q.data() + at * H;
      T *n = row.data() + 2 * H, *h = y.data() + at * H;
      for (std::size_t k = 0; k < H; ++k) n[k] += r[k] * q_t[k];
      kernels::activation<T>(Activation::tanh, row.subspan(2 * H), row.subspan(2 * H));
      for (std::size_t k = 0; k < H; ++k) h[k] = (T(1) - z[k]) * n[k];
      if (before.data) {
        const T* h_before = before.data + b * before.ld;
        for (std::size_t k = 0; k < H; ++k) h[k] += z[k] * h_before[k];
      }
    }
  }
}

template <class T>
void gru_backward(const RecurrentShape& s, const RecurrentInputs<T>& in, std::span<const T> gates, std::span<const T> q,
                  std::span<const T> y, std::span<const T> dy, std::span<T> dh, const RecurrentGradients<T>& d, std::span<T> scratch) {
  const std::size_t H = s.H, W = kGates * H, states = s.B * s.T * H;
  assert(dy.size() == states && dh.size() == states && scratch.size() >= gru_scratch(s));
  Carver<T> carve{scratch};
  const std::span<T> work = carve.take(panels(s, kGates)), dpre = carve.take(kGates * states), dqs = carve.take(states);
  const std::span<T> previous = carve.take(states);
  previous_states<T>(s, in.h0, y, previous);
  std::copy(dy.begin(), dy.end(), dh.begin());
  for (std::size_t t = s.T; t-- > 0;) {
    const Rows<T*> before = gradient_before<T>(s, t, d.h0, dh);
    for (std::size_t b = 0; b < s.B; ++b) {
      const std::size_t at = b * s.T + t;
      const T *r = gates.data() + at * W, *z = r + H, *n = z + H, *q_t = q.data() + at * H;
      const T *dh_t = dh.data() + at * H, *h_before = previous.data() + at * H;
      T *dr = dpre.data() + at * W, *dz = dr + H, *dn = dz + H, *dq = dqs.data() + at * H;
      for (std::size_t k = 0; k < H; ++k) {
        // forward: h = (1 − z) n + z h_before
        dz[k] = dh_t[k] * (h_before[k] - n[k]) * z[k] * (T(1) - z[k]);
        dn[k] = dh_t[k] * (T(1) - z[k]) * (T(1) - n[k] * n[k]);
        // forward: n = tanh(a_n + r q)
        dr[k] = dn[k] * q_t[k] * r[k] * (T(1) - r[k]);
        dq[k] = dn[k] * r[k];
      }
      if (before.data) {
        T* to = before.data + b * before.ld;
        for (std::size_t k = 0; k < H; ++k) to[k] += dh_t[k] * z[k];
      }
    }
    if (before.data) {
      back_to_state<T>(s, in, {dpre.data() + t * W, s.T * W}, 0, 2 * H, before, work);
      back_to_state<T>(s, in, {dqs.data() + t * H, s.T * H}, 2 * H, H, before, work);
    }
  }
  input_gradients<T>(s, kGates, in, dpre, d, work);
  state_gradients<T>(s, {dpre.data(), W}, 0, 2 * H, previous, d, work);
  state_gradients<T>(s, {dqs.data(), H}, 2 * H, H, previous, d, work);
}

template void gru_forward<float>(const RecurrentShape&, const RecurrentInputs<float>&, std::span<float>, std::span<float>, std::span<float>,
                                 std::span<float>);
template void gru_forward<double>(const RecurrentShape&, const RecurrentInputs<double>&, std::span<double>, std::span<double>,
                                  std::span<double>, std::span<double>);
template void gru_backward<float>(const RecurrentShape&, const RecurrentInputs<float>&, std::span<const float>, std::span<const float>,
                                  std::span<const float>, std::span<const float>, std::span<float>, const RecurrentGradients<float>&,
                                  std::span<float>);
template void gru_backward<double>(const RecurrentShape&, const RecurrentInputs<double>&, std::span<const double>, std::span<const double>,
                                   std::span<const double>, std::span<const double>, std::span<double>, const RecurrentGradients<double>&,
                                   std::span<double>);

}  // namespace x2g
