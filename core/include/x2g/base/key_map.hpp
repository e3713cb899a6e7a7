// A hash map from 64-bit keys to 32-bit values (row numbers): what counting pairs and n-grams needs, in one small piece of code.
// Open addressing with linear probing; nothing is ever removed and it doubles when three quarters full.
// Not ordered: who lists, keeps the rows in an order of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace x2g {

/// Any 64-bit number is a key.
class KeyMap {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFFu;                 ///< no value: never stored
  std::uint32_t find(std::uint64_t key) const;                        ///< the value, or kNone
  std::uint32_t insert(std::uint64_t key, std::uint32_t if_absent);   ///< the value there is, or else if_absent (not kNone), now stored
  void assign(std::uint64_t key, std::uint32_t value);                ///< stores, over what was there
  std::size_t size() const { return size_; }                          ///< keys
  std::size_t bytes() const { return slots_.size() * sizeof(Slot); }  ///< of the table

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t value = kNone;  // kNone: free
  };
  std::size_t place(std::uint64_t key) const;
  void grow();
  std::vector<Slot> slots_;  // a power of two of them
  std::size_t size_ = 0;
};

}  // namespace x2g
