#include "x2g/ops/attend.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "support/model_check.hpp"
#include "core/ops/op_check.hpp"
#include "reference/attend.hpp"
#include "x2g/base/error.hpp"

namespace x2g {
namespace {

using namespace test;
using Catch::Matchers::ContainsSubstring;

struct Inputs {
  Doubles q, k, v, dout;
};
Inputs inputs(const AttendShape& s, std::uint64_t seed) {
  return {values(s.B * s.T * s.H * s.D, seed, -2, 4), values(s.B * s.S * s.G * s.D, seed + 10, -2, 4),
          values(s.B * s.S * s.G * s.Dv, seed + 20, -2, 4), values(s.B * s.T * s.H * s.Dv, seed + 30)};
}

template <class T>
struct Run {
  std::vector<T> scores, att, out;
  Gradient<T> dq, dk, dv;
};

template <class T>
Run<T> run(const AttendShape& s, const Inputs& in) {
  const std::size_t pairs = s.B * s.H * s.T * s.S;
  Run<T> r{std::vector<T>(pairs, T(7)), std::vector<T>(pairs, T(7)), std::vector<T>(in.dout.size(), T(7)),
           Gradient<T>(in.q.size()),    Gradient<T>(in.k.size()),    Gradient<T>(in.v.size())};
  const auto q = as<T>(in.q), k = as<T>(in.k), v = as<T>(in.v), dout = as<T>(in.dout);
  std::vector<T> scratch(attend_scratch(s));
  attend_forward<T>(s, q, k, v, r.scores, r.att, r.out, scratch);
  attend_backward<T>(s, q, k, v, r.att, dout, r.dq.span(), r.dk.span(), r.dv.span(), scratch);
  return r;
}

template <class T>
void compare(const AttendShape& s, std::uint64_t seed, bool gradients = true) {
  CAPTURE(s.B, s.T, s.S, s.H, s.G, s.D, s.Dv, s.scale, static_cast<int>(s.mask), static_cast<int>(s.score), s.alibi, seed);
  const Inputs in = inputs(s, seed);
  const auto r = run<T>(s, in);
  const auto clear = reference::attend_forward<double>(s, in.q, in.k, in.v);
  CHECK(distance(r.scores, clear.scores) < kValue<T>);
  CHECK(distance(r.att, clear.att) < 5 * kValue<T>);
  CHECK(distance(r.out, clear.out) < 5 * kValue<T>);
  if (!gradients) return;
  const auto g = reference::attend_gradients(s, in.q, in.k, in.v, in.dout);
  CHECK(distance(r.dq.value, r.dq.with(g.dq)) < kGradient<T>);
  CHECK(distance(r.dk.value, r.dk.with(g.dk)) < kGradient<T>);
  CHECK(distance(r.dv.value, r.dv.with(g.dv)) < kGradient<T>);
}

GraphSpec one_node(const Shape& q, const Shape& k, const Shape& v, const OpAttributes& a) {
  GraphSpec g;
  const Init normal{Init::Kind::normal, 1};
  const TensorId y = g.op(OpKind::attend, "y",
                          {g.parameter("q", q, normal, false), g.parameter("k", k, normal, false), g.parameter("v", v, normal, false)}, a);
  const TensorId t = g.input("t", g.tensors()[static_cast<std::size_t>(y)].shape);
  g.mse("loss", y, t);
  return g;
}

std::string refused(auto&& call) {
  try {
    call();
  } catch (const Error& e) {
    CHECK(e.code() == ErrorCode::shape_mismatch);
    return e.message();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("attend mixes two values as on paper, and keeps the masked score", "[ops][attend]") {
  // One head of size 1, q = (0, ln 3), k = (0, 1), v = (4, 8): the second query scores 0 and ln 3, weights ¼ and ¾.
  const AttendShape s{1, 2, 2, 1, 1, 1, 1};
  const double ln3 = std::log(3.0);
  const auto r = run<double>(s, {{0, ln3}, {0, 1}, {4, 8}, {0, 1}});
  CHECK(worst(r.scores, {0, 0, 0, ln3}) < 1e-14);
  CHECK(worst(r.att, {1, 0, 0.25, 0.75}) < 1e-14);
  CHECK(worst(r.out, {4, 7}) < 1e-14);
  // dout = (0, 1): dv = (¼, ¾); datt = (4, 8), mean under att 7; dscore = (−¾, ¾); dq_2 = ¾·1; dk = ln 3 (−¾, ¾)
  CHECK(distance(r.dq.value, r.dq.with({0, 0.75})) < 1e-14);
  CHECK(distance(r.dk.value, r.dk.with({-0.75 * ln3, 0.75 * ln3})) < 1e-14);
  CHECK(distance(r.dv.value, r.dv.with({0.25, 0.75})) < 1e-14);
}

TEST_CASE("the wrong mask shows a query itself and what comes after", "[ops][attend]") {
  AttendShape s{1, 3, 3, 1, 1, 1, 1};
  s.mask = Mask::wrong;
  const auto r = run<double>(s, {{0, 0, 0}, {0, 0, 0}, {3, 6, 12}, {0, 0, 0}});
  CHECK(worst(r.att, {1 / 3.0, 1 / 3.0, 1 / 3.0, 0, 0.5, 0.5, 0, 0, 1}) < 1e-15);
  CHECK(worst(r.out, {7, 9, 12}) < 1e-15);
}

TEST_CASE("slopes of ALiBi are those of the paper", "[ops][attend]") {
  for (std::size_t h = 0; h < 8; ++h) CHECK(alibi_slope(h, 8) == std::ldexp(1.0, -static_cast<int>(h) - 1));  // 1/2, 1/4, … 1/256
  CHECK(alibi_slope(0, 1) == 0x1p-8);
  CHECK(std::fabs(alibi_slope(0, 16) - std::sqrt(0.5)) < 1e-15);
  // twelve heads: the eight of 8, then the first, third, fifth and seventh of 16
  for (std::size_t h = 0; h < 4; ++h) CHECK(std::fabs(alibi_slope(8 + h, 12) - std::pow(2.0, -0.5 - static_cast<double>(h))) < 1e-15);
  CHECK(alibi_slope(7, 12) == 0x1p-8);
}

TEMPLATE_TEST_CASE("attend agrees with its reference: masks, scores, slopes", "[ops][attend][gradient]", float, double) {
  for (const Mask mask : {Mask::causal, Mask::none, Mask::wrong}) {
    for (const Score score : {Score::dot, Score::negated, Score::squared}) {
      for (const std::uint64_t seed : {1u, 2u, 3u}) {
        compare<TestType>({2, 5, 5, 3, 3, 2, 2, 0.7, mask, score, false}, seed);
        compare<TestType>({1, 3, 6, 2, 1, 3, 2, 0.5, mask, score, true}, seed);  // fewer queries, one shared key/value head, ALiBi
        compare<TestType>({1, 4, 7, 6, 3, 1, 4, 1.0, mask, score, seed == 1}, seed);
      }
    }
  }
}

TEMPLATE_TEST_CASE("attend works across blocks of queries and with more queries than keys", "[ops][attend][gradient]", float, double) {
  compare<TestType>({1, 37, 40, 2, 1, 2, 1, 0.7}, 1);
  compare<TestType>({1, 35, 35, 1, 1, 2, 2, 0.7, Mask::wrong, Score::squared, true}, 2);
  compare<TestType>({2, 7, 3, 2, 2, 2, 2, 0.7, Mask::none, Score::dot, true}, 3);
}

TEST_CASE("attend works for every length and head size from 1 to 67", "[ops][attend]") {
  for (std::size_t n = 1; n <= 67; ++n) {
    const double scale = 1 / std::sqrt(static_cast<double>(n));
    compare<float>({1, n, n + 3, 4, 2, 3, 2, 0.5}, n, false);
    compare<float>({1, 3, n, 2, 1, 3, n, 0.5, Mask::none}, n, false);
    compare<float>({1, 5, 5, 2, 2, n, 3, scale, Mask::none, Score::squared, true}, n, false);
    compare<float>({1, 4, 5, 2, 1, n, 3, scale}, n, n <= 5);
  }
  compare<float>({0, 8, 8, 4, 2, 2, 2}, 1, false);
}

TEST_CASE("attend leaves out the gradients that nobody wants", "[ops][attend]") {
  const AttendShape s{2, 5, 6, 4, 2, 3, 2, 0.5, Mask::causal, Score::squared, true};
  const Inputs in = inputs(s, 4);
  const auto all = run<float>(s, in);
  const auto q = as<float>(in.q), k = as<float>(in.k), v = as<float>(in.v), dout = as<float>(in.dout);
  std::vector<float> scratch(attend_scratch(s));
  Gradient<float> dq(q.size()), dk(k.size()), dv(v.size());
  attend_backward<float>(s, q, k, v, all.att, dout, dq.span(), {}, {}, scratch);
  attend_backward<float>(s, q, k, v, all.att, dout, {}, dk.span(), {}, scratch);
  attend_backward<float>(s, q, k, v, all.att, dout, {}, {}, dv.span(), scratch);
  CHECK(dq.value == all.dq.value);
  CHECK(dk.value == all.dk.value);
  CHECK(dv.value == all.dv.value);
}

TEST_CASE("in a graph attend passes the gradient check with every attribute", "[ops][attend][graph]") {
  for (int variant = 0; variant < 6; ++variant) {
    CAPTURE(variant);
    OpAttributes a;
    a.heads = 4;
    a.kv_heads = variant % 3;  // 4, 1 and 2 heads of keys and values
    a.scale = variant % 2 ? 1 : 0;
    a.mask = static_cast<Mask>(variant % 3);
    a.score = static_cast<Score>((variant + 1) % 3);
    a.flag = variant >= 3;
    const std::uint32_t G = a.kv_heads ? a.kv_heads : 4;
    const GraphSpec spec = one_node({2, 3, 8}, {2, 5, 2 * G}, {2, 5, 3 * G}, a);
    Graph<double> g(spec);
    g.initialize(static_cast<std::uint64_t>(variant) + 1);
    const Deviation d = deviation(g);
    CHECK(d.norm < 1e-7);
    CHECK(d.element < 1e-5);
    CHECK(g.value("y").size() == 2 * 3 * 12);

    Graph<double> answers(spec, {.gradients = false});
    answers.initialize(static_cast<std::uint64_t>(variant) + 1);
    CHECK(answers.forward() == g.forward());
  }
}

TEST_CASE("attend's scale 0 is 1/√D and 1 is no scale", "[ops][attend][graph]") {
  OpAttributes a;
  a.mask = Mask::none;
  a.scale = 0;
  Graph<double> scaled(one_node({1, 2, 4}, {1, 2, 4}, {1, 2, 4}, a));
  a.scale = 1;
  Graph<double> plain(one_node({1, 2, 4}, {1, 2, 4}, {1, 2, 4}, a));
  scaled.initialize(1);
  plain.initialize(1);
  scaled.forward();
  plain.forward();
  for (std::size_t i = 0; i < 4; ++i) CHECK(scaled.value("y.scores")[i] == plain.value("y.scores")[i] / 2);
}

TEST_CASE("self-attention may take q, k and v from one tensor", "[ops][attend][graph]") {
  GraphSpec spec;
  const TensorId x = spec.parameter("x", {1, 4, 6}, {Init::Kind::normal, 1}, false);
  OpAttributes a;
  a.heads = 2;
  spec.mse("loss", spec.op(OpKind::attend, "y", {x, x, x}, a), spec.input("t", {1, 4, 6}));
  Graph<double> g(spec);
  g.initialize(3);
  CHECK(deviation(g).norm < 1e-7);
}

TEST_CASE("attend refuses shapes that do not fit, and says which", "[ops][attend][graph]") {
  OpAttributes a;
  a.heads = 4;
  const Shape q{2, 3, 8}, k{2, 5, 8};
  CHECK_THAT(refused([&] { one_node({3, 8}, k, k, a); }), ContainsSubstring("q has shape (3, 8)"));
  CHECK_THAT(refused([&] { one_node(q, {2, 5, 6}, k, a); }), ContainsSubstring("must be 8: 4 heads of size 2"));
  CHECK_THAT(refused([&] { one_node(q, k, {2, 5, 6}, a); }), ContainsSubstring("multiple of the 4 heads"));
  CHECK_THAT(refused([&] { one_node(q, k, {2, 6, 8}, a); }), ContainsSubstring("lengths of k and v"));
  CHECK_THAT(refused([&] { one_node(q, {1, 5, 8}, {1, 5, 8}, a); }), ContainsSubstring("batches must agree"));
  CHECK_THAT(refused([&] { one_node({2, 6, 8}, k, k, a); }), ContainsSubstring("at least as many keys as queries"));
  a.heads = 3;
  CHECK_THAT(refused([&] { one_node(q, k, k, a); }), ContainsSubstring("heads is 3"));
  a.heads = 4;
  a.kv_heads = 3;
  CHECK_THAT(refused([&] { one_node(q, k, k, a); }), ContainsSubstring("kv_heads is 3"));
  a.kv_heads = 0;
  a.scale = std::nan("");
  CHECK_THAT(refused([&] { one_node(q, k, k, a); }), ContainsSubstring("scale is NaN"));
}

}  // namespace x2g
