// Tables of comma-separated values (RFC 4180, and what spreadsheets make of it) to columns of numbers or text.
//
// Taken: , ; or tab between cells, found out from the first rows; quotes ("" is one quote; line breaks may stand inside); LF, CRLF or CR; a
// UTF-8 mark at the start; empty lines (skipped). A column is one of numbers when every cell that is not missing is a number. Missing are
// empty cells, NA, NaN, nan, null. Full-width digits, signs, points and commas (１，５) count as their ASCII forms; blanks around a number too.
// Decimal commas (1,5) where the comma does not separate cells; a column with both 1,5 and 1.5 is refused.
// Not taken: rows of unequal length, thousands separators (their column is text), other encodings than UTF-8, beyond kCsvLimit bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace x2g {

inline constexpr std::size_t kCsvLimit = 5'000'000;      ///< bytes of a file
inline constexpr std::size_t kCsvColumnLimit = 100'000;  ///< columns of a row

/// What is known of a file beforehand.
struct CsvOptions {
  char delimiter = 0;  ///< comma, semicolon or tab; 0: found out
  /// guess: the first row holds names when none of its cells is a number or empty and some column below is one of numbers.
  enum class Header : std::uint8_t { guess, present, absent } header = Header::guess;  ///< which
};

/// One column, of numbers or of text.
struct CsvColumn {
  std::string name;                              ///< empty without a header
  bool numeric = false;                          ///< of numbers
  std::uint32_t missing = 0;                     ///< numeric: cells without a number
  std::vector<double> numbers;                   ///< numeric: one a row, NaN where missing
  std::string characters;                        ///< text: all cells one after the other …
  std::vector<std::uint32_t> ends;               ///< … and where each ends
  std::string_view cell(std::size_t row) const;  ///< of a text column; Error(invalid_argument) beyond its rows
};

/// A file by columns, all of the same number of rows.
struct CsvTable {
  char delimiter = ',';            ///< the one found or given
  bool has_header = false;         ///< the columns have names
  std::uint32_t rows = 0;          ///< without the header
  std::vector<CsvColumn> columns;  ///< from left to right
};

/// Every fault is Error(bad_file): "byte 17, row 3, column 2: …", rows and columns counted from 1 as a spreadsheet shows them.
CsvTable read_csv(std::span<const std::uint8_t> bytes, const CsvOptions& options = {});

}  // namespace x2g
