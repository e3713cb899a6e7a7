#include "base/order.hpp"

#include <utility>

namespace x2g {

void sift_down(std::span<std::uint32_t> heap, std::size_t at, Before before, const void* context) {
  for (;;) {
    std::size_t last = at;
    for (std::size_t child = 2 * at + 1; child <= 2 * at + 2 && child < heap.size(); ++child) {
      if (before(context, heap[last], heap[child])) last = child;
    }
    if (last == at) return;
    std::swap(heap[at], heap[last]);
    at = last;
  }
}

void heapify(std::span<std::uint32_t> items, Before before, const void* context) {
  for (std::size_t i = items.size() / 2; i-- > 0;) sift_down(items, i, before, context);
}

void sort(std::span<std::uint32_t> items, Before before, const void* context) {
  heapify(items, before, context);
  for (std::size_t n = items.size(); n > 1; --n) {
    std::swap(items[0], items[n - 1]);
    sift_down(items.first(n - 1), 0, before, context);
  }
}

}  // namespace x2g
