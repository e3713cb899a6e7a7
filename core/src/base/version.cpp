// The version comes from CMake (project(... VERSION)), the variant from the compiler's target or, where one program has several, from what
// was chosen when it ran.
#include "x2g/version.hpp"

#if X2G_DISPATCH
#include "kernels/dispatch.hpp"
#endif

namespace x2g {

std::string_view version() { return X2G_VERSION; }

std::string_view variant() {
#if X2G_DISPATCH
  return kernels::table().name;
#elif defined(X2G_RELAXED)
  return "relaxed";
#elif defined(__wasm_simd128__)
  return "simd128";
#elif defined(__aarch64__)
  return "neon";
#else
  return "native";
#endif
}

}  // namespace x2g
