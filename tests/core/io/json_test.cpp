// The JSON reader: what it takes, what it refuses and where it says the fault is.
#include "io/json.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

#include "x2g/base/error.hpp"

namespace {

/// "ok", or the message of the error, after reading one value of any kind and the end.
std::string skipped(std::string_view text) {
  try {
    x2g::JsonReader json(text);
    json.skip();
    json.finish();
  } catch (const x2g::Error& e) {
    REQUIRE(e.code() == x2g::ErrorCode::bad_file);
    return e.message();
  }
  return "ok";
}

}  // namespace

TEST_CASE("valid JSON of every kind is read past", "[io]") {
  for (const char* text : {"0", "-0", "-12.5e+3", "1E9", "true", "false", "null", "\"\"", "[]", "{}", " [ 1 , [ ] , { } ] ", "[[[[]]],{}]",
                           "{\"a\":{\"b\":[1,2,{\"c\":null}]},\"d\":\"\\u00e9\\ud83d\\ude00\"}", "\"日本語\""}) {
    INFO(text);
    CHECK(skipped(text) == "ok");
  }
}

TEST_CASE("text that is no JSON is refused with the offset", "[io]") {
  for (const char* text : {"",
                           " ",
                           "{",
                           "[",
                           "[1",
                           "[1,",
                           "[1,]",
                           "[,1]",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{a:1}",
                           "{1:2}",
                           "tru",
                           "True",
                           "nul",
                           "01",
                           "-",
                           "1.",
                           ".5",
                           "1e",
                           "+1",
                           "'a'",
                           "\"a",
                           "\"\\x\"",
                           "\"\\u12g4\"",
                           "\"\\ud800\"",
                           "\"\\udc00\"",
                           "\"\\ud800\\u0041\"",
                           "\"\n\"",
                           "1 2",
                           "[1]]",
                           "{\"a\":1}x",
                           "[1 2]",
                           "NaN",
                           "Infinity",
                           "/**/1",
                           "\xEF\xBB\xBF{}"}) {
    INFO(text);
    const std::string message = skipped(text);
    CHECK(message.substr(0, 5) == "byte ");
  }
  CHECK(skipped("[1, 2, x]").substr(0, 7) == "byte 7:");
  CHECK(skipped("\"ab\xFF\"") == "byte 3: not UTF-8 text");
  CHECK(skipped("\"\xED\xA0\x80\"") == "byte 1: not UTF-8 text");  // a surrogate in UTF-8
}

TEST_CASE("nesting beyond the bound is refused, however long the text", "[io]") {
  CHECK(skipped(std::string(32, '[') + std::string(32, ']')) == "ok");
  CHECK(skipped(std::string(33, '[') + std::string(33, ']')).find("nested") != std::string::npos);
  CHECK(skipped(std::string(1000000, '[')).find("nested") != std::string::npos);
}

TEST_CASE("objects and arrays are walked in order", "[io]") {
  x2g::JsonReader json(R"({"a": [1, 20, 18446744073709551615], "b\n": "x\"\\\/\tA", "c": {"skipped": [true, {}]}, "d": 7})");
  std::string key;
  json.begin_object();
  REQUIRE(json.next_key(key));
  CHECK(key == "a");
  std::vector<std::uint64_t> numbers;
  json.begin_array();
  while (json.next_item()) numbers.push_back(json.whole_number());
  CHECK(numbers == std::vector<std::uint64_t>{1, 20, UINT64_MAX});
  REQUIRE(json.next_key(key));
  CHECK(key == "b\n");
  CHECK(json.string() == "x\"\\/\tA");
  REQUIRE(json.next_key(key));
  json.skip();
  REQUIRE(json.next_key(key));
  CHECK(key == "d");
  CHECK(json.whole_number() == 7);
  CHECK_FALSE(json.next_key(key));
  json.finish();
}

TEST_CASE("numbers that are not whole or do not fit are refused", "[io]") {
  for (const char* text : {"-1", "1.0", "1e3", "007", "18446744073709551616", "99999999999999999999999", "\"1\"", "null"}) {
    INFO(text);
    x2g::JsonReader json(text);
    CHECK_THROWS_AS(json.whole_number(), x2g::Error);
  }
}

TEST_CASE("a quoted string reads back as it was", "[io]") {
  std::string every;
  for (char c = 0; c < 127; ++c) every += c;
  every += "é日本😀";
  const std::string quoted = x2g::json_quote(every);
  CHECK(x2g::JsonReader(quoted).string() == every);
}
