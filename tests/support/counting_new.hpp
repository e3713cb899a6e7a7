// The test program's operator new: it counts, and it can be told to fail. Proves that a step allocates nothing and that a model whose
// n-th allocation fails leaves nothing behind. Counting is all it does otherwise.
#pragma once

#include <cstdint>

namespace x2g::test {

std::uint64_t allocations();  ///< made so far by this program
std::int64_t live_blocks();   ///< allocated and not yet freed

/// While it lives, the n-th allocation (1 = the next) throws std::bad_alloc, or gives null where the caller asked for that.
class FailingAllocation {
 public:
  explicit FailingAllocation(std::uint64_t n);
  ~FailingAllocation();
  FailingAllocation(const FailingAllocation&) = delete;
  FailingAllocation& operator=(const FailingAllocation&) = delete;
};

}  // namespace x2g::test
