// Scalars of the reference ops: double, and std::complex<double> for derivatives by complex step
// (Squire, Trapp 1998: f'(x) = Im f(x + ih) / h, without cancellation, so h may be 1e-20).
// Comparisons look at the real part: near x the branch taken is that of x.
#pragma once

#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <vector>

namespace x2g::reference {

template <class S>
using Array = std::vector<S>;
using Complex = std::complex<double>;

inline double real(double x) { return x; }
inline double real(const Complex& x) { return x.real(); }

/// erf z = 2/√π e^(−z²) Σ 2ⁿ z^(2n+1) / (2n+1)!!  Every term has the sign of z, so nothing cancels.
/// Beyond |z| = 6 the result is ±1 to double precision and its slope below 1e-15.
template <class S>
S erf(S z) {
  if (real(z) > 6) return S(1);
  if (real(z) < -6) return S(-1);
  S term = z, sum = z;
  for (int n = 1; n < 400; ++n) {
    term *= 2.0 * z * z / (2.0 * n + 1.0);
    sum += term;
    if (std::abs(term) < 1e-18 * std::abs(sum)) break;
  }
  return 2.0 * std::numbers::inv_sqrtpi * std::exp(-z * z) * sum;
}

/// log(1 + u): the complex form serves derivatives only, so it may lose what 1 + u rounds off.
inline double log1p(double u) { return std::log1p(u); }
inline Complex log1p(const Complex& u) { return std::log(1.0 + u); }

template <class S>
S maximum(S a, S b) {
  return real(a) < real(b) ? b : a;
}

/// Gradient of Σ_k dy[k] f(x)[k] with respect to every x[i], by complex step. f: Array<Complex> → Array<Complex>.
template <class F>
Array<double> complex_step(const F& f, const Array<double>& x, const Array<double>& dy) {
  constexpr double h = 1e-20;
  Array<Complex> point(x.begin(), x.end());
  Array<double> gradient(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    point[i] = Complex(x[i], h);
    const Array<Complex> y = f(point);
    for (std::size_t k = 0; k < y.size(); ++k) gradient[i] += dy[k] * (y[k].imag() / h);
    point[i] = x[i];
  }
  return gradient;
}

}  // namespace x2g::reference
