#include "model_fields.hpp"

#include <algorithm>

#include "border.hpp"
#include "configs.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g::border {
namespace {

constexpr std::size_t kMostWords = 64;

std::vector<std::string> texts(const val& list) {
  std::vector<std::string> out;
  const auto n = static_cast<unsigned>(whole("a list's length", list["length"].as<double>(), 0, kMostWords));
  for (unsigned i = 0; i < n; ++i) out.push_back(list[i].as<std::string>());
  return out;
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_part_of_word(char c) { return is_upper(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

std::string in_snake_case(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (is_upper(c)) out += '_';
    out += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

}  // namespace

ModelFields::ModelFields(std::string what, val fields)
    : what_(std::move(what)), names_(texts(fields["names"])), kinds_(texts(fields["kinds"])), values_(fields["values"]) {}

val ModelFields::take(const char* name, std::string_view kind, const char* wanted) {
  known_.emplace_back(name);
  const auto found = std::ranges::find(names_, name);
  if (found == names_.end()) return val::undefined();
  const auto at = static_cast<std::size_t>(found - names_.begin());
  const bool empty_list = kinds_[at] == "empty" && (kind == "numbers" || kind == "texts");
  if (kinds_[at] != kind && !empty_list) throw Error(ErrorCode::invalid_argument, text(name, " is ", kinds_[at], "; it must be ", wanted));
  return values_[at];
}

void ModelFields::counts(const char* name, std::uint32_t& to) {
  if (const val v = take(name, "number", "a number"); !v.isUndefined()) to = count(name, v.as<double>());
}

void ModelFields::numbers(const char* name, double& to) {
  if (const val v = take(name, "number", "a number"); !v.isUndefined()) to = v.as<double>();
}

void ModelFields::flags(const char* name, bool& to) {
  if (const val v = take(name, "boolean", "true or false"); !v.isUndefined()) to = v.as<bool>();
}

void ModelFields::lists(const char* name, std::vector<std::uint32_t>& to) {
  const val v = take(name, "numbers", "a list of numbers");
  if (v.isUndefined()) return;
  to.clear();
  for (const double n : doubles(name, v, kMostWords)) to.push_back(count(name, n));
}

void ModelFields::words(const char* name, std::vector<std::string>& to) {
  if (const val v = take(name, "texts", "a list of texts"); !v.isUndefined()) to = texts(v);
}

void ModelFields::activations(const char* name, Activation& to) {
  if (const val v = take(name, "text", "a name"); !v.isUndefined()) to = activation_from_name(v.as<std::string>());
}

void ModelFields::inits(const char* name, Init& to) {
  if (const val v = take(name, "start", "{kind, a}, a name and a number"); !v.isUndefined())
    to = init_from(v["kind"].as<std::string>(), v["a"].isUndefined() ? 0 : v["a"].as<double>());
}

void ModelFields::choose(const char* name, std::uint8_t& place, const char* const* words) {
  const val v = take(name, "text", "a name");
  if (v.isUndefined()) return;
  const std::string given = v.as<std::string>();
  std::string all;
  for (std::uint8_t i = 0; words[i]; ++i) {
    if (given == words[i]) {
      place = i;
      return;
    }
    all += text(i ? ", " : "", words[i]);
  }
  throw Error(ErrorCode::unknown_name, text(name, " is \"", given.substr(0, 80), "\"; it must be one of ", all));
}

void ModelFields::finish() const {
  for (const std::string& name : names_) {
    if (std::ranges::find(known_, name) != known_.end()) continue;
    std::string all;
    for (const std::string& known : known_) all += text(all.empty() ? "" : ", ", known);
    throw Error(ErrorCode::unknown_name, text(what_, " has a field \"", name.substr(0, 80), "\"; there are ", all));
  }
}

std::string ModelFields::in_camel_case(std::string message) const {
  for (const std::string& name : known_) {
    const std::string snake = in_snake_case(name);
    if (snake == name) continue;
    for (std::size_t at = 0; (at = message.find(snake, at)) != std::string::npos; at += name.size()) {
      const std::size_t end = at + snake.size();
      if ((at > 0 && is_part_of_word(message[at - 1])) || (end < message.size() && is_part_of_word(message[end]))) continue;
      message.replace(at, snake.size(), name);
    }
  }
  return message;
}

}  // namespace x2g::border
