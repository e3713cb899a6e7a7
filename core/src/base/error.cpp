// The names under which JavaScript sees the error codes. Not a place for messages: those are written where the fault is found.
#include "x2g/base/error.hpp"

#include <utility>

namespace x2g {

Error::Error(ErrorCode code, std::string message) noexcept : code_(code), message_(std::move(message)) {}

std::string_view error_code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument: return "invalid_argument";
    case ErrorCode::shape_mismatch: return "shape_mismatch";
    case ErrorCode::unknown_name: return "unknown_name";
    case ErrorCode::out_of_memory: return "out_of_memory";
    case ErrorCode::bad_file: return "bad_file";
    case ErrorCode::bad_state: return "bad_state";
  }
  return "bad_state";
}

}  // namespace x2g
