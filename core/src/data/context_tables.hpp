// Tables of the context corpus in the grammar of data/grammar.hpp. A phrase whose name begins with "group-" names words of one group.
#pragma once

#include <string_view>

namespace x2g {

extern const std::string_view kEnglishContexts;
extern const std::string_view kJapaneseContexts;

}  // namespace x2g
