// Sorting of row numbers by any comparison, as one piece of code for all callers: std::sort would be compiled anew for each
// comparison, 3 kB of WebAssembly a time. Heap sort: O(n log n) whatever the input, nothing allocated, not stable.
#pragma once

#include <cstdint>
#include <span>

namespace x2g {

using Before = bool (*)(const void* context, std::uint32_t a, std::uint32_t b);  // strict: a stands before b

/// Restores the heap below `at`; its top is the item that stands last.
void sift_down(std::span<std::uint32_t> heap, std::size_t at, Before before, const void* context);
/// Makes a heap of the items.
void heapify(std::span<std::uint32_t> items, Before before, const void* context);
void sort(std::span<std::uint32_t> items, Before before, const void* context);

/// sort() by a function object: order(items, [&](auto a, auto b) { return key[a] < key[b]; })
template <class F>
void order(std::span<std::uint32_t> items, const F& before) {
  sort(items, [](const void* f, std::uint32_t a, std::uint32_t b) { return (*static_cast<const F*>(f))(a, b); }, &before);
}

}  // namespace x2g
