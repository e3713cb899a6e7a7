// Rosenblatt's rule: the worked AND trace row by row, convergence, cycles and Novikoff's bound by hand.
#include "x2g/nn/perceptron.hpp"

#include <array>
#include <cmath>
#include <vector>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include "x2g/base/error.hpp"

using Catch::Approx;
using x2g::Perceptron;
using x2g::PerceptronConfig;

namespace {

struct Row {
  double x1, x2, sum, output, target, error, w1, w2, b;  // weights after the look
};

template <std::size_t N>
void check_trace(Perceptron& p, const std::array<Row, N>& rows) {
  std::array<double, 3> before{0, 0, 0};
  for (std::size_t i = 0; i < N; ++i) {
    INFO("row " << i + 1);
    const x2g::PerceptronTrace& t = p.step();
    const Row& r = rows[i];
    CHECK(t.step == i + 1);
    CHECK(t.epoch == i / 4 + 1);
    CHECK(t.example == i % 4);
    CHECK(t.x == std::vector<double>{r.x1, r.x2});
    CHECK(t.sum == Approx(r.sum).margin(1e-12));
    CHECK(t.output == r.output);
    CHECK(t.target == r.target);
    CHECK(t.error == r.error);
    const std::array<double, 3> after{r.w1, r.w2, r.b};
    for (std::size_t k = 0; k < 3; ++k) {
      CHECK(t.before[k] == Approx(before[k]).margin(1e-12));
      CHECK(t.after[k] == Approx(after[k]).margin(1e-12));
    }
    before = after;
  }
}

PerceptronConfig tenth(bool fires_at_zero) {
  PerceptronConfig c;
  c.fires_at_zero = fires_at_zero;
  c.rate = 0.1;
  return c;
}

/// Steps until converged, a cycle is seen or the limit; true when converged.
bool train(Perceptron& p, std::uint64_t limit = 100000) {
  while (p.steps() < limit && !p.converged() && !p.cycles()) p.step();
  return p.converged();
}

}  // namespace

TEST_CASE("AND from zero weights with y = 1 if s >= 0 gives the hand-written trace", "[nn][lesson-01]") {
  Perceptron p(x2g::gate("and"), tenth(true));
  //    x1 x2   s     y  t  e    w1    w2    b
  const std::array<Row, 24> rows{{
      {0, 0, 0.0, 1, 0, -1, 0.0, 0.0, -0.1},  // the sum of 0 fires: a mistake
      {0, 1, -0.1, 0, 0, 0, 0.0, 0.0, -0.1},  //
      {1, 0, -0.1, 0, 0, 0, 0.0, 0.0, -0.1},  //
      {1, 1, -0.1, 0, 1, 1, 0.1, 0.1, 0.0},   //
      {0, 0, 0.0, 1, 0, -1, 0.1, 0.1, -0.1},  // epoch 2
      {0, 1, 0.0, 1, 0, -1, 0.1, 0.0, -0.2},  //
      {1, 0, -0.1, 0, 0, 0, 0.1, 0.0, -0.2},  //
      {1, 1, -0.1, 0, 1, 1, 0.2, 0.1, -0.1},  //
      {0, 0, -0.1, 0, 0, 0, 0.2, 0.1, -0.1},  // epoch 3
      {0, 1, 0.0, 1, 0, -1, 0.2, 0.0, -0.2},  //
      {1, 0, 0.0, 1, 0, -1, 0.1, 0.0, -0.3},  //
      {1, 1, -0.2, 0, 1, 1, 0.2, 0.1, -0.2},  //
      {0, 0, -0.2, 0, 0, 0, 0.2, 0.1, -0.2},  // epoch 4
      {0, 1, -0.1, 0, 0, 0, 0.2, 0.1, -0.2},  //
      {1, 0, 0.0, 1, 0, -1, 0.1, 0.1, -0.3},  //
      {1, 1, -0.1, 0, 1, 1, 0.2, 0.2, -0.2},  //
      {0, 0, -0.2, 0, 0, 0, 0.2, 0.2, -0.2},  // epoch 5
      {0, 1, 0.0, 1, 0, -1, 0.2, 0.1, -0.3},  //
      {1, 0, -0.1, 0, 0, 0, 0.2, 0.1, -0.3},  //
      {1, 1, 0.0, 1, 1, 0, 0.2, 0.1, -0.3},   // a sum of 0 is right here
      {0, 0, -0.3, 0, 0, 0, 0.2, 0.1, -0.3},  // epoch 6: no mistake any more
      {0, 1, -0.2, 0, 0, 0, 0.2, 0.1, -0.3},  //
      {1, 0, -0.1, 0, 0, 0, 0.2, 0.1, -0.3},  //
      {1, 1, 0.0, 1, 1, 0, 0.2, 0.1, -0.3},   //
  }};
  check_trace(p, rows);
  CHECK(p.mistakes() == 11);
  CHECK(p.epochs() == 6);
  CHECK(p.converged());
  CHECK_FALSE(p.cycles());
  CHECK(p.wrong() == 0);
}

TEST_CASE("AND from zero weights with y = 1 if s > 0 gives the other hand-written trace", "[nn][lesson-01]") {
  Perceptron p(x2g::gate("and"), tenth(false));
  //    x1 x2   s     y  t  e    w1    w2    b
  const std::array<Row, 24> rows{{
      {0, 0, 0.0, 0, 0, 0, 0.0, 0.0, 0.0},    // the sum of 0 does not fire
      {0, 1, 0.0, 0, 0, 0, 0.0, 0.0, 0.0},    //
      {1, 0, 0.0, 0, 0, 0, 0.0, 0.0, 0.0},    //
      {1, 1, 0.0, 0, 1, 1, 0.1, 0.1, 0.1},    //
      {0, 0, 0.1, 1, 0, -1, 0.1, 0.1, 0.0},   // epoch 2
      {0, 1, 0.1, 1, 0, -1, 0.1, 0.0, -0.1},  //
      {1, 0, 0.0, 0, 0, 0, 0.1, 0.0, -0.1},   //
      {1, 1, 0.0, 0, 1, 1, 0.2, 0.1, 0.0},    //
      {0, 0, 0.0, 0, 0, 0, 0.2, 0.1, 0.0},    // epoch 3
      {0, 1, 0.1, 1, 0, -1, 0.2, 0.0, -0.1},  //
      {1, 0, 0.1, 1, 0, -1, 0.1, 0.0, -0.2},  //
      {1, 1, -0.1, 0, 1, 1, 0.2, 0.1, -0.1},  //
      {0, 0, -0.1, 0, 0, 0, 0.2, 0.1, -0.1},  // epoch 4
      {0, 1, 0.0, 0, 0, 0, 0.2, 0.1, -0.1},   //
      {1, 0, 0.1, 1, 0, -1, 0.1, 0.1, -0.2},  //
      {1, 1, 0.0, 0, 1, 1, 0.2, 0.2, -0.1},   //
      {0, 0, -0.1, 0, 0, 0, 0.2, 0.2, -0.1},  // epoch 5
      {0, 1, 0.1, 1, 0, -1, 0.2, 0.1, -0.2},  //
      {1, 0, 0.0, 0, 0, 0, 0.2, 0.1, -0.2},   //
      {1, 1, 0.1, 1, 1, 0, 0.2, 0.1, -0.2},   //
      {0, 0, -0.2, 0, 0, 0, 0.2, 0.1, -0.2},  // epoch 6
      {0, 1, -0.1, 0, 0, 0, 0.2, 0.1, -0.2},  //
      {1, 0, 0.0, 0, 0, 0, 0.2, 0.1, -0.2},   //
      {1, 1, 0.1, 1, 1, 0, 0.2, 0.1, -0.2},   //
  }};
  check_trace(p, rows);
  CHECK(p.mistakes() == 10);
  CHECK(p.converged());
}

TEST_CASE("a perceptron has converged at the end of a clean pass, not before", "[nn][lesson-01]") {
  Perceptron p(x2g::gate("and"), tenth(true));
  while (!p.converged()) p.step();
  CHECK(p.steps() == 22);  // the last mistake is row 18 of the trace
  const std::vector<double> w(p.weights().begin(), p.weights().end());
  for (int i = 0; i < 100; ++i) p.step();
  CHECK(std::vector<double>(p.weights().begin(), p.weights().end()) == w);
  CHECK(p.converged());
  CHECK_FALSE(p.cycles());  // weights that stay because all is right are no cycle
}

TEST_CASE("a shuffled perceptron has converged only when every example was met", "[nn]") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    PerceptronConfig c = tenth(seed % 2 == 0);
    c.shuffled = true;
    c.seed = seed;
    Perceptron p(x2g::gate("or", 3), c);
    REQUIRE(train(p));
    CHECK(p.wrong() == 0);
    p.step();
    CHECK(p.converged());
  }
}

TEST_CASE("the perceptron on XOR cycles and says how long the cycle is", "[nn][lesson-01]") {
  for (const bool fires : {true, false}) {
    for (const double rate : {0.1, 0.3, 1.0}) {
      PerceptronConfig c = tenth(fires);
      c.rate = rate;
      Perceptron p(x2g::gate("xor"), c);
      REQUIRE_FALSE(train(p, 400));
      REQUIRE(p.cycles());
      CHECK(p.cycle_length() % 4 == 0);
      CHECK(p.wrong() > 0);
      // What it says is true: one cycle later the weights are the same to the bit, and no shorter multiple of an epoch brings them back.
      const std::vector<double> w(p.weights().begin(), p.weights().end());
      const std::uint64_t offset = p.steps() % 4;
      for (std::uint64_t i = 1; i <= p.cycle_length(); ++i) {
        p.step();
        const bool same = std::vector<double>(p.weights().begin(), p.weights().end()) == w;
        if (p.steps() % 4 == offset) CHECK(same == (i == p.cycle_length()));
      }
    }
  }
}

TEST_CASE("the first epoch of XOR with y = 1 if s >= 0 is the whole cycle", "[nn][lesson-01]") {
  // By hand, η = 0.1: 00 s=0 fires, b=-.1; 01 s=-.1, e=+1: w2=.1 b=0; 10 s=0 fires, right; 11 s=.1 fires, e=-1: w=(-.1,0) b=-.1.
  // Epoch 2: 00 -.1 right; 01 -.1, e=+1: w=(-.1,.1) b=0; 10 -.1, e=+1: w=(0,.1) b=.1; 11 .2, e=-1: w=(-.1,0) b=0.
  // Epoch 3: 00 0 fires, e=-1: b=-.1 …: the weights at its start, (-.1,0,0), are new.
  Perceptron p(x2g::gate("xor"), tenth(true));
  for (int i = 0; i < 4; ++i) p.step();
  CHECK(p.weights()[0] == Approx(-0.1));
  CHECK(p.weights()[1] == Approx(0).margin(1e-12));
  CHECK(p.weights()[2] == Approx(-0.1));
  for (int i = 0; i < 4; ++i) p.step();
  CHECK(p.weights()[0] == Approx(-0.1));
  CHECK(p.weights()[1] == Approx(0).margin(1e-12));
  CHECK(p.weights()[2] == Approx(0).margin(1e-12));
}

TEST_CASE("margins of the separable gates are those found by hand", "[nn][lesson-01]") {
  // AND: w = (2, 2), b = -3 has margins 3, 1, 1, 1 over |(2, 2, -3)| = √17, and no direction is better; NAND is its mirror.
  // OR: w = (2, 2), b = -1 has margins 1, 1, 1, 3 over |(2, 2, -1)| = 3; NOR is its mirror. R² = 1 + 1 + 1 everywhere.
  struct Case {
    const char* name;
    double margin, bound;
  };
  for (const Case& c : {Case{"and", 1 / std::sqrt(17.0), 51}, Case{"nand", 1 / std::sqrt(17.0), 51}, Case{"or", 1.0 / 3, 27},
                        Case{"nor", 1.0 / 3, 27}, Case{"not-first", 1 / std::sqrt(5.0), 15}}) {
    INFO(c.name);
    const x2g::PerceptronBound b = Perceptron(x2g::gate(c.name), tenth(true)).bound();
    CHECK(b.separable);
    CHECK(b.radius == Approx(std::sqrt(3.0)));
    CHECK(b.margin == Approx(c.margin).epsilon(1e-9));
    CHECK(b.bound == Approx(c.bound).epsilon(1e-9));
  }
}

TEST_CASE("XOR, XNOR and parity of three are not separable", "[nn][lesson-01]") {
  for (const char* name : {"xor", "xnor"}) {
    for (const std::uint32_t inputs : {2u, 3u}) {
      const x2g::PerceptronBound b = Perceptron(x2g::gate(name, inputs), tenth(true)).bound();
      CHECK_FALSE(b.separable);
      CHECK(b.margin == 0);
      CHECK(b.bound == 0);
    }
  }
}

TEST_CASE("mistakes never exceed the bound, and separable data is learned", "[nn][lesson-01]") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const x2g::PointSet set = x2g::blobs(60, 5.0, 0.8, seed, 2 + static_cast<std::uint32_t>(seed % 3));
    PerceptronConfig c = tenth(seed % 2 == 0);
    c.shuffled = seed % 4 < 2;
    c.seed = seed;
    Perceptron p(set, c);
    const x2g::PerceptronBound b = p.bound();
    if (b.separable) {
      REQUIRE(train(p, 10000000));
      CHECK(static_cast<double>(p.mistakes()) <= b.bound);
      CHECK(p.wrong() == 0);
    } else {
      CHECK_FALSE(train(p, 100000));
    }
  }
}

TEST_CASE("one point with both labels is not separable", "[nn]") {
  x2g::PointSet set;
  set.x = {0.3f, -0.2f, 0.3f, -0.2f};
  set.t = {0, 1};
  CHECK_FALSE(Perceptron(set, tenth(true)).bound().separable);
}

TEST_CASE("examples of one class only are separable", "[nn]") {
  x2g::PointSet set;
  set.x = {0.5f, 0.0f, -0.5f, 0.0f};
  set.t = {1, 1};
  const x2g::PerceptronBound b = Perceptron(set, tenth(true)).bound();
  CHECK(b.separable);
  CHECK(b.margin == Approx(1));  // w = 0, b = 1
}

TEST_CASE("setting weights or the rate forgets what was known and goes on from there", "[nn][lesson-01]") {
  Perceptron p(x2g::gate("xor"), tenth(true));
  train(p);
  REQUIRE(p.cycles());
  const std::vector<double> w{1, 1, -0.5};
  p.set_weights(w);
  CHECK_FALSE(p.cycles());
  CHECK(p.wrong() == 1);  // OR is XOR but for (1, 1)
  CHECK(p.sum(std::vector<double>{1, 1}) == Approx(1.5));
  train(p);
  CHECK(p.cycles());
  p.set_rate(0.37);
  CHECK_FALSE(p.cycles());
  const std::vector<double> before(p.weights().begin(), p.weights().end());
  while (p.step().error == 0) {}
  const x2g::PerceptronTrace& t = p.last();
  for (std::size_t i = 0; i < 3; ++i) {
    const double x = i < 2 ? t.x[i] : 1;
    CHECK(t.before[i] == before[i]);
    CHECK(t.after[i] == Approx(before[i] + 0.37 * t.error * x).margin(1e-12));
  }
}

TEST_CASE("the same seed shows the same examples in the same order", "[nn]") {
  PerceptronConfig c = tenth(true);
  c.shuffled = true;
  c.seed = 9;
  Perceptron a(x2g::gate("xor", 3), c), b(x2g::gate("xor", 3), c);
  c.seed = 10;
  Perceptron other(x2g::gate("xor", 3), c);
  bool differs = false;
  for (int epoch = 0; epoch < 20; ++epoch) {
    std::vector<int> met(8);
    for (int i = 0; i < 8; ++i) {
      const std::uint32_t example = a.step().example;
      ++met[example];
      CHECK(b.step().example == example);
      differs = differs || other.step().example != example;
    }
    CHECK(met == std::vector<int>(8, 1));
  }
  CHECK(differs);
}

TEST_CASE("what a perceptron cannot take is refused with the value", "[nn]") {
  const auto message = [](auto&& make) -> std::string {
    try {
      make();
    } catch (const x2g::Error& e) {
      return e.message();
    }
    return "accepted";
  };
  PerceptronConfig c;
  for (const double rate : {0.0, -1.0, 2e6, std::nan("")}) {
    c.rate = rate;
    CHECK(message([&] { Perceptron(x2g::gate("and"), c); }).find("learning rate") != std::string::npos);
  }
  c = {};
  c.start = {1, 2};
  CHECK(message([&] { Perceptron(x2g::gate("and"), c); }).find("2 weights") != std::string::npos);
  c.start = {1, 2, std::nan("")};
  CHECK(message([&] { Perceptron(x2g::gate("and"), c); }).find("NaN") != std::string::npos);
  c = {};
  x2g::PointSet set = x2g::gate("and");
  set.t[2] = 0.5f;
  CHECK(message([&] { Perceptron(set, c); }).find("0.5") != std::string::npos);
  set = x2g::gate("and");
  set.x.pop_back();
  CHECK(message([&] { Perceptron(set, c); }).find("7 coordinates") != std::string::npos);
  set = x2g::gate("and");
  set.x[0] = std::nanf("");
  CHECK(message([&] { Perceptron(set, c); }).find("NaN") != std::string::npos);
  CHECK(message([&] { Perceptron(x2g::PointSet{}, c); }).find("0 examples") != std::string::npos);
}

TEST_CASE("a perceptron restored to an earlier state goes on with the same bits", "[nn][lesson-01]") {
  for (const bool shuffled : {false, true}) {
    const PerceptronConfig config{.rate = 0.1, .shuffled = shuffled, .seed = 5, .start = {0.3, -0.7, 0.2}};
    Perceptron p(x2g::gate("xor"), config);
    for (int i = 0; i < 6; ++i) p.step();  // in the middle of an epoch
    const x2g::PerceptronState kept = p.state();
    std::vector<std::vector<double>> first;
    for (int i = 0; i < 40; ++i) first.push_back(p.step().after);
    const auto mistakes = p.mistakes();

    Perceptron fresh(x2g::gate("xor"), config);
    for (Perceptron* again : {&p, &fresh}) {
      again->restore(kept);
      CHECK(again->steps() == 6);
      for (const auto& expected : first) CHECK(again->step().after == expected);
      CHECK(again->mistakes() == mistakes);
    }
  }
}

TEST_CASE("a state that does not fit a perceptron is refused and changes nothing", "[nn]") {
  Perceptron p(x2g::gate("and"), {});
  for (int i = 0; i < 5; ++i) p.step();
  const x2g::PerceptronState good = p.state();
  x2g::PerceptronState bad = good;
  bad.base.pop_back();
  CHECK_THROWS_AS(p.restore(bad), x2g::Error);
  bad = good;
  bad.gain[0] = std::nan("");
  CHECK_THROWS_AS(p.restore(bad), x2g::Error);
  bad = good;
  bad.rate = 0;
  CHECK_THROWS_AS(p.restore(bad), x2g::Error);
  CHECK(p.state().gain == good.gain);
  CHECK(p.steps() == 5);
}
