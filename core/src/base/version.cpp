// The version comes from CMake (project(... VERSION)), the variant from the compiler's target.
#include "x2g/version.hpp"

namespace x2g {

std::string_view version() { return X2G_VERSION; }

std::string_view variant() {
#if defined(X2G_RELAXED)
  return "relaxed";
#elif defined(__wasm_simd128__)
  return "simd128";
#else
  return "native";
#endif
}

}  // namespace x2g
