#include "x2g/ops/attention.hpp"

#include <catch2/catch_template_test_macros.hpp>

#include "core/ops/op_check.hpp"
#include "reference/attention.hpp"

namespace x2g {
namespace {

using namespace test;
using reference::Array;
using reference::Complex;

template <class T>
struct Run {
  std::vector<T> att, out;
  Gradient<T> dqkv;
};

template <class T>
Run<T> run(const AttentionShape& s, const Doubles& qkv, const Doubles& dout) {
  Run<T> r{std::vector<T>(s.B * s.H * s.T * s.T, T(7)), std::vector<T>(s.B * s.T * s.C, T(7)), Gradient<T>(qkv.size())};
  const auto tqkv = as<T>(qkv), tdout = as<T>(dout);
  std::vector<T> scratch(attention_scratch(s));
  attention_forward<T>(s, tqkv, r.att, r.out, scratch);
  attention_backward<T>(s, tqkv, r.att, tdout, r.dqkv.span(), scratch);
  return r;
}

template <class T>
void compare(const AttentionShape& s, std::uint64_t seed) {
  CAPTURE(s.B, s.T, s.C, s.H, s.causal, seed);
  const Doubles qkv = values(s.B * s.T * 3 * s.C, seed, -2, 4), dout = values(s.B * s.T * s.C, seed + 10);
  const auto r = run<T>(s, qkv, dout);
  const auto clear = reference::attention_forward<double>(s, qkv);
  CHECK(distance(r.att, clear.att) < kValue<T>);
  CHECK(distance(r.out, clear.out) < kValue<T>);
  CHECK(distance(r.dqkv.value, r.dqkv.with(reference::attention_backward<double>(s, qkv, clear.att, dout))) < kGradient<T>);
}

}  // namespace

TEST_CASE("attention mixes two tokens as on paper", "[ops][attention]") {
  // One head of size 1. q = (0, ln 3), k = (0, 1), v = (4, 8): the second query scores 0 and ln 3, weights ¼ and ¾.
  const AttentionShape s{1, 2, 1, 1};
  const double ln3 = std::log(3.0);
  const auto r = run<double>(s, {0, 0, 4, ln3, 1, 8}, {0, 0});
  CHECK(worst(r.att, {1, 0, 0.25, 0.75}) < 1e-14);
  CHECK(worst(r.out, {4, 7}) < 1e-14);
}

TEST_CASE("attention backward gives the gradients worked out by hand", "[ops][attention]") {
  const AttentionShape s{1, 2, 1, 1};
  const double ln3 = std::log(3.0);
  // dout = (0, 1): dv = (¼, ¾); datt = (4, 8), their mean under att 7; dscore = (¼·−3, ¾·1) = (−¾, ¾)
  const auto r = run<double>(s, {0, 0, 4, ln3, 1, 8}, {0, 1});
  CHECK(distance(r.dqkv.value, r.dqkv.with({0, -0.75 * ln3, 0.25, 0.75, 0.75 * ln3, 0.75})) < 1e-14);
}

TEST_CASE("the attention reference's gradients are those of the complex step", "[ops][attention][gradient]") {
  for (const AttentionShape s : {AttentionShape{1, 3, 2, 1}, AttentionShape{2, 4, 6, 3}, AttentionShape{1, 5, 4, 2, false}}) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
      const Doubles qkv = values(s.B * s.T * 3 * s.C, seed, -2, 4), dout = values(s.B * s.T * s.C, seed + 10);
      const auto att = reference::attention_forward<double>(s, qkv).att;
      const auto f = [&](const Array<Complex>& p) { return reference::attention_forward(s, p).out; };
      CHECK(distance(reference::attention_backward<double>(s, qkv, att, dout), reference::complex_step(f, qkv, dout)) < kComplexStep);
    }
  }
}

TEMPLATE_TEST_CASE("attention agrees with its reference and adds to gradients", "[ops][attention][gradient]", float, double) {
  for (const AttentionShape s : {AttentionShape{2, 4, 6, 3}, AttentionShape{2, 64, 32, 4}, AttentionShape{1, 37, 15, 5}}) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
      compare<TestType>(s, seed);
      compare<TestType>({s.B, s.T, s.C, s.H, false}, seed);
    }
  }
}

TEST_CASE("attention works for every length and head size from 1 to 67", "[ops][attention]") {
  for (std::size_t n = 1; n <= 67; ++n) {
    compare<float>({1, n, 6, 2}, n);
    compare<float>({1, 5, 2 * n, 2}, n);
  }
  compare<float>({0, 8, 4, 2}, 1);
}

TEST_CASE("attention weights of a query sum to one and are zero behind the mask", "[ops][attention]") {
  const AttentionShape s{2, 67, 8, 2};
  const auto r = run<float>(s, values(s.B * s.T * 3 * s.C, 3, -4, 8), values(s.B * s.T * s.C, 4));
  for (std::size_t row = 0; row < s.B * s.H * s.T; ++row) {
    const std::size_t i = row % s.T;
    double sum = 0;
    for (std::size_t j = 0; j < s.T; ++j) {
      const float p = r.att[row * s.T + j];
      sum += p;
      if (j > i) CHECK(p == 0.0f);
    }
    CHECK(std::fabs(sum - 1) < 1e-6);
  }
}

TEST_CASE("an output does not change in a single bit when later tokens do", "[ops][attention]") {
  const AttentionShape s{1, 67, 8, 2};
  Doubles qkv = values(s.T * 3 * s.C, 5, -2, 4);
  const Doubles dout(s.T * s.C);
  const auto before = run<float>(s, qkv, dout);
  for (const std::size_t t : {0u, 1u, 30u, 31u, 32u, 33u, 63u, 65u}) {
    Doubles changed = qkv;
    const Doubles other = values(changed.size(), 6 + t, -2, 4);
    std::copy(other.begin() + static_cast<std::ptrdiff_t>((t + 1) * 3 * s.C), other.end(),
              changed.begin() + static_cast<std::ptrdiff_t>((t + 1) * 3 * s.C));
    const auto after = run<float>(s, changed, dout);
    CAPTURE(t);
    for (std::size_t k = 0; k < (t + 1) * s.C; ++k) {
      if (before.out[k] != after.out[k]) FAIL("output " << k << " changed");
    }
    CHECK(before.out != after.out);
  }
}

TEST_CASE("a gradient at one output reaches no later token", "[ops][attention]") {
  const AttentionShape s{1, 40, 8, 2};
  const Doubles qkv = values(s.T * 3 * s.C, 5, -2, 4);
  for (const std::size_t t : {0u, 17u, 31u, 32u, 38u}) {
    Doubles dout(s.T * s.C);
    for (std::size_t c = 0; c < s.C; ++c) dout[t * s.C + c] = 1;
    const auto r = run<float>(s, qkv, dout);
    for (std::size_t k = (t + 1) * 3 * s.C; k < qkv.size(); ++k) {
      if (r.dqkv.value[k] != static_cast<float>(r.dqkv.start[k])) FAIL("dqkv " << k << " changed for t = " << t);
    }
  }
}

TEST_CASE("attention on extreme scores is a choice of one token, and finite", "[ops][attention]") {
  const AttentionShape s{1, 3, 1, 1, false};
  const auto r = run<float>(s, {100, 100, 1, 100, -100, 2, 100, 0, 3}, {1, 1, 1});
  CHECK(r.att == std::vector<float>{1, 0, 0, 1, 0, 0, 1, 0, 0});
  CHECK(r.out == std::vector<float>{1, 1, 1});
  for (const float g : r.dqkv.value) CHECK(std::isfinite(g));
}

}  // namespace x2g
