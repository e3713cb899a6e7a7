#include "text/byte_alphabet.hpp"

#include "x2g/text/bpe.hpp"
#include "x2g/text/tokenizer.hpp"

namespace x2g {

ByteAlphabet::ByteAlphabet() {
  constexpr std::size_t kPrintable = 188;  // bytes that stand for themselves; the others follow in order as U+0100 … U+0143
  const std::array<std::uint8_t, 256> order = gpt2_byte_order();
  byte_.fill(-1);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t c = i < kPrintable ? order[i] : 256 + i - kPrintable;
    character_[order[i]] = static_cast<char32_t>(c);
    byte_[c] = order[i];
  }
}

std::string ByteAlphabet::write(std::string_view bytes) const {
  std::string out;
  for (const char b : bytes) append_utf8(out, character_[static_cast<unsigned char>(b)]);
  return out;
}

bool ByteAlphabet::read(std::string_view written, std::string& bytes) const {
  bytes.clear();
  for (std::size_t at = 0; at < written.size();) {
    const CodePoint c = decode_utf8(written, at);
    if (c.value >= byte_.size() || byte_[c.value] < 0) return false;
    bytes += static_cast<char>(byte_[c.value]);
    at += c.bytes;
  }
  return true;
}

}  // namespace x2g
