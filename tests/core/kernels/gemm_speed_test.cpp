// The one timing that can fail a test: gemm must reach a share of what independent multiply-adds of the same vector width reach in the
// same run. Wide, against compilers and flags that spoil the inner loop (a spilled accumulator halves it). It says nothing about a machine.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <vector>

#include "kernels/gemm.hpp"
#include "support/peak.hpp"
#include "support/variants.hpp"

// Without optimization there is no speed to guard; with sanitizers [slow] is left out.
#ifdef NDEBUG
TEST_CASE("gemm reaches at least 60 % of the peak measured beside it", "[kernels][speed][slow]") {
  X2G_ON_EACH_VARIANT();
  using namespace x2g;
  constexpr std::size_t M = 96, N = 128, K = 128;
  constexpr double kFlop = 2.0 * M * N * K, kShare = 0.6, kMoment = 3e-4;
  const std::vector<float> A(M * K, 0.5f), B(K * N, 0.25f);
  std::vector<float> C(M * N), scratch(kernels::gemm_scratch(M, N, K));
  for (const kernels::Op b_op : {kernels::Op::none, kernels::Op::transpose}) {
    // The best of many short moments of both: other programs disturb most of them on a busy machine, not all, and an engine may take its
    // time to optimize.
    double peak = 0, reached = 0;
    for (int tries = 0; tries < 20 || (tries < 20000 && reached < kShare * peak); ++tries) {
      peak = std::max(peak, test::peak(kMoment));
      reached = std::max(reached, kFlop / test::seconds(kMoment, [&] {
                                    kernels::gemm<float>(M, N, K, {A.data(), K}, {B.data(), b_op == kernels::Op::none ? N : K, b_op},
                                                         C.data(), N, false, nullptr, scratch);
                                  }));
    }
    CAPTURE(b_op == kernels::Op::transpose, 1e-9 * peak, 1e-9 * reached);
    CHECK(reached >= kShare * peak);
  }
}
#endif
