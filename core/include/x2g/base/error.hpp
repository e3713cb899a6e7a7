// The one error type of the core: a code for programs and a sentence for people.
// The sentence says what was wrong (with the value), the allowed range and what to do.
#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace x2g {

/// What kind of fault it is, for programs that must choose what to do.
enum class ErrorCode {
  invalid_argument,  ///< a value is outside its allowed range
  shape_mismatch,    ///< tensors do not fit together
  unknown_name,      ///< no tensor, op or preset of that name
  out_of_memory,     ///< the request is larger than the memory allowed
  bad_file,          ///< a file or a snapshot is damaged or of another kind
  bad_state,         ///< the call does not fit the present state
};

/// The code as JavaScript sees it: "invalid_argument", "shape_mismatch", …
std::string_view error_code_name(ErrorCode code);

/// Thrown by every function of the core that refuses something.
class Error : public std::exception {
 public:
  Error(ErrorCode code, std::string message) noexcept;                     ///< message: a whole sentence for the reader
  ErrorCode code() const noexcept { return code_; }                        ///< the kind
  const std::string& message() const noexcept { return message_; }         ///< the sentence
  const char* what() const noexcept override { return message_.c_str(); }  ///< the same, zero-terminated

 private:
  ErrorCode code_;
  std::string message_;
};

}  // namespace x2g
