#include "x2g/text/tokenizer.hpp"

#include <algorithm>
#include <array>

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/text/visible.hpp"

namespace x2g {
namespace {

constexpr std::size_t kMaxCharacters = 65535;
constexpr std::string_view kHex = "0123456789ABCDEF";

/// "U+0041", "U+1F600": at least four digits.
std::string unicode_name(char32_t c) {
  std::string out = "U+";
  for (int shift = c > 0xFFFF ? 20 : 12; shift >= 0; shift -= 4) out += kHex[(c >> shift) & 15];
  if (out.size() == 8 && out[2] == '0') out.erase(2, 1);
  return out;
}

std::string utf8(char32_t c) {
  std::string out;
  append_utf8(out, c);
  return out;
}

/// Characters that would show as nothing (controls, blanks, marks without a base, direction controls).
bool invisible(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0xAD || (c >= 0x300 && c <= 0x36F) || (c >= 0x2000 && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F) || c == 0x3000 || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF;
}

}  // namespace

CodePoint decode_utf8(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> std::uint32_t { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const std::uint32_t lead = byte(at);
  if (lead < 0x80) return {static_cast<char32_t>(lead), 1};

  // The second byte's range depends on the lead: no overlong forms, no surrogates, nothing above U+10FFFF.
  std::uint32_t more = 0, low = 0x80, high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF)
    more = 1;
  else if (lead >= 0xE0 && lead <= 0xEF)
    more = 2;
  else if (lead >= 0xF0 && lead <= 0xF4)
    more = 3;
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  if (more == 0) return {0xFFFD, 1};

  std::uint32_t value = lead & (0x3Fu >> more);
  for (std::uint32_t i = 1; i <= more; ++i) {
    const std::uint32_t b = byte(at + i);
    if (b < low || b > high) return {0xFFFD, i};
    value = (value << 6) | (b & 0x3F);
    low = 0x80;
    high = 0xBF;
  }
  return {static_cast<char32_t>(value), more + 1};
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](std::uint32_t b) { out += static_cast<char>(static_cast<unsigned char>(b)); };
  std::uint32_t v = c;
  if (v > 0x10FFFF || (v >= 0xD800 && v <= 0xDFFF)) v = 0xFFFD;
  if (v < 0x80) {
    put(v);
  } else if (v < 0x800) {
    put(0xC0 | (v >> 6));
    put(0x80 | (v & 0x3F));
  } else if (v < 0x10000) {
    put(0xE0 | (v >> 12));
    put(0x80 | ((v >> 6) & 0x3F));
    put(0x80 | (v & 0x3F));
  } else {
    put(0xF0 | (v >> 18));
    put(0x80 | ((v >> 12) & 0x3F));
    put(0x80 | ((v >> 6) & 0x3F));
    put(0x80 | (v & 0x3F));
  }
}

Tokenizer Tokenizer::bytes() { return {}; }

Tokenizer Tokenizer::characters(std::string_view corpus) {
  if (corpus.empty()) throw Error(ErrorCode::invalid_argument, "the training text is empty; give it at least one character");
  std::vector<bool> seen(0x110000);
  for (std::size_t at = 0; at < corpus.size();) {
    const CodePoint c = decode_utf8(corpus, at);
    seen[c.value] = true;
    at += c.bytes;
  }
  Tokenizer out;
  out.kind_ = Kind::characters;
  for (char32_t c = 0; c < seen.size(); ++c) {
    if (seen[c]) out.characters_.push_back(c);
  }
  if (out.characters_.size() > kMaxCharacters) {
    throw Error(ErrorCode::invalid_argument, text("the training text has ", out.characters_.size(), " different characters; at most ",
                                                  kMaxCharacters, " are allowed: use the byte tokenizer"));
  }
  return out;
}

Tokenizer Tokenizer::from_vocabulary(std::string_view characters) {
  Tokenizer out;
  out.kind_ = Kind::characters;
  for (std::size_t at = 0; at < characters.size();) {
    const CodePoint c = decode_utf8(characters, at);
    if (!out.characters_.empty() && c.value <= out.characters_.back()) {
      throw Error(ErrorCode::bad_file, text("the vocabulary holds ", unicode_name(c.value), " at byte ", at, " after ",
                                            unicode_name(out.characters_.back()), "; its characters must rise"));
    }
    out.characters_.push_back(c.value);
    at += c.bytes;
  }
  if (out.characters_.empty() || out.characters_.size() > kMaxCharacters) {
    throw Error(ErrorCode::bad_file,
                text("the vocabulary has ", out.characters_.size(), " characters; 1 to ", kMaxCharacters, " are allowed"));
  }
  return out;
}

std::uint32_t Tokenizer::size() const { return kind_ == Kind::bytes ? 256u : static_cast<std::uint32_t>(characters_.size()); }

std::string Tokenizer::vocabulary() const {
  std::string out;
  for (const char32_t c : characters_) append_utf8(out, c);
  return out;
}

std::vector<std::uint32_t> Tokenizer::encode(std::string_view text) const { return encode(text, false); }
std::vector<std::uint32_t> Tokenizer::encode_known(std::string_view text) const { return encode(text, true); }

std::vector<std::uint32_t> Tokenizer::encode(std::string_view input, bool skip_unknown) const {
  std::vector<std::uint32_t> ids;
  if (kind_ == Kind::bytes) {
    ids.reserve(input.size());
    for (const char c : input) ids.push_back(static_cast<unsigned char>(c));
    return ids;
  }
  std::size_t length = 0;  // first the length, so that several megabytes are allocated once
  for (std::size_t at = 0; at < input.size(); ++length) at += decode_utf8(input, at).bytes;
  ids.reserve(length);

  constexpr std::uint32_t kNone = ~0u;
  std::array<std::uint32_t, 128> ascii;
  ascii.fill(kNone);
  for (std::uint32_t id = 0; id < characters_.size() && characters_[id] < ascii.size(); ++id) ascii[characters_[id]] = id;

  for (std::size_t at = 0; at < input.size();) {
    const CodePoint c = decode_utf8(input, at);
    std::uint32_t id = kNone;
    if (c.value < ascii.size()) {
      id = ascii[c.value];
    } else {
      const auto place = std::lower_bound(characters_.begin(), characters_.end(), c.value);
      if (place != characters_.end() && *place == c.value) id = static_cast<std::uint32_t>(place - characters_.begin());
    }
    if (id != kNone) {
      ids.push_back(id);
    } else if (!skip_unknown) {
      throw Error(ErrorCode::invalid_argument, text("the character ", invisible(c.value) ? std::string() : "\"" + utf8(c.value) + "\" ",
                                                    "(", unicode_name(c.value), ") at byte ", at, " is not among the ", characters_.size(),
                                                    " the model knows; leave it out, or train on text that has it"));
    }
    at += c.bytes;
  }
  return ids;
}

std::string Tokenizer::decode(std::uint32_t id) const {
  if (id >= size()) throw Error(ErrorCode::invalid_argument, text("token ", id, " does not exist; ids are 0 to ", size() - 1));
  if (kind_ == Kind::bytes) return std::string(1, static_cast<char>(static_cast<unsigned char>(id)));
  return utf8(characters_[id]);
}

std::string Tokenizer::decode(const std::vector<std::uint32_t>& ids) const {
  std::string out;
  for (const std::uint32_t id : ids) out += decode(id);
  return out;
}

std::string Tokenizer::label(std::uint32_t id) const {
  const std::string piece = decode(id);  // checks the id
  const char32_t c = kind_ == Kind::bytes ? static_cast<char32_t>(id) : characters_[id];
  if (c == ' ') return "␣";
  if (c == '\n') return "⏎";
  if (c == '\t') return "⇥";
  if (kind_ == Kind::bytes && (c < 0x20 || c > 0x7E)) return {kHex[c >> 4], kHex[c & 15]};
  return invisible(c) ? unicode_name(c) : piece;
}

std::string visible(std::string_view bytes) {
  std::string out;
  bool hex = false;
  for (std::size_t at = 0; at < bytes.size();) {
    const CodePoint c = decode_utf8(bytes, at);
    const std::string_view raw = bytes.substr(at, c.bytes);
    at += c.bytes;
    const bool broken = c.value == 0xFFFD && raw != "\xEF\xBF\xBD",
               named = !broken && c.value != '\n' && c.value != '\t' && invisible(c.value);
    if (!out.empty() && (hex || broken || named)) out += ' ';
    hex = broken || named;
    if (broken) {
      for (std::size_t i = 0; i < raw.size(); ++i) {
        const auto b = static_cast<unsigned char>(raw[i]);
        if (i > 0) out += ' ';
        out += kHex[b >> 4];
        out += kHex[b & 15];
      }
    } else if (named) {
      out += unicode_name(c.value);
    } else {
      out += c.value == ' ' ? "␣" : c.value == '\n' ? "⏎" : c.value == '\t' ? "⇥" : raw;
    }
  }
  return out;
}

}  // namespace x2g
