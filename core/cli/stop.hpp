// Ctrl-C as a wish: work looks at stop_wanted() between its steps and ends in order. A second Ctrl-C ends the program at once.
#pragma once

namespace x2g::cli {

void listen_for_stop();  ///< Ctrl-C, a request to end, a closed terminal and a reader that went away
bool stop_wanted();

}  // namespace x2g::cli
