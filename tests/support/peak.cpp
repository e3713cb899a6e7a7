// Chains of multiplications and additions at the kernels' vector width, for peak.hpp: compiled with the options of each variant of the kernels,
// as they are, and always optimized, because the peak is what the compiler can do.
#include "kernels/simd.hpp"

namespace X2G_KERNELS {

double chains(float* values, std::size_t kind);

namespace {

constexpr int kLoops = 400;

struct Numbers {
  Floats factor, more;
};
Numbers numbers() {
  static const float values[] = {0.999f, 1e-3f};
  return {splat(values[0]), splat(values[1])};
}

template <std::size_t n>
void load_all(Floats (&v)[n], const float* from) {
  for (std::size_t i = 0; i < n; ++i) v[i] = load(from + i * kLanes);
}
template <std::size_t n>
void store_all(const Floats (&v)[n], float* to) {
  for (std::size_t i = 0; i < n; ++i) store(to + i * kLanes, v[i]);
}

/// a b + c, n at a time: the measure of units that fuse the two. Where they are two instructions, each waits for the other.
template <std::size_t n>
double fused(float* values) {
  const auto [factor, more] = numbers();
  Floats sum[n];
  load_all(sum, values);
  for (int loop = 0; loop < kLoops; ++loop)
    for (auto& s : sum) s = madd(s, factor, more);
  store_all(sum, values);
  return 2.0 * kLanes * n * kLoops;
}

/// n products and n sums that do not wait for each other: the measure of units that do not fuse.
template <std::size_t n>
double apart(float* values) {
  const auto [factor, more] = numbers();
  Floats product[n], sum[n];
  load_all(product, values);
  load_all(sum, values + n * kLanes);
  for (int loop = 0; loop < kLoops; ++loop)
    for (std::size_t i = 0; i < n; ++i) {
      product[i] = product[i] * factor;
      sum[i] = sum[i] + more;
    }
  store_all(product, values);
  store_all(sum, values + n * kLanes);
  return 2.0 * kLanes * n * kLoops;
}

}  // namespace

/// `kind` is one of peak.hpp's kChainKinds.
double chains(float* values, std::size_t kind) {
  switch (kind) {
    case 0: return fused<8>(values);
    case 1: return fused<12>(values);
    case 2: return fused<16>(values);  // four units of four cycles; spills where there are 15 registers
    case 3: return apart<6>(values);
    default: return apart<8>(values);
  }
}

}  // namespace X2G_KERNELS
