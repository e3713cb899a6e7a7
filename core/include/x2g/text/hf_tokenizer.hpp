// Byte-level BPE vocabularies made elsewhere: Hugging Face's tokenizer.json, and the pair vocab.json + merges.txt of GPT-2. Reads and
// writes both, and encodes to the same ids as Hugging Face's tokenizers (0.23).
// Read: model BPE (with unk_token, ignore_merges), merges as "a b" or ["a", "b"], added tokens, pre-tokenizer ByteLevel with or without
// add_prefix_space and use_regex. Anything else that would change the ids (a normalizer, other models and pre-tokenizers, a template of
// special tokens, lstrip, dropout, truncation) is refused by name rather than left out.
// One thing differs on purpose: a byte without a token is an Error here where theirs drops it silently.
// Limits: 32 MB of text, 300 000 tokens, 300 000 merges. Every fault is Error(bad_file) "byte N: …".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "x2g/text/bpe.hpp"

namespace x2g {

/// A token that is found in the text before it is cut, whatever stands around it.
struct AddedToken {
  std::uint32_t id;         ///< as encode() gives it
  std::string text;         ///< as it stands in a text
  bool special = true;      ///< decode() can leave it out
  bool normalized = false;  ///< looked for after the others
  bool in_model = false;    ///< it stands in the model's vocabulary, too
};

/// What a tokenizer.json says.
struct HfTokenizerParts {
  BpeParts bpe;                               ///< the model
  std::vector<AddedToken> added;              ///< in the file's order
  bool prefix_space = false;                  ///< a blank is put before a text that does not begin with one
  bool ignore_merges = false;                 ///< a piece that is a token is one, whatever the merges say
  std::uint32_t unknown = TokenTable::kNone;  ///< stands for what has no token; kNone: nothing does
};

/// A byte pair tokenizer as Hugging Face's tokenizers keeps it.
class HfTokenizer {
 public:
  static constexpr std::size_t kLongestFile = 32000000;  ///< bytes

  static HfTokenizer read(std::string_view tokenizer_json);  ///< refuses what it would read otherwise than they do
  /// "<|endoftext|>", when it is in the vocabulary, becomes an added token as GPT-2 has it.
  static HfTokenizer read_gpt2(std::string_view vocab_json, std::string_view merges_txt);
  /// A vocabulary trained here, over bytes and not cut by lines; with a special token "<|endoftext|>" at the end if wanted.
  explicit HfTokenizer(const Bpe& trained, bool end_of_text = false);

  std::string write() const;         ///< tokenizer.json, laid out as Hugging Face's tokenizers save it (all merges in two strings)
  std::string write_vocab() const;   ///< GPT-2's vocab.json; Error(invalid_argument) with added tokens other than "<|endoftext|>"
  std::string write_merges() const;  ///< GPT-2's merges.txt

  std::uint32_t size() const { return bpe_.size(); }                                        ///< tokens, added ones included
  std::vector<std::uint32_t> encode(std::string_view text) const;                           ///< added tokens are found first
  std::string decode(std::span<const std::uint32_t> ids, bool skip_special = false) const;  ///< bytes: broken sequences stay as they are
  std::string label(std::uint32_t id) const { return bpe_.label(id); }                      ///< for display
  const Bpe& bpe() const { return bpe_; }                                                   ///< the model
  const std::vector<AddedToken>& added() const { return added_; }                           ///< as read
  bool prefix_space() const { return prefix_space_; }                                       ///< see HfTokenizerParts
  std::uint32_t unknown() const { return unknown_; }  ///< stands for bytes without a token; TokenTable::kNone: nothing does

 private:
  struct Section {
    std::size_t begin, end;
    std::uint32_t id;  // of the added token it is; TokenTable::kNone: text
  };
  explicit HfTokenizer(HfTokenizerParts parts);
  void find_added(std::string_view text, bool normalized, std::vector<Section>& sections) const;
  std::uint32_t longest_added(std::string_view text, std::size_t at, bool normalized) const;
  std::string vocabulary() const;
  Bpe bpe_;
  std::vector<AddedToken> added_;
  std::vector<std::uint32_t> sorted_;  // places in added_, by text
  bool prefix_space_ = false, ignore_merges_ = false;
  std::uint32_t unknown_ = TokenTable::kNone;
};

}  // namespace x2g
