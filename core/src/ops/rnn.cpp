// The Elman network: one product and one function a step. y holds first a_t, then the states themselves.
#include "ops/recurrent_steps.hpp"

namespace x2g {

using namespace recurrent;

std::size_t rnn_scratch(const RecurrentShape& s) { return panels(s, 1) + 2 * s.B * s.T * s.H; }  // dpre, previous

template <class T>
void rnn_forward(const RecurrentShape& s, Activation f, const RecurrentInputs<T>& in, std::span<T> y, std::span<T> scratch) {
  assert(f == Activation::tanh || f == Activation::relu);
  assert(y.size() == s.B * s.T * s.H && scratch.size() >= rnn_scratch(s));
  check_inputs(s, 1, in);
  project_inputs<T>(s, 1, in, y, scratch);
  for (std::size_t t = 0; t < s.T; ++t) {
    project_state<T>(s, in, state_before<T>(s, t, in.h0, y), 0, s.H, {y.data() + t * s.H, s.T * s.H}, true, scratch);
    for (std::size_t b = 0; b < s.B; ++b) {
      const std::span<T> row = y.subspan((b * s.T + t) * s.H, s.H);
      kernels::activation<T>(f, row, row);
    }
  }
}

template <class T>
void rnn_backward(const RecurrentShape& s, Activation f, const RecurrentInputs<T>& in, std::span<const T> y, std::span<const T> dy,
                  std::span<T> dh, const RecurrentGradients<T>& d, std::span<T> scratch) {
  assert(dy.size() == s.B * s.T * s.H && dh.size() == dy.size() && scratch.size() >= rnn_scratch(s));
  Carver<T> carve{scratch};
  const std::span<T> work = carve.take(panels(s, 1)), dpre = carve.take(dy.size()), previous = carve.take(dy.size());
  std::copy(dy.begin(), dy.end(), dh.begin());
  for (std::size_t t = s.T; t-- > 0;) {
    for (std::size_t b = 0; b < s.B; ++b) {
      const std::size_t at = (b * s.T + t) * s.H;
      const T *h = y.data() + at, *dh_t = dh.data() + at;
      T* g = dpre.data() + at;
      // forward: h = f(pre)
      if (f == Activation::tanh) {
        for (std::size_t k = 0; k < s.H; ++k) g[k] = dh_t[k] * (T(1) - h[k] * h[k]);
      } else {
        for (std::size_t k = 0; k < s.H; ++k) g[k] = h[k] > T(0) ? dh_t[k] : T(0);
      }
    }
    const Rows<T*> before = gradient_before<T>(s, t, d.h0, dh);
    if (before.data) back_to_state<T>(s, in, {dpre.data() + t * s.H, s.T * s.H}, 0, s.H, before, work);
  }
  input_gradients<T>(s, 1, in, dpre, d, work);
  previous_states<T>(s, in.h0, y, previous);
  state_gradients<T>(s, {dpre.data(), s.H}, 0, s.H, previous, d, work);
}

template void rnn_forward<float>(const RecurrentShape&, Activation, const RecurrentInputs<float>&, std::span<float>, std::span<float>);
template void rnn_forward<double>(const RecurrentShape&, Activation, const RecurrentInputs<double>&, std::span<double>, std::span<double>);
template void rnn_backward<float>(const RecurrentShape&, Activation, const RecurrentInputs<float>&, std::span<const float>,
                                  std::span<const float>, std::span<float>, const RecurrentGradients<float>&, std::span<float>);
template void rnn_backward<double>(const RecurrentShape&, Activation, const RecurrentInputs<double>&, std::span<const double>,
                                   std::span<const double>, std::span<double>, const RecurrentGradients<double>&, std::span<double>);

}  // namespace x2g
