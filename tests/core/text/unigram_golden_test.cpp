// Held to Hugging Face's tokenizers: with the same pieces and scores both find the same likeliest segmentation of every line.
#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "core/text/bpe_golden.hpp"
#include "x2g/text/unigram_trainer.hpp"

namespace {

struct Golden {
  std::vector<x2g::UnigramPiece> pieces;
  std::vector<x2g::test::Encoded> lines;
};

Golden read_unigram_golden() {
  Golden g;
  const std::string file = x2g::test::read_golden("unigram.json");
  x2g::JsonReader json(file);
  std::string key;
  json.begin_object();
  while (json.next_key(key)) {
    if (key == "lines") {
      g.lines = x2g::test::read_encoded(json);
    } else if (key == "pieces") {
      json.begin_array();
      while (json.next_item()) {
        json.begin_array();
        json.next_item();
        std::string text = json.string();
        json.next_item();
        g.pieces.push_back({std::move(text), -static_cast<double>(json.whole_number()) / 1000});
        json.next_item();
      }
    } else {
      json.skip();
    }
  }
  return g;
}

}  // namespace

TEST_CASE("another implementation segments every line alike", "[unigram][golden]") {
  const Golden g = read_unigram_golden();
  REQUIRE(g.pieces.size() > 500);
  REQUIRE(g.lines.size() == 39);
  const x2g::Unigram m(g.pieces, x2g::Split::none);
  for (const auto& [line, expected] : g.lines) {
    CAPTURE(line);
    std::vector<std::uint32_t> ids = m.encode(line);
    for (std::uint32_t& id : ids) id -= x2g::Unigram::kBytes;  // theirs has no bytes
    CHECK(ids == expected);
  }
}

TEST_CASE("writes the pieces for make_unigram.mjs into the current folder", "[.unigram-pieces]") {
  x2g::UnigramTrainer t(x2g::test::read_golden("bpe_corpus.txt"), {1000});
  while (t.step()) {}
  std::ofstream out("unigram_pieces.json", std::ios::binary);
  out << '[';
  bool first = true;
  for (const x2g::UnigramPiece& p : t.pieces()) {
    std::array<char, 40> score{};
    std::snprintf(score.data(), score.size(), "%.6f", p.score);
    out << (first ? "" : ",\n") << '[' << x2g::json_quote(p.text) << ',' << score.data() << ']';
    first = false;
  }
  out << "]\n";
  CHECK(out.good());
}
