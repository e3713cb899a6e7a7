// Which core this is: its version and the instruction set of its kernels.
#pragma once

#include <string_view>

/// The core: no files, no printing, no clock, no global state; every fault is an x2g::Error.
namespace x2g {

/// "major.minor.patch" of the project, as CMake knows it.
std::string_view version();

/// "simd128" or "relaxed" in WebAssembly; natively on x86-64 "avx512", "avx2" or "sse": the most that the machine has, or what X2G_SIMD in
/// the environment names (an Error when it cannot); "neon" on arm64, "native" elsewhere.
std::string_view variant();

}  // namespace x2g
