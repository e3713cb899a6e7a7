#include "nn/min_norm.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace x2g {
namespace {

double dot(const double* a, const double* b, std::size_t d) {
  double s = 0;
  for (std::size_t i = 0; i < d; ++i) s += a[i] * b[i];
  return s;
}

/// Solves A u = 1 for the k×k matrix A (row-major, overwritten) by elimination with row exchanges; false when singular to rounding.
bool solve_ones(std::vector<double>& A, std::vector<double>& u, std::size_t k) {
  u.assign(k, 1.0);
  double largest = 0;
  for (const double a : A) largest = std::max(largest, std::abs(a));
  for (std::size_t c = 0; c < k; ++c) {
    std::size_t pivot = c;
    for (std::size_t r = c + 1; r < k; ++r) {
      if (std::abs(A[r * k + c]) > std::abs(A[pivot * k + c])) pivot = r;
    }
    if (!(std::abs(A[pivot * k + c]) > 1e-14 * largest)) return false;
    for (std::size_t j = 0; j < k; ++j) std::swap(A[c * k + j], A[pivot * k + j]);
    std::swap(u[c], u[pivot]);
    for (std::size_t r = c + 1; r < k; ++r) {
      const double f = A[r * k + c] / A[c * k + c];
      for (std::size_t j = c; j < k; ++j) A[r * k + j] -= f * A[c * k + j];
      u[r] -= f * u[c];
    }
  }
  for (std::size_t c = k; c-- > 0;) {
    for (std::size_t j = c + 1; j < k; ++j) u[c] -= A[c * k + j] * u[j];
    u[c] /= A[c * k + c];
  }
  return true;
}

}  // namespace

std::vector<double> min_norm_point(std::span<const double> z, std::size_t d) {
  const std::size_t n = z.size() / d;
  const auto row = [&](std::size_t i) { return z.data() + i * d; };
  double scale = 0;  // squared length of the longest row: every tolerance below is relative to it
  std::size_t start = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double length = dot(row(i), row(i), d);
    scale = std::max(scale, length);
    if (length < dot(row(start), row(start), d)) start = i;
  }
  // The corral: affinely independent rows whose hull's nearest point is x = Σ share_k z_k, all shares > 0.
  std::vector<std::size_t> corral{start};
  std::vector<double> share{1.0}, affine, A;
  std::vector<double> x(row(start), row(start) + d);
  const auto mix = [&] {
    std::fill(x.begin(), x.end(), 0.0);
    for (std::size_t k = 0; k < corral.size(); ++k) {
      for (std::size_t j = 0; j < d; ++j) x[j] += share[k] * row(corral[k])[j];
    }
  };
  double previous = std::numeric_limits<double>::infinity();
  for (;;) {
    // Optimal when no row lies nearer than the plane through x at right angles to it.
    std::size_t next = 0;
    double nearest = dot(x.data(), row(0), d);
    for (std::size_t i = 1; i < n; ++i) {
      const double s = dot(x.data(), row(i), d);
      if (s < nearest) nearest = s, next = i;
    }
    const double length = dot(x.data(), x.data(), d);
    if (length >= previous) break;  // rounding: no more progress
    previous = length;
    if (length <= 1e-24 * scale || length - nearest <= 1e-13 * scale) break;
    if (std::find(corral.begin(), corral.end(), next) != corral.end()) break;
    corral.push_back(next);
    share.push_back(0.0);

    for (;;) {
      // Nearest point of the affine hull: (1 1ᵀ + Z Zᵀ) u = 1, shares u / Σu.
      const std::size_t k = corral.size();
      A.resize(k * k);
      for (std::size_t a = 0; a < k; ++a) {
        for (std::size_t b = 0; b < k; ++b) A[a * k + b] = scale + dot(row(corral[a]), row(corral[b]), d);
      }
      if (!solve_ones(A, affine, k)) return x;  // the newcomer depends on the others to rounding: nothing to gain
      double total = 0;
      for (const double u : affine) total += u;
      double step = 1;
      std::size_t leaves = k;
      for (std::size_t i = 0; i < k; ++i) {
        affine[i] /= total;
        if (affine[i] <= 1e-12 && share[i] - affine[i] > 0 && share[i] / (share[i] - affine[i]) < step) {
          step = share[i] / (share[i] - affine[i]);
          leaves = i;
        }
      }
      for (std::size_t i = 0; i < k; ++i) share[i] += step * (affine[i] - share[i]);
      if (leaves == k) break;
      corral.erase(corral.begin() + static_cast<std::ptrdiff_t>(leaves));
      share.erase(share.begin() + static_cast<std::ptrdiff_t>(leaves));
    }
    mix();
  }
  return x;
}

}  // namespace x2g
