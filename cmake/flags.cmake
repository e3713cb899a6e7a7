# Compile options, on one INTERFACE target: x2g_flags. Every target of ours links it; dependencies do not.
# Floating point is strict: no -ffast-math and no contraction, because the same seed must give the same bits everywhere.
add_library(x2g_flags INTERFACE)
target_compile_features(x2g_flags INTERFACE cxx_std_20)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

target_compile_options(x2g_flags INTERFACE -ffp-contract=off -fno-math-errno -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 and 13 report overlaps that cannot be in std::string's operator+ (GCC bug 105651).
  target_compile_options(x2g_flags INTERFACE -Wno-restrict)
endif()
if(X2G_WERROR)
  target_compile_options(x2g_flags INTERFACE -Werror)
endif()

# What every object file of a build must agree on, Catch2's included: target features and the exception model.
add_library(x2g_abi INTERFACE)
target_link_libraries(x2g_flags INTERFACE x2g_abi)
if(EMSCRIPTEN)
  # size_t has 32 bits here; sizes are checked against the memory limit before they are narrowed.
  target_compile_options(x2g_flags INTERFACE -Wno-shorten-64-to-32 -Wno-c++11-narrowing)
  target_compile_options(x2g_abi INTERFACE -msimd128 -fwasm-exceptions)
  target_link_options(x2g_abi INTERFACE -fwasm-exceptions)
  # What travels to a browser is optimized across files (4 % fewer bytes). Only compiling is told: at the link -flto would make emcc ask
  # for system libraries in that form, which Debian does not ship; the linker knows such objects when it sees them.
  add_library(x2g_lto INTERFACE)
  target_compile_options(x2g_lto INTERFACE -flto)
else()
  if(X2G_FUZZ)
    target_compile_options(x2g_abi INTERFACE -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -g1)
    target_link_options(x2g_abi INTERFACE -fsanitize=address,undefined)
  endif()
  if(X2G_COVERAGE)
    target_compile_options(x2g_abi INTERFACE --coverage -fno-inline)
    target_link_options(x2g_abi INTERFACE --coverage)
  endif()
endif()

# x2g_precompile(TARGET): what most files read is read once per target, which halves the time that Clang takes for small files. GCC 12 gains
# a fifth only and warns of what it would not without (GCC bug 105651). Files still name all that they need: clang-tidy reads them without it.
function(x2g_precompile target)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_precompile_headers(${target} PRIVATE <algorithm> <array> <cassert> <cmath> <cstdint> <cstring> <limits> <memory> <numeric> <span>
      <string> <string_view> <utility> <vector>)
  endif()
endfunction()
