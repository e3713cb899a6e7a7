// Which core this is: its version and the instruction set that its kernels were compiled for.
#pragma once

#include <string_view>

/// The core: no files, no printing, no clock, no global state; every fault is an x2g::Error.
namespace x2g {

/// "major.minor.patch" of the project, as CMake knows it.
std::string_view version();

/// "simd128" or "relaxed" in WebAssembly, "native" elsewhere.
std::string_view variant();

}  // namespace x2g
