#include "progress.hpp"

#include <algorithm>
#include <cstdio>

#if defined(__unix__) || defined(__APPLE__)
#include <sys/ioctl.h>
#include <unistd.h>
#endif

#include "output.hpp"

namespace x2g::cli {
namespace {

constexpr double kInterval = 0.1;  // seconds
constexpr std::size_t kLongest = 40, kShortest = 10;

#if defined(__unix__) || defined(__APPLE__)
bool is_terminal() { return isatty(STDERR_FILENO) == 1; }
std::size_t columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}
#else
bool is_terminal() { return false; }
std::size_t columns() { return 80; }
#endif

}  // namespace

Progress::Progress() : terminal_(is_terminal()) {}

void Progress::bar(double share, std::string_view words) {
  if (!terminal_ || clock_.seconds() < next_) return;
  next_ = clock_.seconds() + kInterval;
  const std::size_t wide = columns() - 1, room = wide > words.size() + 3 ? wide - words.size() - 3 : 0;
  std::string out = "\r\x1b[K";
  if (const std::size_t length = std::min(kLongest, room); length >= kShortest) {
    const auto done = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(length));
    out += "[" + std::string(done, '#') + std::string(length - done, '.') + "] ";
  }
  out += words.substr(0, wide);
  std::fwrite(out.data(), 1, out.size(), stderr);
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::clear() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
  drawn_ = false;
  next_ = 0;
}

void Progress::line(std::string_view text) {
  clear();
  print(std::string(text) + "\n");
}

void Progress::note(std::string_view text) {
  clear();
  complain(text);
}

}  // namespace x2g::cli
