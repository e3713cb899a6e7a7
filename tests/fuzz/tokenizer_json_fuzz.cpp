// tokenizer.json: what is read encodes any bytes or says which it has no token for, decodes to them, and comes back from its own writing.
#include "fuzz/fuzz.hpp"

#include <optional>
#include <string>
#include <string_view>

#include "x2g/text/hf_tokenizer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace x2g;
  const std::string_view file(reinterpret_cast<const char*>(data), size);
  std::optional<HfTokenizer> t;
  if (!fuzz::accepted([&] { t = HfTokenizer::read(file); })) return 0;

  const std::string written = t->write();
  fuzz::require(HfTokenizer::read(written).write() == written, "what is written is read to the same");
  // The file's own beginning is as good a text as any: it has the blanks, the tokens and the broken bytes that the fuzzer thinks of.
  for (const std::string_view text : {file.substr(0, 400), std::string_view("ab <|x|>'s  12\n\xE3\x81\x82\xFF")}) {
    try {
      const auto ids = t->encode(text);
      const std::string back = t->decode(ids);
      for (const std::uint32_t id : ids) fuzz::require(id < t->size(), "ids are of the vocabulary");
      fuzz::require(t->unknown() != TokenTable::kNone || t->prefix_space() || back == text, "a text comes back");
    } catch (const Error& e) {
      fuzz::require(e.code() == ErrorCode::invalid_argument, e.what());  // a byte without a token
    }
  }
  return 0;
}
