// Word vectors: skip-gram with negative sampling (Mikolov, Sutskever, Chen, Corrado, Dean 2013, equation 4) as a spec.
//
//   loss = −(1/N) Σ_n [ log σ(u_o · v_c) + Σ_k log σ(−u_k · v_c) ]     c: a word, o: one near it, k = 1 … K: words drawn at random
//
// Batches come from train/skipgram_batches.hpp. There is no hidden layer: the tables are the model.
#pragma once

#include <cstdint>

#include "x2g/graph/spec.hpp"

namespace x2g {

/// Tensors: center (N) ids; words (1+K, N) ids, row 0 the true neighbors, the others drawn at random; labels (1+K, N), 1 in row 0, else 0
/// → in.weight (V, C), the vectors v that are kept; out.weight (V, C), the vectors u; v (N, C), u (1+K, N, C), products, scores (1+K, N) =
/// u·v, mean (the cross-entropy by pair and word) with mean.probs = σ(scores), loss = (1+K) mean, the sum over words as in the paper.
struct SkipGramConfig {
  std::uint32_t vocab = 256;    ///< V: different words
  std::uint32_t channels = 16;  ///< C: length of a vector
  std::uint32_t negatives = 5;  ///< K: 5 to 20 for small texts (section 2.2)
  std::uint32_t batch = 64;     ///< N
};
GraphSpec skipgram(const SkipGramConfig& c);  ///< throws Error(invalid_argument) for every field out of range

}  // namespace x2g
