// What data-parallel workers exchange: the gradients of a set of parameters as one flat array, out of a graph and in again, and their sum
// in a fixed order. Moves numbers only; who sends them where is the caller's business.
//
// A step of k workers: each runs run_to_update() on its share of the batch (TrainOptions worker, workers), gradients_out; the k arrays
// are averaged by average(); gradients_in; then every worker makes the same update. Losses are means over a share, so that the average of
// the k gradients is the gradient of the whole batch; where targets are ignored, only when all shares ignore as many.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "x2g/graph/graph.hpp"

namespace x2g {

/// Where the parameters lie in the flat array: contiguous, without padding, in the order of the spec.
class FlatLayout {
 public:
  /// One parameter's place.
  struct Piece {
    TensorId id = kNoTensor;  ///< of the spec
    std::size_t begin = 0;    ///< its first element in the flat array
    std::size_t size = 0;     ///< elements
    bool decay = false;       ///< weight decay applies to it
  };

  explicit FlatLayout(const GraphSpec& spec);  ///< all parameters
  /// Some of them, whatever the order of the names. Error(unknown_name | invalid_argument) for what is no parameter.
  FlatLayout(const GraphSpec& spec, std::span<const std::string> names);

  const std::vector<Piece>& pieces() const { return pieces_; }  ///< in the order of the spec
  std::size_t size() const { return size_; }                    ///< of the flat array, elements

 private:
  void add(const GraphSpec& spec, std::size_t tensor);
  std::vector<Piece> pieces_;
  std::size_t size_ = 0;
};

/// Elements begin … begin + flat.size() of the flat array from the graph's gradients. Error(shape_mismatch) beyond its end.
template <class T>
void gradients_out(const Graph<T>& graph, const FlatLayout& layout, std::span<T> flat, std::size_t begin = 0);
/// The same elements into the graph's gradients.
template <class T>
void gradients_in(Graph<T>& graph, const FlatLayout& layout, std::span<const T> flat, std::size_t begin = 0);
/// The same elements from the graph's parameters.
template <class T>
void weights_out(const Graph<T>& graph, const FlatLayout& layout, std::span<T> flat, std::size_t begin = 0);
/// The same elements into the graph's parameters.
template <class T>
void weights_in(Graph<T>& graph, const FlatLayout& layout, std::span<const T> flat, std::size_t begin = 0);

/// arrays[0] becomes the sum of all, added as a binary tree: (0+1) + (2+3) … The other arrays hold sums of branches after. The order
/// depends on k alone, so that the same k gives the same bits whoever finishes first. Error(shape_mismatch) for unequal lengths.
template <class T>
void tree_sum(std::span<const std::span<T>> arrays);
/// tree_sum, then arrays[0] / k.
template <class T>
void average(std::span<const std::span<T>> arrays);

}  // namespace x2g
