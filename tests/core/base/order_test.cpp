// Sorting of row numbers: against std::sort at every small size and on long, equal and sorted inputs.
#include "base/order.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <numeric>
#include <vector>

#include "x2g/base/rng.hpp"

TEST_CASE("row numbers are ordered as std::sort orders them", "[base]") {
  x2g::Rng rng(5);
  std::vector<std::uint32_t> sizes(70);
  std::iota(sizes.begin(), sizes.end(), 0u);
  sizes.push_back(10000);
  for (const std::uint32_t n : sizes) {
    for (const std::uint32_t kinds : {1u, 3u, 1000000u}) {
      std::vector<std::uint32_t> key(n), items(n);
      for (std::uint32_t& k : key) k = rng.below(kinds);
      std::iota(items.begin(), items.end(), 0u);
      const auto before = [&](std::uint32_t a, std::uint32_t b) { return key[a] != key[b] ? key[a] < key[b] : a < b; };
      std::vector<std::uint32_t> expected = items;
      std::sort(expected.begin(), expected.end(), before);
      x2g::order(items, before);
      if (items != expected) FAIL(n << " items of " << kinds << " kinds");
      x2g::order(items, before);  // sorted input
      if (items != expected) FAIL(n << " sorted items");
    }
  }
  SUCCEED();
}

TEST_CASE("a heap has the item that stands last on top", "[base]") {
  std::vector<std::uint32_t> items{3, 1, 4, 15, 9, 2, 6};
  const x2g::Before less = [](const void*, std::uint32_t a, std::uint32_t b) { return a < b; };
  x2g::heapify(items, less, nullptr);
  CHECK(items[0] == 15);
  items[0] = 5;
  x2g::sift_down(items, 0, less, nullptr);
  CHECK(items[0] == 9);
}
