// Float functions of single numbers: one lane of the vector code.
#include "kernels/math.hpp"

#include "kernels/simd_math.hpp"

namespace X2G_KERNELS {
namespace {

float first(Floats v) {
  float lanes[kLanes];
  store(lanes, v);
  return lanes[0];
}

}  // namespace

float exp(float x) { return first(simd::exp(Floats(x))); }
float log(float x) { return first(simd::log(Floats(x))); }
float tanh(float x) { return first(simd::tanh(Floats(x))); }
float erf(float x) { return first(simd::erf(Floats(x))); }
float sigmoid(float x) { return first(simd::sigmoid(Floats(x))); }
float normal_cdf(float x) { return first(simd::normal(Floats(x)).cdf); }

}  // namespace X2G_KERNELS
