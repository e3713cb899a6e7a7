// What this machine can multiply and add at best, measured: the yardstick for gemm's guard and for the benchmarks. Timings are only ever
// compared with others of the same run; nothing here says how fast a machine is.
#pragma once

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <vector>
#ifdef __EMSCRIPTEN__
#include <emscripten.h>
#endif

#include "kernels/simd.hpp"

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

/// Floating-point operations a second of independent chains of a b + c at the kernels' vector width: twelve hide the latency, and with
/// the two factors they fit the 15 registers that V8 leaves.
inline double peak(double least) {
  using kernels::Floats;
  constexpr std::size_t kChains = 12;
  constexpr int kLoops = 400;
  static const float numbers[] = {0.999f, 1e-3f};
  float results[kChains * kernels::kLanes] = {};
  float* volatile kept = results;  // so that the sums are wanted
  const double time = seconds(least, [&kept] {
    float* const at = kept;
    const Floats factor = kernels::splat(numbers[0]), more = kernels::splat(numbers[1]);
    Floats sum[kChains];
    for (std::size_t i = 0; i < kChains; ++i) sum[i] = kernels::load(at + i * kernels::kLanes);
    for (int loop = 0; loop < kLoops; ++loop)
      for (auto& s : sum) s = kernels::madd(s, factor, more);
    for (std::size_t i = 0; i < kChains; ++i) kernels::store(at + i * kernels::kLanes, sum[i]);
  });
  return 2.0 * kernels::kLanes * kChains * kLoops / time;
}

/// The value in the middle.
inline double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

}  // namespace x2g::test
