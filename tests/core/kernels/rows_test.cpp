// Rows of layer norm, the softmax's way back and gradient descent: float against double at every length and start, nothing beside touched.
#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <vector>

#include "kernels/elementwise.hpp"
#include "support/arrays.hpp"
#include "support/variants.hpp"

using namespace x2g;

namespace {

constexpr std::size_t kMost = 67;
constexpr double kNear = 3e-6;  // some roundings of numbers up to 4

std::vector<double> doubles(std::span<const float> x) { return {x.begin(), x.end()}; }

void require_near(const test::Shifted& got, const std::vector<double>& expected) {
  REQUIRE(got.guards_intact());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    REQUIRE(std::fabs(got.span()[i] - expected[i]) < kNear);
  }
}

}  // namespace

TEST_CASE("a row of layer norm and its way back match double at every length", "[kernels]") {
  X2G_ON_EACH_VARIANT();
  for (std::size_t n = 1; n <= kMost; ++n) {
    CAPTURE(n);
    const float mean = 0.25f, rstd = 1.5f;
    const test::Shifted x(test::random_floats(n, 1), n % 4), w(test::random_floats(n, 2), 1), b(test::random_floats(n, 3), 2),
        dy(test::random_floats(n, 4), 3);
    const auto x64 = doubles(x.span()), w64 = doubles(w.span()), b64 = doubles(b.span()), dy64 = doubles(dy.span());
    test::Shifted y(n, 1), dx(n, 2, 0.5f), dw(n, 3, -0.5f);
    std::vector<double> y64(n), dx64(n, 0.5), dw64(n, -0.5);
    for (const bool with_bias : {true, false}) {
      kernels::normalize<float>(x.span(), mean, rstd, w.span(), with_bias ? b.span() : std::span<const float>{}, y.span());
      for (std::size_t i = 0; i < n; ++i) y64[i] = (x64[i] - mean) * rstd * w64[i] + (with_bias ? b64[i] : 0);
      require_near(y, y64);
    }
    double g = 0, gh = 0;
    for (std::size_t i = 0; i < n; ++i) {
      g += dy64[i] * w64[i] / static_cast<double>(n);
      gh += dy64[i] * w64[i] * (x64[i] - mean) * rstd / static_cast<double>(n);
    }
    for (std::size_t i = 0; i < n; ++i) {
      const double h = (x64[i] - mean) * rstd;
      dw64[i] += dy64[i] * h;
      dx64[i] += rstd * (dy64[i] * w64[i] - g - h * gh);
    }
    kernels::normalize_backward<float>(x.span(), mean, rstd, w.span(), dy.span(), dx.span(), dw.span());
    require_near(dx, dx64);
    require_near(dw, dw64);
    std::vector<double> in_double(n, 0.5), unwanted;
    kernels::normalize_backward<double>(x64, mean, rstd, w64, dy64, in_double, unwanted);
    for (std::size_t i = 0; i < n; ++i) REQUIRE(std::fabs(in_double[i] - dx64[i]) < 1e-13);
    // What is not wanted is left alone, and the other comes out the same.
    test::Shifted alone(n, 2, 0.5f);
    kernels::normalize_backward<float>(x.span(), mean, rstd, w.span(), dy.span(), alone.span(), {});
    REQUIRE(test::same_bits(alone.span(), dx.span()));
  }
}

TEST_CASE("the softmax's way back matches double at every length", "[kernels]") {
  X2G_ON_EACH_VARIANT();
  for (std::size_t n = 0; n <= kMost; ++n) {
    CAPTURE(n);
    const test::Shifted p(test::random_floats(n, 1, 0, 0.1), n % 4);
    test::Shifted d(test::random_floats(n, 2), 1);
    const auto p64 = doubles(p.span());
    auto d64 = doubles(d.span());
    double common = 0;
    for (std::size_t i = 0; i < n; ++i) common += p64[i] * d64[i];
    std::vector<double> expected(n);
    for (std::size_t i = 0; i < n; ++i) expected[i] = p64[i] * (d64[i] - common) * 0.125;
    kernels::softmax_backward<float>(p.span(), 0.125f, d.span());
    require_near(d, expected);
    kernels::softmax_backward<double>(p64, 0.125, d64);
    for (std::size_t i = 0; i < n; ++i) REQUIRE(std::fabs(d64[i] - expected[i]) < 1e-14);
  }
}

TEST_CASE("gradient descent in float matches double at every length, with every rule", "[kernels]") {
  X2G_ON_EACH_VARIANT();
  for (std::size_t n = 0; n <= kMost; ++n) {
    for (const kernels::SgdStep& s : {kernels::SgdStep{0.1, 0, 0, 1, 0, false}, kernels::SgdStep{0.1, 0, 0.01, 0.5, 0, false},
                                      kernels::SgdStep{0.1, 0.9, 0.01, 1, 0.3, false}, kernels::SgdStep{0.1, 0.9, 0, 0.5, 0, true}}) {
      CAPTURE(n, s.momentum, s.decay, s.limit, s.ahead);
      test::Shifted p(test::random_floats(n, 1), n % 4), m(test::random_floats(s.momentum > 0 ? n : 0, 3), 2);
      const test::Shifted g(test::random_floats(n, 2), 1);
      auto p64 = doubles(p.span()), m64 = doubles(m.span());
      kernels::sgd<float>(s, p.span(), g.span(), m.span());
      kernels::sgd<double>(s, p64, doubles(g.span()), m64);
      require_near(p, p64);
      require_near(m, m64);
    }
  }
}
