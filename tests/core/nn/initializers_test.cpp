// How weights start: the spread of every kind for matrices and convolutions, and orthogonal matrices against Eigen's QR.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "nn/orthogonal.hpp"
#include "support/op_graph.hpp"
#include "x2g/graph/graph.hpp"

namespace x2g {
namespace {

using namespace test;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

struct Spread {
  double mean = 0, variance = 0, largest = 0;
};
Spread spread_of(Shape shape, Init init) {
  GraphSpec s;
  s.parameter("w", shape, init, true);
  Graph<double> g(s);
  g.initialize(2);
  Spread r;
  const double n = static_cast<double>(shape.size());
  for (const double w : g.value("w")) {
    r.mean += w / n;
    r.variance += w * w / n;
    r.largest = std::max(r.largest, std::fabs(w));
  }
  return r;
}

std::vector<double> made(std::size_t rows, std::size_t columns, std::uint64_t seed, double gain = 1) {
  std::vector<double> w(rows * columns);
  Rng rng(seed, Stream::init);
  orthogonal(rows, columns, gain, rng, std::span(w));
  return w;
}

}  // namespace

TEST_CASE("every kind of initial weight has its spread, with a convolution's fans", "[init][lesson-08]") {
  struct Row {
    Init::Kind kind;
    double variance;
    bool uniform;
  };
  const auto check = [](Shape shape, double in, double out) {
    for (const Row& row : {Row{Init::Kind::xavier, 2 / (in + out), false}, Row{Init::Kind::he, 2 / in, false},
                           Row{Init::Kind::xavier_uniform, 2 / (in + out), true}, Row{Init::Kind::he_uniform, 2 / in, true}}) {
      const Spread r = spread_of(shape, {row.kind, 0});
      CAPTURE(shape.text(), static_cast<int>(row.kind));
      CHECK(r.variance == Approx(row.variance).epsilon(0.03));
      CHECK(std::fabs(r.mean) < 5 * std::sqrt(row.variance / static_cast<double>(shape.size())));
      const double edge = std::sqrt(3 * row.variance);  // of a uniform distribution with this variance
      if (row.uniform) {
        CHECK(r.largest <= edge);
        CHECK(r.largest > 0.999 * edge);
      } else {
        CHECK(r.largest > 1.2 * edge);
      }
    }
  };
  check({100, 400}, 400, 100);
  check({64, 32, 5, 4}, 32 * 20, 64 * 20);
  check({64, 96, 7}, 96 * 7, 64 * 7);
  CHECK(spread_of({50}, {}).largest == 0);
  CHECK(spread_of({100, 400}, {Init::Kind::normal, 0.02 / std::sqrt(2.0 * 12)}).variance == Approx(0.0004 / 24).epsilon(0.03));
}

TEST_CASE("an orthogonal start has orthonormal rows or columns, times the gain", "[init][lesson-08]") {
  for (const auto& [rows, columns] :
       {std::pair{5, 5}, std::pair{3, 40}, std::pair{40, 3}, std::pair{1, 7}, std::pair{7, 1}, std::pair{97, 97}}) {
    CAPTURE(rows, columns);
    const auto w = made(static_cast<std::size_t>(rows), static_cast<std::size_t>(columns), 3, 1.5);
    const Eigen::Map<const RowMajor> W(w.data(), rows, columns);
    const Eigen::MatrixXd gram = rows <= columns ? Eigen::MatrixXd(W * W.transpose()) : Eigen::MatrixXd(W.transpose() * W);
    CHECK((gram / 2.25 - Eigen::MatrixXd::Identity(gram.rows(), gram.cols())).cwiseAbs().maxCoeff() < 1e-14);
  }
}

TEST_CASE("an orthogonal start is the Q of Eigen's Householder QR with a positive diagonal in R", "[init]") {
  for (const auto& [rows, columns] : {std::pair{6, 6}, std::pair{4, 30}, std::pair{30, 4}, std::pair{64, 64}}) {
    const Eigen::Index n = std::min(rows, columns), m = std::max(rows, columns);
    Rng rng(8, Stream::init);
    Eigen::MatrixXd A(m, n);  // column i is the i-th vector drawn
    for (Eigen::Index i = 0; i < n; ++i)
      for (Eigen::Index j = 0; j < m; ++j) A(j, i) = rng.normal();
    const Eigen::HouseholderQR<Eigen::MatrixXd> qr(A);
    Eigen::MatrixXd Q = qr.householderQ() * Eigen::MatrixXd::Identity(m, n);
    for (Eigen::Index i = 0; i < n; ++i)
      if (qr.matrixQR()(i, i) < 0) Q.col(i) = -Q.col(i);
    const auto w = made(static_cast<std::size_t>(rows), static_cast<std::size_t>(columns), 8);
    const Eigen::Map<const RowMajor> W(w.data(), rows, columns);
    const Eigen::MatrixXd V = rows <= columns ? Eigen::MatrixXd(W.transpose()) : Eigen::MatrixXd(W);
    CAPTURE(rows, columns);
    CHECK((V - Q).cwiseAbs().maxCoeff() < 1e-12);
  }
}

TEST_CASE("orthogonal starts are uniform: turns and reflections of the plane alike, at every angle", "[init]") {
  constexpr int kSeeds = 8000, kBins = 8;
  int reflections = 0, bins[kBins] = {};
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const auto w = made(2, 2, seed);
    reflections += w[0] * w[3] - w[1] * w[2] < 0 ? 1 : 0;
    const double turn = std::atan2(w[1], w[0]) / (2 * std::numbers::pi) + 0.5;
    ++bins[std::min(kBins - 1, static_cast<int>(turn * kBins))];
  }
  CHECK(std::abs(reflections - kSeeds / 2) < 5 * std::sqrt(kSeeds / 4.0));
  double chi_square = 0;
  for (const int count : bins) chi_square += (count - kSeeds / kBins) * (count - kSeeds / kBins) / (double{kSeeds} / kBins);
  CHECK(chi_square < 30);  // 7 degrees of freedom: beyond it once in 10 000
}

TEST_CASE("a graph starts orthogonal weights, convolutions as a matrix, the same in float and double", "[init][graph]") {
  GraphSpec s;
  s.parameter("first", {3, 3}, {Init::Kind::normal, 1}, true);
  s.parameter("w", {4, 2, 3, 3}, {Init::Kind::orthogonal, 2}, true);
  Graph<double> g(s);
  Graph<float> f(s);
  g.initialize(6);
  f.initialize(6);
  const Eigen::Map<const RowMajor> W(g.value("w").data(), 4, 18);
  CHECK((W * W.transpose() - 4 * Eigen::MatrixXd::Identity(4, 4)).cwiseAbs().maxCoeff() < 1e-14);
  CHECK(std::ranges::equal(f.value("w"), g.value("w"), [](float a, double b) { return a == static_cast<float>(b); }));

  CHECK_THAT(message_of([&] { s.parameter("b", {4}, {Init::Kind::orthogonal, 1}, true); }), ContainsSubstring("two dimensions"));
  CHECK_THAT(message_of([&] { s.parameter("b", {1626, 1626}, {Init::Kind::orthogonal, 1}, true); }), ContainsSubstring("1625 by 1625"));
  s.parameter("large enough", {1625, 1625}, {Init::Kind::orthogonal, 1}, true);
}

}  // namespace x2g
