// Figures that the promises of the project speak of, written by the tests that reach them: the worst of each name is kept, checked against
// its bound, and listed in x2g_tests_figures_0.txt (and _1, …: a shard each) of the build when the tests end.
#pragma once

#include <string_view>

namespace x2g::test {

/// Fails the test when `reached` is not below `bound` (NaN is not). promise: "1 gradients, double" and the like; what: the op or model.
void figure(std::string_view promise, std::string_view what, double reached, double bound);

}  // namespace x2g::test
