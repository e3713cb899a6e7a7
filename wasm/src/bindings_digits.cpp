// Drawn digits in the table, of tools and of the lesson that trains on them: generated from a seed, or a drawing laid out like one.
// Ranges are those of core/include/x2g/data/digits.hpp; here numbers are checked for their kind, and results become typed arrays.
#include <emscripten/bind.h>

#include <vector>

#include "border.hpp"
#include "x2g/data/digits.hpp"

using namespace emscripten;  // NOLINT(google-build-using-namespace): the table reads like an index without the prefix
using namespace x2g::border;

namespace {

struct DigitFields {
  double slant = 0, rotation = 0, bend = 0, warp = 0, narrow = 0, thin = 0, thick = 0, shift = 0, noise = 0;
};

val digit_set(double n, double seed, double first, DigitFields f) {
  x2g::DigitOptions o;
  o.slant = f.slant;
  o.rotation = f.rotation;
  o.bend = f.bend;
  o.warp = f.warp;
  o.narrow = f.narrow;
  o.thin = f.thin;
  o.thick = f.thick;
  o.shift = f.shift;
  o.noise = f.noise;
  const x2g::DigitSet set = x2g::digits(count("n", n, 1, 10'000), seed_of(seed), whole("first", first, 0, 9007199254740991.0), o);
  val out = val::object();
  out.set("pixels", to_js(std::span<const float>(set.pixels)));
  out.set("labels", to_js(std::span<const std::uint8_t>(set.labels)));
  return out;
}

val fitted_digit(val drawing, double width, double height) {
  const std::vector<float> ink = floats("drawing", drawing);
  require_finite("drawing", ink);
  std::vector<float> pixels(x2g::kDigitPixels);
  x2g::fit_digit(ink, count("width", width), count("height", height), pixels);
  return to_js(std::span<const float>(pixels));
}

}  // namespace

EMSCRIPTEN_BINDINGS(x2g_digits) {
  value_object<DigitFields>("DigitFields")
      .field("slant", &DigitFields::slant)
      .field("rotation", &DigitFields::rotation)
      .field("bend", &DigitFields::bend)
      .field("warp", &DigitFields::warp)
      .field("narrow", &DigitFields::narrow)
      .field("thin", &DigitFields::thin)
      .field("thick", &DigitFields::thick)
      .field("shift", &DigitFields::shift)
      .field("noise", &DigitFields::noise);
  function("digits", on<&digit_set>);
  function("fitDigit", on<&fitted_digit>);
}
