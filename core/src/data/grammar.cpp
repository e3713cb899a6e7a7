#include "data/grammar.hpp"

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
  return s;
}

/// Takes the text before the separator off `rest` (all of it when there is none).
std::string_view take(std::string_view& rest, char separator) {
  const std::size_t at = rest.find(separator);
  const std::string_view head = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return head;
}

bool same_name(std::string_view used, std::string_view name) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return used.size() == name.size() && !name.empty() && lower(used[0]) == name[0] && used.substr(1) == name.substr(1);
}

}  // namespace

Grammar::Grammar(std::string_view table) {
  std::size_t number = 0;
  while (!table.empty()) {
    const std::string_view line = trimmed(take(table, '\n'));
    ++number;
    if (line.empty() || line.front() == '#') continue;
    if (line.front() == '@') {
      std::string_view rest = line.substr(1);
      const std::string_view name = trimmed(take(rest, '='));
      Rule rule{{}, static_cast<std::uint32_t>(lines_.size()), 0, !rest.empty(), kNone};
      while (!rest.empty()) rule.fields.push_back(trimmed(take(rest, '/')));
      if (!rule.record) rule.fields.push_back(name);
      rules_.push_back(std::move(rule));
    } else {
      if (rules_.empty()) throw Error(ErrorCode::invalid_argument, text("grammar line ", number, ": a line before the first rule"));
      compile(line, rules_.back(), number);
      ++rules_.back().lines;
    }
  }
  if (rules_.empty() || rules_.back().record) throw Error(ErrorCode::invalid_argument, "a grammar must end with a phrase");
  for (const Rule& rule : rules_) {
    if (rule.lines == 0) throw Error(ErrorCode::invalid_argument, text("the grammar's rule ", rule.fields[0], " has no lines"));
  }
}

/// Cuts one line into fields, each field into literals and references to rules above `rule`.
void Grammar::compile(std::string_view source, const Rule& rule, std::size_t line_number) {
  const auto fail = [&](std::string_view why) { throw Error(ErrorCode::invalid_argument, text("grammar line ", line_number, ": ", why)); };
  lines_.push_back({source});
  line_fields_.push_back(static_cast<std::uint32_t>(fields_.size()));
  std::string_view rest = source;
  std::size_t count = 0;
  while (!rest.empty()) {
    std::string_view field = rule.record ? trimmed(take(rest, '/')) : take(rest, '\n');
    if (field == "-") field = {};
    ++count;
    const auto begin = static_cast<std::uint32_t>(pieces_.size());
    while (!field.empty()) {
      Piece piece{take(field, '{'), kNone, 0, false};
      if (piece.literal.find('}') != std::string_view::npos) fail("a \"}\" without \"{\"");
      if (const std::string_view name = take(field, '}'); !name.empty()) {
        for (std::uint32_t r = 0; r + 1 < rules_.size() && piece.rule == kNone; ++r) {
          for (std::uint32_t f = 0; f < rules_[r].fields.size(); ++f) {
            if (!same_name(name, rules_[r].fields[f])) continue;
            piece.rule = r;
            piece.field = f;
            piece.capital = name[0] != rules_[r].fields[f][0];
            break;
          }
        }
        if (piece.rule == kNone) fail(text("{", name, "} is not defined above"));
      }
      pieces_.push_back(piece);
    }
    fields_.push_back({begin, static_cast<std::uint32_t>(pieces_.size())});
  }
  if (count != rule.fields.size()) fail(text(count, " fields; its rule has ", rule.fields.size()));
}

void Grammar::expand(std::uint32_t index, std::uint32_t field, Rng& rng, std::string& out) {
  Rule& rule = rules_[index];
  std::uint32_t line = rule.chosen;
  if (line == kNone) {
    line = rule.first_line + rng.below(rule.lines);
    ++lines_[line].uses;
    if (rule.record) rule.chosen = line;
  }
  const Range range = fields_[line_fields_[line] + field];
  for (std::uint32_t p = range.begin; p < range.end; ++p) {
    const Piece piece = pieces_[p];
    std::string_view literal = piece.literal;
    // After an empty phrase the blank that separates sentences would stand twice.
    if (literal.starts_with(' ') && (out.empty() || out.back() == ' ' || out.back() == '\n')) literal.remove_prefix(1);
    out += literal;
    if (piece.rule == kNone) continue;
    const std::size_t start = out.size();
    expand(piece.rule, piece.field, rng, out);
    if (piece.capital && out.size() > start && out[start] >= 'a' && out[start] <= 'z')
      out[start] = static_cast<char>(out[start] - 'a' + 'A');
  }
}

void Grammar::write(Rng& rng, std::string& out) {
  for (Rule& rule : rules_) rule.chosen = kNone;
  expand(static_cast<std::uint32_t>(rules_.size() - 1), 0, rng, out);
  while (!out.empty() && out.back() == ' ') out.pop_back();
}

}  // namespace x2g
