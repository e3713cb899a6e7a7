// Residual sums and learned positions.
#include "x2g/ops/elementwise.hpp"

#include <cassert>

#include "kernels/elementwise.hpp"

namespace x2g {

template <class T>
void add_forward(std::span<const T> a, std::span<const T> b, std::span<T> y) {
  assert(a.size() == b.size() && a.size() == y.size());
  kernels::add<T>(a, b, y);
}

template <class T>
void add_backward(std::span<const T> dy, std::span<T> da, std::span<T> db) {
  // forward: y = a + b
  if (!da.empty()) kernels::accumulate<T>(dy, da);
  if (!db.empty()) kernels::accumulate<T>(dy, db);
}

template <class T>
void add_positions_forward(const PositionShape& s, std::span<const T> x, std::span<const T> P, std::span<T> y) {
  assert(x.size() == s.B * s.T * s.C && y.size() == x.size() && P.size() >= s.T * s.C);
  const std::size_t plane = s.T * s.C;  // P's first T rows lie as one sequence of x does
  for (std::size_t b = 0; b < s.B; ++b) {
    kernels::add<T>(x.subspan(b * plane, plane), P.first(plane), y.subspan(b * plane, plane));
  }
}

template <class T>
void add_positions_backward(const PositionShape& s, std::span<const T> dy, std::span<T> dx, std::span<T> dP) {
  assert(dy.size() == s.B * s.T * s.C);
  // forward: y[b,t,:] = x[b,t,:] + P[t,:]
  if (!dx.empty()) kernels::accumulate<T>(dy, dx);
  if (dP.empty()) return;
  const std::size_t plane = s.T * s.C;
  for (std::size_t b = 0; b < s.B; ++b) kernels::accumulate<T>(dy.subspan(b * plane, plane), dP.first(plane));
}

template void add_forward<float>(std::span<const float>, std::span<const float>, std::span<float>);
template void add_forward<double>(std::span<const double>, std::span<const double>, std::span<double>);
template void add_backward<float>(std::span<const float>, std::span<float>, std::span<float>);
template void add_backward<double>(std::span<const double>, std::span<double>, std::span<double>);
template void add_positions_forward<float>(const PositionShape&, std::span<const float>, std::span<const float>, std::span<float>);
template void add_positions_forward<double>(const PositionShape&, std::span<const double>, std::span<const double>, std::span<double>);
template void add_positions_backward<float>(const PositionShape&, std::span<const float>, std::span<float>, std::span<float>);
template void add_positions_backward<double>(const PositionShape&, std::span<const double>, std::span<double>, std::span<double>);

}  // namespace x2g
