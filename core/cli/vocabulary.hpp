// The tokenizer of a model, of any kind that a weights file holds: characters, bytes, or byte pairs learned from a text.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "x2g/graph/graph.hpp"
#include "x2g/io/hf_export.hpp"
#include "x2g/lm/gpt_file.hpp"
#include "x2g/text/hf_tokenizer.hpp"
#include "x2g/text/tokenizer.hpp"

namespace x2g::cli {

class Vocabulary {
 public:
  explicit Vocabulary(Tokenizer plain = Tokenizer::bytes()) : plain_(std::move(plain)) {}
  /// tokenizer_json: as HfTokenizer writes it.
  explicit Vocabulary(std::string tokenizer_json);
  /// Byte pairs of a text (of its first 8 MB), joined until there are so many tokens; fewer where no pair stands twice any more.
  static Vocabulary learned(std::string_view text, std::uint32_t tokens);
  /// As a file of weights says; Error(bad_file) where it does not, or the tokens are more than the embedding's rows.
  static Vocabulary of(const GptFile& file);

  std::string_view kind() const;   ///< "char", "byte", "bpe", as files call it
  std::string_view units() const;  ///< "characters", "bytes", "tokens of byte pairs", for people
  std::uint32_t size() const { return pairs_ ? pairs_->size() : plain_.size(); }
  std::string identity() const;  ///< the same for the same vocabulary only

  std::vector<std::uint32_t> encode(std::string_view text) const;
  std::vector<std::uint32_t> encode_known(std::string_view text) const;
  /// `text` as encode() can read it: as it is, or without the characters that are not known.
  std::string known_text(std::string text, bool skip_unknown) const;
  std::vector<std::string> token_bytes() const;

  std::vector<std::uint8_t> save(const Graph<float>& graph, const GptConfig& config) const;
  std::string load(std::span<const std::uint8_t> file, Graph<float>& graph, const GptConfig& config) const;  ///< a warning, or empty
  HfExport folder(const Graph<float>& graph, const GptConfig& config) const;

 private:
  Tokenizer plain_;
  std::optional<HfTokenizer> pairs_;  // takes the place of plain_
  std::string json_;                  // of pairs_
};

}  // namespace x2g::cli
