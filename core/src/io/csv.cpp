// Reads the text twice: once for its shape and the kind of each column, once for the values. In between nothing but a few bytes a column
// is kept, so that memory stays with the result's.
#include "x2g/io/csv.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "io/csv_scanner.hpp"
#include "io/json.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/io/number.hpp"

namespace x2g {
namespace {

constexpr std::uint32_t kTrialRows = 20;  // that a delimiter is judged by

enum class Kind : std::uint8_t { missing, whole, point, comma, text, too_large };

struct Parsed {
  Kind kind = Kind::text;
  double value = 0;
};

Parsed parse_cell(const CsvCell& cell, bool decimal_commas, std::string& scratch) {
  const std::string_view s = fold_number(cell.text, scratch);
  for (const std::string_view none : {"", "NA", "NaN", "nan", "null"})
    if (s == none) return {Kind::missing, std::numeric_limits<double>::quiet_NaN()};
  DecimalNumber n = parse_decimal(s, '.');
  Kind kind = n.point ? Kind::point : Kind::whole;
  if (n.fault == DecimalNumber::Fault::not_a_number && decimal_commas) {
    n = parse_decimal(s, ',');
    kind = Kind::comma;
  }
  if (n.fault == DecimalNumber::Fault::not_a_number) return {};
  if (n.fault == DecimalNumber::Fault::too_large) return {Kind::too_large};
  return {kind, n.value};
}

/// What pass one learns of a column: which kinds it holds, and the first place of those that may be a fault (row 0: none).
struct Judged {
  bool numbers = false, texts = false;
  CsvPlace point, comma, too_large;

  void add(Kind kind, const CsvPlace& place) {
    texts |= kind == Kind::text;
    numbers |= kind != Kind::text && kind != Kind::missing;
    CsvPlace* const at = kind == Kind::point ? &point : kind == Kind::comma ? &comma : kind == Kind::too_large ? &too_large : nullptr;
    if (at && at->row == 0) *at = place;
  }
  bool numeric() const { return numbers && !texts; }
};

[[noreturn]] void bad(const CsvPlace& at, std::string_view why) {
  throw Error(ErrorCode::bad_file, text("byte ", at.byte, ", row ", at.row, ", column ", at.column, ": ", why));
}

/// Rows that agree on their number of cells, more than one, are the best sign of a delimiter; else the one that cuts the first row most.
char find_delimiter(std::string_view table) {
  std::uint32_t most = 1;
  char best = ',';
  for (const char candidate : {'\t', ';', ','}) {
    CsvScanner scan(table, candidate);
    CsvCell cell;
    std::uint32_t first = 0, rows = 0;
    bool agree = true;
    while (agree && rows < kTrialRows && scan.next(cell)) {
      if (!cell.last) continue;
      if (rows++ == 0) first = cell.place.column;
      agree = cell.place.column == first;
    }
    if (agree && !scan.fault() && first > 1) return candidate;
    if (first > most) {
      most = first;
      best = candidate;
    }
  }
  return best;
}

/// The first row is kept apart until it is known whether it holds names.
struct Judgement {
  std::vector<Kind> first;
  std::vector<CsvPlace> places;  // of the first row's cells
  std::vector<Judged> below;
  std::uint32_t rows = 0;  // the first included

  bool names() const {
    if (rows < 2 || std::ranges::any_of(first, [](Kind k) { return k != Kind::text; })) return false;
    return std::ranges::any_of(below, [](const Judged& j) { return j.numeric(); });
  }
};

Judgement judge(std::string_view table, char delimiter, std::size_t base) {
  Judgement out;
  CsvScanner scan(table, delimiter, base);
  CsvCell cell;
  std::string scratch;
  while (scan.next(cell)) {
    const std::size_t column = cell.place.column - 1, width = out.first.size();
    const Kind kind = parse_cell(cell, delimiter != ',', scratch).kind;
    if (out.rows == 0) {
      if (column == kCsvColumnLimit) bad(cell.place, text("one column more than the ", kCsvColumnLimit, " that are read at most"));
      out.first.push_back(kind);
      out.places.push_back(cell.place);
    } else {
      if (column >= width) bad(cell.place, text("one cell more than the first row has, which is ", width));
      if (cell.last && column + 1 < width) bad(cell.place, text("the row ends after ", column + 1, " cells; the first row has ", width));
      out.below[column].add(kind, cell.place);
    }
    if (!cell.last) continue;
    if (out.rows++ == 0) out.below.resize(out.first.size());
  }
  if (scan.fault()) bad(scan.place(), scan.fault());
  return out;
}

void check_number_column(const Judged& j) {
  if (j.too_large.row) bad(j.too_large, "the number is too large; at most 1.8e308 can be kept");
  if (j.comma.row && j.point.row) {
    const bool later = j.comma.byte > j.point.byte;
    bad(later ? j.comma : j.point,
        text("a decimal ", later ? "comma" : "point", ", but the column has a decimal ", later ? "point" : "comma", " in row ",
             later ? j.point.row : j.comma.row, "; write all its numbers alike"));
  }
}

/// Past a UTF-8 mark; refuses what is no UTF-8 text at all.
std::size_t begin_of(std::string_view file) {
  const auto fail = [](std::size_t byte, std::string_view why) { throw Error(ErrorCode::bad_file, text("byte ", byte, ": ", why)); };
  if (file.size() > kCsvLimit)
    fail(kCsvLimit, text("the table has ", file.size(), " bytes; at most ", kCsvLimit, " (5 MB) are read: keep fewer rows"));
  if (file.starts_with("\xFF\xFE") || file.starts_with("\xFE\xFF")) fail(0, "the text is UTF-16; save it as UTF-8");
  const std::size_t good = utf8_until(file);
  if (good != file.size()) fail(good, "not UTF-8 text; save the table as UTF-8 (in a spreadsheet: \"CSV UTF-8\")");
  if (const std::size_t zero = file.find('\0'); zero != std::string_view::npos) fail(zero, "a byte 0: this is no text");
  return file.starts_with("\xEF\xBB\xBF") ? 3 : 0;
}

}  // namespace

std::string_view CsvColumn::cell(std::size_t row) const {
  if (row >= ends.size())
    throw Error(ErrorCode::invalid_argument, text("row is ", row, "; the column holds text in ", ends.size(), " rows"));
  const std::size_t begin = row == 0 ? 0 : ends[row - 1];
  return std::string_view(characters).substr(begin, ends[row] - begin);
}

CsvTable read_csv(std::span<const std::uint8_t> bytes, const CsvOptions& options) {
  CsvTable out;
  out.delimiter = options.delimiter;
  if (out.delimiter != 0 && out.delimiter != ',' && out.delimiter != ';' && out.delimiter != '\t')
    throw Error(ErrorCode::invalid_argument, text("the delimiter is \"", std::string_view(&out.delimiter, 1), "\"; it must be , ; or tab"));
  const std::string_view file(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::size_t base = begin_of(file);
  const std::string_view table = file.substr(base);
  if (out.delimiter == 0) out.delimiter = find_delimiter(table);

  Judgement judged = judge(table, out.delimiter, base);
  out.has_header = options.header == CsvOptions::Header::guess ? judged.names() : options.header == CsvOptions::Header::present;
  if (judged.rows <= (out.has_header ? 1u : 0u))
    throw Error(ErrorCode::bad_file, text("byte ", bytes.size(), ": the table has no rows", out.has_header ? " below its names" : ""));
  out.rows = judged.rows - (out.has_header ? 1 : 0);
  out.columns.resize(judged.first.size());
  for (std::size_t c = 0; c < out.columns.size(); ++c) {
    Judged& j = judged.below[c];
    if (!out.has_header) j.add(judged.first[c], judged.places[c]);
    out.columns[c].numeric = j.numeric();
    if (!j.numeric()) {
      out.columns[c].ends.reserve(out.rows);
      continue;
    }
    check_number_column(j);
    out.columns[c].numbers.reserve(out.rows);
  }

  CsvScanner scan(table, out.delimiter, base);
  CsvCell cell;
  std::string scratch;
  bool names = out.has_header;
  while (scan.next(cell)) {
    CsvColumn& column = out.columns[cell.place.column - 1];
    if (names) {
      column.name = cell.text;
    } else if (column.numeric) {
      const Parsed p = parse_cell(cell, out.delimiter != ',', scratch);
      column.missing += p.kind == Kind::missing;
      column.numbers.push_back(p.value);
    } else {
      column.characters += cell.text;
      column.ends.push_back(static_cast<std::uint32_t>(column.characters.size()));
    }
    if (cell.last) names = false;
  }
  return out;
}

}  // namespace x2g
