// Names, limits and sizes of quantization, and the measure of what it loses. The codes are quantize.cpp's.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/in_range.hpp"
#include "kernels/math.hpp"
#include "quant/sizes.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/quant/quantize.hpp"

namespace x2g {
namespace {

using Code = QuantConfig::Code;
using Group = QuantConfig::Group;

void require(bool good, const std::string& why) {
  if (!good) throw Error(ErrorCode::invalid_argument, why);
}

}  // namespace

void QuantConfig::validate() const {
  if (code == Code::nf4)
    require(bits == 4, text("bits is ", bits, "; nf4 has 4"));
  else
    require(bits >= 2 && bits <= 8, text("bits is ", bits, "; integers may have 2 to 8"));
  if (group == Group::block) in_range("block", block, 1, 1u << 20);
  require(!double_quantized || group == Group::block,
          "double quantization is for constants of blocks; choose group block, or leave double_quantized off");
}

QuantConfig quant_from_name(std::string_view name) {
  QuantConfig c;
  if (name == "nf4" || name == "nf4-double") {
    c.code = Code::nf4;
    c.bits = 4;
    c.double_quantized = name == "nf4-double";
    return c;
  }
  if (name.size() == 4 && name.starts_with("int") && name[3] >= '2' && name[3] <= '8') {
    c.bits = static_cast<std::uint32_t>(name[3] - '0');
    return c;
  }
  throw Error(ErrorCode::unknown_name,
              text("no quantization is called \"", name.substr(0, 80), "\"; there are int2 to int8, nf4 and nf4-double"));
}

Group quant_group_from_name(std::string_view name) {
  if (name == "tensor") return Group::tensor;
  if (name == "row") return Group::row;
  if (name == "block") return Group::block;
  throw Error(ErrorCode::unknown_name, text("no group is called \"", name.substr(0, 80), "\"; there are tensor, row, block"));
}

std::uint64_t quantized_bytes(std::uint64_t rows, std::uint64_t columns, const QuantConfig& c) {
  c.validate();
  require(rows >= 1 && columns >= 1 && rows <= (1ull << 40) / columns,
          text("the matrix is ", rows, " by ", columns, "; both must be 1 or more, and 2^40 numbers together at most"));
  const std::uint64_t size = rows * columns, groups = parts(size, group_length(rows, columns, c));
  const std::uint64_t constants =
      c.double_quantized ? groups + sizeof(float) * (parts(groups, kConstantsPerStep) + 1) : sizeof(float) * groups;
  return parts(size * c.bits, 8) + constants;
}

QuantError quant_error(std::span<const float> exact, std::span<const float> approximate) {
  if (exact.empty() || exact.size() != approximate.size())
    throw Error(ErrorCode::shape_mismatch,
                text(exact.size(), " numbers are compared with ", approximate.size(), "; both must be as many, and at least one"));
  QuantError e;
  double signal = 0, noise = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    const double w = exact[i], d = static_cast<double>(approximate[i]) - w;
    e.max = std::max(e.max, std::fabs(d));
    signal += w * w;
    noise += d * d;
  }
  e.mean_square = noise / static_cast<double>(exact.size());
  e.snr = noise == 0 ? std::numeric_limits<double>::infinity() : 10 / kernels::log(10.0) * kernels::log(signal / noise);
  return e;
}

}  // namespace x2g
