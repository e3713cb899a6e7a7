// An owning, zeroed, 64-byte aligned array of fixed length: the storage behind the arena.
// A failed allocation is an Error(out_of_memory) with the figure, never a trap.
#pragma once

#include <cstddef>
#include <span>

namespace x2g {

inline constexpr std::size_t kAlignment = 64;  // bytes: one cache line, the widest SIMD register

template <class T>
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t count);
  ~Buffer();
  Buffer(Buffer&& other) noexcept;
  Buffer& operator=(Buffer&& other) noexcept;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  T* data() { return data_; }
  const T* data() const { return data_; }
  std::size_t size() const { return size_; }
  std::span<T> span() { return {data_, size_}; }
  std::span<const T> span() const { return {data_, size_}; }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

extern template class Buffer<float>;
extern template class Buffer<double>;

}  // namespace x2g
