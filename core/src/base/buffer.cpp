// Buffer by operator new with alignment; the message of a refusal carries the figure.
#include "x2g/base/buffer.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

/// Larger requests are refused unasked: an address space of 32 bits cannot hold them, nor can any machine this is for.
constexpr std::size_t kMostBytes = sizeof(std::size_t) == 4 ? 0x7fffffff : static_cast<std::size_t>(0xffffffffffull);

}  // namespace

template <class T>
Buffer<T>::Buffer(std::size_t count) : size_(count) {
  if (count == 0) return;
  void* memory = nullptr;
  if (count <= kMostBytes / sizeof(T)) {
    memory = ::operator new(count * sizeof(T), std::align_val_t{kAlignment}, std::nothrow);
  }
  if (memory == nullptr) {
    const double megabytes = static_cast<double>(count) * sizeof(T) / 1e6;
    throw Error(ErrorCode::out_of_memory, text("the model needs ", megabytes,
                                               " MB in one piece, more than there is; choose fewer layers, channels "
                                               "or rows in a batch"));
  }
  data_ = static_cast<T*>(memory);
  std::fill_n(data_, count, T(0));
}

template <class T>
Buffer<T>::~Buffer() {
  if (data_ != nullptr) ::operator delete(data_, std::align_val_t{kAlignment});
}

template <class T>
Buffer<T>::Buffer(Buffer&& other) noexcept : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

template <class T>
Buffer<T>& Buffer<T>::operator=(Buffer&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

template class Buffer<float>;
template class Buffer<double>;

}  // namespace x2g
