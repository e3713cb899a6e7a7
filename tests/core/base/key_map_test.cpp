// The hash map of counts against std::map: what is found, kept and overwritten, with keys that all look alike in their low bits.
#include "x2g/base/key_map.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>

#include "x2g/base/rng.hpp"

TEST_CASE("a key map keeps what a map keeps", "[base][key_map]") {
  x2g::Rng rng(5);
  x2g::KeyMap ours;
  std::map<std::uint64_t, std::uint32_t> theirs;
  CHECK(ours.find(0) == x2g::KeyMap::kNone);
  CHECK(ours.size() == 0);
  bool same = true;
  for (std::uint32_t i = 0; i < 20000; ++i) {
    const std::uint64_t key = static_cast<std::uint64_t>(rng.below(3000)) << (8 * rng.below(7));
    if (i % 3 == 0) {
      ours.assign(key, i);
      theirs[key] = i;
    } else {
      same = same && ours.insert(key, i) == theirs.emplace(key, i).first->second;
    }
  }
  CHECK(same);
  CHECK(ours.size() == theirs.size());
  for (const auto& [key, value] : theirs) same = same && ours.find(key) == value;
  for (std::uint64_t key = 3000; key < 4000; ++key) same = same && (ours.find(key | 1) == x2g::KeyMap::kNone) == !theirs.contains(key | 1);
  CHECK(same);
  CHECK(ours.bytes() <= 64 * theirs.size() + 1024);
}
