#include "io/csv_scanner.hpp"

#include "x2g/text/tokenizer.hpp"

namespace x2g {
namespace {

bool blank(char c) { return c == ' ' || c == '\t'; }

/// The ASCII form of what an input method for Japanese gives in its wide mode (U+FF01 … U+FF5E), and of the minus sign; else 0.
char narrow(char32_t c) {
  if (c >= 0xFF10 && c <= 0xFF19) return static_cast<char>('0' + (c - 0xFF10));
  switch (c) {
    case 0xFF0B: return '+';
    case 0xFF0D:
    case 0x2212: return '-';
    case 0xFF0E: return '.';
    case 0xFF0C: return ',';
    case 0xFF25:
    case 0xFF45: return 'e';
    case 0x3000: return ' ';
    default: return 0;
  }
}

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && blank(s.back())) s.remove_suffix(1);
  return s;
}

}  // namespace

/// Past one line end: CRLF is one.
void CsvScanner::skip_line_end() { at_ += text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n' ? 2 : 1; }

/// A cell that starts with a quote, up to its closing one.
bool CsvScanner::quoted(std::string_view& out) {
  const std::size_t first = ++at_;
  bool doubled = false;
  for (;; ++at_) {
    if (at_ >= text_.size()) {
      at_ = first - 1;
      fault_ = "a quote that is not closed";
      return false;
    }
    if (text_[at_] != '"') continue;
    if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') break;
    doubled = true;
    ++at_;
  }
  out = text_.substr(first, at_ - first);
  ++at_;
  if (at_ < text_.size() && text_[at_] != delimiter_ && !ends_line(at_)) {
    fault_ = "text after a closing quote; write a quote inside quotes twice";
    return false;
  }
  if (!doubled) return true;
  unquoted_.clear();
  for (std::size_t i = 0; i < out.size(); ++i) {
    unquoted_ += out[i];
    if (out[i] == '"') ++i;
  }
  out = unquoted_;
  return true;
}

bool CsvScanner::next(CsvCell& cell) {
  if (fault_) return false;
  while (!inside_ && at_ < text_.size() && ends_line(at_)) {  // empty lines
    skip_line_end();
    ++row_;
  }
  if (!inside_ && at_ >= text_.size()) return false;
  inside_ = true;
  ++column_;
  cell.place = place();
  if (at_ < text_.size() && text_[at_] == '"') {
    if (!quoted(cell.text)) return false;
  } else {
    const std::size_t first = at_;
    while (at_ < text_.size() && text_[at_] != delimiter_ && !ends_line(at_)) ++at_;
    cell.text = text_.substr(first, at_ - first);
  }
  cell.last = at_ >= text_.size() || ends_line(at_);
  if (!cell.last) {
    ++at_;
    return true;
  }
  if (at_ < text_.size()) skip_line_end();
  inside_ = false;
  ++row_;
  column_ = 0;
  return true;
}

std::string_view fold_number(std::string_view cell, std::string& scratch) {
  bool wide = false;
  for (const char c : cell) wide |= (static_cast<unsigned char>(c) & 0x80) != 0;
  if (!wide) return trimmed(cell);
  scratch.clear();
  for (std::size_t at = 0; at < cell.size();) {
    const CodePoint c = decode_utf8(cell, at);
    const char ascii = c.value < 0x80 ? static_cast<char>(c.value) : narrow(c.value);
    if (ascii == 0) return trimmed(cell);  // some other letter: no number
    scratch += ascii;
    at += c.bytes;
  }
  return trimmed(scratch);
}

}  // namespace x2g
