// Absmax quantization to integers and to NF4, and the way back. Everything is exact in its rounding: quotients are formed in double.
#include "x2g/quant/quantize.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "quant/sizes.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

using Code = QuantConfig::Code;

constexpr std::uint64_t kMostNumbers = 1ull << 31;

// QLoRA, appendix E.
constexpr std::array<float, 16> kNf4{-1.0f,
                                     -0.6961928009986877f,
                                     -0.5250730514526367f,
                                     -0.39491748809814453f,
                                     -0.28444138169288635f,
                                     -0.18477343022823334f,
                                     -0.09105003625154495f,
                                     0.0f,
                                     0.07958029955625534f,
                                     0.16093020141124725f,
                                     0.24611230194568634f,
                                     0.33791524171829224f,
                                     0.44070982933044434f,
                                     0.5626170039176941f,
                                     0.7229568362236023f,
                                     1.0f};

void require(bool good, const std::string& why) {
  if (!good) throw Error(ErrorCode::invalid_argument, why);
}

/// Largest code of a symmetric integer.
int top_code(std::uint32_t bits) { return (1 << (bits - 1)) - 1; }

/// Levels that a constant is multiplied by lie within ±top.
int top_level(const QuantConfig& c) { return c.code == Code::nf4 ? 1 : top_code(c.bits); }

/// The largest constant whose product with the largest level is still a float.
float largest_constant(const QuantConfig& c) {
  return std::numeric_limits<float>::max() / static_cast<float>(top_level(c)) * (1 - 0x1p-23f);
}

/// |w| at most, over a group; refuses what is not finite.
float largest(std::span<const float> w, std::size_t first) {
  float most = 0;
  for (std::size_t i = 0; i < w.size(); ++i) {
    if (!std::isfinite(w[i]))
      throw Error(ErrorCode::invalid_argument,
                  text("number ", first + i, " is ", static_cast<double>(w[i]), "; only finite numbers can be quantized"));
    most = std::max(most, std::fabs(w[i]));
  }
  return most;
}

/// Nearest whole number, ties to even, held to ±top; 0 where the step is 0 (a group of zeros).
int nearest(double value, double step, int top) {
  if (step == 0) return 0;
  return static_cast<int>(std::clamp(std::nearbyint(value / step), static_cast<double>(-top), static_cast<double>(top)));
}

/// Halfway between neighboring levels; exact in double.
constexpr std::array<double, 15> kMiddles = [] {
  std::array<double, 15> middles{};
  for (std::size_t k = 0; k < middles.size(); ++k) middles[k] = (static_cast<double>(kNf4[k]) + static_cast<double>(kNf4[k + 1])) / 2;
  return middles;
}();

/// Index of the level of NF4 nearest to v, of two equally near ones the even index: how many middles lie below. All are compared, which
/// needs no branch.
unsigned nearest_level(double v) {
  unsigned below = 0;
  for (std::size_t k = 0; k < kMiddles.size(); ++k) below += k % 2 ? v >= kMiddles[k] : v > kMiddles[k];
  return below;
}

}  // namespace

std::span<const float> nf4_levels() { return kNf4; }

Quantized quantize(std::span<const float> W, std::size_t rows, std::size_t columns, const QuantConfig& c) {
  c.validate();
  if (rows < 1 || columns < 1 || rows > kMostNumbers / columns || W.size() != rows * columns)
    throw Error(ErrorCode::shape_mismatch, text("W holds ", W.size(), " numbers; ", rows, " rows of ", columns,
                                                " were announced, and a matrix has 1 to 2^31 numbers"));
  Quantized q;
  q.config_ = c;
  q.rows_ = rows;
  q.columns_ = columns;
  q.group_size_ = static_cast<std::size_t>(group_length(rows, columns, c));
  q.groups_ = static_cast<std::size_t>(parts(W.size(), q.group_size_));
  q.codes_.resize(static_cast<std::size_t>(parts(static_cast<std::uint64_t>(W.size()) * c.bits, 8)));
  q.constants_.resize(q.groups_);
  const int top = top_level(c);
  const unsigned mask = (1u << c.bits) - 1;
  for (std::size_t g = 0; g < q.groups_; ++g) {
    const std::size_t begin = g * q.group_size_;
    const std::span<const float> group = W.subspan(begin, std::min(q.group_size_, W.size() - begin));
    const float constant = std::min(largest(group, begin) / static_cast<float>(top), largest_constant(c));
    q.constants_[g] = constant;
    for (std::size_t i = 0; i < group.size(); ++i) {
      const double w = group[i];
      if (c.code == Code::nf4)
        q.pack(begin + i, nearest_level(constant == 0 ? 0 : w / constant));
      else
        q.pack(begin + i, static_cast<unsigned>(nearest(w, constant, top)) & mask);  // two's complement
    }
  }
  if (c.double_quantized) q.quantize_constants();
  return q;
}

void Quantized::quantize_constants() {
  double sum = 0;
  for (const float c : constants_) sum += static_cast<double>(c);
  constant_mean_ = static_cast<float>(sum / static_cast<double>(groups_));
  const double mean = constant_mean_;
  constant_codes_.resize(groups_);
  for (std::size_t begin = 0; begin < groups_; begin += kConstantsPerStep) {
    const std::size_t end = std::min(groups_, begin + kConstantsPerStep);
    double most = 0;
    for (std::size_t g = begin; g < end; ++g) most = std::max(most, std::fabs(static_cast<double>(constants_[g]) - mean));
    const float step = static_cast<float>(most / top_code(8));
    constant_steps_.push_back(step);
    for (std::size_t g = begin; g < end; ++g)
      constant_codes_[g] = static_cast<std::int8_t>(nearest(static_cast<double>(constants_[g]) - mean, step, top_code(8)));
  }
  constants_ = {};
}

float Quantized::decoded_constant(std::size_t g) const {
  if (!config_.double_quantized) return constants_[g];
  const float c = constant_mean_ + constant_steps_[g / kConstantsPerStep] * static_cast<float>(constant_codes_[g]);
  return std::clamp(c, 0.0f, largest_constant(config_));  // rounding must not turn a sign
}

void Quantized::pack(std::size_t i, unsigned raw) {
  const std::size_t bit = i * config_.bits;
  const unsigned moved = raw << (bit % 8);
  codes_[bit / 8] = static_cast<std::uint8_t>(codes_[bit / 8] | (moved & 0xffu));
  if (moved > 0xffu) codes_[bit / 8 + 1] = static_cast<std::uint8_t>(codes_[bit / 8 + 1] | (moved >> 8));
}

unsigned Quantized::raw(std::size_t i) const {
  const std::size_t bit = i * config_.bits, at = bit / 8, shift = bit % 8;
  unsigned word = codes_[at];
  if (shift + config_.bits > 8) word |= static_cast<unsigned>(codes_[at + 1]) << 8;
  return (word >> shift) & ((1u << config_.bits) - 1);
}

int Quantized::code(std::size_t i) const {
  require(i < size(), text("code ", i, " is asked for; the matrix has codes 0 to ", static_cast<std::int64_t>(size()) - 1));
  const unsigned value = raw(i);
  if (config_.code == Code::nf4) return static_cast<int>(value);
  const unsigned sign = 1u << (config_.bits - 1);
  return static_cast<int>(value ^ sign) - static_cast<int>(sign);
}

float Quantized::constant(std::size_t g) const {
  require(g < groups_, text("constant ", g, " is asked for; the matrix has constants 0 to ", static_cast<std::int64_t>(groups_) - 1));
  return decoded_constant(g);
}

std::vector<float> Quantized::level_table() const {
  if (config_.code == Code::nf4) return {kNf4.begin(), kNf4.end()};
  std::vector<float> table(std::size_t{1} << config_.bits);
  const int half = static_cast<int>(table.size() / 2);
  for (int i = 0; i < 2 * half; ++i) table[static_cast<std::size_t>(i)] = static_cast<float>(i < half ? i : i - 2 * half);
  return table;
}

void Quantized::dequantize(std::size_t begin, std::span<float> out) const {
  if (begin > size() || out.size() > size() - begin)
    throw Error(ErrorCode::shape_mismatch, text("numbers ", begin, " to ", begin + out.size(), " are asked for; the matrix has ", size()));
  const std::vector<float> level = level_table();
  for (std::size_t i = 0; i < out.size();) {
    const std::size_t g = (begin + i) / group_size_, end = std::min(out.size(), (g + 1) * group_size_ - begin);
    const float c = decoded_constant(g);
    if (config_.bits == 8)
      for (; i < end; ++i) out[i] = c * level[codes_[begin + i]];
    else
      for (; i < end; ++i) out[i] = c * level[raw(begin + i)];
  }
}

std::vector<float> Quantized::dequantize() const {
  std::vector<float> out(size());
  dequantize(0, out);
  return out;
}

std::uint64_t Quantized::bytes() const {
  const std::uint64_t mean = config_.double_quantized ? sizeof constant_mean_ : 0;
  return codes_.size() + sizeof(float) * (constants_.size() + constant_steps_.size()) + constant_codes_.size() + mean;
}

double Quantized::bits_per_weight() const { return size() ? 8.0 * static_cast<double>(bytes()) / static_cast<double>(size()) : 0; }

}  // namespace x2g
