// Which instruction set a kernel file is compiled for. Natively on x86-64 one program serves every machine:
//
//   activation elementwise gemm gemv math reduce rows table .cpp   are compiled three times, in namespaces of their own:
//     kernels::sse (x86-64 as it began)   kernels::avx2 (with FMA)   kernels::avx512 (F BW CD DQ VL)
//   dispatch.cpp   has the functions that others call: each goes on through one table of pointers, chosen at the first call by what the
//                  machine has, or by X2G_SIMD=sse|avx2|avx512 in the environment.
//   *_double.cpp, tile_probe.cpp   and all other files are compiled once, for plain x86-64.
//
// In WebAssembly and on arm64 (NEON) there is no table: the same files are compiled once, as kernels::…, and called directly.
//
// Bits: avx2, avx512 and arm64 fuse madd() and give the same bits; sse rounds twice and gives those of simd128. The compiler itself fuses
// nothing (-ffp-contract=off). So "same seed, same bits" holds within each of the two families; vector width changes no bit (loops.hpp).
//
// One rule of C++ would be broken by an inline function of a foreign header (std::min) that two variants both emit: the linker keeps one
// for all. It keeps the first, so the libraries are linked from the smallest instruction set to the largest (core/CMakeLists.txt), and
// what is kept runs wherever it is called. Functions of ours carry the variant in their names, xsimd's are always inlined.
#pragma once

#ifdef X2G_VARIANT
#define X2G_KERNELS x2g::kernels::inline X2G_VARIANT
#else
#define X2G_KERNELS x2g::kernels
#endif
