// A drawing becomes a digit of the size and place that digits.cpp gives its own: boxes of the drawing are averaged into pixels.
#include <algorithm>
#include <cmath>
#include <vector>

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/data/digits.hpp"

namespace x2g {
namespace {

constexpr float kPaper = 0.05f;  // less is no ink

struct Box {
  std::uint32_t left, top, right, bottom;  // right and bottom excluded
};

Box inked(std::span<const float> drawing, std::uint32_t width, std::uint32_t height) {
  Box box{width, height, 0, 0};
  for (std::uint32_t y = 0; y < height; ++y)
    for (std::uint32_t x = 0; x < width; ++x)
      if (drawing[static_cast<std::size_t>(y) * width + x] > kPaper)
        box = {std::min(box.left, x), std::min(box.top, y), std::max(box.right, x + 1), std::max(box.bottom, y + 1)};
  return box;
}

/// Sums of the drawing over all rectangles from its corner: the ink of any rectangle is then four of them (Crow 1984).
class Sums {
 public:
  Sums(std::span<const float> drawing, std::uint32_t width, std::uint32_t height)
      : width_(width), height_(height), sums_(static_cast<std::size_t>(width + 1) * (height + 1)) {
    for (std::uint32_t y = 0; y < height; ++y) {
      double row = 0;
      for (std::uint32_t x = 0; x < width; ++x) {
        const float value = drawing[static_cast<std::size_t>(y) * width + x];
        if (value > 0) row += std::min(value, 1.0f);
        sums_[at(x + 1, y + 1)] = sums_[at(x + 1, y)] + row;
      }
    }
  }
  /// Ink between real corners; what lies outside the drawing has none.
  double ink(double left, double top, double right, double bottom) const {
    return upto(right, bottom) - upto(left, bottom) - upto(right, top) + upto(left, top);
  }

 private:
  std::size_t at(std::uint32_t x, std::uint32_t y) const { return static_cast<std::size_t>(y) * (width_ + 1) + x; }
  double upto(double x, double y) const {
    x = std::clamp(x, 0.0, static_cast<double>(width_));
    y = std::clamp(y, 0.0, static_cast<double>(height_));
    const std::uint32_t i = std::min(static_cast<std::uint32_t>(x), width_ - 1), j = std::min(static_cast<std::uint32_t>(y), height_ - 1);
    const double u = x - i, v = y - j;
    return (1 - u) * (1 - v) * sums_[at(i, j)] + u * (1 - v) * sums_[at(i + 1, j)] + (1 - u) * v * sums_[at(i, j + 1)] +
           u * v * sums_[at(i + 1, j + 1)];
  }
  std::uint32_t width_, height_;
  std::vector<double> sums_;
};

}  // namespace

void fit_digit(std::span<const float> drawing, std::uint32_t width, std::uint32_t height, std::span<float> pixels) {
  if (width < 1 || width > 4096 || height < 1 || height > 4096)
    throw Error(ErrorCode::invalid_argument, text("a drawing of ", width, " by ", height, "; each side must be 1 to 4096"));
  if (drawing.size() != static_cast<std::size_t>(width) * height)
    throw Error(ErrorCode::shape_mismatch, text("a drawing of ", width, " by ", height, " has ", static_cast<std::uint64_t>(width) * height,
                                                " values; there are ", drawing.size()));
  if (pixels.size() != kDigitPixels)
    throw Error(ErrorCode::shape_mismatch, text("a digit has ", kDigitPixels, " pixels; there is room for ", pixels.size()));
  std::ranges::fill(pixels, 0.0f);
  const Box box = inked(drawing, width, height);
  if (box.right <= box.left) return;

  const double step = std::max(box.right - box.left, box.bottom - box.top) / kDigitBox;  // of the drawing per pixel
  double ink = 0, cx = 0, cy = 0;
  for (std::uint32_t y = box.top; y < box.bottom; ++y)
    for (std::uint32_t x = box.left; x < box.right; ++x) {
      const double value = std::clamp(drawing[static_cast<std::size_t>(y) * width + x], 0.0f, 1.0f);
      ink += value;
      cx += value * (x + 0.5);
      cy += value * (y + 0.5);
    }
  const double left = cx / ink - step * kDigitSide / 2, top = cy / ink - step * kDigitSide / 2;
  const Sums sums(drawing, width, height);
  for (std::uint32_t row = 0; row < kDigitSide; ++row)
    for (std::uint32_t column = 0; column < kDigitSide; ++column) {
      const double x = left + step * column, y = top + step * row;
      pixels[static_cast<std::size_t>(row) * kDigitSide + column] =
          static_cast<float>(std::clamp(sums.ink(x, y, x + step, y + step) / (step * step), 0.0, 1.0));
    }
}

}  // namespace x2g
