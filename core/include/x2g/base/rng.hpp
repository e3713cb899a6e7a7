// Counter-based random numbers: the i-th number of (seed, stream) is a pure function of the three,
// the same bits natively and in every WebAssembly engine. Not for cryptography.
// Source: Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3" (SC 2011), Philox4x32-10.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>

namespace x2g {

/// One Philox4x32-10 block: 128-bit counter (low word first), 64-bit key.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// Streams keep independent uses of one seed apart, so that adding one never shifts another.
enum class Stream : std::uint64_t { init = 0, batch = 1, dropout = 2, sample = 3, data = 4, eval = 5, user = 16 };

/// A cursor over the numbers of (seed, stream); `offset` skips whole blocks of four.
class Rng {
 public:
  /// Any stream number: dropout packs its step into the upper half.
  explicit Rng(std::uint64_t seed, std::uint64_t stream = 0, std::uint64_t offset = 0);
  /// One of the named streams.
  Rng(std::uint64_t seed, Stream stream, std::uint64_t offset = 0) : Rng(seed, static_cast<std::uint64_t>(stream), offset) {}

  std::uint32_t bits();                     ///< 32 uniform bits
  float uniform();                          ///< [0, 1), 24 bits
  double uniform64();                       ///< [0, 1), 53 bits
  double uniform(double low, double high);  ///< [low, high)
  double normal();                          ///< mean 0, variance 1 (Box–Muller on the core's own log, sin, cos)
  std::uint32_t below(std::uint32_t n);     ///< 0 … n-1 without bias (Lemire 2019); n ≥ 1

  template <class T>
  void shuffle(std::span<T> items) {  ///< Fisher–Yates
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(static_cast<std::uint32_t>(i))]);
  }

 private:
  std::uint64_t seed_, stream_, block_;
  std::array<std::uint32_t, 4> words_{};
  unsigned used_ = 4;
  bool has_spare_ = false;
  double spare_ = 0;
};

}  // namespace x2g
