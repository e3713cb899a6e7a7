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
  Doubles lengths{}, mask{};  // empty: no padding, no dropout
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
  const auto q = as<T>(in.q), k = as<T>(in.k), v = as<T>(in.v), dout = as<T>(in.dout), lengths = as<T>(in.lengths), mask = as<T>(in.mask);
  std::vector<T> scratch(attend_scratch(s), T(9));
  attend_forward<T>(s, q, k, v, r.scores, r.att, r.out, scratch, lengths, mask);
  attend_backward<T>(s, q, k, v, r.att, dout, r.dq.span(), r.dk.span(), r.dv.span(), scratch, lengths, mask);
  return r;
}

template <class T>
void compare(const AttendShape& s, std::uint64_t seed, bool gradients = true, const Doubles& lengths = {}) {
  CAPTURE(s.B, s.T, s.S, s.H, s.G, s.D, s.Dv, s.scale, static_cast<int>(s.mask), static_cast<int>(s.score), s.alibi, s.dropout, lengths,
          seed);
  Inputs in = inputs(s, seed);
  in.lengths = lengths;
  if (s.dropout > 0) {
    in.mask.resize(s.B * s.H * s.T * s.S);
    dropout_mask<double>({.seed = seed}, s.dropout, in.mask);
    for (double& m : in.mask) m = static_cast<float>(m);  // a float holds them exactly
  }
  const auto r = run<T>(s, in);
  const auto clear = reference::attend_forward<double>(s, in.q, in.k, in.v, in.lengths, in.mask);
  CHECK(distance(r.scores, clear.scores) < kValue<T>);
  CHECK(distance(r.att, clear.att) < 5 * kValue<T>);
  CHECK(distance(r.out, clear.out) < 5 * kValue<T>);
  if (!gradients) return;
  const auto g = reference::attend_gradients(s, in.q, in.k, in.v, in.dout, in.lengths, in.mask);
  CHECK(distance(r.dq.value, r.dq.with(g.dq)) < kGradient<T>);
  CHECK(distance(r.dk.value, r.dk.with(g.dk)) < kGradient<T>);
  CHECK(distance(r.dv.value, r.dv.with(g.dv)) < kGradient<T>);
}

GraphSpec one_node(const Shape& q, const Shape& k, const Shape& v, const OpAttributes& a, const Shape* lengths = nullptr) {
  GraphSpec g;
  const Init normal{Init::Kind::normal, 1};
  std::vector<TensorId> in{g.parameter("q", q, normal, false), g.parameter("k", k, normal, false), g.parameter("v", v, normal, false)};
  if (lengths) in.push_back(g.input("lengths", *lengths));
  const TensorId y = g.op(OpKind::attend, "y", std::move(in), a);
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

TEST_CASE("padding hides keys from every query, whatever their scores", "[ops][attend][padding]") {
  AttendShape s{2, 2, 3, 1, 1, 1, 1, 1, Mask::none};
  Inputs in{{0, 5, 0, 5}, {1, 2, 100, 1, 2, 100}, {3, 5, 1000, 3, 5, 1000}, {1, 0, 1, 0}};
  in.lengths = {1, 2};
  const auto r = run<double>(s, in);
  CHECK(worst(std::vector<double>(r.att.begin(), r.att.begin() + 9), {1, 0, 0, 1, 0, 0, 0.5, 0.5, 0}) < 1e-15);
  CHECK(r.out[0] == 3);
  CHECK(r.out[1] == 3);
  CHECK(r.out[2] == 4);
  CHECK(r.scores[5] == 500);  // seen by nobody, but shown
  CHECK(r.dv.value[2] == r.dv.start[2]);
  CHECK(r.dk.value[2] == r.dk.start[2]);
  CHECK(distance(r.dv.value, r.dv.with({1, 0, 0, 0.5, 0.5, 0})) < 1e-15);
}

TEST_CASE("a length beyond its range is cut to it, and a query without keys gives zero", "[ops][attend][padding]") {
  AttendShape s{1, 3, 3, 1, 1, 2, 2};
  for (const Mask mask : {Mask::causal, Mask::none, Mask::wrong}) {
    s.mask = mask;
    Inputs in = inputs(s, 6);
    const auto all = run<double>(s, in);
    in.lengths = {7};
    CHECK(run<double>(s, in).out == all.out);
    for (const double nothing : {0.0, -2.0, std::nan("")}) {
      in.lengths = {nothing};
      const auto r = run<double>(s, in);
      CHECK(r.att == Doubles(9, 0.0));
      CHECK(r.out == Doubles(6, 0.0));
      CHECK(r.dq.value == r.dq.start);
      CHECK(r.dk.value == r.dk.start);
      CHECK(r.dv.value == r.dv.start);
    }
  }
  s.mask = Mask::wrong;  // the last query sees only the last key, which is padding
  Inputs in = inputs(s, 7);
  in.lengths = {2};
  const auto r = run<double>(s, in);
  CHECK(r.att[8] == 0);
  CHECK(r.out[4] == 0);
  CHECK(r.out[2] != 0);
}

TEST_CASE("dropout of the weights uses the mask and leaves att the softmax", "[ops][attend][dropout]") {
  AttendShape s{1, 2, 2, 1, 1, 1, 1};
  s.dropout = 0.5;
  Inputs in{{0, std::log(3.0)}, {0, 1}, {4, 8}, {0, 1}};
  in.mask = {2, 2, 2, 0};
  const auto r = run<double>(s, in);
  CHECK(worst(r.att, {1, 0, 0.25, 0.75}) < 1e-14);
  CHECK(worst(r.out, {8, 2}) < 1e-14);  // ¼·2·4, the second value dropped
  // dout = (0, 1): datt = (2·4, 0), mean under att 2; dscore = (¼·6, −¾·2)
  CHECK(distance(r.dq.value, r.dq.with({0, -1.5})) < 1e-14);
  CHECK(distance(r.dv.value, r.dv.with({0.5, 0})) < 1e-14);
}

TEMPLATE_TEST_CASE("attend agrees with its reference under padding and dropout", "[ops][attend][gradient][padding][dropout]", float,
                   double) {
  for (const Mask mask : {Mask::causal, Mask::none, Mask::wrong}) {
    for (const Score score : {Score::dot, Score::negated, Score::squared}) {
      for (const std::uint64_t seed : {1u, 2u, 3u}) {
        compare<TestType>({3, 5, 5, 3, 3, 2, 2, 0.7, mask, score, false}, seed, true, {5, 2, 3});
        compare<TestType>({2, 3, 6, 2, 1, 3, 2, 0.5, mask, score, true, 0.3}, seed, true, {4, 1});
        compare<TestType>({1, 4, 7, 6, 3, 1, 4, 1.0, mask, score, seed == 1, 0.6}, seed);
      }
    }
  }
  compare<TestType>({2, 37, 40, 2, 1, 2, 1, 0.7, Mask::causal, Score::dot, false, 0.2}, 1, true, {9, 39});  // several blocks of queries
  compare<TestType>({2, 35, 35, 1, 1, 2, 2, 0.7, Mask::wrong, Score::squared, true, 0.5}, 2, true, {31, 2});
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

TEST_CASE("in a graph attend passes the gradient check with padding and dropout, and answers without dropout",
          "[ops][attend][graph][padding][dropout]") {
  OpAttributes a;
  a.heads = 2;
  a.scale = 0;
  a.mask = Mask::none;
  a.rate = 0.4;
  const Shape lengths{3};
  const GraphSpec spec = one_node({3, 4, 6}, {3, 5, 6}, {3, 5, 4}, a, &lengths);
  Graph<double> g(spec);
  g.initialize(2);
  const auto set_lengths = [](Graph<double>& graph) { std::ranges::copy(Doubles{5, 1, 3}, graph.value("lengths").begin()); };
  set_lengths(g);
  const Deviation d = deviation(g);
  CHECK(d.norm < 1e-7);
  CHECK(d.element < 1e-5);
  // The mask is that of the dropout op with the node's key, other at the next step, and ones when the graph answers.
  std::vector<double> mask(3 * 2 * 4 * 5);
  dropout_mask<double>({.seed = 2, .step = 0, .node = 0}, 0.4, mask);
  CHECK(std::ranges::equal(g.value("y.mask"), mask));
  const double trained = g.forward();
  g.set_step(1);
  CHECK(g.forward() != trained);
  CHECK_FALSE(std::ranges::equal(g.value("y.mask"), mask));
  g.set_training(false);
  const double answered = g.forward();
  for (const double m : g.value("y.mask")) CHECK(m == 1);
  a.rate = 0;
  Graph<double> plain(one_node({3, 4, 6}, {3, 5, 6}, {3, 5, 4}, a, &lengths));
  plain.initialize(2);
  set_lengths(plain);
  CHECK(plain.forward() == answered);
  CHECK(plain.spec().find("y.mask") == kNoTensor);
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
  a.scale = 1;
  for (const double rate : {-0.1, 1.0, std::nan("")}) {
    a.rate = rate;
    CHECK_THAT(refused([&] { one_node(q, k, k, a); }), ContainsSubstring("at least 0 and less than 1"));
  }
  a.rate = 0;
  const Shape three{3}, square{2, 2};
  CHECK_THAT(refused([&] { one_node(q, k, k, a, &three); }), ContainsSubstring("lengths has shape (3); it must be (2)"));
  CHECK_THAT(refused([&] { one_node(q, k, k, a, &square); }), ContainsSubstring("lengths has shape (2, 2)"));
}

}  // namespace x2g
