// How GPT-2's files write bytes: each as one printable character ("Ġ" is the blank, "ã" the byte E3). Radford et al. 2019, encoder.py.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace x2g {

class ByteAlphabet {
 public:
  ByteAlphabet();
  std::string write(std::string_view bytes) const;
  /// False when a character is not one of the 256; `bytes` is then of no use.
  bool read(std::string_view written, std::string& bytes) const;

 private:
  std::array<char32_t, 256> character_{};  // of a byte: below 324
  std::array<std::int16_t, 324> byte_{};   // of a character, or −1
};

}  // namespace x2g
