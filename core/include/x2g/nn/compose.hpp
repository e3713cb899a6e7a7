// The small ops as functions on a spec, for building models in C++ out of them: reshapes, slices, products, sums.
// Each adds one node called `name` (split: several) and returns its output. No model of its own stands here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "x2g/graph/spec.hpp"

namespace x2g {

TensorId mul(GraphSpec& spec, std::string name, TensorId a, TensorId b);                              ///< b as a, or its last dimensions
TensorId scale(GraphSpec& spec, std::string name, TensorId x, double factor);                         ///< y = factor x
TensorId matmul(GraphSpec& spec, std::string name, TensorId a, TensorId b, bool transposed = false);  ///< y = a b, or a bᵀ
TensorId softmax(GraphSpec& spec, std::string name, TensorId x, bool causal = false);                 ///< over the last axis
TensorId sum(GraphSpec& spec, std::string name, TensorId x, std::uint32_t axis);                      ///< the axis goes
TensorId mean(GraphSpec& spec, std::string name, TensorId x, std::uint32_t axis);                     ///< the axis goes
TensorId sum_all(GraphSpec& spec, std::string name, TensorId x);                                      ///< one number, shape ()
TensorId mean_all(GraphSpec& spec, std::string name, TensorId x);                                     ///< one number, shape ()

TensorId concat(GraphSpec& spec, std::string name, std::vector<TensorId> parts, std::uint32_t axis);  ///< 2 to 8 parts
/// Elements begin … end − 1 of one axis; end 0 is the axis's length.
TensorId slice(GraphSpec& spec, std::string name, TensorId x, std::uint32_t axis, std::uint32_t begin, std::uint32_t end);
/// `parts` slices of equal length along an axis, called `name.0`, `name.1`, …  Throws Error(shape_mismatch) when they do not come out even.
std::vector<TensorId> split(GraphSpec& spec, const std::string& name, TensorId x, std::uint32_t axis, std::uint32_t parts);
/// Axis k of y is order[k] of x.
TensorId transpose(GraphSpec& spec, std::string name, TensorId x, const std::vector<std::uint32_t>& order);
TensorId reshape(GraphSpec& spec, std::string name, TensorId x, Shape shape);  ///< as many elements in the same order
TensorId flatten(GraphSpec& spec, std::string name, TensorId x);               ///< (N, …) → (N, all the rest)

/// Weighted sum of losses (each one number, shape ()): Σ_i weights[i] losses[i], as a chain of scale and add nodes `name.…` ending in `name`.
TensorId weighted_sum(GraphSpec& spec, const std::string& name, const std::vector<TensorId>& losses, const std::vector<double>& weights);

}  // namespace x2g
