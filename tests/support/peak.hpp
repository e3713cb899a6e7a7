// What this machine can multiply and add at best, measured: the yardstick for gemm's guard and for the benchmarks. Timings are only ever
// compared with others of the same run; nothing here says how fast a machine is.
#pragma once

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <string_view>
#include <vector>
#ifdef __EMSCRIPTEN__
#include <emscripten.h>
#endif

#include "x2g/version.hpp"

namespace x2g::kernels {
#if X2G_DISPATCH
namespace sse {
double chains(float* values, std::size_t kind);
}
namespace avx2 {
double chains(float* values, std::size_t kind);
}
namespace avx512 {
double chains(float* values, std::size_t kind);
}
#else
double chains(float* values, std::size_t kind);
#endif
}  // namespace x2g::kernels

namespace x2g::test {

/// Seconds of processor time of this program: what other programs take on a busy machine is not in it. Emscripten's clocks are all the wall's:
/// there Node is asked.
#ifdef __EMSCRIPTEN__
inline double now() {
  return EM_ASM_DOUBLE({
    const used = process.cpuUsage();
    return (used.user + used.system) / 1e6;
  });
}
#else
inline double now() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }
#endif

/// Seconds of one call, as the mean over at least `least` seconds.
template <class Work>
double seconds(double least, Work&& work) {
  std::size_t calls = 1;
  for (;;) {
    const double begin = now();
    for (std::size_t i = 0; i < calls; ++i) work();
    const double took = now() - begin;
    if (took >= least) return took / static_cast<double>(calls);
    calls = took > 0 ? std::max(2 * calls, static_cast<std::size_t>(1.1 * static_cast<double>(calls) * least / took)) : 10 * calls;
  }
}

/// Floating-point operations of one call, of the variant of the kernels that is in use. `values`: kMostChained zeros at first.
/// Which kind is fastest depends on the units: their number, their latency, whether they fuse (peak.cpp). The best is the peak.
inline constexpr std::size_t kMostChained = 16 * 16, kChainKinds = 5;
inline double chains(float* values, std::size_t kind) {
#if X2G_DISPATCH
  const std::string_view name = variant();
  return name == "avx512" ? kernels::avx512::chains(values, kind)
         : name == "avx2" ? kernels::avx2::chains(values, kind)
                          : kernels::sse::chains(values, kind);
#else
  return kernels::chains(values, kind);
#endif
}

/// Floating-point operations a second of multiplications and additions that wait for nothing, at the kernels' vector width.
inline double peak(double least) {
  double best = 0;
  for (std::size_t kind = 0; kind < kChainKinds; ++kind) {
    float values[kMostChained] = {};
    double flop = 0;
    const double time = seconds(least, [&] { flop = chains(values, kind); });
    best = std::max(best, flop / time);
  }
  return best;
}

/// The value in the middle.
inline double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

}  // namespace x2g::test
