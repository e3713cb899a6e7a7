// A weights file opened for use: its shape, its tokenizer, and a forward-only graph that holds its weights.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "x2g/graph/graph.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/text/tokenizer.hpp"

namespace x2g::cli {

/// The model of a safetensors file, as `x2g train` and the tiny-gpt lesson write it. Errors name the file.
struct ModelFile {
  std::string path;
  std::vector<std::uint8_t> bytes;
  GptConfig config;
  Tokenizer tokenizer;

  static ModelFile open(const std::string& path);
  static ModelFile from(const std::string& path, std::vector<std::uint8_t> bytes);  ///< the path is for messages
  void load_into(Graph<float>& graph, const GptConfig& c) const;                    ///< warns of what is odd in the file
  /// batch > 0: with a loss, for that many windows; 0: for writing, one window that ends at the logits.
  std::unique_ptr<Graph<float>> graph(std::uint32_t batch, std::uint64_t memory_limit) const;
};

/// Bytes of so many GB (10⁹).
std::uint64_t memory_limit(double gigabytes);

/// `text` as the tokenizer can read it: as it is, or without the characters it does not know.
std::string known_text(const Tokenizer& tokenizer, std::string text, bool skip_unknown);

}  // namespace x2g::cli
