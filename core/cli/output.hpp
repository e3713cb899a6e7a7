// Figures and texts as people and programs read them: numbers, durations, JSON objects. Builds strings; prints nothing.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace x2g::cli {

std::string fixed(double value, int digits);  ///< "1.8921"
std::string duration(double seconds);         ///< "8 s", "2 min 10 s", "1 h 3 min"
std::string size_text(double bytes);          ///< "812 bytes", "3.3 MB" (powers of 1000)
std::string as_utf8(std::string_view text);   ///< what is not UTF-8 becomes U+FFFD
void print(std::string_view text);            ///< to the standard output, at once
void complain(std::string_view text);         ///< to the standard error, with a line end

/// One JSON object on one line, members in the order of add(). Numbers are written so that reading gives the same bits; what is not finite
/// becomes null.
class Json {
 public:
  Json& add(std::string_view key, std::string_view value);
  Json& add(std::string_view key, const char* value) { return add(key, std::string_view(value)); }
  Json& add(std::string_view key, bool value);
  Json& add(std::string_view key, double value);
  Json& add(std::string_view key, std::integral auto value) { return raw(key, std::to_string(value)); }
  Json& add(std::string_view key, const Json& value) { return raw(key, value.str()); }
  Json& add_null(std::string_view key) { return raw(key, "null"); }
  Json& add_list(std::string_view key, std::span<const Json> items);
  Json& add_list(std::string_view key, std::span<const std::uint64_t> items);
  Json& add_list(std::string_view key, std::span<const std::string> items);
  std::string str() const { return members_.empty() ? "{}" : members_ + "}"; }

 private:
  Json& raw(std::string_view key, std::string_view value);
  std::string members_;  // "{…" without the end
};

}  // namespace x2g::cli
