// Stop strings found across token boundaries, text held back, broken characters, and that cutting the text differently changes nothing.
#include "x2g/lm/stop.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"

using namespace x2g;
using Catch::Matchers::ContainsSubstring;
using Strings = std::vector<std::string>;

namespace {

struct Run {
  std::string shown;
  std::uint32_t which;
};

/// The text in pieces of 1 … longest bytes (0: whole).
Run run(const Strings& stops, std::string_view input, std::uint32_t longest = 0, std::uint64_t seed = 1) {
  StopText text(stops);
  Rng rng(seed, Stream::user);
  Run r{"", StopText::kNone};
  for (std::size_t at = 0; at < input.size();) {
    const std::size_t n = longest ? 1 + rng.below(longest) : input.size();
    r.shown += text.push(input.substr(at, n));
    at += n;
  }
  r.shown += text.finish();
  r.which = text.which();
  return r;
}

}  // namespace

TEST_CASE("a stop string ends the text before itself", "[lm][stop]") {
  CHECK(run({"END"}, "a tale END more").shown == "a tale ");
  CHECK(run({"END"}, "a tale EN").shown == "a tale EN");
  CHECK(run({}, "a tale").shown == "a tale");
  CHECK(run({"x"}, "").shown.empty());
  CHECK(run({"END", "\n\n"}, "a\n\nb END").which == 1);
}

TEST_CASE("text is held back while a stop string may still begin, and no longer", "[lm][stop]") {
  StopText text({"\n\nUser:"});
  CHECK(text.push("hi\n") == "hi");
  CHECK(text.held() == "\n");
  CHECK(text.push("\nUs").empty());
  CHECK(text.push("e us") == "\n\nUse us");
  CHECK(text.push("\n") == "");
  CHECK(text.push("\n\n") == "\n");  // the last two may still begin it
  CHECK(text.push("User") == "");
  CHECK_FALSE(text.stopped());
  CHECK(text.push(": more") == "");
  CHECK(text.stopped());
  CHECK(text.which() == 0);
  CHECK(text.push("anything").empty());
  CHECK(text.finish().empty());
}

TEST_CASE("the first string to be complete counts, of two at the same byte the longer", "[lm][stop]") {
  CHECK(run({"abcd", "bc"}, "xabcd").shown == "xa");
  CHECK(run({"abcd", "bc"}, "xabcd").which == 1);
  CHECK(run({"cd", "bcd", "d"}, "abcd").shown == "a");
  CHECK(run({"cd", "bcd", "d"}, "abcd").which == 1);
  CHECK(run({"aab"}, "aaab").shown == "a");  // overlaps its own beginning
  CHECK(run({"abab!"}, "ababab!x").shown == "ab");
}

TEST_CASE("characters come out whole, broken ones as U+FFFD", "[lm][stop]") {
  StopText text({"。"});
  CHECK(text.push("\xe3") == "");
  CHECK(text.push("\x81") == "");
  CHECK(text.push("\x82\xe3\x80") == "あ");
  CHECK(text.push("\x82") == "");  // 。
  CHECK(text.stopped());
  CHECK(run({}, "a\xff\x62").shown == "a\xef\xbf\xbd\x62");
  CHECK(run({}, "a\xe3\x81").shown == "a\xef\xbf\xbd");          // ends within a character
  CHECK(run({}, "\xe3\xe3\x81\x82").shown == "\xef\xbf\xbdあ");  // the first sequence is cut short
  CHECK(run({"\xef\xbf\xbd"}, "a\xff\x62").shown == "a");        // U+FFFD can itself be asked for
  CHECK(run({"\xef\xbf\xbd"}, "a\xe3\x81").shown == "a");
  CHECK(run({}, "\xf0\x9f\x98\x80").shown == "\xf0\x9f\x98\x80");
}

TEST_CASE("the result does not depend on where tokens end", "[lm][stop]") {
  const Strings stops{"\n\n", "aあa", "あaあ", "\xf0\x9f\x98\x80!"};
  const std::string_view parts[] = {"a", "あ", "\n", "\xf0\x9f\x98\x80", "!", "\xff", "\xe3\x81", "b"};
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Rng rng(seed, Stream::user);
    std::string input;
    for (int i = 0; i < 30; ++i) input += parts[rng.below(8)];
    const Run whole = run(stops, input);
    for (const std::uint32_t longest : {1u, 3u, 9u}) {
      const Run cut = run(stops, input, longest, seed);
      CHECK(cut.shown == whole.shown);
      CHECK(cut.which == whole.which);
    }
    // The plain way: broken bytes replaced, then the earliest end of any stop string.
    const std::string clean = run({}, input).shown;
    std::size_t end = std::string::npos, begin = clean.size();
    for (const std::string& s : stops) {
      const std::size_t at = clean.find(s);
      if (at != std::string::npos && (end == std::string::npos || at + s.size() < end || (at + s.size() == end && at < begin)))
        end = at + s.size(), begin = at;
    }
    CHECK(whole.shown == clean.substr(0, begin));
  }
}

TEST_CASE("stop strings out of range are refused", "[lm][stop][reliability-6]") {
  const auto refused = [](Strings stops) {
    try {
      StopText text(std::move(stops));
    } catch (const Error& e) {
      CHECK(e.code() == ErrorCode::invalid_argument);
      return e.message();
    }
    return std::string("accepted");
  };
  CHECK_THAT(refused({""}), ContainsSubstring("stop string 0 has 0 bytes"));
  CHECK_THAT(refused({"a", std::string(257, 'b')}), ContainsSubstring("stop string 1 has 257 bytes"));
  CHECK_THAT(refused(Strings(17, "a")), ContainsSubstring("17 stop strings"));
  CHECK_THAT(refused({"a\xe3\x81"}), ContainsSubstring("not UTF-8 at byte 1"));
  CHECK(refused({"\xef\xbf\xbd"}) == "accepted");
}
