// Cuts the text of a table into cells, one after the other, by the rules of RFC 4180. Knows quotes and line ends; what a cell means, and
// whether rows are of one length, is for the caller to judge.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace x2g {

/// Byte from 0; row and column from 1, empty lines counted.
struct CsvPlace {
  std::size_t byte = 0;
  std::uint32_t row = 0, column = 0;
};

struct CsvCell {
  std::string_view text;  ///< without quotes; valid until the next cell
  CsvPlace place;
  bool last = false;  ///< of its row
};

class CsvScanner {
 public:
  /// `base`: where the text starts in the file.
  CsvScanner(std::string_view text, char delimiter, std::size_t base = 0) : text_(text), base_(base), delimiter_(delimiter) {}
  bool next(CsvCell& cell);                     ///< false at the end, or at a fault
  const char* fault() const { return fault_; }  ///< null: none
  CsvPlace place() const { return {base_ + at_, row_, column_}; }

 private:
  bool ends_line(std::size_t at) const { return text_[at] == '\n' || text_[at] == '\r'; }
  void skip_line_end();
  bool quoted(std::string_view& out);

  std::string_view text_;
  std::size_t base_, at_ = 0;
  std::uint32_t row_ = 1, column_ = 0;
  char delimiter_;
  bool inside_ = false;  // of a row: a cell must come, be it empty
  const char* fault_ = nullptr;
  std::string unquoted_;
};

/// A cell as a number may be written: blanks at both ends cut, full-width digits, signs, points, commas and e as ASCII. The result is the
/// cell itself or stands in `scratch`.
std::string_view fold_number(std::string_view cell, std::string& scratch);

}  // namespace x2g
