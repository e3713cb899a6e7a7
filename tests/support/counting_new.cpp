#include "support/counting_new.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

namespace x2g::test {
namespace {

// Plain globals: the tests run in one thread, and operator new is called before any constructor of ours.
std::uint64_t made = 0;
std::int64_t live = 0;
std::uint64_t until_failure = 0;  // 0 = never

void* take(std::size_t bytes, std::size_t alignment) noexcept {
  ++made;
  if (until_failure > 0 && --until_failure == 0) return nullptr;
  if (bytes == 0) bytes = 1;
  void* const block = alignment > alignof(std::max_align_t) ? std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment)
                                                            : std::malloc(bytes);
  if (block) ++live;
  return block;
}

void* take_or_throw(std::size_t bytes, std::size_t alignment) {
  if (void* const block = take(bytes, alignment)) return block;
  throw std::bad_alloc();
}

void give(void* block) noexcept {
  if (block) --live;
  std::free(block);
}

}  // namespace

std::uint64_t allocations() { return made; }
std::int64_t live_blocks() { return live; }
FailingAllocation::FailingAllocation(std::uint64_t n) { until_failure = n; }
FailingAllocation::~FailingAllocation() { until_failure = 0; }

}  // namespace x2g::test

using x2g::test::give;
using x2g::test::take;
using x2g::test::take_or_throw;

void* operator new(std::size_t n) { return take_or_throw(n, 0); }
void* operator new[](std::size_t n) { return take_or_throw(n, 0); }
void* operator new(std::size_t n, const std::nothrow_t&) noexcept { return take(n, 0); }
void* operator new[](std::size_t n, const std::nothrow_t&) noexcept { return take(n, 0); }
void* operator new(std::size_t n, std::align_val_t a) { return take_or_throw(n, static_cast<std::size_t>(a)); }
void* operator new[](std::size_t n, std::align_val_t a) { return take_or_throw(n, static_cast<std::size_t>(a)); }
void* operator new(std::size_t n, std::align_val_t a, const std::nothrow_t&) noexcept { return take(n, static_cast<std::size_t>(a)); }
void* operator new[](std::size_t n, std::align_val_t a, const std::nothrow_t&) noexcept { return take(n, static_cast<std::size_t>(a)); }
void operator delete(void* p) noexcept { give(p); }
void operator delete[](void* p) noexcept { give(p); }
void operator delete(void* p, std::size_t) noexcept { give(p); }
void operator delete[](void* p, std::size_t) noexcept { give(p); }
void operator delete(void* p, std::align_val_t) noexcept { give(p); }
void operator delete[](void* p, std::align_val_t) noexcept { give(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { give(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { give(p); }
void operator delete(void* p, const std::nothrow_t&) noexcept { give(p); }
void operator delete[](void* p, const std::nothrow_t&) noexcept { give(p); }
void operator delete(void* p, std::align_val_t, const std::nothrow_t&) noexcept { give(p); }
void operator delete[](void* p, std::align_val_t, const std::nothrow_t&) noexcept { give(p); }
