#include "io/json.hpp"

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/text/tokenizer.hpp"

namespace x2g {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::size_t utf8_until(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode_utf8(text, at);
    if (c.value == 0xFFFD && text.substr(at, 3) != "\xEF\xBF\xBD") return at;
    at += c.bytes;
  }
  return text.size();
}

bool is_utf8(std::string_view text) { return utf8_until(text) == text.size(); }

JsonReader::JsonReader(std::string_view text, std::uint64_t base) : text_(text), base_(base) {
  at_ = utf8_until(text);
  if (at_ != text.size()) fail("not UTF-8 text");
  at_ = 0;
}

void JsonReader::fail(std::string_view why) const { throw Error(ErrorCode::bad_file, text("byte ", offset(), ": ", why)); }

void JsonReader::blanks() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) ++at_;
}

/// The next character after blanks, not consumed.
char JsonReader::next_char(std::string_view expected) {
  blanks();
  if (at_ >= text_.size()) fail(text("the JSON ends where ", expected, " should be"));
  return text_[at_];
}

JsonReader::Kind JsonReader::peek() {
  const char c = next_char("a value");
  if (c == '{') return Kind::object;
  if (c == '[') return Kind::array;
  if (c == '"') return Kind::string;
  if (c == 't' || c == 'f') return Kind::boolean;
  if (c == 'n') return Kind::null;
  if (c == '-' || digit(c)) return Kind::number;
  fail("no JSON value starts like this");
}

void JsonReader::open(char bracket) {
  if (next_char("a value") != bracket) fail(bracket == '{' ? "an object was expected" : "an array was expected");
  if (depth_ == kDepth) fail(text("nested deeper than ", kDepth, " levels"));
  ++at_;
  first_[depth_++] = true;
}

void JsonReader::begin_object() { open('{'); }
void JsonReader::begin_array() { open('['); }

/// True before a further member of the innermost object or array, its comma consumed; false when its end was consumed.
bool JsonReader::next_member(char closing) {
  const char c = next_char(closing == '}' ? "a key or \"}\"" : "a value or \"]\"");
  bool& first = first_[depth_ - 1];
  if (c == closing) {
    ++at_;
    --depth_;
    return false;
  }
  if (!first) {
    if (c != ',') fail(closing == '}' ? "\",\" or \"}\" was expected" : "\",\" or \"]\" was expected");
    ++at_;
    blanks();
  }
  first = false;
  return true;
}

bool JsonReader::next_key(std::string& key) {
  if (!next_member('}')) return false;
  key = string();
  if (next_char("\":\"") != ':') fail("\":\" was expected");
  ++at_;
  return true;
}

bool JsonReader::next_item() { return next_member(']'); }

std::uint32_t JsonReader::hex4() {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    std::uint32_t nibble = 0;
    if (digit(c))
      nibble = static_cast<std::uint32_t>(c - '0');
    else if (c >= 'a' && c <= 'f')
      nibble = static_cast<std::uint32_t>(c - 'a') + 10;
    else if (c >= 'A' && c <= 'F')
      nibble = static_cast<std::uint32_t>(c - 'A') + 10;
    else
      fail("\\u must be followed by four hexadecimal digits");
    value = value * 16 + nibble;
    ++at_;
  }
  return value;
}

std::string JsonReader::string() {
  if (next_char("a string") != '"') fail("a string was expected");
  ++at_;
  std::string out;
  for (;;) {
    if (at_ >= text_.size()) fail("a string is not closed");
    const char c = text_[at_];
    if (static_cast<unsigned char>(c) < 0x20) fail("a control character in a string");
    ++at_;
    if (c == '"') return out;
    if (c != '\\') {
      out += c;
      continue;
    }
    const char e = at_ < text_.size() ? text_[at_++] : '\0';
    constexpr std::string_view kLetters = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
    if (const std::size_t i = kLetters.find(e); e != '\0' && i != std::string_view::npos) {
      out += kMeanings[i];
      continue;
    }
    if (e != 'u') fail("an unknown escape in a string");
    std::uint32_t unit = hex4();
    if (unit >= 0xD800 && unit < 0xDC00) {  // a pair of surrogates is one character beyond U+FFFF
      if (text_.substr(at_, 2) != "\\u") fail("a lone surrogate");
      at_ += 2;
      const std::uint32_t low = hex4();
      if (low < 0xDC00 || low > 0xDFFF) fail("a lone surrogate");
      unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    } else if (unit >= 0xDC00 && unit < 0xE000) {
      fail("a lone surrogate");
    }
    append_utf8(out, static_cast<char32_t>(unit));
  }
}

std::uint64_t JsonReader::whole_number() {
  if (!digit(next_char("a whole number"))) fail("a whole number of 0 or more was expected");
  if (text_[at_] == '0' && at_ + 1 < text_.size() && digit(text_[at_ + 1])) fail("a number with a leading zero");
  std::uint64_t value = 0;
  while (at_ < text_.size() && digit(text_[at_])) {
    const std::uint64_t d = static_cast<std::uint64_t>(text_[at_] - '0');
    if (value > (UINT64_MAX - d) / 10) fail("a number beyond 64 bits");
    value = value * 10 + d;
    ++at_;
  }
  if (at_ < text_.size() && (text_[at_] == '.' || text_[at_] == 'e' || text_[at_] == 'E')) fail("a whole number was expected");
  return value;
}

void JsonReader::number() {
  const auto digits = [&] {
    if (at_ >= text_.size() || !digit(text_[at_])) fail("a digit was expected");
    while (at_ < text_.size() && digit(text_[at_])) ++at_;
  };
  if (text_[at_] == '-') ++at_;
  if (at_ + 1 < text_.size() && text_[at_] == '0' && digit(text_[at_ + 1])) fail("a number with a leading zero");
  digits();
  if (at_ < text_.size() && text_[at_] == '.') {
    ++at_;
    digits();
  }
  if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
    ++at_;
    if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
    digits();
  }
}

void JsonReader::word(std::string_view expected) {
  if (text_.substr(at_, expected.size()) != expected) fail(text("\"", expected, "\" was expected"));
  at_ += expected.size();
}

bool JsonReader::boolean() {
  const char c = next_char("true or false");
  if (c != 't' && c != 'f') fail("true or false was expected");
  word(c == 't' ? "true" : "false");
  return c == 't';
}

void JsonReader::skip() {
  // A loop with the reader's own bounded stack, so that nesting cannot exhaust the machine's.
  const std::size_t floor = depth_;
  std::array<bool, kDepth> object{};
  std::string key;
  do {
    switch (peek()) {
      case Kind::object:
        begin_object();
        object[depth_ - 1] = true;
        break;
      case Kind::array:
        begin_array();
        object[depth_ - 1] = false;
        break;
      case Kind::string: string(); break;
      case Kind::number: number(); break;
      case Kind::boolean: word(text_[at_] == 't' ? "true" : "false"); break;
      case Kind::null: word("null"); break;
    }
    while (depth_ > floor && !(object[depth_ - 1] ? next_key(key) : next_item())) {}
  } while (depth_ > floor);
}

void JsonReader::finish() {
  blanks();
  if (at_ != text_.size()) fail("more text after the end of the JSON");
}

std::string json_quote(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto b = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (b < 0x20) {
      out += "\\u00";
      out += kHex[b >> 4];
      out += kHex[b & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace x2g
