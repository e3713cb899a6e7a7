#include "x2g/train/exchange.hpp"

#include <algorithm>

#include "kernels/elementwise.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

/// Calls copy(tensor, from, at, count) for every piece of flat[begin, begin + count) : `from` in the tensor, `at` in the span.
template <class Copy>
void walk(const FlatLayout& layout, std::size_t begin, std::size_t count, Copy&& copy) {
  if (begin > layout.size() || count > layout.size() - begin)
    throw Error(ErrorCode::shape_mismatch,
                text("elements ", begin, " to ", begin + count, " are asked for; these parameters have ", layout.size(), " in all"));
  for (const FlatLayout::Piece& piece : layout.pieces()) {
    const std::size_t low = std::max(begin, piece.begin), high = std::min(begin + count, piece.begin + piece.size);
    if (low < high) copy(piece.id, low - piece.begin, low - begin, high - low);
  }
}

/// part(id): the tensor's values or gradients.
template <class T, class Part>
void copy_out(const FlatLayout& layout, std::span<T> flat, std::size_t begin, Part&& part) {
  walk(layout, begin, flat.size(), [&](TensorId id, std::size_t from, std::size_t at, std::size_t count) {
    std::ranges::copy(part(id).subspan(from, count), flat.subspan(at).begin());
  });
}

template <class T, class Part>
void copy_in(const FlatLayout& layout, std::span<const T> flat, std::size_t begin, Part&& part) {
  walk(layout, begin, flat.size(), [&](TensorId id, std::size_t from, std::size_t at, std::size_t count) {
    std::ranges::copy(flat.subspan(at, count), part(id).subspan(from).begin());
  });
}

}  // namespace

FlatLayout::FlatLayout(const GraphSpec& spec) {
  for (std::size_t i = 0; i < spec.tensors().size(); ++i)
    if (spec.tensors()[i].role == Role::parameter) add(spec, i);
}

FlatLayout::FlatLayout(const GraphSpec& spec, std::span<const std::string> names) {
  std::vector<bool> wanted(spec.tensors().size());
  for (const std::string& name : names) {
    const auto i = static_cast<std::size_t>(spec.require(name));
    if (spec.tensors()[i].role != Role::parameter)
      throw Error(ErrorCode::invalid_argument, text("\"", name, "\" is not a parameter; only parameters are exchanged"));
    wanted[i] = true;
  }
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (wanted[i]) add(spec, i);
}

void FlatLayout::add(const GraphSpec& spec, std::size_t tensor) {
  const TensorSpec& t = spec.tensors()[tensor];
  pieces_.push_back({static_cast<TensorId>(tensor), size_, static_cast<std::size_t>(t.shape.size()), t.decay});
  size_ += pieces_.back().size;
}

template <class T>
void gradients_out(const Graph<T>& graph, const FlatLayout& layout, std::span<T> flat, std::size_t begin) {
  copy_out<T>(layout, flat, begin, [&](TensorId id) { return graph.grad(id); });
}

template <class T>
void gradients_in(Graph<T>& graph, const FlatLayout& layout, std::span<const T> flat, std::size_t begin) {
  copy_in<T>(layout, flat, begin, [&](TensorId id) { return graph.grad(id); });
}

template <class T>
void weights_out(const Graph<T>& graph, const FlatLayout& layout, std::span<T> flat, std::size_t begin) {
  copy_out<T>(layout, flat, begin, [&](TensorId id) { return graph.value(id); });
}

template <class T>
void weights_in(Graph<T>& graph, const FlatLayout& layout, std::span<const T> flat, std::size_t begin) {
  copy_in<T>(layout, flat, begin, [&](TensorId id) { return graph.value(id); });
}

template <class T>
void tree_sum(std::span<const std::span<T>> arrays) {
  if (arrays.empty()) throw Error(ErrorCode::invalid_argument, "there are no arrays to add; give one for every worker");
  for (const std::span<T> array : arrays)
    if (array.size() != arrays[0].size())
      throw Error(ErrorCode::shape_mismatch,
                  text("one worker sent ", array.size(), " numbers and another ", arrays[0].size(), "; all must send as many"));
  for (std::size_t stride = 1; stride < arrays.size(); stride *= 2)
    for (std::size_t i = 0; i + stride < arrays.size(); i += 2 * stride) kernels::accumulate<T>(arrays[i + stride], arrays[i]);
}

template <class T>
void average(std::span<const std::span<T>> arrays) {
  tree_sum(arrays);
  if (arrays.size() > 1) kernels::scale<T>(T(1) / static_cast<T>(arrays.size()), arrays[0]);
}

template void gradients_out<float>(const Graph<float>&, const FlatLayout&, std::span<float>, std::size_t);
template void gradients_in<float>(Graph<float>&, const FlatLayout&, std::span<const float>, std::size_t);
template void weights_out<float>(const Graph<float>&, const FlatLayout&, std::span<float>, std::size_t);
template void weights_in<float>(Graph<float>&, const FlatLayout&, std::span<const float>, std::size_t);
template void tree_sum<float>(std::span<const std::span<float>>);
template void average<float>(std::span<const std::span<float>>);
template void gradients_out<double>(const Graph<double>&, const FlatLayout&, std::span<double>, std::size_t);
template void gradients_in<double>(Graph<double>&, const FlatLayout&, std::span<const double>, std::size_t);
template void weights_out<double>(const Graph<double>&, const FlatLayout&, std::span<double>, std::size_t);
template void weights_in<double>(Graph<double>&, const FlatLayout&, std::span<const double>, std::size_t);
template void tree_sum<double>(std::span<const std::span<double>>);
template void average<double>(std::span<const std::span<double>>);

}  // namespace x2g
