// A vocabulary that Hugging Face's tokenizers trained: ten thousand lines encode to the same ids, and come back; it is written as read.
#include "x2g/text/hf_tokenizer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

#include "core/text/bpe_golden.hpp"
#include "core/text/bpe_lines.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/data/stories.hpp"
#include "x2g/text/bpe_trainer.hpp"

using x2g::HfTokenizer;
using Ids = std::vector<std::uint32_t>;

namespace {

const std::string& file() {
  static const std::string text = x2g::test::read_golden("tokenizer.json");
  return text;
}

const x2g::test::BpeGolden& golden() {
  static const x2g::test::BpeGolden g = x2g::test::read_bpe_golden();
  return g;
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

/// The golden file with its merges as "a b".
std::string old_form() {
  std::string text = file();
  for (std::size_t at = text.find("\"merges\":"); (at = text.find("[\"", at)) != std::string::npos;) {
    text.erase(at, 1);
    const std::size_t middle = text.find("\",\"", at + 2);  // a token may be a comma
    text.replace(middle, 3, " ");
    text.erase(text.find("\"]", middle) + 1, 1);
  }
  return text;
}

/// What make_bpe.mjs counts and hashes.
std::pair<std::uint64_t, std::string> encoded(const HfTokenizer& t, const std::vector<std::string>& lines) {
  std::uint64_t count = 0, hash = x2g::fnv1a(nullptr, 0);
  for (const std::string& line : lines) {
    Ids ids = t.encode(line);
    count += ids.size();
    ids.push_back(0xFFFFFFFFu);
    hash = x2g::fnv1a(ids.data(), 4 * ids.size(), hash);
  }
  return {count, x2g::hex64(hash)};
}

}  // namespace

TEST_CASE("a tokenizer.json made elsewhere encodes ten thousand lines to the same ids", "[hf][bpe][golden][lesson-16]") {
  const std::vector<std::string> lines = x2g::test::bpe_lines(x2g::test::read_golden("bpe_corpus.txt"));
  REQUIRE(lines.size() == 10000);
  std::uint64_t hash = x2g::fnv1a(nullptr, 0);
  for (const std::string& line : lines) hash = x2g::fnv1a((line + "\n").data(), line.size() + 1, hash);
  REQUIRE(x2g::hex64(hash) == golden().lines_hash);  // else the lines are not those the golden ids are of: run make_bpe.mjs

  REQUIRE(golden().lines.size() == 4);
  for (const auto& [variant, expected] : golden().lines) {
    CAPTURE(variant);
    std::string text = file();
    if (variant == "prefix") text = replaced(text, "\"add_prefix_space\":false", "\"add_prefix_space\":true");
    if (variant == "no_regex") text = replaced(text, "\"use_regex\":true", "\"use_regex\":false");
    if (variant == "ignore_merges") text = replaced(text, "\"ignore_merges\":false", "\"ignore_merges\":true");
    const HfTokenizer t = HfTokenizer::read(text);
    CHECK(encoded(t, lines) == expected);
    if (variant == "prefix") continue;
    bool back = true;
    for (const std::string& line : lines) back = back && t.decode(t.encode(line)) == line;
    CHECK(back);
  }
}

TEST_CASE("awkward lines have the same ids, one by one", "[hf][bpe][golden]") {
  const HfTokenizer plain = HfTokenizer::read(file());
  const HfTokenizer prefix = HfTokenizer::read(replaced(file(), "\"add_prefix_space\":false", "\"add_prefix_space\":true"));
  REQUIRE(golden().awkward.size() > 50);
  for (const auto& [line, ids] : golden().awkward) {
    CAPTURE(line);
    CHECK(plain.encode(line) == ids);
    CHECK(plain.decode(ids) == line);
  }
  for (const auto& [line, ids] : golden().awkward_prefix) {
    CAPTURE(line);
    CHECK(prefix.encode(line) == ids);
  }
}

TEST_CASE("both forms of merges and GPT-2's two files say the same", "[hf][bpe]") {
  const HfTokenizer both = HfTokenizer::read(file()), old = HfTokenizer::read(old_form());
  CHECK(old.write() == both.write());
  CHECK_THROWS_AS(both.write_vocab(), x2g::Error);  // its second added token has no place there
  const std::string without = replaced(file(),
                                       ",{\"id\":999,\"content\":\"<|今日|>\",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,"
                                       "\"normalized\":true,\"special\":false}",
                                       "");
  const HfTokenizer t = HfTokenizer::read(without);
  const HfTokenizer pair = HfTokenizer::read_gpt2(t.write_vocab(), t.write_merges());
  CHECK(pair.size() == t.size());
  CHECK(pair.write_merges() == t.write_merges());
  CHECK(pair.write_vocab() == t.write_vocab());
  const std::string text = "The owl's nest <|endoftext|>は高い木の上。";
  CHECK(pair.encode(text) == t.encode(text));
  std::string windows;
  for (const char c : t.write_merges()) windows += c == '\n' ? "\r\n" : std::string(1, c);
  CHECK(HfTokenizer::read_gpt2(t.write_vocab(), windows).write_merges() == t.write_merges());
  CHECK(HfTokenizer::read_gpt2("{\"a\":0,\"b\":1,\"ab\":2}", "a b").encode("ab") == Ids{2});
}

TEST_CASE("what was read is written as it was, to the byte", "[hf]") {
  const HfTokenizer t = HfTokenizer::read(file());
  const std::string saved = file();
  CHECK(t.write() == saved.substr(0, saved.find_last_not_of('\n') + 1));
}

TEST_CASE("a vocabulary trained here is written and read back", "[hf][bpe]") {
  const std::string text = x2g::stories("ja", 20000, 6) + x2g::stories("en", 20000, 6);
  for (const x2g::Split split : {x2g::Split::words, x2g::Split::none}) {
    x2g::BpeTrainer trainer(text, {x2g::BpeUnit::bytes, split, 600, 2});
    while (trainer.step()) {}
    const x2g::Bpe bpe = trainer.model();
    for (const bool end : {false, true}) {
      const HfTokenizer t(bpe, end), back = HfTokenizer::read(t.write());
      CHECK(t.size() == (end ? 601u : 600u));
      CHECK(back.encode(text) == bpe.encode(text));
      CHECK(back.write() == t.write());
      CHECK(back.encode("a<|endoftext|>").back() == (end ? 600u : bpe.encode(">").back()));
    }
  }
  x2g::BpeTrainer characters(text, {x2g::BpeUnit::characters, x2g::Split::words, 600, 2});
  CHECK_THROWS_AS(HfTokenizer(characters.model()), x2g::Error);
}

TEST_CASE("special tokens can be left out, ids are checked", "[hf]") {
  const HfTokenizer t = HfTokenizer::read(file());
  const Ids ids = t.encode("a<|endoftext|>b<|今日|>");
  CHECK(t.decode(ids) == "a<|endoftext|>b<|今日|>");
  CHECK(t.decode(ids, true) == "ab<|今日|>");
  CHECK(t.added().size() == 2);
  CHECK(t.label(998) == "<|endoftext|>");
  CHECK_THROWS_AS(t.decode(Ids{1000}), x2g::Error);
  CHECK_THROWS_AS(t.label(1000), x2g::Error);
  CHECK_THROWS_AS(t.encode(std::string(x2g::Bpe::kLongestText + 1, 'a')), x2g::Error);
}

TEST_CASE("unknown bytes, whole pieces and overlapping added tokens, as theirs decides", "[hf]") {
  // The expected ids are those of tokenizers 0.23.2 for the same description.
  const auto make = [](std::string_view model, std::string_view added = "") {
    return HfTokenizer::read("{\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":false},\"added_tokens\":[" +
                             std::string(added) + "],\"model\":{" + std::string(model) +
                             "\"vocab\":{\"a\":0,\"b\":1,\"c\":2,\"ab\":3,\"abc\":4,\"?\":5,\"bc\":6},\"merges\":[\"a b\"]}}");
  };
  CHECK(make("").encode("abcab") == Ids{3, 2, 3});
  CHECK(make("\"ignore_merges\":true,").encode("abc") == Ids{4});
  CHECK(make("\"ignore_merges\":true,").encode("abcab") == Ids{3, 2, 3});
  CHECK(make("\"unk_token\":\"?\",").encode("axxb") == Ids{0, 5, 5, 1});
  CHECK(make("\"unk_token\":\"?\",").write().find("\"unk_token\":\"?\"") != std::string::npos);
  // The leftmost, then the longest; those that are not normalized go first wherever they stand.
  CHECK(make("", "{\"id\":7,\"content\":\"aab\"},{\"id\":8,\"content\":\"aabc\"},{\"id\":9,\"content\":\"bca\"}").encode("caabcaab") ==
        Ids{2, 8, 7});
  CHECK(make("", "{\"id\":7,\"content\":\"abca\",\"normalized\":true},{\"id\":8,\"content\":\"caa\"}").encode("abcaaab") == Ids{3, 8, 3});
  try {
    make("").encode("abx");
    FAIL("accepted");
  } catch (const x2g::Error& e) {
    CHECK(e.message().find("\"x\" at byte 2 is a byte") != std::string::npos);
  }
}

TEST_CASE("of a merge named twice the later counts", "[hf]") {
  const HfTokenizer t = HfTokenizer::read_gpt2("{\"a\":0,\"b\":1,\"c\":2,\"ab\":3,\"bc\":4}", "a b\nb c\na b\n");
  CHECK(t.encode("abc") == Ids{0, 4});  // as tokenizers 0.23.2
}
