// The grammar's rules: records stay for a story, phrases change, names must be defined above.
#include "data/grammar.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>
#include <string>

#include "x2g/base/error.hpp"

namespace {

std::string written(std::string_view table, std::uint64_t seed = 1) {
  x2g::Grammar grammar(table);
  x2g::Rng rng(seed);
  std::string out;
  grammar.write(rng, out);
  return out;
}

std::string fault(std::string_view table) {
  try {
    x2g::Grammar grammar(table);
  } catch (const x2g::Error& e) {
    return e.message();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a record is chosen once per story and its fields agree", "[data]") {
  constexpr std::string_view table = "@who = name / she\nMia / she\nTom / he\n@story\n{name} said {she} was {name}. {She} was.\n";
  std::set<std::string> seen;
  for (std::uint64_t seed = 1; seed < 50; ++seed) seen.insert(written(table, seed));
  CHECK(seen == std::set<std::string>{"Mia said she was Mia. She was.", "Tom said he was Tom. He was."});
}

TEST_CASE("a record is chosen anew in the next story", "[data]") {
  x2g::Grammar grammar("@who = name\nMia\nTom\n@story\n{name} {name}\n");
  x2g::Rng rng(1);
  std::set<std::string> seen;
  for (int i = 0; i < 50; ++i) {
    std::string out;
    grammar.write(rng, out);
    seen.insert(out);
  }
  CHECK(seen == std::set<std::string>{"Mia Mia", "Tom Tom"});
}

TEST_CASE("a phrase is chosen at every use", "[data]") {
  std::set<std::string> seen;
  for (std::uint64_t seed = 1; seed < 100; ++seed) seen.insert(written("@x\na\nb\n@story\n{x}{x}\n", seed));
  CHECK(seen == std::set<std::string>{"aa", "ab", "ba", "bb"});
}

TEST_CASE("an empty phrase leaves no double blank", "[data]") {
  CHECK(written("@none\n-\n@story\nA. {none} B. {none}\n") == "A. B.");
  CHECK(written("@none\n-\n@story\n{none} A.\n") == "A.");
}

TEST_CASE("comments, blank lines and outer blanks do not count", "[data]") { CHECK(written("# x\n\n@story\n\n# y\n  A  \n") == "A"); }

TEST_CASE("faults in a table are named with their line", "[data]") {
  CHECK(fault("A\n").find("line 1") != std::string::npos);
  CHECK(fault("@a\nx\n@story\n{b}\n").find("line 4: {b} is not defined above") != std::string::npos);
  CHECK(fault("@story\n{story}\n").find("not defined above") != std::string::npos);  // no line may use itself
  CHECK(fault("@a\n{b}\n@b\nx\n").find("not defined above") != std::string::npos);
  CHECK(fault("@r = a / b\nx\n@story\n{a}\n").find("1 fields; its rule has 2") != std::string::npos);
  CHECK(fault("@story\na } b\n").find("line 2") != std::string::npos);
  CHECK(fault("@a = a\nx\n").find("must end with a phrase") != std::string::npos);
  CHECK(fault("").find("must end with a phrase") != std::string::npos);
  CHECK(fault("@a\n@story\nx\n").find("has no lines") != std::string::npos);
  CHECK(fault("@a\nx\n@story\n{a} {A}\n") == "accepted");
}
