// Stories of an engine that has the grammars of both languages in it.
#include "made_stories.hpp"
#include "x2g/data/stories.hpp"

namespace x2g::border {

std::string made_stories(std::string_view language, std::uint64_t bytes, std::uint64_t seed) { return stories(language, bytes, seed); }

}  // namespace x2g::border
