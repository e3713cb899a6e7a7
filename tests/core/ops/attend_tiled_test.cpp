// The tiled form with its online softmax against the plain one, for every block size, and what its trace shows.
#include <catch2/catch_template_test_macros.hpp>

#include <algorithm>
#include <limits>

#include "core/ops/op_check.hpp"
#include "support/figures.hpp"
#include "x2g/ops/attend.hpp"

namespace x2g {
namespace {

using namespace test;

template <class T>
struct Case {
  AttendShape s;
  std::vector<T> q, k, v, lengths, mask, scores, att, out;
  DropoutKey key;
  explicit Case(const AttendShape& shape, std::uint64_t seed, const Doubles& real_keys = {})
      : s(shape), lengths(as<T>(real_keys)), key{.seed = seed, .step = 3, .node = 2} {
    q = as<T>(values(s.B * s.T * s.H * s.D, seed, -4, 8));
    k = as<T>(values(s.B * s.S * s.G * s.D, seed + 1, -4, 8));
    v = as<T>(values(s.B * s.S * s.G * s.Dv, seed + 2, -2, 4));
    scores.resize(s.B * s.H * s.T * s.S);
    att.resize(scores.size());
    if (s.dropout > 0) mask.resize(scores.size());
    dropout_mask<T>(key, s.dropout, mask);
    out.resize(s.B * s.T * s.H * s.Dv);
    std::vector<T> scratch(attend_scratch(s));
    attend_forward<T>(s, q, k, v, scores, att, out, scratch, lengths, mask);
  }
  std::vector<T> tiled(std::size_t queries, std::size_t keys, AttendTrace<T> trace = {}) const {
    std::vector<T> result(out.size(), T(7)), scratch(attend_tiled_scratch(s, queries, keys), T(9));
    attend_tiled_forward<T>(s, queries, keys, q, k, v, result, trace, scratch, lengths, key);
    return result;
  }
};

}  // namespace

TEMPLATE_TEST_CASE("tiled attention equals the plain one for every block size", "[ops][attend][tiled]", float, double) {
  using T = TestType;
  const double bound = sizeof(T) == 4 ? 1e-5 : 1e-12;
  for (const AttendShape& s :
       {AttendShape{2, 13, 13, 4, 2, 6, 5, 0.5}, AttendShape{1, 9, 17, 3, 3, 4, 4, 1, Mask::none, Score::dot, true},
        AttendShape{1, 11, 14, 2, 1, 3, 2, 0.7, Mask::wrong, Score::squared, true},
        AttendShape{1, 9, 9, 2, 1, 3, 2, 0.7, Mask::causal, Score::dot, false, 0.4},
        AttendShape{3, 6, 9, 2, 2, 3, 2, 0.7, Mask::none, Score::dot, false, 0.2}, AttendShape{3, 6, 8, 2, 2, 3, 2, 0.7, Mask::wrong}}) {
    const Case<T> c(s, 5, s.B == 3 ? Doubles{8, 0, 3} : Doubles{});
    const Doubles plain = doubles(c.out);
    for (std::size_t queries = 1; queries <= s.T; ++queries)
      for (std::size_t keys = 1; keys <= s.S; ++keys) {
        CAPTURE(s.T, s.S, queries, keys);
        CHECK(distance(c.tiled(queries, keys), plain) < bound);
        figure(sizeof(T) == 4 ? "2 tiled attention in float" : "2 tiled attention in double", "every block size",
               worst(c.tiled(queries, keys), plain, 1), bound);
      }
  }
}

TEMPLATE_TEST_CASE("tiled attention agrees at the sizes of a model", "[ops][attend][tiled]", float, double) {
  using T = TestType;
  const Case<T> c({1, 64, 64, 4, 4, 32, 32, 0.176776695}, 8);
  for (const std::size_t block : {1u, 16u, 31u, 64u})
    CHECK(worst(c.tiled(block, block), doubles(c.out), 1) < (sizeof(T) == 4 ? 1e-5 : 1e-12));
}

TEST_CASE("the trace holds the running largest score and the running sum", "[ops][attend][tiled]") {
  const AttendShape s{1, 5, 7, 2, 1, 3, 2, 0.8};
  const std::size_t keys = 2, blocks = 4;
  const Case<double> c(s, 11);
  std::vector<double> largest(s.H * s.T * blocks), sum(largest.size());
  c.tiled(3, keys, {largest, sum, {}});
  for (std::size_t row = 0; row < s.H * s.T; ++row) {
    const std::size_t visible = row % s.T + s.S - s.T + 1;
    for (std::size_t block = 0; block < blocks; ++block) {
      CAPTURE(row, block);
      double top = -std::numeric_limits<double>::infinity(), total = 0;
      const std::size_t end = std::min({visible, (block + 1) * keys, s.S});
      for (std::size_t j = 0; j < end; ++j) top = std::max(top, c.scores[row * s.S + j]);
      for (std::size_t j = 0; j < end; ++j) total += std::exp(c.scores[row * s.S + j] - top);
      CHECK(largest[row * blocks + block] == top);
      CHECK(std::fabs(sum[row * blocks + block] - total) < 1e-13 * total);
    }
  }
}

TEMPLATE_TEST_CASE("tiled gradients equal the plain ones for every block size", "[ops][attend][tiled][gradient]", float, double) {
  using T = TestType;
  const double bound = sizeof(T) == 4 ? 1e-5 : 1e-12;
  for (const AttendShape& s :
       {AttendShape{2, 7, 7, 4, 2, 6, 5, 0.5}, AttendShape{1, 6, 9, 3, 3, 4, 4, 1, Mask::none, Score::negated, true},
        AttendShape{1, 8, 10, 2, 1, 3, 2, 0.7, Mask::wrong, Score::squared, true},
        AttendShape{1, 7, 7, 2, 1, 3, 2, 0.7, Mask::causal, Score::dot, false, 0.4},
        AttendShape{3, 5, 8, 2, 2, 3, 2, 0.7, Mask::none, Score::dot, false, 0.2}, AttendShape{3, 5, 8, 2, 2, 3, 2, 0.7, Mask::wrong}}) {
    const Case<T> c(s, 6, s.B == 3 ? Doubles{7, 0, 3} : Doubles{});
    const auto dout = as<T>(values(c.out.size(), 9));
    Gradient<T> dq(c.q.size()), dk(c.k.size()), dv(c.v.size());
    std::vector<T> plain(attend_scratch(s)), lse(s.B * s.H * s.T);
    attend_backward<T>(s, c.q, c.k, c.v, c.att, dout, dq.span(), dk.span(), dv.span(), plain, c.lengths, c.mask);
    for (std::size_t queries = 1; queries <= s.T; ++queries)
      for (std::size_t keys = 1; keys <= s.S; ++keys) {
        CAPTURE(s.T, s.S, queries, keys);
        const auto out = c.tiled(queries, keys, {{}, {}, lse});
        std::vector<T> scratch(attend_tiled_backward_scratch(s, queries, keys), T(9));
        Gradient<T> tq(c.q.size()), tk(c.k.size()), tv(c.v.size());
        attend_tiled_backward<T>(s, queries, keys, c.q, c.k, c.v, out, lse, dout, tq.span(), tk.span(), tv.span(), scratch, c.lengths,
                                 c.key);
        const char* const promise = sizeof(T) == 4 ? "1 tiled attention gradients in float" : "1 tiled attention gradients in double";
        figure(promise, "dq", distance(tq.value, doubles(dq.value)), bound);
        figure(promise, "dk", distance(tk.value, doubles(dk.value)), bound);
        figure(promise, "dv", distance(tv.value, doubles(dv.value)), bound);
        Gradient<T> only(c.k.size());
        attend_tiled_backward<T>(s, queries, keys, c.q, c.k, c.v, out, lse, dout, {}, only.span(), {}, scratch, c.lengths, c.key);
        CHECK(only.value == tk.value);
      }
  }
}

TEST_CASE("a query that has seen no key yet shows minus infinity and zero", "[ops][attend][tiled]") {
  const AttendShape s{1, 4, 4, 1, 1, 2, 2, 1, Mask::wrong};
  const Case<float> c(s, 3);
  std::vector<float> largest(16), sum(16);
  c.tiled(4, 1, {largest, sum, {}});
  CHECK(largest[3 * 4 + 2] == -std::numeric_limits<float>::infinity());
  CHECK(sum[3 * 4 + 2] == 0);
  CHECK(largest[3 * 4 + 3] == c.scores[15]);
  CHECK(sum[3 * 4 + 3] == 1);
}

TEST_CASE("scores of hundreds do not overflow the running sum", "[ops][attend][tiled]") {
  const AttendShape s{1, 1, 3, 1, 1, 1, 1, 1, Mask::none};
  const std::vector<float> q{100}, k{-9, 9, 8}, v{1, 2, 3};
  std::vector<float> out(1), scratch(attend_tiled_scratch(s, 1, 1));
  attend_tiled_forward<float>(s, 1, 1, q, k, v, out, {}, scratch);
  CHECK(out[0] == 2);
}

}  // namespace x2g
