// What the fuzz targets share. A target is a file NAME_fuzz.cpp with LLVMFuzzerTestOneInput(): a program of its own for libFuzzer
// (CMakeLists.txt here), and a function of the test program that runs the kept inputs and mutations of them (corpus_test.cpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>

#include "x2g/base/error.hpp"

// Clang's fuzzer finds the entry by this name; the test program renames it for each target (tests/CMakeLists.txt).
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace x2g::fuzz {

/// What must hold of everything that was accepted. Nobody catches it, so a run ends with the input kept.
inline void require(bool holds, const char* what) {
  if (!holds) throw std::logic_error(what);
}

/// Runs `call`; a refusal must be Error(bad_file), and then this is false. Any other exception is a find.
template <class Call>
bool accepted(const Call& call) {
  try {
    call();
    return true;
  } catch (const Error& e) {
    require(e.code() == ErrorCode::bad_file && !e.message().empty(), e.what());
    return false;
  }
}

}  // namespace x2g::fuzz
