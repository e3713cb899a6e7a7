// Philox4x32-10 and the distributions built on it. Everything here is integer arithmetic and exact conversions but for
// normal(), which stands on the core's own log, sin and cos.
#include "x2g/base/rng.hpp"

#include <cmath>

#include "kernels/math.hpp"

namespace x2g {
namespace {

struct Product {
  std::uint32_t high, low;
};

Product multiply(std::uint32_t a, std::uint32_t b) {
  const std::uint64_t p = static_cast<std::uint64_t>(a) * b;
  return {static_cast<std::uint32_t>(p >> 32), static_cast<std::uint32_t>(p)};
}

}  // namespace

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> c, std::array<std::uint32_t, 2> key) {
  // Multipliers and Weyl constants: table 2 and section 3.3 of the paper.
  for (int round = 0; round < 10; ++round) {
    const Product a = multiply(0xD2511F53u, c[0]);
    const Product b = multiply(0xCD9E8D57u, c[2]);
    c = {b.high ^ c[1] ^ key[0], b.low, a.high ^ c[3] ^ key[1], a.low};
    key[0] += 0x9E3779B9u;
    key[1] += 0xBB67AE85u;
  }
  return c;
}

Rng::Rng(std::uint64_t seed, std::uint64_t stream, std::uint64_t offset) : seed_(seed), stream_(stream), block_(offset) {}

std::uint32_t Rng::bits() {
  if (used_ == 4) {
    words_ = philox({static_cast<std::uint32_t>(block_), static_cast<std::uint32_t>(block_ >> 32), static_cast<std::uint32_t>(stream_),
                     static_cast<std::uint32_t>(stream_ >> 32)},
                    {static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32)});
    ++block_;
    used_ = 0;
  }
  return words_[used_++];
}

float Rng::uniform() { return static_cast<float>(bits() >> 8) * 0x1p-24f; }

double Rng::uniform64() {
  const std::uint64_t high = bits();
  const std::uint64_t low = bits();
  return static_cast<double>(((high << 32) | low) >> 11) * 0x1p-53;
}

double Rng::uniform(double low, double high) {
  const double value = low + (high - low) * uniform64();
  return value < high ? value : low;  // the sum may round up to `high`
}

double Rng::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  const double radius = std::sqrt(-2 * kernels::log(1 - uniform64()));  // 1 - u is in (0, 1]
  const double turn = uniform64();
  spare_ = radius * kernels::sin_2pi(turn);
  has_spare_ = true;
  return radius * kernels::cos_2pi(turn);
}

std::uint32_t Rng::below(std::uint32_t n) {
  // Lemire, "Fast Random Integer Generation in an Interval" (2019): reject the few low products that would be too many.
  if (n <= 1) return 0;
  Product p = multiply(bits(), n);
  if (p.low < n) {
    const std::uint32_t threshold = (0u - n) % n;
    while (p.low < threshold) p = multiply(bits(), n);
  }
  return p.high;
}

}  // namespace x2g
