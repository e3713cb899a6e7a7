// Any bytes as text a person can look at: "␣the", "⏎", "E3 81" (bytes that are no whole character), "U+200B" (an invisible one).
// For display only: two different texts may look the same.
#pragma once

#include <string>
#include <string_view>

namespace x2g {

/// Never empty for a text that is not empty, and without line breaks.
std::string visible(std::string_view bytes);

}  // namespace x2g
