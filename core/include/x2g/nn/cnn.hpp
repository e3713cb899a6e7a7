// A convolutional network for images in the manner of LeNet-5 (LeCun et al. 1998). Names of tensors are part of the interface.
#pragma once

#include <cstdint>
#include <vector>

#include "x2g/graph/spec.hpp"

namespace x2g {

/// Tensors: x (N, channels, height, width) and targets t (N), whole numbers; per convolution l = 1 …: `conv1.weight` (Co, Ci, k, k) and
/// `conv1.bias`, `conv1`, with batchnorm `conv1.bn` (`.weight`, `.bias`, `.running_mean`, `.running_var`, `.mean`, `.rstd`; the
/// convolution then has no bias, which batchnorm would take away again), `conv1.act`, `conv1.pool` (with `.argmax` for max); `flat`
/// (N, features); per hidden layer `fc1.weight` (O, I), `fc1.bias`, `fc1`, `fc1.act`, with dropout `fc1.drop` (`.mask`);
/// `head.weight`, `head.bias`, `logits` (N, classes), `loss`, `loss.probs`.
struct CnnConfig {
  /// What follows each convolution; none: nothing.
  enum class Pool : std::uint8_t { max, avg, none } pool = Pool::max;  ///< which
  std::uint32_t channels = 1;                                          ///< of an image: 1 … 64
  std::uint32_t height = 28;                                           ///< 1 … 512
  std::uint32_t width = 28;                                            ///< 1 … 512
  std::vector<std::uint32_t> filters{6, 16};                           ///< Co of each convolution: 1 … 16 entries, each 1 … 1024
  std::uint32_t kernel = 5;                                            ///< 1 … 31; windows that do not fit are Error(shape_mismatch)
  std::uint32_t padding = 0;                                           ///< less than the kernel
  std::uint32_t pool_size = 2;                                         ///< kernel and stride of pooling: 1 … 16
  std::vector<std::uint32_t> hidden{120, 84};                          ///< units between `flat` and `logits`: 0 … 16 entries, each 1 … 4096
  std::uint32_t classes = 10;                                          ///< 2 … 4096
  Activation activation = Activation::relu;                            ///< after each convolution and each hidden layer
  bool batchnorm = false;                                              ///< after every convolution, momentum 0.1 and ε 1e-5
  double dropout = 0;                                                  ///< p after every hidden layer, 0 … <1
  Init weights{Init::Kind::he, 0};                                     ///< of every matrix and filter; biases start at 0
  std::uint32_t batch = 1;                                             ///< N, 1 … 4096
  bool loss = true;                                                    ///< false: ends at logits, without t
};
GraphSpec cnn(const CnnConfig& c);  ///< throws Error(invalid_argument) for every field out of range

}  // namespace x2g
