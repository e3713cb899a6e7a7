#include "x2g/train/statistics.hpp"

#include <algorithm>
#include <cmath>

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

void check_edges(std::span<const double> edges) {
  const bool rising = std::ranges::adjacent_find(edges, [](double a, double b) { return !(a < b); }) == edges.end();
  if (edges.size() != 1 && rising && std::ranges::all_of(edges, [](double e) { return std::isfinite(e); })) return;
  throw Error(ErrorCode::invalid_argument, text("a histogram of ", edges.size(),
                                                " edges is asked for; give none, or two and more finite ones, each above the one before"));
}

template <class T>
void fill_histogram(std::span<const T> x, std::span<const double> edges, TensorStatistics& s) {
  s.histogram.assign(edges.size() - 1, 0);
  for (const T value : x) {
    const double v = value;
    if (!std::isfinite(v)) continue;
    if (v < edges.front()) {
      ++s.below;
    } else if (v > edges.back()) {
      ++s.above;
    } else {
      const auto bin = static_cast<std::size_t>(std::ranges::upper_bound(edges, v) - edges.begin());  // 1 … n + 1
      ++s.histogram[std::min(bin, edges.size() - 1) - 1];
    }
  }
}

/// Activation of the node that makes the tensor; identity where another op does.
Activation made_by(const GraphSpec& spec, TensorId id) {
  for (const NodeSpec& node : spec.nodes())
    if (node.outputs[0] == id) return node.kind == OpKind::activation ? node.attributes.activation : Activation::identity;
  return Activation::identity;
}

template <class T>
double share_saturated(std::span<const T> y, Activation f) {
  if (f != Activation::sigmoid && f != Activation::tanh) return 0;
  const double middle = f == Activation::sigmoid ? 0.5 : 0, reach = f == Activation::sigmoid ? 0.5 : 1;
  const auto ended = [&](T v) { return std::abs(static_cast<double>(v) - middle) > 0.99 * reach; };
  return static_cast<double>(std::ranges::count_if(y, ended)) / static_cast<double>(y.size());
}

/// Shape (outer, units, inner): a unit is dead when all outer × inner of it are 0.
template <class T>
std::size_t count_dead(std::span<const T> y, std::size_t units, std::size_t inner) {
  std::vector<bool> alive(units);
  for (std::size_t i = 0; i < y.size(); ++i)
    if (y[i] != T(0)) alive[i / inner % units] = true;
  return static_cast<std::size_t>(std::ranges::count(alive, false));
}

}  // namespace

template <class T>
TensorStatistics statistics(std::span<const T> x, std::span<const double> edges) {
  check_edges(edges);
  TensorStatistics s;
  s.count = x.size();
  double sum = 0, squares = 0, n = 0, zeros = 0;
  for (const T value : x) {
    const double v = value;
    if (!std::isfinite(v)) {
      ++s.non_finite;
      continue;
    }
    s.min = n == 0 ? v : std::min(s.min, v);
    s.max = n == 0 ? v : std::max(s.max, v);
    sum += v;
    squares += v * v;
    zeros += v == 0;
    ++n;
  }
  if (n > 0) {
    s.mean = sum / n;
    s.norm = std::sqrt(squares);
    s.zeros = zeros / n;
    double deviations = 0;
    for (const T value : x)
      if (const double v = value; std::isfinite(v)) deviations += (v - s.mean) * (v - s.mean);
    s.variance = deviations / n;
  }
  if (!edges.empty()) fill_histogram(x, edges, s);
  return s;
}

template <class T>
TensorStatistics statistics(const Graph<T>& graph, std::string_view name, Side side, std::span<const double> edges) {
  const TensorId id = graph.spec().require(name);
  const std::span<const T> x = side == Side::value ? graph.value(id) : graph.grad(id);
  if (x.empty()) throw Error(ErrorCode::invalid_argument, text("\"", name, "\" has no gradient; choose a parameter or a computed value"));
  TensorStatistics s = statistics<T>(x, edges);
  if (side == Side::gradient) return s;
  const Activation f = made_by(graph.spec(), id);
  s.saturated = share_saturated(x, f);
  if (f == Activation::relu) {
    const Shape& shape = graph.spec().tensors()[static_cast<std::size_t>(id)].shape;
    const bool planes = shape.rank == 4;
    s.units = planes ? shape.dims[1] : shape.last();
    s.dead_units = count_dead(x, s.units, planes ? std::size_t{shape.dims[2]} * shape.dims[3] : 1);
  }
  return s;
}

template TensorStatistics statistics<float>(std::span<const float>, std::span<const double>);
template TensorStatistics statistics<double>(std::span<const double>, std::span<const double>);
template TensorStatistics statistics<float>(const Graph<float>&, std::string_view, Side, std::span<const double>);
template TensorStatistics statistics<double>(const Graph<double>&, std::string_view, Side, std::span<const double>);

}  // namespace x2g
