// Stop strings over text that arrives in pieces: bytes of tokens in, text that may be shown out. A stop string is found wherever token
// boundaries fall; text is held back while it may still be the beginning of one, and so is a character that is not yet whole.
// What comes out is always whole UTF-8 characters: a broken sequence becomes U+FFFD, as in a browser's TextDecoder.
//
// The first stop string to be complete ends the text, even where a longer one began earlier; of two complete at the same byte the longer
// counts. So the result does not depend on how the text was cut into tokens. The stop string itself is not shown.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace x2g {

/// One text; a new one for the next.
class StopText {
 public:
  static constexpr std::size_t kMostStrings = 16;      ///< stop strings
  static constexpr std::size_t kMostBytes = 256;       ///< of each
  static constexpr std::uint32_t kNone = 0xffff'ffff;  ///< no string was found

  /// Up to 16 strings of 1 … 256 bytes of valid UTF-8, else Error(invalid_argument). None at all: only whole characters are cared for.
  explicit StopText(std::vector<std::string> stops = {});

  /// The text that this piece sets free. After a stop string was found: nothing any more.
  std::string push(std::string_view bytes);
  /// No more will come: what was held back; an unfinished character becomes U+FFFD.
  std::string finish();

  bool stopped() const { return found_ != kNone; }    ///< a stop string was found
  std::uint32_t which() const { return found_; }      ///< index of the string found, or kNone
  std::string_view held() const { return pending_; }  ///< whole characters that wait, for display

 private:
  void take(std::string_view character);

  std::vector<std::string> stops_;
  std::string bytes_, pending_;  // of a character that is not yet whole; characters that may begin a stop string
  std::uint32_t found_ = kNone;
};

}  // namespace x2g
