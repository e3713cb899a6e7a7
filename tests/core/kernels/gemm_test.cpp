// The matrix product against plain loops in double: every size 0 … 67, four transposes, odd strides, misaligned starts.
#include "kernels/gemm.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <vector>

#include "support/arrays.hpp"
#include "support/variants.hpp"

using namespace x2g;
using kernels::Matrix;
using kernels::Op;

namespace {

/// Sums of up to 700 products of numbers in (−1, 1): rounding of float is 6e-8 a term, squared and averaged.
constexpr double kMostNmse = 1e-12;

struct Case {
  std::size_t M, N, K;
  Op a_op = Op::none, b_op = Op::none;
  bool accumulate = false, bias = false;
  std::size_t pad = 0;  // added to every leading dimension
  std::size_t shift = 0;
};

struct Inputs {
  std::vector<float> a, b, c, bias;
  std::size_t lda, ldb, ldc;

  explicit Inputs(const Case& k) {
    lda = (k.a_op == Op::none ? k.K : k.M) + k.pad;
    ldb = (k.b_op == Op::none ? k.N : k.K) + k.pad;
    ldc = k.N + k.pad;
    a = test::random_floats((k.a_op == Op::none ? k.M : k.K) * lda, 1);
    b = test::random_floats((k.b_op == Op::none ? k.K : k.N) * ldb, 2);
    c = test::random_floats(k.M * ldc, 3);
    bias = test::random_floats(k.N, 4);
  }
};

std::vector<float> product(const Case& k, const Inputs& in, bool& intact) {
  const test::Shifted a(in.a, k.shift), b(in.b, k.shift + 1), bias(in.bias, k.shift);
  test::Shifted c(in.c, k.shift), scratch(kernels::gemm_scratch(k.M, k.N, k.K), 0);
  kernels::gemm<float>(k.M, k.N, k.K, {a.span().data(), in.lda, k.a_op}, {b.span().data(), in.ldb, k.b_op}, c.span().data(), in.ldc,
                       k.accumulate, k.bias ? bias.span().data() : nullptr, scratch.span());
  intact = c.guards_intact() && scratch.guards_intact();
  return {c.span().begin(), c.span().end()};
}

std::vector<double> reference(const Case& k, const Inputs& in) {
  std::vector<double> c(in.c.begin(), in.c.end());
  for (std::size_t i = 0; i < k.M; ++i) {
    for (std::size_t j = 0; j < k.N; ++j) {
      double sum = k.accumulate ? c[i * in.ldc + j] : 0;
      for (std::size_t q = 0; q < k.K; ++q) {
        const double a = in.a[k.a_op == Op::none ? i * in.lda + q : q * in.lda + i];
        sum += a * in.b[k.b_op == Op::none ? q * in.ldb + j : j * in.ldb + q];
      }
      c[i * in.ldc + j] = k.bias ? sum + in.bias[j] : sum;
    }
  }
  return c;
}

void check(const Case& k) {
  CAPTURE(k.M, k.N, k.K, k.a_op == Op::transpose, k.b_op == Op::transpose, k.accumulate, k.bias, k.pad, k.shift);
  const Inputs in(k);
  bool intact = false;
  const std::vector<float> got = product(k, in, intact);
  REQUIRE(intact);
  REQUIRE(test::nmse(got, reference(k, in)) <= kMostNmse);
  // Between the rows of C nothing may be written.
  for (std::size_t i = 0; i < k.M; ++i) {
    for (std::size_t j = k.N; j < in.ldc; ++j) REQUIRE(got[i * in.ldc + j] == in.c[i * in.ldc + j]);
  }
}

Case sampled(Rng& rng, std::size_t M, std::size_t N, std::size_t K) {
  const auto flag = [&] { return rng.below(2) == 1; };
  return {M, N, K, Op{flag()}, Op{flag()}, flag(), flag(), rng.below(4), rng.below(4)};
}

}  // namespace

TEST_CASE("gemm matches the plain product at every size from 0 to 67", "[kernels]") {
  X2G_ON_EACH_VARIANT();
  Rng rng(5);
  const auto any = [&] { return static_cast<std::size_t>(rng.below(68)); };
  for (std::size_t n = 0; n <= 67; ++n) {
    for (int repeat = 0; repeat < 4; ++repeat) {
      check(sampled(rng, n, any(), any()));
      check(sampled(rng, any(), n, any()));
      check(sampled(rng, any(), any(), n));
    }
  }
}

TEST_CASE("gemm matches the plain product at every size from 0 to 9 and all transposes", "[kernels]") {
  X2G_ON_EACH_VARIANT();
  for (std::size_t M = 0; M < 10; ++M) {
    for (std::size_t N = 0; N < 10; ++N) {
      for (std::size_t K = 0; K < 10; ++K) {
        for (int flags = 0; flags < 4; ++flags) {
          check({M, N, K, Op{(flags & 1) != 0}, Op{(flags & 2) != 0}, (M + N) % 2 == 0, (N + K) % 2 == 0, M % 3, N % 4});
        }
      }
    }
  }
}

TEST_CASE("gemm sums over more than one block of k, of rows and of columns", "[kernels]") {
  X2G_ON_EACH_VARIANT();
  Rng rng(6);
  for (const std::size_t K : {511u, 512u, 513u, 700u}) check(sampled(rng, 7, 37, K));
  for (const std::size_t M : {63u, 65u, 130u}) check(sampled(rng, M, 40, 20));
  for (const std::size_t N : {511u, 513u, 1030u}) check(sampled(rng, 5, N, 30));
  check(sampled(rng, 70, 530, 600));
}

TEST_CASE("an element of a product has the same bits in a product of any other size", "[kernels]") {
  X2G_ON_EACH_VARIANT();
  for (const std::size_t K : {1u, 2u, 7u, 64u, 530u}) {
    for (int flags = 0; flags < 4; ++flags) {
      const Case large{21, 45, K, Op{(flags & 1) != 0}, Op{(flags & 2) != 0}, true, true};
      const Inputs in(large);
      std::vector<float> scratch(kernels::gemm_scratch(large.M, large.N, K));
      const auto run = [&](std::size_t M, std::size_t N) {
        std::vector<float> c = in.c;
        kernels::gemm<float>(M, N, K, {in.a.data(), in.lda, large.a_op}, {in.b.data(), in.ldb, large.b_op}, c.data(), in.ldc, true,
                             in.bias.data(), scratch);
        return c;
      };
      const std::vector<float> whole = run(large.M, large.N);
      for (const auto& [M, N] : {std::pair<std::size_t, std::size_t>{1, 1}, {4, 2}, {3, 45}, {21, 9}, {20, 33}}) {
        const std::vector<float> part = run(M, N);
        for (std::size_t i = 0; i < M; ++i) {
          CAPTURE(K, flags, M, N, i);
          REQUIRE(test::same_bits(std::span(part).subspan(i * in.ldc, N), std::span(whole).subspan(i * in.ldc, N)));
        }
      }
    }
  }
}

TEST_CASE("gemm with a causal matrix leaves out zeros and what is not wanted, and changes no other bit", "[kernels]") {
  X2G_ON_EACH_VARIANT();
  using Part = kernels::Causal::Part;
  Rng rng(9);
  for (int repeat = 0; repeat < 150; ++repeat) {
    for (const Part part : {Part::c, Part::a, Part::a_transposed}) {
      // queries × keys; the other size is free
      const std::size_t queries = 1 + rng.below(70), shift = rng.below(3) * rng.below(40), keys = queries + shift, D = 1 + rng.below(40);
      const bool accumulate = rng.below(2) == 1;
      Case k{queries, D, keys, Op::none, Op::none, accumulate};
      if (part == Part::c) k = {queries, keys, D, Op::none, Op::transpose, accumulate};
      if (part == Part::a_transposed) k = {keys, D, queries, Op::transpose, Op::none, accumulate};
      Inputs in(k);
      const auto zero = [&](std::size_t i, std::size_t j) { return j > i + shift; };
      if (part != Part::c) {
        for (std::size_t i = 0; i < queries; ++i) {
          for (std::size_t j = 0; j < keys; ++j) {
            if (zero(i, j)) in.a[i * in.lda + j] = 0;
          }
        }
      }
      std::vector<float> scratch(kernels::gemm_scratch(k.M, k.N, k.K));
      const auto run = [&](kernels::Causal causal) {
        std::vector<float> c = in.c;
        kernels::gemm<float>(k.M, k.N, k.K, {in.a.data(), in.lda, k.a_op}, {in.b.data(), in.ldb, k.b_op}, c.data(), in.ldc, accumulate,
                             nullptr, scratch, causal);
        return c;
      };
      std::vector<float> whole = run({}), part_of = run({part, shift});
      for (std::size_t i = 0; part == Part::c && i < queries; ++i) {
        for (std::size_t j = 0; j < keys; ++j) {
          if (zero(i, j)) whole[i * in.ldc + j] = part_of[i * in.ldc + j] = 0;
        }
      }
      CAPTURE(static_cast<int>(part), queries, keys, shift, D, accumulate);
      REQUIRE(test::same_bits(std::span<const float>(part_of), std::span<const float>(whole)));
    }
  }
}

TEST_CASE("gemm gives the same bits in every tile at every size from 0 to 67 and beyond a block", "[kernels]") {
  X2G_ON_EACH_VARIANT();
  Rng rng(11);
  const auto any = [&] { return static_cast<std::size_t>(rng.below(68)); };
  const auto compare = [](const Case& k) {
    const Inputs in(k);
    bool intact = false;
    kernels::use_gemm_tile(0);
    const std::vector<float> usual = product(k, in, intact);
    for (std::size_t tile = 1; tile < kernels::gemm_tiles(); ++tile) {
      kernels::use_gemm_tile(tile);
      const std::vector<float> got = product(k, in, intact);
      kernels::use_gemm_tile(0);
      CAPTURE(tile, k.M, k.N, k.K, k.a_op == Op::transpose, k.b_op == Op::transpose, k.accumulate, k.bias);
      REQUIRE(intact);
      REQUIRE(test::same_bits(std::span<const float>(got), std::span<const float>(usual)));
      REQUIRE(test::nmse(got, reference(k, in)) <= kMostNmse);
    }
  };
  for (std::size_t n = 0; n <= 67; ++n) {
    for (int repeat = 0; repeat < 3; ++repeat) {
      compare(sampled(rng, n, any(), any()));
      compare(sampled(rng, any(), n, any()));
      compare(sampled(rng, any(), any(), n));
    }
  }
  for (int flags = 0; flags < 4; ++flags) compare({70, 530, 600, Op{(flags & 1) != 0}, Op{(flags & 2) != 0}, true, true});
}

TEST_CASE("gemm in double matches the plain product to the last digits", "[kernels]") {
  Rng rng(8);
  for (int repeat = 0; repeat < 60; ++repeat) {
    const Case k = sampled(rng, rng.below(30), rng.below(40), rng.below(30));
    const Inputs in(k);
    const std::vector<double> a(in.a.begin(), in.a.end()), b(in.b.begin(), in.b.end()), bias(in.bias.begin(), in.bias.end());
    std::vector<double> c(in.c.begin(), in.c.end());
    kernels::gemm<double>(k.M, k.N, k.K, {a.data(), in.lda, k.a_op}, {b.data(), in.ldb, k.b_op}, c.data(), in.ldc, k.accumulate,
                          k.bias ? bias.data() : nullptr, {});
    CAPTURE(k.M, k.N, k.K);
    REQUIRE(test::nmse(c, reference(k, in)) <= 1e-30);
  }
}
