// A model's config as a page writes it, read field by field into the core's struct. A field that is not given keeps the core's default; one
// of another kind, and one that nothing has asked for, is refused by its name. Ranges are the core's business.
//
// Values come with their kinds, told by JavaScript (web/src/lab/model-fields.ts): {names, kinds, values}, three lists of one length. Asking
// for kinds here would need imports that the lessons' engines lack, and all engines share one glue.
#pragma once

#include <emscripten/val.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "x2g/graph/spec.hpp"

namespace x2g::border {

class ModelFields {
 public:
  /// `what` names the object in sentences: "the config of cnn".
  ModelFields(std::string what, emscripten::val fields);

  void counts(const char* name, std::uint32_t& to);
  void numbers(const char* name, double& to);
  void flags(const char* name, bool& to);
  void lists(const char* name, std::vector<std::uint32_t>& to);
  void words(const char* name, std::vector<std::string>& to);
  void activations(const char* name, Activation& to);
  void inits(const char* name, Init& to);  ///< {kind, a}
  /// One of several words; to = its place in `words`, which end with a null pointer.
  template <class E>
  void choices(const char* name, E& to, const char* const* words) {
    std::uint8_t place = static_cast<std::uint8_t>(to);
    choose(name, place, words);
    to = static_cast<E>(place);
  }

  /// After the last field: Error(unknown_name) for one that no call has named.
  void finish() const;
  /// The core's sentences call fields as C++ does: kv_heads becomes kvHeads.
  std::string in_camel_case(std::string message) const;

 private:
  emscripten::val take(const char* name, std::string_view kind, const char* wanted);  // undefined when it is not given
  void choose(const char* name, std::uint8_t& place, const char* const* words);

  std::string what_;
  std::vector<std::string> names_, kinds_, known_;
  emscripten::val values_;
};

}  // namespace x2g::border
