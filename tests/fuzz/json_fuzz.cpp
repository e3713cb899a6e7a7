// The JSON reader: skipping a value and walking through it agree on what is valid, and every string comes back through json_quote().
#include "fuzz/fuzz.hpp"

#include <string>
#include <vector>

#include "io/json.hpp"

namespace {

using x2g::JsonReader;

/// Reads one value with the calls that readers of files use; containers by a stack of our own.
void walk(JsonReader& json) {
  std::vector<bool> object;
  std::string key;
  for (;;) {
    switch (json.peek()) {
      case JsonReader::Kind::object:
        json.begin_object();
        object.push_back(true);
        break;
      case JsonReader::Kind::array:
        json.begin_array();
        object.push_back(false);
        break;
      case JsonReader::Kind::string: {
        const std::string s = json.string();
        x2g::fuzz::require(JsonReader(x2g::json_quote(s)).string() == s, "a quoted string comes back");
        break;
      }
      default: json.skip();
    }
    while (!object.empty() && !(object.back() ? json.next_key(key) : json.next_item())) object.pop_back();
    if (object.empty()) return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace x2g;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const bool skipped = fuzz::accepted([&] {
    JsonReader json(text);
    json.skip();
    json.finish();
  });
  const bool walked = fuzz::accepted([&] {
    JsonReader json(text);
    walk(json);
    json.finish();
  });
  fuzz::require(skipped == walked, "skipping and walking agree");
  fuzz::accepted([&] { JsonReader(text).whole_number(); });
  return 0;
}
