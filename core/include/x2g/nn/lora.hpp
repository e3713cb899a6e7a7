// Low-rank adaptation (Hu et al. 2021, "LoRA", section 4.1): a trained model stays as it is, and chosen linear layers learn a small correction.
//
//   y = x Wᵀ + b + (α/r) (x Aᵀ) Bᵀ       W (O, I) frozen   A (r, I) normal   B (O, r) zero, so that training starts at the base model
//   merged: W' = W + (α/r) B A           the same function at the base model's cost
//
// A starts with deviation 1/√I, so that x Aᵀ has the size of x; the paper only says Gaussian.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "x2g/graph/graph.hpp"

namespace x2g {

/// Which layers get a correction, and how large it may be.
struct LoraConfig {
  std::uint32_t rank = 4;            ///< 1 … 256
  double alpha = 8;                  ///< α: the correction is scaled by α/rank
  std::vector<std::string> targets;  ///< ends of the names of linear nodes: "attn.q", "attn.v"
};

/// The spec with every parameter frozen (a buffer of the same name) and, for each linear node N whose name ends as a target says,
/// parameters N.lora.A and N.lora.B; N.base is what N was, N.lora the correction, N their sum. Throws Error(unknown_name) when a target
/// fits no linear node, Error(invalid_argument) for a rank or alpha out of range or a weight that another node shares (a tied head).
GraphSpec with_lora(const GraphSpec& base, const LoraConfig& c);

/// Copies every parameter and buffer of `from` that `to` has by name and shape as a parameter or buffer; returns how many.
template <class T>
std::size_t copy_by_name(const Graph<T>& from, Graph<T>& to);

/// Sizes of one correction.
struct LoraShape {
  std::size_t O;  ///< outputs of the layer
  std::size_t I;  ///< its inputs
  std::size_t R;  ///< rank
  double scale;   ///< α/r
};

/// W += scale B A. unmerge takes the same product away again, so that W comes back within rounding.
template <class T>
void lora_merge(const LoraShape& s, std::span<const T> A, std::span<const T> B, std::span<T> W);
/// W −= scale B A.
template <class T>
void lora_unmerge(const LoraShape& s, std::span<const T> A, std::span<const T> B, std::span<T> W);

/// Weights of a graph made by with_lora into one of the base spec: copied by name, corrections merged. Returns how many were merged.
template <class T>
std::size_t merge_into_base(const Graph<T>& tuned, Graph<T>& base);

}  // namespace x2g
