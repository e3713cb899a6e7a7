#include "text/byte_alphabet.hpp"

#include "x2g/text/bpe.hpp"
#include "x2g/text/tokenizer.hpp"

namespace x2g {
namespace {

constexpr std::size_t kPrintable = 188;  // bytes that stand for themselves; the others follow in order as U+0100 …

char32_t character(std::size_t place, std::uint8_t byte) {
  return place < kPrintable ? char32_t{byte} : static_cast<char32_t>(256 + place - kPrintable);
}

}  // namespace

std::string to_byte_alphabet(std::string_view bytes) {
  const std::array<std::uint8_t, 256> order = gpt2_byte_order();
  std::array<char32_t, 256> of{};
  for (std::size_t i = 0; i < 256; ++i) of[order[i]] = character(i, order[i]);
  std::string out;
  for (const char b : bytes) append_utf8(out, of[static_cast<unsigned char>(b)]);
  return out;
}

bool from_byte_alphabet(std::string_view written, std::string& bytes) {
  bytes.clear();
  const std::array<std::uint8_t, 256> order = gpt2_byte_order();
  std::array<std::int16_t, 512> byte{};
  byte.fill(-1);
  for (std::size_t i = 0; i < 256; ++i) byte[character(i, order[i])] = order[i];
  for (std::size_t at = 0; at < written.size();) {
    const CodePoint c = decode_utf8(written, at);
    if (c.value >= byte.size() || byte[c.value] < 0) return false;
    bytes += static_cast<char>(byte[c.value]);
    at += c.bytes;
  }
  return true;
}

}  // namespace x2g
