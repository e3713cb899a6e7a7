// Gram–Schmidt on normal random vectors, in double. That is the Q of a QR decomposition whose R has a positive diagonal, and so Q is
// uniform (Haar; Mezzadri, "How to generate random matrices from the classical compact groups", 2007). Not a general QR: the engines of
// the first lessons link this, and a library's would be ten times as large.
#include "nn/orthogonal.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/elementwise.hpp"

namespace x2g {
namespace {

template <class T>
void fill(std::size_t rows, std::size_t columns, double gain, Rng& rng, std::span<T> w) {
  const std::size_t n = std::min(rows, columns), m = std::max(rows, columns);  // n vectors of m numbers
  std::vector<double> q(n * m);
  for (std::size_t i = 0; i < n; ++i) {
    const std::span<double> v(q.data() + i * m, m);
    double drawn = 0, left = 0;
    do {
      for (double& x : v) x = rng.normal();
      drawn = kernels::sum_of_squares<double>(v);
      // One pass leaves rounding of the size of what it took away; the second takes that away, too ("twice is enough", Kahan and Parlett).
      for (int pass = 0; pass < 2; ++pass) {
        for (std::size_t k = 0; k < i; ++k) {
          const std::span<const double> u(q.data() + k * m, m);
          kernels::scale_add<double>(-kernels::dot<double>(u, v), u, v);
        }
      }
      left = kernels::sum_of_squares<double>(v);
    } while (left <= 1e-16 * drawn);  // hardly anything is left (about once in 10⁸ square matrices): draw this vector again
    kernels::scale<double>(1 / std::sqrt(left), v);
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < m; ++j) w[rows <= columns ? i * m + j : j * n + i] = static_cast<T>(gain * q[i * m + j]);
  }
}

}  // namespace

void orthogonal(std::size_t rows, std::size_t columns, double gain, Rng& rng, std::span<float> w) { fill(rows, columns, gain, rng, w); }
void orthogonal(std::size_t rows, std::size_t columns, double gain, Rng& rng, std::span<double> w) { fill(rows, columns, gain, rng, w); }

}  // namespace x2g
