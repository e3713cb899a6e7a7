// Tables: the first byte chooses the options, the rest is the file. What is accepted has full columns, and reads the same when told what
// was guessed.
#include "fuzz/fuzz.hpp"

#include <cmath>

#include "x2g/io/csv.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace x2g;
  if (size == 0) return 0;
  CsvOptions options;
  options.delimiter = "\0,;\t"[data[0] & 3u];
  options.header = static_cast<CsvOptions::Header>((data[0] >> 2) % 3);
  const std::span<const std::uint8_t> file(data + 1, size - 1);
  CsvTable t;
  if (!fuzz::accepted([&] { t = read_csv(file, options); })) return 0;
  fuzz::require(t.rows > 0 && !t.columns.empty() && t.columns.size() <= kCsvColumnLimit, "a table has rows and columns");
  for (const CsvColumn& c : t.columns) {
    fuzz::require(t.has_header || c.name.empty(), "names come from a header");
    if (!c.numeric) {
      fuzz::require(c.numbers.empty() && c.ends.size() == t.rows && c.ends.back() == c.characters.size(), "a text column is full");
      for (std::size_t r = 0; r < t.rows; ++r) static_cast<void>(c.cell(r));
      continue;
    }
    std::uint32_t missing = 0;
    for (const double v : c.numbers) {
      fuzz::require(!std::isinf(v), "numbers are finite");
      missing += std::isnan(v);
    }
    fuzz::require(c.ends.empty() && c.numbers.size() == t.rows && missing == c.missing && missing < t.rows, "a number column is full");
  }
  const CsvTable again = read_csv(file, {t.delimiter, t.has_header ? CsvOptions::Header::present : CsvOptions::Header::absent});
  fuzz::require(again.rows == t.rows && again.columns.size() == t.columns.size(), "the same table when told what was guessed");
  return 0;
}
