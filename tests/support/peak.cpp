// Independent chains of a b + c at the kernels' vector width, for peak.hpp: compiled with the options of each variant of the kernels, as they
// are, and always optimized, because the peak is what the compiler can do.
#include "kernels/simd.hpp"

namespace X2G_KERNELS {

double chains(float* values);

/// Twelve chains hide the latency, and with the two factors they fit the 15 registers that V8 leaves.
double chains(float* values) {
  constexpr std::size_t kChains = 12;
  constexpr int kLoops = 400;
  static const float numbers[] = {0.999f, 1e-3f};
  const Floats factor = splat(numbers[0]), more = splat(numbers[1]);
  Floats sum[kChains];
  for (std::size_t i = 0; i < kChains; ++i) sum[i] = load(values + i * kLanes);
  for (int loop = 0; loop < kLoops; ++loop)
    for (auto& s : sum) s = madd(s, factor, more);
  for (std::size_t i = 0; i < kChains; ++i) store(values + i * kLanes, sum[i]);
  return 2.0 * kLanes * kChains * kLoops;
}

}  // namespace X2G_KERNELS
