#include "x2g/base/key_map.hpp"

namespace x2g {
namespace {

constexpr std::size_t kFirst = 64;  // slots

/// Spreads a key over all bits: the finalizer of SplitMix64 (Steele, Lea, Flood 2014).
std::uint64_t spread(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

}  // namespace

/// The slot of the key, or the free one where it would go. There are free ones always.
std::size_t KeyMap::place(std::uint64_t key) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = static_cast<std::size_t>(spread(key)) & mask;
  while (slots_[at].value != kNone && slots_[at].key != key) at = (at + 1) & mask;
  return at;
}

void KeyMap::grow() {
  std::vector<Slot> old(slots_.empty() ? kFirst : 2 * slots_.size());
  old.swap(slots_);
  for (const Slot& s : old) {
    if (s.value != kNone) slots_[place(s.key)] = s;
  }
}

std::uint32_t KeyMap::find(std::uint64_t key) const { return slots_.empty() ? kNone : slots_[place(key)].value; }

std::uint32_t KeyMap::insert(std::uint64_t key, std::uint32_t if_absent) {
  if (4 * (size_ + 1) > 3 * slots_.size()) grow();
  Slot& s = slots_[place(key)];
  if (s.value == kNone) {
    s = {key, if_absent};
    ++size_;
  }
  return s.value;
}

void KeyMap::assign(std::uint64_t key, std::uint32_t value) {
  insert(key, value);
  slots_[place(key)].value = value;
}

}  // namespace x2g
