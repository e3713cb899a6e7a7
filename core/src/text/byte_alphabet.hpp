// How GPT-2's files write bytes: each as one printable character ("Ġ" is the blank, "ã" the byte E3). Radford et al. 2019, encoder.py.
#pragma once

#include <string>
#include <string_view>

namespace x2g {

std::string to_byte_alphabet(std::string_view bytes);
/// False when a character is not one of the 256; `bytes` is then of no use.
bool from_byte_alphabet(std::string_view written, std::string& bytes);

}  // namespace x2g
