// Readers of the reader's own data in the table of x2g-tools: tables (CSV) and MNIST's pictures (IDX).
// Unpacking and decoding text are the browser's (web/src/lab/text-decoding.ts, tools-files.ts): bytes come in as UTF-8 or unpacked.
#include <emscripten/bind.h>

#include <string>
#include <vector>

#include "border.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/io/csv.hpp"
#include "x2g/io/idx.hpp"

using namespace emscripten;  // NOLINT(google-build-using-namespace): the table reads like an index without the prefix
using namespace x2g::border;

namespace {

using x2g::Error;
using x2g::ErrorCode;

x2g::CsvOptions options_from(std::string_view delimiter, std::string_view header) {
  using Header = x2g::CsvOptions::Header;
  x2g::CsvOptions o;
  if (!(delimiter.empty() || delimiter == "," || delimiter == ";" || delimiter == "\t"))
    throw Error(ErrorCode::invalid_argument, x2g::text("delimiter is \"", delimiter.substr(0, 40),
                                                       "\"; it must be a comma, a semicolon, a tab, or nothing to find it out"));
  if (!delimiter.empty()) o.delimiter = delimiter[0];
  if (header == "present")
    o.header = Header::present;
  else if (header == "absent")
    o.header = Header::absent;
  else if (header != "guess")
    throw Error(ErrorCode::unknown_name, x2g::text("header is \"", header.substr(0, 40), "\"; it must be one of guess, present, absent"));
  return o;
}

val column_to_js(const x2g::CsvColumn& column) {
  val out = val::object();
  out.set("name", column.name);
  out.set("numeric", column.numeric);
  if (column.numeric) {
    out.set("numbers", to_js(std::span<const double>(column.numbers)));
    out.set("missing", column.missing);
    return out;
  }
  val cells = val::array();
  for (std::size_t row = 0; row < column.ends.size(); ++row) cells.set(row, std::string(column.cell(row)));
  out.set("cells", cells);
  return out;
}

val csv_table(val data, std::string delimiter, std::string header) {
  const x2g::CsvOptions options = options_from(delimiter, header);
  const x2g::CsvTable table = x2g::read_csv(bytes(data), options);
  val columns = val::array();
  for (std::size_t i = 0; i < table.columns.size(); ++i) columns.set(i, column_to_js(table.columns[i]));
  val out = val::object();
  out.set("delimiter", std::string(1, table.delimiter));
  out.set("hasHeader", table.has_header);
  out.set("rows", table.rows);
  out.set("columns", columns);
  return out;
}

/// {dims, offset}: the values are the file's bytes from the offset on.
val idx_shape(val data) {
  const std::vector<std::uint8_t> file = bytes(data, 64u << 20);
  const x2g::IdxFile parsed = x2g::IdxFile::parse(file);
  val dims = val::array();
  for (std::size_t i = 0; i < parsed.dims.size(); ++i) dims.set(i, parsed.dims[i]);
  val out = val::object();
  out.set("dims", dims);
  out.set("offset", static_cast<double>(parsed.values.data() - file.data()));
  return out;
}

/// Both files together: {count, height, width, pixels, labels: offsets}.
val idx_pair(val images, val labels, double classes) {
  const std::vector<std::uint8_t> pictures = bytes(images, 64u << 20), names = bytes(labels, 64u << 20);
  const auto pair = x2g::pair_images(x2g::IdxFile::parse(pictures), x2g::IdxFile::parse(names), count("classes", classes, 1, 256));
  val out = val::object();
  out.set("count", pair.count);
  out.set("height", pair.height);
  out.set("width", pair.width);
  out.set("pixels", static_cast<double>(pair.pixels.data() - pictures.data()));
  out.set("labels", static_cast<double>(pair.labels.data() - names.data()));
  return out;
}

}  // namespace

EMSCRIPTEN_BINDINGS(x2g_tools_files) {
  function("csv", on<&csv_table>);
  function("idx", on<&idx_shape>);
  function("idxPair", on<&idx_pair>);
}
