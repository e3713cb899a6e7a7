#include "x2g/data/shapes.hpp"

#include <cmath>

#include "kernels/math.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

constexpr double kInner = 0.1;  // a spiral's smallest radius: in the very middle the arms would be one

void require(bool good, const std::string& why) {
  if (!good) throw Error(ErrorCode::invalid_argument, why);
}

void check(const char* name, std::uint32_t n, double noise) {
  require(n >= 1 && n <= 100000, text(name, " of ", n, " points; choose 1 to 100000"));
  require(noise >= 0 && noise <= 10, text(name, " with noise ", noise, "; choose 0 to 10"));
}

struct Point {
  double x, y;
};

/// Points at place(label, u) with u uniform in [0, 1), and noise on top. Four numbers a point, used or not: point i is a function of the
/// seed and i.
template <class Place>
PointSet scattered(std::uint32_t n, std::uint32_t labels, double noise, std::uint64_t seed, const Place& place) {
  Rng rng(seed, Stream::data);
  PointSet set;
  set.x.reserve(std::size_t{2} * n);
  set.t.reserve(n);
  for (std::uint32_t i = 0; i < n; ++i) {
    const std::uint32_t label = i % labels;
    const Point p = place(label, rng.uniform64());
    const double dx = rng.normal(), dy = rng.normal();
    set.x.push_back(static_cast<float>(p.x + noise * dx));
    set.x.push_back(static_cast<float>(p.y + noise * dy));
    set.t.push_back(static_cast<float>(label));
  }
  return set;
}

}  // namespace

PointSet circles(std::uint32_t n, double factor, double noise, std::uint64_t seed) {
  check("circles", n, noise);
  require(factor > 0 && factor < 1, text("circles with factor ", factor, "; the inner radius must be above 0 and below 1"));
  return scattered(n, 2, noise, seed, [&](std::uint32_t label, double u) {
    const double r = label == 1 ? factor : 1;
    return Point{r * kernels::cos_2pi(u), r * kernels::sin_2pi(u)};
  });
}

PointSet moons(std::uint32_t n, double noise, std::uint64_t seed) {
  check("moons", n, noise);
  return scattered(n, 2, noise, seed, [](std::uint32_t label, double u) {
    const double c = kernels::cos_2pi(u / 2), s = kernels::sin_2pi(u / 2);
    return label == 1 ? Point{1 - c, 0.5 - s} : Point{c, s};
  });
}

PointSet spirals(std::uint32_t n, std::uint32_t classes, double turns, double noise, std::uint64_t seed) {
  check("spirals", n, noise);
  require(classes >= 2 && classes <= 8, text("spirals with ", classes, " arms; choose 2 to 8"));
  require(turns > 0 && turns <= 4, text("spirals of ", turns, " turns; choose more than 0, up to 4"));
  return scattered(n, classes, noise, seed, [&](std::uint32_t label, double u) {
    const double r = kInner + (1 - kInner) * u, angle = turns * u + static_cast<double>(label) / classes;
    const double part = angle - std::floor(angle);
    return Point{r * kernels::cos_2pi(part), r * kernels::sin_2pi(part)};
  });
}

}  // namespace x2g
