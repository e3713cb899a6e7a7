// The embind table: what JavaScript may call, and nothing else.
#include "x2g/version.hpp"

#include <emscripten/bind.h>

#include <string>

EMSCRIPTEN_BINDINGS(x2g) {
  emscripten::function("version", +[] { return std::string(x2g::version()); });
  emscripten::function("variant", +[] { return std::string(x2g::variant()); });
}
