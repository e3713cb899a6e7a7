// Tables: what spreadsheets write, in several languages, and every bad input by name with its place.
#include "x2g/io/csv.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cmath>
#include <string>

#include "support/op_graph.hpp"

using namespace x2g;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

CsvTable read(std::string_view text, CsvOptions options = {}) {
  const std::string owned(text);  // so that one byte too far is seen by the sanitizer
  return read_csv({reinterpret_cast<const std::uint8_t*>(owned.data()), owned.size()}, options);
}

std::string refusal(std::string_view text, CsvOptions options = {}) {
  CHECK(test::code_of([&] { read(text, options); }) == ErrorCode::bad_file);
  return test::message_of([&] { read(text, options); });
}

using Numbers = std::vector<double>;

}  // namespace

TEST_CASE("a table of numbers and classes comes as columns", "[io][csv]") {
  const CsvTable t = read("length,width,kind\n5.1,3.5,setosa\n-7e0,+3,versicolor\n6,,\n");
  CHECK(t.delimiter == ',');
  CHECK(t.has_header);
  CHECK(t.rows == 3);
  REQUIRE(t.columns.size() == 3);
  CHECK(t.columns[0].name == "length");
  CHECK(t.columns[0].numeric);
  CHECK(t.columns[0].numbers == Numbers{5.1, -7, 6});
  CHECK(t.columns[1].missing == 1);
  CHECK(t.columns[1].numbers[1] == 3);
  CHECK(std::isnan(t.columns[1].numbers[2]));
  CHECK_FALSE(t.columns[2].numeric);
  CHECK(t.columns[2].cell(0) == "setosa");
  CHECK(t.columns[2].cell(1) == "versicolor");
  CHECK(t.columns[2].cell(2).empty());
  CHECK_THAT(test::message_of([&] { static_cast<void>(t.columns[2].cell(3)); }), ContainsSubstring("row is 3"));
}

TEST_CASE("a first row with a number in it is data, one of names over text alone is data unless said otherwise", "[io][csv]") {
  CHECK_FALSE(read("1,2\n3,4\n").has_header);
  CHECK(read("1,2\n3,4\n").rows == 2);
  CHECK_FALSE(read("x,2\ny,4\n").has_header);
  CHECK_FALSE(read("cat,dog\nred,blue\n").has_header);
  CHECK_FALSE(read("a,\n1,2\n").has_header);
  CHECK_FALSE(read("a,b\n").has_header);
  CHECK(read("cat,dog\nred,blue\n", {.header = CsvOptions::Header::present}).columns[1].name == "dog");
  const CsvTable forced = read("x,y\n1,2\n", {.header = CsvOptions::Header::absent});
  CHECK(forced.rows == 2);
  CHECK(forced.columns[0].cell(0) == "x");
  CHECK(forced.columns[0].cell(1) == "1");
}

TEST_CASE("comma, semicolon and tab are told apart", "[io][csv]") {
  CHECK(read("1,2\n3,4\n").delimiter == ',');
  CHECK(read("1;2\n3;4\n").delimiter == ';');
  CHECK(read("1\t2\n3\t4\n").delimiter == '\t');
  CHECK(read("1,5;2,5;3,5\n4,5;5,5;6,5\n").delimiter == ';');
  CHECK(read("a;b,c\n\"x,y\";1\n").delimiter == ';');
  CHECK(read("\"a;b\",2\n\"c\",4\n").delimiter == ',');
  CHECK(read("7\n8\n").columns.size() == 1);
  CHECK(read("1;2;3\n4;5;6\n", {.delimiter = ','}).columns.size() == 1);
  CHECK(test::code_of([] { read("1|2\n", {.delimiter = '|'}); }) == ErrorCode::invalid_argument);
}

TEST_CASE("a byte-order mark is no part of the first name", "[io][csv]") {
  const CsvTable t = read("\xEF\xBB\xBFx,y\n1,2\n");
  CHECK(t.columns[0].name == "x");
  CHECK(refusal("\xEF\xBB\xBF") == "byte 3: the table has no rows");
  CHECK_THAT(refusal("\xFF\xFEx\0,\0"), StartsWith("byte 0: the text is UTF-16"));
}

TEST_CASE("line ends of all systems, and empty lines, cut rows alike", "[io][csv]") {
  for (const char* text : {"1,2\n3,4", "1,2\r\n3,4\r\n", "1,2\r3,4\r", "\n\n1,2\n\n\n3,4\n\n", "\r\n1,2\r\n\r\n3,4\r\n"}) {
    CAPTURE(text);
    const CsvTable t = read(text);
    CHECK(t.rows == 2);
    CHECK(t.columns[1].numbers == Numbers{2, 4});
  }
}

TEST_CASE("quotes hold delimiters, line breaks and quotes", "[io][csv]") {
  const CsvTable t = read("say,n\n\"a, \"\"b\"\"\nc\",\"1\"\n\"\",2\nd\"e,3\n");
  CHECK(t.rows == 3);
  CHECK(t.columns[0].cell(0) == "a, \"b\"\nc");
  CHECK(t.columns[0].cell(1).empty());
  CHECK(t.columns[0].cell(2) == "d\"e");
  CHECK(t.columns[1].numbers == Numbers{1, 2, 3});
}

TEST_CASE("a quote not closed, or text after one, is refused with its place", "[io][csv][bad-input]") {
  CHECK_THAT(refusal("a,b\n1,\"x\n"), StartsWith("byte 6, row 2, column 2: a quote that is not closed"));
  CHECK_THAT(refusal("a,\"b\"c\n"), StartsWith("byte 5, row 1, column 2: text after a closing quote"));
}

TEST_CASE("ragged rows are refused with row and column", "[io][csv][bad-input]") {
  CHECK_THAT(refusal("1,2,3\n4,5\n"), StartsWith("byte 8, row 2, column 2: the row ends after 2 cells; the first row has 3"));
  CHECK_THAT(refusal("1,2\n\n4,5,6\n"), StartsWith("byte 9, row 3, column 3: one cell more than the first row has, which is 2"));
  CHECK_THAT(refusal("1,2\n3,4,\n"), ContainsSubstring("row 2, column 3"));
}

TEST_CASE("decimal commas are read where the comma does not separate", "[io][csv]") {
  const CsvTable t = read("höhe;breite;name\n1,5;2;a\n-0,25;1e1;b,c\n");
  CHECK(t.columns[0].numbers == Numbers{1.5, -0.25});
  CHECK(t.columns[1].numbers == Numbers{2, 10});
  CHECK(t.columns[2].cell(1) == "b,c");
  CHECK(read("x\ty\n1,5\t2.5\n3,5\t4.5\n").columns[1].numbers == Numbers{2.5, 4.5});  // each column for itself
  CHECK_FALSE(read("\"1,5\",2\n\"2,5\",3\n").columns[0].numeric);                     // thousands or decimals: not for us to guess
}

TEST_CASE("a column with decimal commas and points is refused", "[io][csv][bad-input]") {
  CHECK(refusal("1,5;1\n2.5;1\n") ==
        "byte 6, row 2, column 1: a decimal point, but the column has a decimal comma in row 1; write all its numbers alike");
  CHECK_THAT(refusal("1;1.5\n1;2,5\n"), StartsWith("byte 8, row 2, column 2: a decimal comma"));
  CHECK(read("1,5;1\n2.5;1\nx;1\n").columns[0].cell(1) == "2.5");  // text is text
}

TEST_CASE("full-width digits, signs, points and blanks are read as numbers", "[io][csv]") {
  const CsvTable t = read("気温,名\n１２．５,東京\n－３,大阪\n　＋４Ｅ１　,１号\n−5,京都\n");
  CHECK(t.has_header);
  CHECK(t.columns[0].name == "気温");
  CHECK(t.columns[0].numbers == Numbers{12.5, -3, 40, -5});
  CHECK(t.columns[1].cell(2) == "１号");  // text stays as it was
  CHECK(read("１，５;1\n２，５;1\n").columns[0].numbers == Numbers{1.5, 2.5});
}

TEST_CASE("missing numbers are counted, a column without any number is text", "[io][csv]") {
  const CsvTable t = read("1,NA, \n,NaN,\nnull,nan,\n");
  CHECK(t.columns[0].missing == 2);
  CHECK_FALSE(t.columns[1].numeric);
  CHECK(t.columns[1].cell(0) == "NA");
  CHECK_FALSE(t.columns[2].numeric);
}

TEST_CASE("a number beyond double is refused, but not among text", "[io][csv][bad-input]") {
  CHECK_THAT(refusal("x,y\n1,2\n3,1e999\n"), StartsWith("byte 10, row 3, column 2: the number is too large"));
  CHECK(read("x,1e999\ny,z\n").columns[1].cell(0) == "1e999");
  CHECK(read("1e-999,1\n2,2\n").columns[0].numbers == Numbers{0, 2});
}

TEST_CASE("a hundred thousand columns are read, one more is refused", "[io][csv][bad-input]") {
  std::string row = "0";
  for (int i = 1; i < 100000; ++i) row += ",1";
  const CsvTable t = read(row + "\n" + row + "\n");
  CHECK(t.columns.size() == 100000);
  CHECK(t.columns[99999].numbers == Numbers{1, 1});
  CHECK_THAT(refusal(row + ",1\n"), StartsWith("byte 200000, row 1, column 100001: one column more than the 100000"));
}

TEST_CASE("more than 5 MB is refused with the limit named, 5 MB are read", "[io][csv][bad-input]") {
  std::string table;
  table.reserve(5'000'004);
  while (table.size() < 5'000'000) table += "1,2\n";
  const CsvTable t = read(table);
  CHECK(t.rows == 1'250'000);
  CHECK(t.columns[1].numbers.back() == 2);
  CHECK(refusal(table + "1,2\n") == "byte 5000000: the table has 5000004 bytes; at most 5000000 (5 MB) are read: keep fewer rows");
  CHECK_THAT(refusal(std::string(50'000'000, ';')), ContainsSubstring("50000000 bytes"));
}

TEST_CASE("what is no UTF-8 text is refused at the byte", "[io][csv][bad-input]") {
  CHECK_THAT(refusal("a,b\n\x83\x5C,1\n"), StartsWith("byte 4: not UTF-8 text; save the table as UTF-8"));
  CHECK_THAT(refusal(std::string_view("1,2\n3\0,4\n", 9)), StartsWith("byte 5: a byte 0"));
  CHECK(refusal("") == "byte 0: the table has no rows");
  CHECK(refusal("\n\n") == "byte 2: the table has no rows");
  CHECK_THAT(refusal("a,b\n", {.header = CsvOptions::Header::present}), ContainsSubstring("no rows below its names"));
}
