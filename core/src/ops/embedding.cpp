// Rows of a table by their number.
#include "x2g/ops/embedding.hpp"

#include <algorithm>
#include <cassert>

#include "kernels/elementwise.hpp"

namespace x2g {

template <class T>
void embedding_forward(const EmbeddingShape& s, std::span<const T> ids, std::span<const T> W, std::span<T> y) {
  assert(ids.size() == s.N && W.size() == s.V * s.C && y.size() == s.N * s.C);
  for (std::size_t n = 0; n < s.N; ++n) {
    assert(ids[n] >= 0 && ids[n] < static_cast<T>(s.V));
    const auto row = W.subspan(static_cast<std::size_t>(ids[n]) * s.C, s.C);
    std::copy(row.begin(), row.end(), y.begin() + static_cast<std::ptrdiff_t>(n * s.C));
  }
}

template <class T>
void embedding_backward(const EmbeddingShape& s, std::span<const T> ids, std::span<const T> dy, std::span<T> dW) {
  assert(ids.size() == s.N && dy.size() == s.N * s.C);
  if (dW.empty()) return;
  for (std::size_t n = 0; n < s.N; ++n) {
    // forward: y[n,:] = W[ids[n],:]
    kernels::accumulate<T>(dy.subspan(n * s.C, s.C), dW.subspan(static_cast<std::size_t>(ids[n]) * s.C, s.C));
  }
}

template void embedding_forward<float>(const EmbeddingShape&, std::span<const float>, std::span<const float>, std::span<float>);
template void embedding_forward<double>(const EmbeddingShape&, std::span<const double>, std::span<const double>, std::span<double>);
template void embedding_backward<float>(const EmbeddingShape&, std::span<const float>, std::span<const float>, std::span<float>);
template void embedding_backward<double>(const EmbeddingShape&, std::span<const double>, std::span<const double>, std::span<double>);

}  // namespace x2g
