// What CachedDecoder runs: the nodes of a graph that the logits need, each checked to treat every token by itself or to be causal
// attention, with its weights found and a place for its rows. Made once; running it is cached_decoder.cpp's.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "x2g/lm/cached_decoder.hpp"
#include "x2g/ops/attend.hpp"

namespace x2g {

struct DecoderStep {
  OpKind kind;
  OpAttributes attributes;
  std::array<TensorId, 3> in{kNoTensor, kNoTensor, kNoTensor};  // rows; kNoTensor where `fixed` is meant, or nothing
  std::array<std::span<const float>, 3> fixed;                  // weights and tables
  TensorId out = kNoTensor;
  std::size_t layer = 0;    // attention: of the cache
  AttendShape heads{};      // attention: H, G, D, Dv, scale, score, alibi
  float softmax_scale = 1;  // attention: where the scale is part of the softmax
  bool fused = false;       // attention: q, k, v are the parts of in[0]
};

struct DecoderPlan {
  std::vector<DecoderStep> steps;
  std::vector<std::uint32_t> widths;  // of one token's row, by tensor; 0: no row
  std::vector<std::size_t> places;    // where the rows begin in the working memory, by tensor; tensors that never meet share one
  std::vector<KvWidths> layers;
  TensorId logits = kNoTensor;
  std::uint32_t vocab = 0;  // ids are below it: rows of the smallest embedding
  std::size_t chunk = 0, window = 0;
  std::size_t values = 0, angles = 0, scores = 0, panels = 0;  // elements of the working memory's parts
};

/// Error(invalid_argument) names the node that cannot be decoded token by token.
std::unique_ptr<const DecoderPlan> plan_decoder(const Graph<float>& graph, const CachedDecoderConfig& config);

}  // namespace x2g
