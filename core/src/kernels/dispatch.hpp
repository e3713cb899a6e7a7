// The table of kernels that one variant fills and dispatch.cpp calls through. Natively on x86-64 only (variant.hpp tells why and how).
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "kernels/elementwise.hpp"
#include "kernels/gemm.hpp"

namespace x2g::kernels {

struct Table {
  std::string_view name;

  // elementwise.hpp
  void (*exp)(std::span<const float>, std::span<float>);
  void (*activation)(Activation, std::span<const float>, std::span<float>);
  void (*activation_derivative)(Activation, std::span<const float>, std::span<float>);
  void (*activation_backward)(Activation, std::span<const float>, std::span<const float>, std::span<const float>, std::span<float>);
  void (*add)(std::span<const float>, std::span<const float>, std::span<float>);
  void (*accumulate)(std::span<const float>, std::span<float>);
  void (*scale_add)(float, std::span<const float>, std::span<float>);
  void (*scale)(float, std::span<float>);
  void (*fill)(float, std::span<float>);
  void (*copy)(std::span<const float>, std::span<float>);
  float (*sum)(std::span<const float>);
  float (*dot)(std::span<const float>, std::span<const float>);
  double (*sum_of_squares)(std::span<const float>);
  float (*max)(std::span<const float>);
  bool (*all_finite)(std::span<const float>);
  void (*softmax)(std::span<const float>, float, std::span<float>);
  void (*mean_variance)(std::span<const float>, float&, float&);
  void (*normalize)(std::span<const float>, float, float, std::span<const float>, std::span<const float>, std::span<float>);
  void (*normalize_backward)(std::span<const float>, float, float, std::span<const float>, std::span<const float>, std::span<float>,
                             std::span<float>);
  void (*softmax_backward)(std::span<const float>, float, std::span<float>);
  void (*adamw)(const AdamWStep&, std::span<float>, std::span<const float>, std::span<float>, std::span<float>);
  void (*sgd)(const SgdStep&, std::span<float>, std::span<const float>, std::span<float>);

  // gemm.hpp, gemv.hpp
  std::size_t (*gemm_tiles)();
  GemmTile (*gemm_tile)(std::size_t);
  std::size_t (*gemm_tile_in_use)();
  void (*use_gemm_tile)(std::size_t);
  std::size_t (*gemm_scratch)(std::size_t, std::size_t, std::size_t);
  void (*gemm)(std::size_t, std::size_t, std::size_t, Matrix<float>, Matrix<float>, float*, std::size_t, bool, const float*,
               std::span<float>, Causal);
  void (*rows_times)(std::size_t, std::size_t, const float*, std::size_t, const float*, const float*, float*);
  void (*times_rows)(std::size_t, std::size_t, const float*, const float*, std::size_t, float*);

  // math.hpp
  float (*exp_one)(float);
  float (*log_one)(float);
  float (*tanh_one)(float);
  float (*erf_one)(float);
  float (*sigmoid_one)(float);
  float (*normal_cdf_one)(float);
};

/// What this machine can run, from the smallest instruction set to the largest.
std::span<const Table* const> tables();

/// The one of that name; throws Error when there is none or this machine cannot run it.
const Table& table_of(std::string_view name);

/// The one in use: the largest, unless the environment's X2G_SIMD names another.
const Table& table();

/// For tests. Not while a run is going on: the size of its scratch belongs to the table it was planned with.
void use(const Table& table);

}  // namespace x2g::kernels
