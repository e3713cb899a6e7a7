// Any tokenizer behind one face, as JavaScript holds it: characters, bytes, or learned pieces of text. Texts come in as UTF-8 and go out as
// bytes, because a token may be a part of a character. What is trained stands in bindings_tools_text.cpp and bindings_tools_unigram.cpp.
#pragma once

#include <emscripten/val.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "x2g/text/bpe.hpp"
#include "x2g/text/tokenizer.hpp"
#include "x2g/text/unigram.hpp"

namespace x2g::border {

class Vocabulary {
 public:
  virtual ~Vocabulary();
  emscripten::val info() const;                                 ///< {kind, size, merges, special: [{id, text}]}
  emscripten::val encode(std::string text) const;               ///< Uint32Array
  emscripten::val decode(emscripten::val of, bool skip) const;  ///< Uint8Array; skip: special tokens are left out
  emscripten::val labels(double begin, double end) const;       ///< [string] of the ids begin … end − 1
  double find(std::string text) const;                          ///< −1 when no token is this text
  emscripten::val merges() const;                               ///< {left, right, token: Uint32Array} in the order of their ranks
  std::string write(std::string form) const;                    ///< "tokenizer.json", "vocab.json", "merges.txt"

  // Unigrams only; Error(bad_state) of the others.
  emscripten::val samples(std::string text, double alpha, double seed, double n) const;  ///< [Uint32Array], one segmentation each
  double log_probability(std::string text) const;                                        ///< ln Σ P of all segmentations
  emscripten::val scores(double begin, double end) const;                                ///< Float64Array, ln p of the ids

 protected:
  using Ids = std::vector<std::uint32_t>;
  virtual std::string_view kind() const = 0;
  virtual std::uint32_t size() const = 0;
  virtual Ids ids_of(std::string_view text) const = 0;
  virtual std::string text_of(std::span<const std::uint32_t> of, bool skip_special) const = 0;
  virtual std::string label(std::uint32_t id) const = 0;
  virtual std::uint32_t id_of(std::string_view text) const = 0;  ///< TokenTable::kNone when there is none
  virtual std::span<const BpeRule> rules() const { return {}; }
  virtual const Unigram& unigram() const;
  virtual void add_special(emscripten::val&) const {}
  virtual std::string file(std::string_view form) const;
};

// Made here, owned and deleted by JavaScript.
Vocabulary* character_vocabulary(std::string corpus);  ///< the characters of a text
Vocabulary* byte_vocabulary();
Vocabulary* bpe_vocabulary(Bpe bpe);
Vocabulary* unigram_vocabulary(Unigram unigram);
Vocabulary* read_vocabulary(std::string tokenizer_json);
Vocabulary* read_gpt2_vocabulary(std::string vocab_json, std::string merges_txt);

Split split_from(std::string_view name);  ///< "words", "lines", "none"

}  // namespace x2g::border
