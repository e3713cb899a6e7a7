// Stories for language models. An engine has the grammars of both languages in it (stories_known.cpp) or is taught those that it is to tell
// in (stories_taught.cpp).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace x2g::border {

/// As x2g::stories.
std::string made_stories(std::string_view language, std::uint64_t bytes, std::uint64_t seed);
/// The grammar of a language, "en" or "ja", for the rest of this instance's life. Only where it can be taught.
void teach_stories(std::string language, std::string grammar);

}  // namespace x2g::border
