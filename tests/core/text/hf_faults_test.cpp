// tokenizer.json files that are damaged, hostile or of another kind: each is refused with its place and the reason, in bounded time.
#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>

#include "core/text/bpe_golden.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/base/text.hpp"
#include "x2g/text/hf_tokenizer.hpp"

using x2g::HfTokenizer;

namespace {

/// "read", or the message of the Error(bad_file).
std::string read(std::string_view file) {
  try {
    HfTokenizer::read(file);
  } catch (const x2g::Error& e) {
    CHECK(e.code() == x2g::ErrorCode::bad_file);
    CHECK(e.message().starts_with("byte "));
    return e.message();
  }
  return "read";
}

/// A whole file around a vocabulary, merges, added tokens and more members of the model.
std::string file(std::string_view vocab, std::string_view merges = "[]", std::string_view added = "[]", std::string_view model = "") {
  return x2g::text("{\"pre_tokenizer\":{\"type\":\"ByteLevel\"},\"added_tokens\":", added, ",\"model\":{\"type\":\"BPE\",", model,
                   "\"vocab\":", vocab, ",\"merges\":", merges, "}}");
}

void refused(const std::string& file, std::string_view reason) {
  CAPTURE(file.substr(0, 300), reason);
  const std::string message = read(file);
  CAPTURE(message);
  CHECK(message.find(reason) != std::string::npos);
}

}  // namespace

TEST_CASE("tokenizer.json: the smallest that is whole", "[hf][faults][reliability-5]") {
  CHECK(read(file("{\"a\":0}")) == "read");
  CHECK(read(file("{\"b\":1,\"ab\":2,\"a\":0}", "[\"a b\"]")) == "read");
  CHECK(read(file("{\"a\":0}", "[]", "[{\"id\":1,\"content\":\"あ\"}]")) == "read");
  CHECK(read(file("{\"a\":0}", "[]", "null", "\"unk_token\":null,\"fuse_unk\":null,")) == "read");
}

TEST_CASE("tokenizer.json: missing ids", "[hf][faults][reliability-5]") {
  refused(file("{\"a\":0,\"b\":2}"), "\"b\" has id 2, beyond the 2 tokens there are; ids must be 0 to 1, each once, and 1 is missing");
  refused(file("{\"a\":null}"), "the token \"a\" has no number as its id");
  refused(file("{\"a\":\"0\"}"), "the token \"a\" has no number as its id");
  refused(file("{\"a\":-1}"), "a whole number of 0 or more");
  refused(file("{\"a\":0.5}"), "a whole number was expected");
  refused(file("{\"a\":0}", "[]", "[{\"content\":\"x\"}]"), "the added token \"x\" has no id");
  refused(file("{\"a\":0}", "[]", "[{\"id\":1}]"), "an added token without content");
}

TEST_CASE("tokenizer.json: duplicate ids and tokens", "[hf][faults][reliability-5]") {
  refused(file("{\"a\":0,\"b\":0}"), "the tokens \"a\" and \"b\" both have id 0");
  refused(file("{\"a\":0,\"b\":1,\"a\":2}"), "the token \"a\" is given twice");
  refused(file("{\"a\":0}", "[]", "[{\"id\":0,\"content\":\"x\"}]"), "the tokens \"a\" and \"x\" both have id 0");
  refused(file("{\"a\":0}", "[]", "[{\"id\":1,\"content\":\"x\"},{\"id\":2,\"content\":\"x\"}]"), "\"x\" is given twice");
  refused(file("{\"a\":0,\"b\":1}", "[]", "[{\"id\":0,\"content\":\"b\"}]"), "\"b\" has id 0; in the vocabulary it has 1");
}

TEST_CASE("tokenizer.json: ids beyond the vocabulary", "[hf][faults][reliability-5]") {
  refused(file("{\"a\":1000000}"), "\"a\" has id 1000000, beyond the 1 tokens");
  refused(file("{\"a\":18446744073709551615}"), "beyond the 1 tokens");
  refused(file("{\"a\":18446744073709551616}"), "a number beyond 64 bits");
  refused(file("{\"a\":0}", "[]", "[{\"id\":7,\"content\":\"x\"}]"), "\"x\" has id 7, beyond the 2 tokens");
}

TEST_CASE("tokenizer.json: an empty vocabulary", "[hf][faults][reliability-5]") {
  refused(file("{}"), "the vocabulary is empty");
  refused(file("{}", "[]", "[{\"id\":0,\"content\":\"x\"}]"), "the vocabulary is empty");
  refused(file("{\"\":0}"), "an empty token");
}

TEST_CASE("tokenizer.json: merges naming unknown tokens", "[hf][faults][reliability-5]") {
  refused(file("{\"a\":0,\"b\":1,\"ab\":2}", "[\"a b\",\"a c\"]"), "merge 1 names \"c\", which is not in the vocabulary");
  refused(file("{\"a\":0,\"b\":1,\"ab\":2}", "[[\"c\",\"b\"]]"), "merge 0 names \"c\"");
  refused(file("{\"a\":0,\"b\":1}", "[[\"a\",\"b\"]]"), "merge 0 makes \"ab\", which is not in the vocabulary");
  const std::string message = read(file("{\"a\":0}", "[\"a b\"]"));
  CHECK(message.starts_with("byte " + std::to_string(file("{\"a\":0}", "[\"a b\"]").find("\"a b\""))));
}

TEST_CASE("tokenizer.json: merges that are no pairs", "[hf][faults][reliability-5]") {
  for (const char* merges : {"[\"ab\"]", "[\"a b c\"]", "[\" b\"]", "[\"a \"]", "[[]]", "[[\"a\"]]", "[[\"a\",\"b\",\"c\"]]",
                             "[[\"\",\"a\"]]", "[1]", "[[1,2]]", "{}", "\"a b\"", "null"}) {
    CHECK(read(file("{\"a\":0,\"b\":1,\"ab\":2}", merges)) != "read");
  }
}

TEST_CASE("tokenizer.json: a million merges", "[hf][faults][reliability-5]") {
  std::string merges = "[";
  for (int i = 0; i < 1000000; ++i) merges += i == 0 ? "\"a b\"" : ",\"a b\"";
  refused(file("{\"a\":0,\"b\":1,\"ab\":2}", merges + "]"), "more than 300000 merges");
  std::string vocab = "{\"a\":0";
  for (int i = 1; i <= 300001; ++i) vocab += ",\"" + std::to_string(i) + "\":" + std::to_string(i);
  refused(file(vocab + "}"), "more than 300000 tokens");
  refused(file("{\"a\":0}", "[]", "[]", "\"x\":\"" + std::string(HfTokenizer::kLongestFile, 'x') + "\","), "at most 32000000");
}

TEST_CASE("tokenizer.json: lone surrogates and other broken text", "[hf][faults][reliability-5]") {
  refused(file("{\"\\ud83d\":0}"), "a lone surrogate");
  refused(file("{\"\\ude00\":0}"), "a lone surrogate");
  refused(file("{\"a\":0}", "[\"\\ud83d b\"]"), "a lone surrogate");
  refused(file("{\"a\":0}", "[]", "[{\"id\":1,\"content\":\"\\udfff\"}]"), "a lone surrogate");
  refused(file("{\"a\":0,\"\xE3\x81\":1}"), "not UTF-8 text");
  refused(file("{\"a\":0,\"あ\":1}"), "has a character that stands for no byte");
  CHECK(read(file("{\"a\":0}", "[]", "[{\"id\":1,\"content\":\"\\ud83d\\ude00\"}]")) == "read");
}

TEST_CASE("tokenizer.json: what would change the ids is refused by name", "[hf][faults][reliability-5]") {
  const std::string whole = file("{\"a\":0}");
  const auto with = [&](std::string_view member) { return "{" + std::string(member) + "," + whole.substr(1); };
  refused(with("\"normalizer\":{\"type\":\"NFC\"}"), "a normalizer is not supported");
  refused(with("\"truncation\":{}"), "a truncation is not supported");
  refused(with("\"padding\":{}"), "a padding is not supported");
  refused(with("\"post_processor\":{\"type\":\"TemplateProcessing\"}"), "the post_processor \"TemplateProcessing\" is not supported");
  refused(with("\"decoder\":{\"type\":\"Metaspace\"}"), "the decoder \"Metaspace\"");
  CHECK(read(with("\"post_processor\":{\"type\":\"ByteLevel\"}")) == "read");
  refused(file("{\"a\":0}", "[]", "[]", "\"dropout\":0.1,"), "a dropout is not supported");
  refused(file("{\"a\":0}", "[]", "[]", "\"end_of_word_suffix\":\"</w>\","), "a end_of_word_suffix is not supported");
  refused(file("{\"a\":0}", "[]", "[]", "\"byte_fallback\":true,"), "byte_fallback is not supported");
  refused(file("{\"a\":0}", "[]", "[]", "\"unk_token\":\"?\","), "the unk_token \"?\" is not in the vocabulary");
  refused(file("{\"a\":0}", "[]", "[]", "\"unk_token\":\"a\",\"fuse_unk\":true,"), "fuse_unk is not supported");
  refused(file("{\"a\":0}", "[]", "[{\"id\":1,\"content\":\"x\",\"lstrip\":true}]"), "lstrip is not supported");
  refused(file("{\"a\":0}", "[]", "[{\"id\":1,\"content\":\"" + std::string(1001, 'x') + "\"}]"), "an added token of 1001 bytes");
  refused("{\"model\":{\"type\":\"WordPiece\"}}", "a model of type \"WordPiece\" is not supported; it must be BPE");
  refused("{\"model\":{\"vocab\":{\"a\":0},\"merges\":[]}}", "there is no pre_tokenizer");
  refused("{\"pre_tokenizer\":null}", "there is no pre_tokenizer");
  refused("{\"pre_tokenizer\":{\"type\":\"Sequence\"}}", "the pre_tokenizer \"Sequence\" is not supported");
  refused("{\"pre_tokenizer\":{\"add_prefix_space\":true}}", "the pre_tokenizer has no type");
}

TEST_CASE("tokenizer.json: members given twice or left out, and other JSON", "[hf][faults][reliability-5]") {
  refused("{}", "there is no \"model\"");
  refused("{\"pre_tokenizer\":{\"type\":\"ByteLevel\"},\"model\":{\"merges\":[]}}", "the model has no \"vocab\"");
  refused("{\"pre_tokenizer\":{\"type\":\"ByteLevel\"},\"model\":{\"vocab\":{\"a\":0}}}", "the model has no \"merges\"");
  refused(file("{\"a\":0}", "[],\"vocab\":{}"), "the vocabulary is given twice");
  refused(file("{\"a\":0}", "[],\"merges\":[]"), "the merges are given twice");
  refused(file("{\"a\":0}", "[]", "[],\"added_tokens\":[]"), "the added tokens are given twice");
  refused(file("{\"a\":0}") + "x", "more text after the end");
  for (const char* text : {"", "[]", "null", "7", "{\"model\":[]}", "{\"model\":7}", "{\"added_tokens\":{}}", "{\"added_tokens\":[7]}"}) {
    CHECK(read(text) != "read");
  }
}

TEST_CASE("tokenizer.json: cut anywhere it is refused, damaged anywhere it is read or refused", "[hf][faults][reliability-5]") {
  const std::string whole =
      file("{\"a\":0,\"b\":1,\"ab\":2,\"\\u0120\":3}", "[\"a b\",[\"a\",\"b\"]]", "[{\"id\":4,\"content\":\"<x>\",\"special\":true}]");
  REQUIRE(read(whole) == "read");
  for (std::size_t n = 0; n < whole.size(); ++n) CHECK(read(whole.substr(0, n)) != "read");
  x2g::Rng rng(1);
  int accepted = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string damaged = whole;
    for (std::uint32_t k = 1 + rng.below(3); k > 0; --k) {
      const std::uint32_t at = rng.below(static_cast<std::uint32_t>(damaged.size()));
      switch (rng.below(4)) {
        case 0: damaged.erase(at, 1 + rng.below(8)); break;
        case 1: damaged.insert(at, damaged.substr(rng.below(static_cast<std::uint32_t>(damaged.size())), 1 + rng.below(8))); break;
        case 2: damaged[at] = static_cast<char>(rng.below(256)); break;
        default: damaged[at] = "{}[]\",:019ab\\u"[rng.below(14)]; break;
      }
      if (damaged.empty()) damaged = "x";
    }
    const bool readable = read(damaged) == "read";
    if (!readable) continue;
    ++accepted;
    const HfTokenizer t = HfTokenizer::read(damaged);
    try {
      const std::string written = t.write();
      CHECK(HfTokenizer::read(written).write() == written);
      const std::string back = t.decode(t.encode("ab"));
      CHECK(back.ends_with("ab"));
    } catch (const x2g::Error&) {}
  }
  CHECK(accepted > 100);
  CHECK(accepted < 19000);
}

TEST_CASE("merges.txt: faults name the line's place", "[hf][faults][reliability-5]") {
  const auto pair = [](std::string_view vocab, std::string_view merges) -> std::string {
    try {
      HfTokenizer::read_gpt2(vocab, merges);
    } catch (const x2g::Error& e) {
      CHECK(e.code() == x2g::ErrorCode::bad_file);
      return e.message();
    }
    return "read";
  };
  const std::string vocab = "{\"a\":0,\"b\":1,\"ab\":2}";
  CHECK(pair(vocab, "#version: 0.2\na b\n\n") == "read");
  CHECK(pair(vocab, "") == "read");
  CHECK(pair(vocab, "#version: 0.2\na b\nab\n").starts_with("byte 18: the merge \"ab\" is not two tokens"));
  CHECK(pair(vocab, "a c").find("\"c\", which is not in the vocabulary") != std::string::npos);
  CHECK(pair(vocab, "a \xFF").starts_with("byte 2: the merges are not UTF-8"));
  CHECK(pair("[]", "") != "read");
  CHECK(pair("{\"a\":0}x", "") != "read");
}
