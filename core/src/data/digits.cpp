// A digit is drawn in three steps: its strokes' points are moved about, the pen's path through them is laid into the picture, and every
// pixel takes ink by its distance from the path. The numbers of one digit come from its own part of the random stream.
#include "x2g/data/digits.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "data/digit_strokes.hpp"
#include "kernels/math.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

using digit_strokes::kStrokes;
using digit_strokes::kWays;
using digit_strokes::Stroke;

constexpr std::uint64_t kBlocksPerDigit = 1024;  // of four random numbers: more than a digit with noise draws
constexpr int kPieces = 6;                       // straight pieces of the path between two points
constexpr double kEdge = 1.0;                    // pixels over which ink fades

struct Spot {
  double x, y;
};
struct Piece {
  Spot from, to;
};

void within(const char* name, double value, double low, double high) {
  if (!(value >= low && value <= high))
    throw Error(ErrorCode::invalid_argument, text("digits with ", name, " ", value, "; choose ", low, " to ", high));
}

/// Catmull–Rom between b and c (Catmull, Rom 1974), u 0 … 1.
Spot spline(Spot a, Spot b, Spot c, Spot d, double u) {
  const auto one = [u](double p, double q, double r, double s) {
    return q + 0.5 * u * (r - p + u * (2 * p - 5 * q + 4 * r - s + u * (3 * (q - r) + s - p)));
  };
  return {one(a.x, b.x, c.x, d.x), one(a.y, b.y, c.y, d.y)};
}

/// The stroke's pieces, its points moved by `bend`; points written twice, and a loop's two ends, move together.
void add_pieces(const Stroke& stroke, double bend, Rng& rng, std::vector<Piece>& path) {
  std::array<Spot, std::size(Stroke{}.points)> at{};
  const std::size_t n = stroke.count;
  for (std::size_t i = 0; i < n; ++i) {
    const auto& point = stroke.points[i];  // no structured binding: Clang before 16 cannot capture one
    const auto same = [&](std::size_t j) { return stroke.points[j].x == point.x && stroke.points[j].y == point.y; };
    if (i > 0 && same(i - 1))
      at[i] = at[i - 1];
    else if (i + 1 == n && n > 2 && same(0))
      at[i] = at[0];
    else
      at[i] = {point.x / 100.0 + bend * rng.normal(), point.y / 100.0 + bend * rng.normal()};
  }
  const bool loop = n > 2 && at[0].x == at[n - 1].x && at[0].y == at[n - 1].y;
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const Spot before = i > 0 ? at[i - 1] : loop ? at[n - 2] : at[0];
    const Spot after = i + 2 < n ? at[i + 2] : loop ? at[1] : at[n - 1];
    Spot from = at[i];
    for (int k = 1; k <= kPieces; ++k) {
      const Spot to = spline(before, at[i], at[i + 1], after, static_cast<double>(k) / kPieces);
      path.push_back({from, to});
      from = to;
    }
  }
}

/// The paper pulled at 3×3 places (Simard, Steinkraus, Platt 2003, with a grid instead of smoothed noise): offsets are interpolated.
class Warp {
 public:
  Warp(double amount, Rng& rng) {
    for (Spot& s : grid_) s = {amount * rng.normal(), amount * rng.normal()};
  }
  Spot operator()(Spot s) const {
    const double x = std::clamp(2 * s.x, 0.0, 2.0), y = std::clamp(2 * s.y, 0.0, 2.0);
    const std::size_t i = x < 1 ? 0 : 1, j = y < 1 ? 0 : 1;
    const double u = x - static_cast<double>(i), v = y - static_cast<double>(j);
    const auto at = [&](std::size_t row, std::size_t column) { return grid_[3 * row + column]; };
    const auto mix = [&](double Spot::* c) {
      return (1 - v) * ((1 - u) * (at(j, i).*c) + u * (at(j, i + 1).*c)) + v * ((1 - u) * (at(j + 1, i).*c) + u * (at(j + 1, i + 1).*c));
    };
    return {s.x + mix(&Spot::x), s.y + mix(&Spot::y)};
  }

 private:
  std::array<Spot, 9> grid_;
};

/// Slant, width, turn; then the longer side becomes kDigitBox pixels and the ink's center comes to the middle, moved by `shift`.
void lay_out(std::vector<Piece>& path, const DigitOptions& o, Rng& rng) {
  const double slant = rng.uniform(-1, 1) * o.slant, width = 1 - o.narrow * rng.uniform64();
  const double turns = rng.uniform(-1, 1) * o.rotation / 360;
  const double whole = turns < 0 ? turns + 1 : turns;
  const double sine = kernels::sin_2pi(whole), cosine = kernels::cos_2pi(whole);
  const Warp warp(o.warp, rng);
  Spot low{1e9, 1e9}, high{-1e9, -1e9};
  const auto place = [&](Spot& s) {
    s = warp(s);
    const double y = s.y - 0.5, x = width * (s.x - 0.5) - slant * y;
    s = {cosine * x - sine * y, sine * x + cosine * y};
    low = {std::min(low.x, s.x), std::min(low.y, s.y)};
    high = {std::max(high.x, s.x), std::max(high.y, s.y)};
  };
  for (Piece& p : path) {
    place(p.from);
    place(p.to);
  }
  const double scale = kDigitBox / std::max({high.x - low.x, high.y - low.y, 0.1});
  Spot center{0, 0};
  double length = 0;
  for (const Piece& p : path) {
    const double l = std::sqrt((p.to.x - p.from.x) * (p.to.x - p.from.x) + (p.to.y - p.from.y) * (p.to.y - p.from.y));
    center = {center.x + l * (p.from.x + p.to.x) / 2, center.y + l * (p.from.y + p.to.y) / 2};
    length += l;
  }
  length = std::max(length, 1e-9);
  const double middle = kDigitSide / 2.0;
  const Spot move{middle - scale * center.x / length + rng.uniform(-1, 1) * o.shift,
                  middle - scale * center.y / length + rng.uniform(-1, 1) * o.shift};
  for (Piece& p : path) {
    p.from = {scale * p.from.x + move.x, scale * p.from.y + move.y};
    p.to = {scale * p.to.x + move.x, scale * p.to.y + move.y};
  }
}

/// Squared distance of (x, y) from a piece.
double distance2(const Piece& p, double x, double y) {
  const double dx = p.to.x - p.from.x, dy = p.to.y - p.from.y, along = dx * dx + dy * dy;
  const double u = along > 0 ? std::clamp(((x - p.from.x) * dx + (y - p.from.y) * dy) / along, 0.0, 1.0) : 0.0;
  const double rx = x - p.from.x - u * dx, ry = y - p.from.y - u * dy;
  return rx * rx + ry * ry;
}

void ink(const std::vector<Piece>& path, double radius, std::span<float> pixels) {
  const double reach = radius + kEdge;
  for (const Piece& p : path) {
    const auto first = [&](double a, double b) { return std::max(0, static_cast<int>(std::min(a, b) - reach)); };
    const auto last = [&](double a, double b) {
      return std::min(static_cast<int>(kDigitSide) - 1, static_cast<int>(std::max(a, b) + reach));
    };
    for (int row = first(p.from.y, p.to.y); row <= last(p.from.y, p.to.y); ++row)
      for (int column = first(p.from.x, p.to.x); column <= last(p.from.x, p.to.x); ++column) {
        const double d = std::sqrt(distance2(p, column + 0.5, row + 0.5));
        const float value = static_cast<float>(std::clamp((radius - d) / kEdge + 0.5, 0.0, 1.0));
        float& pixel = pixels[static_cast<std::size_t>(row) * kDigitSide + static_cast<std::size_t>(column)];
        pixel = std::max(pixel, value);
      }
  }
}

/// Which digit `index` is: ten in a row are a permutation of their own.
std::uint32_t digit_at(std::uint64_t seed, std::uint64_t index) {
  std::array<std::uint32_t, 10> order{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  Rng rng(seed ^ 0x646967697473ull, Stream::data, (index / 10) * 16);
  rng.shuffle(std::span<std::uint32_t>(order));
  return order[index % 10];
}

}  // namespace

void DigitOptions::validate() const {
  within("slant", slant, 0, 1);
  within("rotation", rotation, 0, 45);
  within("bend", bend, 0, 0.2);
  within("warp", warp, 0, 0.3);
  within("narrow", narrow, 0, 0.8);
  within("thin", thin, 0.01, 0.2);
  within("thick", thick, thin, 0.2);
  within("shift", shift, 0, 4);
  within("noise", noise, 0, 0.5);
}

std::uint32_t draw_digit(std::uint64_t seed, std::uint64_t index, std::span<float> pixels, const DigitOptions& options) {
  options.validate();
  if (pixels.size() != kDigitPixels)
    throw Error(ErrorCode::shape_mismatch, text("a digit has ", kDigitPixels, " pixels; there is room for ", pixels.size()));
  const std::uint32_t digit = digit_at(seed, index);
  Rng rng(seed, Stream::data, index * kBlocksPerDigit);
  const std::uint32_t way = rng.below(kWays[digit]);
  std::vector<Piece> path;
  for (const Stroke& stroke : kStrokes)
    if (stroke.digit == digit && stroke.way == way) add_pieces(stroke, options.bend, rng, path);
  lay_out(path, options, rng);
  std::ranges::fill(pixels, 0.0f);
  ink(path, kDigitBox * rng.uniform(options.thin, std::max(options.thick, options.thin + 1e-12)), pixels);
  if (options.noise > 0)
    for (float& p : pixels) p = std::clamp(p + static_cast<float>(options.noise * rng.normal()), 0.0f, 1.0f);
  return digit;
}

DigitSet digits(std::uint32_t n, std::uint64_t seed, std::uint64_t first, const DigitOptions& options) {
  if (n < 1 || n > 70000) throw Error(ErrorCode::invalid_argument, text(n, " digits; choose 1 to 70000"));
  DigitSet set{std::vector<float>(static_cast<std::size_t>(n) * kDigitPixels), std::vector<std::uint8_t>(n)};
  for (std::uint32_t i = 0; i < n; ++i)
    set.labels[i] = static_cast<std::uint8_t>(
        draw_digit(seed, first + i, std::span(set.pixels).subspan(static_cast<std::size_t>(i) * kDigitPixels, kDigitPixels), options));
  return set;
}

}  // namespace x2g
