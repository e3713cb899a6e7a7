// A small grammar that writes stories from a table of lines. Not a template engine for pages.
//
//   # a comment
//   @animal = animal / voice          a record: one line is chosen per story and kept; its fields are used by name
//   fox / barked
//   @greeting                         a phrase: a line is chosen anew at every use
//   "Hello!" {voice} the {animal}.
//   -                                 an empty line of a phrase
//
// {name} is a phrase or a field defined above it, {Name} the same with a capital letter. The last phrase is the story.
// Since a line may only use what stands above it, expansion ends by construction.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "x2g/base/rng.hpp"

namespace x2g {

class Grammar {
 public:
  struct Line {
    std::string_view text;   // as in the table
    std::uint64_t uses = 0;  // how often it was chosen, for the tests
  };

  /// Compiles the table, which must outlive the grammar. A fault is Error(invalid_argument) with the line.
  explicit Grammar(std::string_view table);
  /// Appends one story, without a line break at its end.
  void write(Rng& rng, std::string& out);
  std::span<const Line> lines() const { return lines_; }

 private:
  struct Piece {  // literal text, then optionally a rule's field
    std::string_view literal;
    std::uint32_t rule, field;
    bool capital;
  };
  struct Range {
    std::uint32_t begin, end;
  };
  struct Rule {
    std::vector<std::string_view> fields;  // of a phrase: its own name
    std::uint32_t first_line, lines = 0;
    bool record;
    std::uint32_t chosen = kNone;
  };
  static constexpr std::uint32_t kNone = ~0u;
  void compile(std::string_view text, const Rule& rule, std::size_t line_number);
  void expand(std::uint32_t rule, std::uint32_t field, Rng& rng, std::string& out);

  std::vector<Rule> rules_;
  std::vector<Line> lines_;
  std::vector<std::uint32_t> line_fields_;  // index into fields_ of each line's first field
  std::vector<Range> fields_;               // pieces of each field
  std::vector<Piece> pieces_;
};

}  // namespace x2g
