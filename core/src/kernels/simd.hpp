// The vector type of the kernels and the few operations whose best instruction differs between targets.
// Included by core/src/kernels/*.cpp only.
#pragma once

// GCC 12 takes the deliberately undefined registers of its own AVX-512 intrinsics for a mistake of the caller.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <xsimd/xsimd.hpp>

#include <cstddef>
#include <cstdint>
#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

#include "kernels/variant.hpp"

namespace X2G_KERNELS {

using Floats = xsimd::batch<float>;
using Ints = xsimd::batch<std::int32_t>;
inline constexpr std::size_t kLanes = Floats::size;  // 4 in WebAssembly, on ARM and SSE; 8 with AVX2; 16 with AVX-512

/// a b + c: fused where the target has a fast instruction for it, else two roundings. All of a binary does the same.
inline Floats madd(Floats a, Floats b, Floats c) {
#ifdef X2G_RELAXED
  return Floats(__builtin_wasm_relaxed_madd_f32x4(a, b, c));
#else
  return xsimd::fma(a, b, c);
#endif
}

/// One lane of the above.
inline float madd(float a, float b, float c) {
#if defined(X2G_RELAXED)
  return wasm_f32x4_extract_lane(__builtin_wasm_relaxed_madd_f32x4(wasm_f32x4_splat(a), wasm_f32x4_splat(b), wasm_f32x4_splat(c)), 0);
#elif defined(__FMA__) || defined(__ARM_FEATURE_FMA)
  return __builtin_fmaf(a, b, c);
#else
  return a * b + c;
#endif
}

/// The larger of two; `b` where they are not ordered. One instruction on x64, unlike f32x4.max.
inline Floats larger(Floats a, Floats b) {
#ifdef __wasm_simd128__
  return Floats(wasm_f32x4_pmax(b, a));
#else
  return xsimd::max(a, b);
#endif
}

/// A constant in every lane, read from memory. V8 builds a v128.const from two 64-bit immediates at every use, which
/// costs more than the arithmetic; hiding the address from LLVM keeps it a load.
inline Floats splat(const float& constant) {
  const float* address = &constant;
#ifdef __wasm_simd128__
  asm("" : "+r"(address));
#endif
  return Floats(*address);
}

inline constexpr float kHalf = 0.5f, kOne = 1.0f, kTwo = 2.0f;

inline Floats load(const float* p) { return Floats::load_unaligned(p); }
inline void store(float* p, Floats v) { v.store_unaligned(p); }

// In WebAssembly a part of a vector is moved by one function for all: inlined everywhere it is a kilobyte.
#ifdef __wasm_simd128__
#define X2G_SHARED [[gnu::noinline]]
#else
#define X2G_SHARED
#endif

/// The first n values, 1 <= n < kLanes; the rest are 0. Not by way of an array in WebAssembly: a vector that is read right after its lanes
/// were written one by one waits for the last of them.
X2G_SHARED inline Floats load_part(const float* p, std::size_t n) {
#ifdef __wasm_simd128__
  if (n == 1) return Floats(wasm_v128_load32_zero(p));
  const v128_t two = wasm_v128_load64_zero(p);
  return Floats(n == 2 ? two : wasm_v128_load32_lane(p + 2, two, 2));
#else
  alignas(Floats::arch_type::alignment()) float lanes[kLanes] = {};
  for (std::size_t i = 0; i < n; ++i) lanes[i] = p[i];
  return Floats::load_aligned(lanes);
#endif
}

X2G_SHARED inline void store_part(float* p, Floats v, std::size_t n) {
#ifdef __wasm_simd128__
  if (n == 1) return wasm_v128_store32_lane(p, v, 0);
  wasm_v128_store64_lane(p, v, 0);
  if (n == 3) wasm_v128_store32_lane(p + 2, v, 2);
#else
  alignas(Floats::arch_type::alignment()) float lanes[kLanes];
  v.store_aligned(lanes);
  for (std::size_t i = 0; i < n; ++i) p[i] = lanes[i];
#endif
}

}  // namespace X2G_KERNELS
