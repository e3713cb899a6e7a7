// Quantized models: the weights of a built graph's linear layers become what their codes decode to, and the bytes they would take are counted.
//
// QLoRA (Dettmers et al. 2023, section 3) is this on a graph of with_lora (nn/lora.hpp): the frozen base is stored in 4 bits and decoded for
// use, only A and B learn. Here the decoded weights stand in the graph's buffers, so that training sees the very numbers; memory is
// reported, not saved (quant/matmul.hpp multiplies without a decoded copy).
// Weights that another kind of node reads as well (a tied embedding) and all that is no linear weight stay as they are, as in the paper.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "x2g/graph/graph.hpp"
#include "x2g/quant/quantize.hpp"

namespace x2g {

/// Which linear weights: of the frozen ones (buffers) or of all; of these, nodes whose names end as one of `targets` says, none given: every one.
struct QuantTargets {
  bool frozen_only = true;           ///< buffers only, parameters stay
  std::vector<std::string> targets;  ///< "attn.qkv", "mlp.fc"
};

/// One weight (O, I) that was replaced.
struct QuantizedWeight {
  std::string name;                   ///< of the tensor
  std::uint64_t rows = 0;             ///< O
  std::uint64_t columns = 0;          ///< I
  std::uint64_t float_bytes = 0;      ///< 4 O I
  std::uint64_t quantized_bytes = 0;  ///< of codes and constants
  QuantError error;                   ///< of its decoded values
};

/// What quantize_weights did, and the model's size before and after.
struct QuantReport {
  std::vector<QuantizedWeight> weights;  ///< in the order of the nodes
  std::uint64_t kept_bytes = 0;          ///< parameters and buffers that stay in float: 4 bytes each
  std::uint64_t float_bytes() const;     ///< the whole model before: 4 bytes a number, without the arena's padding
  std::uint64_t total_bytes() const;     ///< … and after
};

/// Replaces the chosen weights by their decoded values. A double graph's weights are rounded to float first.
/// Error(unknown_name) when nothing is chosen or a target fits no linear layer; Error(invalid_argument) when a weight is not finite: then
/// no weight has changed.
template <class T>
QuantReport quantize_weights(Graph<T>& graph, const QuantConfig& c, const QuantTargets& which = {});

extern template QuantReport quantize_weights<float>(Graph<float>&, const QuantConfig&, const QuantTargets&);
extern template QuantReport quantize_weights<double>(Graph<double>&, const QuantConfig&, const QuantTargets&);

}  // namespace x2g
