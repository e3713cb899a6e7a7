// A weights file opened for use: its shape, its tokenizer, and a forward-only graph that holds its weights.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "vocabulary.hpp"
#include "x2g/graph/graph.hpp"
#include "x2g/nn/models.hpp"

namespace x2g::cli {

/// The model of a safetensors file, as `x2g train` and the tiny-gpt lesson write it. Errors name the file.
struct ModelFile {
  std::string path;
  std::vector<std::uint8_t> bytes;
  GptConfig config;
  Vocabulary vocabulary;

  static ModelFile open(const std::string& path);
  static ModelFile from(const std::string& path, std::vector<std::uint8_t> bytes);  ///< the path is for messages
  void load_into(Graph<float>& graph, const GptConfig& c) const;                    ///< warns of what is odd in the file
  /// batch > 0: with a loss, for that many windows; 0: for writing, one window that ends at the logits.
  std::unique_ptr<Graph<float>> graph(std::uint32_t batch, std::uint64_t memory_limit) const;
};

/// Bytes of so many GB (10⁹).
std::uint64_t memory_limit(double gigabytes);

}  // namespace x2g::cli
