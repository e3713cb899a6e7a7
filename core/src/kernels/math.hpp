// exp, log, tanh, erf, sigmoid, sin, cos of single numbers: the same bits on every engine, and the same bits as one lane
// of the vectorised loops in elementwise.hpp (float). Only + − × ÷ √ and bit operations are used, never libm.
// Accuracy: float within 4 ulp of the true value; double (used by the random numbers and reference runs) within 1e-15 relative or so.
#pragma once

#include "kernels/variant.hpp"

namespace X2G_KERNELS {

float exp(float x);  ///< 0 below −87.34 (no subnormal results), +∞ above 88.72, NaN stays NaN
float log(float x);  ///< −∞ at 0, NaN below
float tanh(float x);
float erf(float x);
float sigmoid(float x);
float normal_cdf(float x);  ///< Φ(x) = (1 + erf(x/√2)) / 2, exact in the left tail as well

double exp(double x);
double log(double x);
double expm1_negative(double x);  ///< e^x − 1 for x <= 0, accurate near 0 as well
double log1p_fraction(double u);  ///< log(1 + u) for 0 <= u <= 1, likewise
/// e[i] = log(1 + e^−|z[i]|), the bits of log(1.0 + exp(-fabs(z[i]))); for two at a time.
void softplus_rest(const double (&z)[2], double (&e)[2]);
double tanh(double x);
double erf(double x);
double sigmoid(double x);
double normal_cdf(double x);
double sin_2pi(double x);  ///< sin(2πx), x in [0, 1)
double cos_2pi(double x);

}  // namespace X2G_KERNELS
