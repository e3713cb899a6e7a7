// Generated digits: pure functions of seed and index, laid out like MNIST's, different enough to be worth learning and learnable.
#include "x2g/data/digits.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <set>
#include <vector>

#include "support/figures.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/train/batches.hpp"
#include "x2g/train/trainer.hpp"

namespace {

using namespace x2g;

struct Center {
  double x = 0, y = 0, ink = 0;
};
Center center(std::span<const float> pixels) {
  Center c;
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    c.ink += pixels[i];
    c.x += pixels[i] * (static_cast<double>(i % kDigitSide) + 0.5);
    c.y += pixels[i] * (static_cast<double>(i / kDigitSide) + 0.5);
  }
  return {c.x / c.ink, c.y / c.ink, c.ink};
}

/// Share of `set` whose largest output is the label.
double accuracy(Graph<float>& graph, const DigitSet& set) {
  const std::span<float> x = graph.value(graph.spec().require("x"));
  const std::span<const float> y = graph.value(graph.spec().require("y"));
  const std::size_t batch = x.size() / kDigitPixels;
  std::size_t good = 0, seen = 0;
  for (; seen + batch <= set.rows(); seen += batch) {
    std::ranges::copy(std::span(set.pixels).subspan(seen * kDigitPixels, x.size()), x.begin());
    graph.forward();
    for (std::size_t row = 0; row < batch; ++row) {
      const auto outputs = y.subspan(row * 10, 10);
      good += static_cast<std::size_t>(std::ranges::max_element(outputs) - outputs.begin()) == set.labels[seen + row];
    }
  }
  return static_cast<double>(good) / static_cast<double>(seen);
}

TEST_CASE("a digit is a pure function of seed and index", "[data][digits]") {
  const DigitSet some = digits(30, 7), later = digits(10, 7, 20), other = digits(30, 8);
  CHECK(std::ranges::equal(std::span(some.pixels).last(later.pixels.size()), later.pixels));
  CHECK(std::ranges::equal(std::span(some.labels).last(10), later.labels));
  CHECK_FALSE(std::ranges::equal(some.pixels, other.pixels));
  CHECK(fnv1a(some.pixels.data(), some.pixels.size() * sizeof(float)) ==
        0xe8421a1a70a2d70bull);  // the same bits natively and in WebAssembly
}

TEST_CASE("ten digits in a row hold each once, in changing order", "[data][digits]") {
  const DigitSet set = digits(200, 3);
  std::set<std::vector<std::uint8_t>> orders;
  for (std::size_t i = 0; i < 200; i += 10) {
    std::vector<std::uint8_t> ten(set.labels.begin() + static_cast<std::ptrdiff_t>(i),
                                  set.labels.begin() + static_cast<std::ptrdiff_t>(i) + 10);
    orders.insert(ten);
    std::ranges::sort(ten);
    CHECK(ten == std::vector<std::uint8_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  }
  CHECK(orders.size() == 20);
}

TEST_CASE("digits lie as MNIST's do: ink 0 to 1, in a box of 20, the center of mass in the middle", "[data][digits]") {
  DigitOptions plain;
  plain.noise = 0;
  plain.shift = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    std::array<float, kDigitPixels> pixels;
    draw_digit(11, i, pixels, plain);
    const auto [low, high] = std::ranges::minmax(pixels);
    CHECK((low == 0 && high > 0.5f && high <= 1));
    const Center c = center(pixels);
    INFO("digit " << i << ": center " << c.x << ", " << c.y << ", ink " << c.ink);
    CHECK((std::abs(c.x - 14) < 1.6 && std::abs(c.y - 14) < 1.6));  // where strokes meet ink is counted once, its path twice
    CHECK((c.ink > 15 && c.ink < 250));
  }
}

TEST_CASE("a drawing of another size and place is laid out as the same digit drawn small", "[data][digits]") {
  DigitOptions plain;
  plain.noise = 0;
  plain.shift = 0;
  for (std::uint64_t i = 0; i < 20; ++i) {
    std::array<float, kDigitPixels> digit, near, fitted;
    draw_digit(5, i, digit, plain);
    const std::uint32_t zoom = 6, width = 300, height = 240, left = 90, top = 40;  // drawn larger, away from the middle
    std::vector<float> drawing(static_cast<std::size_t>(width) * height);
    for (std::uint32_t y = 0; y < kDigitSide * zoom; ++y)
      for (std::uint32_t x = 0; x < kDigitSide * zoom; ++x) drawing[(top + y) * width + left + x] = digit[y / zoom * kDigitSide + x / zoom];
    fit_digit(drawing, width, height, fitted);
    const Center c = center(fitted);
    CHECK((std::abs(c.x - 14) < 0.05 && std::abs(c.y - 14) < 0.05));
    fit_digit(digit, kDigitSide, kDigitSide, near);
    float worst = 0;
    for (std::size_t p = 0; p < kDigitPixels; ++p) worst = std::max(worst, std::abs(near[p] - fitted[p]));
    CHECK(worst < 1e-4f);
  }
}

TEST_CASE("what is no drawing is said to be none", "[data][digits]") {
  std::array<float, kDigitPixels> pixels;
  pixels.fill(1);
  fit_digit(std::vector<float>(12, 0.0f), 4, 3, pixels);
  CHECK(std::ranges::count(pixels, 0.0f) == static_cast<std::ptrdiff_t>(kDigitPixels));
  CHECK_THROWS_AS(fit_digit(std::vector<float>(12), 4, 4, pixels), Error);
  CHECK_THROWS_AS(fit_digit({}, 0, 4, pixels), Error);
  CHECK_THROWS_AS(fit_digit({}, 5000, 1, pixels), Error);
  CHECK_THROWS_AS(fit_digit(std::vector<float>(4), 2, 2, std::span(pixels).first(10)), Error);
  std::vector<float> odd{std::nanf(""), -3.0f, 7.0f, 1e30f};
  fit_digit(odd, 2, 2, pixels);
  CHECK(std::ranges::all_of(pixels, [](float p) { return p >= 0 && p <= 1; }));
}

TEST_CASE("digit options out of range are refused by name", "[data][digits]") {
  std::array<float, kDigitPixels> pixels;
  CHECK_THROWS_AS(draw_digit(1, 0, std::span(pixels).first(9)), Error);
  CHECK_THROWS_AS(digits(0, 1), Error);
  CHECK_THROWS_AS(digits(70001, 1), Error);
  const auto refused = [&](double DigitOptions::* field, double value) {
    DigitOptions o;
    o.*field = value;
    CHECK_THROWS_AS(o.validate(), Error);
    CHECK_THROWS_AS(draw_digit(1, 0, pixels, o), Error);
  };
  refused(&DigitOptions::slant, 1.1);
  refused(&DigitOptions::rotation, -1);
  refused(&DigitOptions::bend, std::nan(""));
  refused(&DigitOptions::warp, 0.5);
  refused(&DigitOptions::narrow, 0.9);
  refused(&DigitOptions::thin, 0.15);  // above thick
  refused(&DigitOptions::thick, 0.3);
  refused(&DigitOptions::shift, 5);
  refused(&DigitOptions::noise, 0.6);
}

TEST_CASE("a 784-30-10 net trained on 6000 digits knows 95 of 100 that it has not seen", "[data][digits][train]") {
  const DigitSet train = digits(6000, 1), unseen = digits(1000, 1, 60000);
  MlpConfig net;
  net.sizes = {kDigitPixels, 30, 10};
  net.hidden = Activation::sigmoid;
  net.loss = MlpConfig::Loss::cross_entropy;
  net.batch = 10;
  OptimizerConfig sgd;
  sgd.lr = 0.3;
  Trainer<float> trainer(mlp(net), sgd,
                         std::make_unique<TableBatches<float>>(train.pixels, std::vector<float>(train.labels.begin(), train.labels.end()),
                                                               train.rows(), net.batch, 7),
                         3);
  CHECK(accuracy(trainer.graph(), unseen) < 0.3);
  trainer.step(2400);
  const double wrong = 1 - accuracy(trainer.graph(), unseen);
  test::figure("lesson 07, share of unseen digits not known", "784-30-10 on 6000 digits", wrong, 0.05);
}

}  // namespace
