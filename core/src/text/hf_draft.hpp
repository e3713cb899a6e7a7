// What a tokenizer.json (or vocab.json and merges.txt) says, as it was read and where; finish() checks that it fits together and makes
// a vocabulary of it. Memory stays in proportion to the file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "io/json.hpp"
#include "x2g/text/hf_tokenizer.hpp"

namespace x2g {

struct HfDraft {
  struct Place {
    std::uint32_t id;
    std::uint32_t at;  // byte in the file
  };
  TokenTable vocabulary;              // as written, in the file's order
  std::vector<Place> vocabulary_ids;  // of each
  TokenTable merges;                  // left, right, left, right …, as written; nothing is looked up in it
  std::vector<std::uint32_t> merges_at;
  std::vector<AddedToken> added;
  std::vector<std::uint32_t> added_at;
  std::string unknown;
  Split split = Split::words;
  bool has_unknown = false, prefix_space = false, ignore_merges = false;

  void read_vocabulary(JsonReader& json);
  void read_merges(JsonReader& json);
  void read_merges_text(std::string_view text);
  HfTokenizerParts finish() const;

 private:
  void add_merge(std::string_view left, std::string_view right, std::uint64_t at);
};

/// A name as it may appear in a message: not longer than a line.
std::string shown_token(std::string_view name);
[[noreturn]] void fail_at(std::uint64_t at, std::string_view why);

}  // namespace x2g
