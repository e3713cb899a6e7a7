#include "output.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "io/json.hpp"
#include "x2g/base/text.hpp"
#include "x2g/text/tokenizer.hpp"

namespace x2g::cli {

std::string fixed(double value, int digits) {
  std::array<char, 400> out{};
  const int length = std::snprintf(out.data(), out.size(), "%.*f", digits, value);
  return {out.data(), static_cast<std::size_t>(length)};
}

std::string duration(double seconds) {
  const auto s = static_cast<std::int64_t>(std::llround(std::min(seconds, 1e9)));
  if (s < 60) return text(s, " s");
  if (s < 3600) return text(s / 60, " min ", s % 60, " s");
  return text(s / 3600, " h ", s % 3600 / 60, " min");
}

std::string size_text(double bytes) {
  if (bytes < 1000) return text(bytes, " bytes");
  if (bytes < 1e6) return fixed(bytes / 1e3, 1) + " kB";
  if (bytes < 1e9) return fixed(bytes / 1e6, 1) + " MB";
  return fixed(bytes / 1e9, 2) + " GB";
}

std::string as_utf8(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode_utf8(text, at);
    append_utf8(out, c.value);
    at += c.bytes;
  }
  return out;
}

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void complain(std::string_view text) { std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data()); }

Json& Json::raw(std::string_view key, std::string_view value) {
  members_ += members_.empty() ? "{" : ",";
  members_ += json_quote(key);
  members_ += ':';
  members_ += value;
  return *this;
}

Json& Json::add(std::string_view key, std::string_view value) { return raw(key, json_quote(as_utf8(value))); }
Json& Json::add(std::string_view key, bool value) { return raw(key, value ? "true" : "false"); }

Json& Json::add(std::string_view key, double value) {
  if (!std::isfinite(value)) return add_null(key);
  std::array<char, 64> out{};
  const auto end = std::to_chars(out.data(), out.data() + out.size(), value);
  return raw(key, {out.data(), static_cast<std::size_t>(end.ptr - out.data())});
}

Json& Json::add_list(std::string_view key, std::span<const Json> items) {
  std::string list = "[";
  for (const Json& item : items) list += (list.size() > 1 ? "," : "") + item.str();
  return raw(key, list + "]");
}

Json& Json::add_list(std::string_view key, std::span<const std::uint64_t> items) {
  std::string list = "[";
  for (const std::uint64_t item : items) list += (list.size() > 1 ? "," : "") + std::to_string(item);
  return raw(key, list + "]");
}

Json& Json::add_list(std::string_view key, std::span<const std::string> items) {
  std::string list = "[";
  for (const std::string& item : items) list += (list.size() > 1 ? "," : "") + json_quote(as_utf8(item));
  return raw(key, list + "]");
}

}  // namespace x2g::cli
