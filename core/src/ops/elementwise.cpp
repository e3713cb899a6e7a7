// Sums, products, scalings and sines; the shorter operand is met row after row.
#include "x2g/ops/elementwise.hpp"

#include <cassert>
#include <cmath>

#include "kernels/elementwise.hpp"
#include "kernels/math.hpp"

namespace x2g {
namespace {

/// |x| in turns of 2π without the whole ones: [0, 1).
double turns(double x) {
  const double all = std::abs(x) * 0.15915494309189533577;
  return all - std::floor(all);
}

}  // namespace

template <class T>
void add_forward(std::span<const T> a, std::span<const T> b, std::span<T> y) {
  assert(a.size() == y.size() && (a.empty() || a.size() % b.size() == 0));
  for (std::size_t at = 0; at < a.size(); at += b.size()) kernels::add<T>(a.subspan(at, b.size()), b, y.subspan(at, b.size()));
}

template <class T>
void add_backward(std::span<const T> dy, std::span<T> da, std::span<T> db) {
  // forward: y[r,:] = a[r,:] + b
  if (!da.empty()) kernels::accumulate<T>(dy, da);
  if (db.empty()) return;
  for (std::size_t at = 0; at < dy.size(); at += db.size()) kernels::accumulate<T>(dy.subspan(at, db.size()), db);
}

template <class T>
void mul_forward(std::span<const T> a, std::span<const T> b, std::span<T> y) {
  assert(a.size() == y.size() && (a.empty() || a.size() % b.size() == 0));
  for (std::size_t at = 0; at < a.size(); at += b.size()) {
    for (std::size_t i = 0; i < b.size(); ++i) y[at + i] = a[at + i] * b[i];
  }
}

template <class T>
void mul_backward(std::span<const T> a, std::span<const T> b, std::span<const T> dy, std::span<T> da, std::span<T> db) {
  assert(a.size() == dy.size() && (a.empty() || a.size() % b.size() == 0));
  // forward: y[r,i] = a[r,i] b[i]
  for (std::size_t at = 0; at < a.size(); at += b.size()) {
    if (!da.empty()) {
      for (std::size_t i = 0; i < b.size(); ++i) da[at + i] += dy[at + i] * b[i];
    }
    if (!db.empty()) {
      for (std::size_t i = 0; i < b.size(); ++i) db[i] += dy[at + i] * a[at + i];
    }
  }
}

template <class T>
void scale_forward(double s, std::span<const T> x, std::span<T> y) {
  assert(x.size() == y.size());
  const T factor = static_cast<T>(s);
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = factor * x[i];
}

template <class T>
void scale_backward(double s, std::span<const T> dy, std::span<T> dx) {
  if (!dx.empty()) kernels::scale_add<T>(static_cast<T>(s), dy, dx);  // forward: y = s x
}

template <class T>
void sin_forward(std::span<const T> x, std::span<T> y) {
  assert(x.size() == y.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double v = static_cast<double>(x[i]), s = kernels::sin_2pi(turns(v));
    y[i] = static_cast<T>(v < 0 ? -s : s);
  }
}

template <class T>
void sin_backward(std::span<const T> x, std::span<const T> dy, std::span<T> dx) {
  // forward: y[i] = sin x[i]
  for (std::size_t i = 0; i < dx.size(); ++i) dx[i] += dy[i] * static_cast<T>(kernels::cos_2pi(turns(static_cast<double>(x[i]))));
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
template void mul_forward<float>(std::span<const float>, std::span<const float>, std::span<float>);
template void mul_forward<double>(std::span<const double>, std::span<const double>, std::span<double>);
template void mul_backward<float>(std::span<const float>, std::span<const float>, std::span<const float>, std::span<float>,
                                  std::span<float>);
template void mul_backward<double>(std::span<const double>, std::span<const double>, std::span<const double>, std::span<double>,
                                   std::span<double>);
template void scale_forward<float>(double, std::span<const float>, std::span<float>);
template void scale_forward<double>(double, std::span<const double>, std::span<double>);
template void scale_backward<float>(double, std::span<const float>, std::span<float>);
template void scale_backward<double>(double, std::span<const double>, std::span<double>);
template void sin_forward<float>(std::span<const float>, std::span<float>);
template void sin_forward<double>(std::span<const double>, std::span<double>);
template void sin_backward<float>(std::span<const float>, std::span<const float>, std::span<float>);
template void sin_backward<double>(std::span<const double>, std::span<const double>, std::span<double>);
template void add_positions_forward<float>(const PositionShape&, std::span<const float>, std::span<const float>, std::span<float>);
template void add_positions_forward<double>(const PositionShape&, std::span<const double>, std::span<const double>, std::span<double>);
template void add_positions_backward<float>(const PositionShape&, std::span<const float>, std::span<float>, std::span<float>);
template void add_positions_backward<double>(const PositionShape&, std::span<const double>, std::span<double>, std::span<double>);

}  // namespace x2g
