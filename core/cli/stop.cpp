#include "stop.hpp"

#include <csignal>

namespace x2g::cli {
namespace {

volatile std::sig_atomic_t wanted = 0;

extern "C" void x2g_on_signal(int signal) {
  wanted = 1;
  if (signal == SIGINT || signal == SIGTERM) std::signal(signal, SIG_DFL);  // the second one is not asked
}

}  // namespace

void listen_for_stop() {
  std::signal(SIGINT, x2g_on_signal);
  std::signal(SIGTERM, x2g_on_signal);
#ifdef SIGPIPE
  std::signal(SIGPIPE, x2g_on_signal);  // `| head` must not cost the weights
#endif
#ifdef SIGHUP
  std::signal(SIGHUP, x2g_on_signal);
#endif
}

bool stop_wanted() { return wanted != 0; }

}  // namespace x2g::cli
