// An owning, zeroed, 64-byte aligned array of fixed length: the storage behind the arena.
// A failed allocation is an Error(out_of_memory) with the figure, never a trap.
#pragma once

#include <cstddef>
#include <span>

namespace x2g {

inline constexpr std::size_t kAlignment = 64;  ///< bytes: one cache line, the widest SIMD register

/// `size()` values of type T in memory of their own; moved, never copied. float and double only.
template <class T>
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t count);  ///< zeros; Error(out_of_memory) where there is no room
  ~Buffer();
  Buffer(Buffer&& other) noexcept;             ///< leaves the other empty
  Buffer& operator=(Buffer&& other) noexcept;  ///< frees its own memory first
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  T* data() { return data_; }                                 ///< null when empty
  const T* data() const { return data_; }                     ///< null when empty
  std::size_t size() const { return size_; }                  ///< elements, not bytes
  std::span<T> span() { return {data_, size_}; }              ///< all elements
  std::span<const T> span() const { return {data_, size_}; }  ///< all elements

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

extern template class Buffer<float>;
extern template class Buffer<double>;

}  // namespace x2g
