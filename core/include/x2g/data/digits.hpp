// Handwritten-looking digits, as many as wanted, from a seed: strokes of a pen bent, slanted, thickened and drawn on 28×28 pixels,
// laid out like MNIST's (LeCun, Cortes, Burges: the digit in a box of 20×20, its center of mass in the middle, ink 1 on paper 0).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace x2g {

inline constexpr std::uint32_t kDigitSide = 28;                         ///< pixels of a side
inline constexpr std::uint32_t kDigitPixels = kDigitSide * kDigitSide;  ///< of a picture
inline constexpr double kDigitBox = 20;                                 ///< pixels of a digit's longer side

/// How much digits differ. Each is the largest amount; a digit draws its own from it. Of real handwriting (10 000 of MNIST) a small
/// CNN trained on these knows 83 %; with bend 0.07, warp 0.08, slant 0.5, rotation 15 it knows 88 %, and the digits are harder to learn.
struct DigitOptions {
  double slant = 0.45;    ///< shear to either side, width per height: 0 … 1
  double rotation = 12;   ///< degrees to either side: 0 … 45
  double bend = 0.045;    ///< standard deviation of each point of a stroke, in heights: 0 … 0.2
  double warp = 0.06;     ///< the same of the paper's corners and middles, which pull all that lies between: 0 … 0.3
  double narrow = 0.4;    ///< how much of its width a digit may lose: 0 … 0.8
  double thin = 0.04;     ///< half the pen's width at its thinnest, in heights: 0.01 … thick
  double thick = 0.11;    ///< at its thickest: thin … 0.2
  double shift = 0.5;     ///< pixels away from the middle: 0 … 4
  double noise = 0.02;    ///< standard deviation of every pixel, cut to 0 … 1: 0 … 0.5
  void validate() const;  ///< Error(invalid_argument) for what is out of range
};

/// Digit number `index` of `seed`, 0 … 9, drawn into pixels (784, rows from the top): a pure function of the two, so that sets from
/// different indices share nothing (train on 0 … 59 999, test from 60 000). Ten in a row hold each digit once, in random order.
/// Error(shape_mismatch) for another number of pixels.
std::uint32_t draw_digit(std::uint64_t seed, std::uint64_t index, std::span<float> pixels, const DigitOptions& options = {});

/// N digits from `first` on. n 1 … 70 000.
struct DigitSet {
  std::vector<float> pixels;                                                        ///< (N, 784)
  std::vector<std::uint8_t> labels;                                                 ///< (N)
  std::uint32_t rows() const { return static_cast<std::uint32_t>(labels.size()); }  ///< N
};
/// Error(invalid_argument) for n or options out of range.
DigitSet digits(std::uint32_t n, std::uint64_t seed, std::uint64_t first = 0, const DigitOptions& options = {});

/// A drawing of any size (height · width values, ink above 0, 1 … 4096 a side) laid out as the digits above are: cut to its ink, made to
/// fit 20×20 by averaging, its center of mass put into the middle. A drawing without ink gives an empty picture.
void fit_digit(std::span<const float> drawing, std::uint32_t width, std::uint32_t height, std::span<float> pixels);

}  // namespace x2g
