// One row times a matrix: the bits of gemm, whatever the size, stride and start.
#include "kernels/gemv.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "kernels/gemm.hpp"
#include "support/arrays.hpp"
#include "support/variants.hpp"

using namespace x2g;
using kernels::Op;

TEST_CASE("a row times a matrix, as it lies or turned, has the bits of gemm", "[kernels][gemv]") {
  X2G_ON_EACH_VARIANT();
  const std::size_t inner = GENERATE(1u, 2u, 3u, 4u, 5u, 31u, 64u, 511u, 512u, 513u, 1100u);
  for (const std::size_t outer : {1u, 2u, 3u, 4u, 7u, 8u, 9u, 15u, 16u, 17u, 33u, 64u, 65u, 67u, 130u}) {
    for (const std::size_t pad : {0u, 3u}) {
      CAPTURE(inner, outer, pad);
      std::vector<float> scratch(kernels::gemm_scratch(1, outer, inner));
      const test::Shifted x(test::random_floats(inner, 1), pad);
      {
        const std::size_t ld = inner + pad;
        const test::Shifted W(test::random_floats(outer * ld, 2), 1), bias(test::random_floats(outer, 3), pad);
        test::Shifted expected(outer, 0), y(outer, pad);
        for (const float* b : {static_cast<const float*>(nullptr), bias.span().data()}) {
          kernels::gemm<float>(1, outer, inner, {x.span().data(), inner}, {W.span().data(), ld, Op::transpose}, expected.span().data(),
                               outer, false, b, scratch);
          kernels::rows_times(outer, inner, W.span().data(), ld, x.span().data(), b, y.span().data());
          CHECK(test::same_bits(y.span(), expected.span()));
          CHECK(y.guards_intact());
        }
      }
      const std::size_t ld = outer + pad;
      const test::Shifted B(test::random_floats(inner * ld, 4), 1);
      test::Shifted expected(outer, 0), y(outer, pad);
      kernels::gemm<float>(1, outer, inner, {x.span().data(), inner}, {B.span().data(), ld}, expected.span().data(), outer, false, nullptr,
                           scratch);
      kernels::times_rows(inner, outer, x.span().data(), B.span().data(), ld, y.span().data());
      CHECK(test::same_bits(y.span(), expected.span()));
      CHECK(y.guards_intact());
    }
  }
}
