// Reads tests/golden/bpe.json, which make_bpe.mjs wrote, with the core's own JSON reader.
#pragma once

#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "io/json.hpp"
#include "x2g/text/bpe.hpp"
#include "x2g/text/tokenizer.hpp"

namespace x2g::test {

using Strings = std::pair<std::string, std::string>;
using Encoded = std::pair<std::string, std::vector<std::uint32_t>>;

struct BpeGolden {
  std::string classes, lines_hash;
  std::vector<Strings> byte_merges, character_merges;
  std::vector<std::pair<std::string, std::pair<std::uint64_t, std::string>>> lines;  // variant, ids, their hash
  std::vector<Encoded> awkward, awkward_prefix;
};

inline std::string read_golden(const std::string& name) {
  std::ifstream in(std::string(X2G_GOLDEN_DIR) + "/" + name, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read the golden file " + name);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// A token as GPT-2's files write it, one character a byte, as those bytes.
inline std::string from_byte_alphabet(std::string_view written) {
  std::array<std::uint8_t, 512> byte{};
  const std::array<std::uint8_t, 256> order = gpt2_byte_order();
  for (std::size_t i = 0; i < 256; ++i) byte[i < 188 ? order[i] : 256 + i - 188] = order[i];
  std::string out;
  for (std::size_t at = 0; at < written.size();) {
    const CodePoint c = decode_utf8(written, at);
    out += static_cast<char>(byte.at(c.value));
    at += c.bytes;
  }
  return out;
}

inline std::vector<Encoded> read_encoded(JsonReader& json) {
  std::vector<Encoded> out;
  json.begin_array();
  while (json.next_item()) {
    json.begin_array();
    json.next_item();
    Encoded e{json.string(), {}};
    json.next_item();
    json.begin_array();
    while (json.next_item()) e.second.push_back(static_cast<std::uint32_t>(json.whole_number()));
    json.next_item();
    out.push_back(std::move(e));
  }
  return out;
}

inline BpeGolden read_bpe_golden() {
  BpeGolden g;
  const std::string file = read_golden("bpe.json");
  JsonReader json(file);
  std::string key;
  json.begin_object();
  while (json.next_key(key)) {
    if (key == "classes") {
      g.classes = json.string();
    } else if (key == "lines") {
      json.begin_object();
      while (json.next_key(key)) {
        if (key == "hash") {
          g.lines_hash = json.string();
          continue;
        }
        g.lines.push_back({key, {}});
        json.begin_object();
        while (json.next_key(key)) {
          if (key == "count")
            g.lines.back().second.first = json.whole_number();
          else
            g.lines.back().second.second = json.string();
        }
      }
    } else if (key == "byte_merges") {
      json.begin_array();
      while (json.next_item()) {
        const std::string both = json.string();
        const std::size_t blank = both.find(' ');
        g.byte_merges.emplace_back(from_byte_alphabet(both.substr(0, blank)), from_byte_alphabet(both.substr(blank + 1)));
      }
    } else if (key == "character_merges") {
      json.begin_array();
      while (json.next_item()) {
        json.begin_array();
        json.next_item();
        std::string left = json.string();
        json.next_item();
        g.character_merges.emplace_back(std::move(left), json.string());
        json.next_item();
      }
    } else if (key == "awkward" || key == "awkward_prefix") {
      (key == "awkward" ? g.awkward : g.awkward_prefix) = read_encoded(json);
    } else {
      json.skip();
    }
  }
  return g;
}

}  // namespace x2g::test
