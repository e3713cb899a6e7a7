// Character by character: what waits is always the longest end of the text that begins a stop string, so a string found ends there.
#include "x2g/lm/stop.hpp"

#include <algorithm>

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/text/tokenizer.hpp"

namespace x2g {
namespace {

constexpr char32_t kReplacement = 0xfffd;

bool is_replacement(std::string_view s) { return s.starts_with("\xef\xbf\xbd"); }

/// Bytes that a sequence with this first byte has; 1 for bytes that begin none.
std::size_t length_from(char first) {
  const auto b = static_cast<unsigned char>(first);
  return b >= 0xf0 && b <= 0xf4 ? 4 : b >= 0xe0 && b < 0xf0 ? 3 : b >= 0xc2 && b < 0xe0 ? 2 : 1;
}

/// The end of the text is a sequence that further bytes may complete.
bool may_grow(std::string_view text, std::size_t at, const CodePoint& c) {
  return c.value == kReplacement && at + c.bytes == text.size() && c.bytes < length_from(text[at]);
}

void validate(const std::vector<std::string>& stops) {
  if (stops.size() > StopText::kMostStrings)
    throw Error(ErrorCode::invalid_argument, text(stops.size(), " stop strings; there may be up to ", StopText::kMostStrings));
  for (std::size_t i = 0; i < stops.size(); ++i) {
    const std::string& s = stops[i];
    if (s.empty() || s.size() > StopText::kMostBytes)
      throw Error(ErrorCode::invalid_argument,
                  text("stop string ", i, " has ", s.size(), " bytes; it must have 1 to ", StopText::kMostBytes));
    for (std::size_t at = 0; at < s.size();) {
      const CodePoint c = decode_utf8(s, at);
      if (c.value == kReplacement && !is_replacement(std::string_view(s).substr(at)))
        throw Error(ErrorCode::invalid_argument, text("stop string ", i, " is not UTF-8 at byte ", at, "; give whole characters"));
      at += c.bytes;
    }
  }
}

}  // namespace

StopText::StopText(std::vector<std::string> stops) : stops_(std::move(stops)) { validate(stops_); }

/// Appends a character to what waits, and looks whether a stop string is complete.
void StopText::take(std::string_view character) {
  pending_ += character;
  for (std::uint32_t i = 0; i < stops_.size(); ++i)
    if (pending_.ends_with(stops_[i]) && (found_ == kNone || stops_[i].size() > stops_[found_].size())) found_ = i;
}

std::string StopText::push(std::string_view bytes) {
  if (stopped()) return {};
  bytes_ += bytes;
  std::string out;
  std::size_t at = 0;
  while (at < bytes_.size()) {
    const CodePoint c = decode_utf8(bytes_, at);
    if (may_grow(bytes_, at, c)) break;
    std::string character;
    append_utf8(character, c.value);
    take(character);
    at += c.bytes;
    if (stopped()) {
      out += pending_.substr(0, pending_.size() - stops_[found_].size());
      pending_.clear();
      bytes_.clear();
      return out;
    }
    // Keep the longest end that begins a stop string; the rest is free.
    std::size_t keep = 0;
    for (const std::string& s : stops_)
      for (std::size_t n = std::min(s.size() - 1, pending_.size()); n > keep; --n)
        if (pending_.ends_with(std::string_view(s).substr(0, n))) keep = n;
    out += pending_.substr(0, pending_.size() - keep);
    pending_.erase(0, pending_.size() - keep);
  }
  bytes_.erase(0, at);
  return out;
}

std::string StopText::finish() {
  std::string out = push({});
  if (!bytes_.empty() && !stopped()) {
    bytes_.clear();
    append_utf8(bytes_, kReplacement);
    out += push({});
  }
  out += pending_;
  pending_.clear();
  return out;
}

}  // namespace x2g
