// A bar on the last line of a terminal, below the lines that stay. Where the standard error is no terminal there is no bar, and lines
// are all that is written.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace x2g::cli {

/// Seconds since it was made.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

class Progress {
 public:
  Progress();
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  bool shown() const { return terminal_; }
  /// Draws anew, ten times a second at most. share: 0 … 1.
  void bar(double share, std::string_view words);
  void line(std::string_view text);  ///< to the standard output; the bar comes back with the next bar()
  void note(std::string_view text);  ///< to the standard error
  void clear();

 private:
  bool terminal_, drawn_ = false;
  double next_ = 0;  // seconds: when it may be drawn again
  Stopwatch clock_;
};

}  // namespace x2g::cli
