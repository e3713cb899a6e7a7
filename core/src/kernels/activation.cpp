// The activation functions and their derivatives on vectors. Each struct is one function beside its derivative;
// slope(x, y) may use the saved result y. Formulas: x2g/ops/activation.hpp.
#include <algorithm>
#include <array>
#include <span>

#include "base/parts.hpp"
#include "kernels/elementwise.hpp"
#include "kernels/loops.hpp"
#include "kernels/simd_math.hpp"

namespace X2G_KERNELS {
namespace {

struct Identity {
  static Floats value(Floats x) { return x; }
  static Floats slope(Floats, Floats) { return Floats(1.0f); }
};

struct Step {
  static Floats value(Floats x) { return xsimd::select(x >= Floats(0.0f), Floats(1.0f), Floats(0.0f)); }
  static Floats slope(Floats, Floats) { return Floats(0.0f); }
};

struct Sigmoid {
  static Floats value(Floats x) { return simd::sigmoid(x); }
  static Floats slope(Floats, Floats y) { return y * (Floats(1.0f) - y); }
};

struct Tanh {
  static Floats value(Floats x) { return simd::tanh(x); }
  static Floats slope(Floats, Floats y) { return (Floats(1.0f) - y) * (Floats(1.0f) + y); }
};

struct Relu {
  static Floats value(Floats x) { return larger(Floats(0.0f), x); }  // NaN stays
  static Floats slope(Floats x, Floats) { return xsimd::select(x > Floats(0.0f), Floats(1.0f), Floats(0.0f)); }
};

struct LeakyRelu {
  static constexpr float kSlope = static_cast<float>(kLeakySlope);
  static Floats value(Floats x) { return xsimd::select(x > Floats(0.0f), x, Floats(kSlope) * x); }
  static Floats slope(Floats x, Floats) { return xsimd::select(x > Floats(0.0f), Floats(1.0f), Floats(kSlope)); }
};

/// Derivatives are flat beyond the bound; it keeps ∞ · 0 out of them.
template <int Bound>
Floats bounded(Floats x) {
  static constexpr float kHigh = Bound, kLow = -Bound;
  return simd::at_least(simd::at_most(x, kHigh), kLow);
}

/// s = sigmoid(x) and 1 − s, which is not computed as that: nothing cancels. |x| <= 88.
struct Logistic {
  Floats s, rest;
  explicit Logistic(Floats x) {
    const Floats e = simd::exp(-x);
    s = splat(kOne) / (splat(kOne) + e);
    rest = e * s;
  }
};

struct GeluErf {
  static Floats value(Floats x) { return x * simd::normal(x).cdf; }
  static Floats slope(Floats x, Floats) {
    const Floats t = bounded<30>(x);
    const simd::Normal n = simd::normal(t);
    return madd(t, n.density, n.cdf);
  }
};

/// ½ (1 + tanh u) = sigmoid(2u): one exp and no cancellation for negative x.
struct GeluTanh {
  static constexpr float kLinear = 1.5957691216f;  // 2 √(2/π)
  static constexpr float kCubic = 0.0713548163f;   // 0.044715 of it
  static constexpr float kSlopeCubic = 3 * kCubic;
  static Floats value(Floats x) { return x * simd::sigmoid(x * madd(x * x, splat(kCubic), splat(kLinear))); }
  static Floats slope(Floats x, Floats) {
    const Floats t = bounded<10>(x), square = t * t;
    const Logistic l(t * madd(square, splat(kCubic), splat(kLinear)));
    return madd(l.s * l.rest, t * madd(square, splat(kSlopeCubic), splat(kLinear)), l.s);
  }
};

struct Silu {
  static Floats value(Floats x) { return x * simd::sigmoid(x); }
  static Floats slope(Floats x, Floats) {
    const Floats t = bounded<88>(x);
    const Logistic l(t);
    return madd(l.s * l.rest, t, l.s);
  }
};

/// ±0 and NaN stay what they are.
struct Sign {
  static Floats value(Floats x) { return xsimd::select(x > Floats(0.0f), Floats(1.0f), xsimd::select(x < Floats(0.0f), Floats(-1.0f), x)); }
  static Floats slope(Floats, Floats) { return Floats(0.0f); }
};

struct Elu {
  static Floats value(Floats x) { return xsimd::select(x > Floats(0.0f), x, simd::expm1_negative(x)); }
  static Floats slope(Floats x, Floats y) { return xsimd::select(x > Floats(0.0f), Floats(1.0f), y + Floats(1.0f)); }
};

struct Softplus {
  static Floats value(Floats x) { return larger(Floats(0.0f), x) + simd::log1p_fraction(simd::exp(-xsimd::abs(x))); }
  static Floats slope(Floats x, Floats) { return simd::sigmoid(x); }
};

/// Calls `work` with the struct of f.
template <class Work>
void dispatch(Activation f, Work&& work) {
  switch (f) {
    case Activation::gelu_erf: return work(GeluErf{});
    case Activation::gelu_tanh: return work(GeluTanh{});
#if X2G_ENGINE != 2  // a GPT has no other
    case Activation::identity: return work(Identity{});
    case Activation::step: return work(Step{});
    case Activation::sigmoid: return work(Sigmoid{});
    case Activation::tanh: return work(Tanh{});
    case Activation::relu: return work(Relu{});
    case Activation::leaky_relu: return work(LeakyRelu{});
    case Activation::silu: return work(Silu{});
    case Activation::sign: return work(Sign{});
    case Activation::elu: return work(Elu{});
    case Activation::softplus: return work(Softplus{});
#else
    default: break;
#endif
  }
}

}  // namespace

template <>
void activation<float>(Activation f, std::span<const float> x, std::span<float> y) {
  dispatch(f, [&](auto fn) { map(x, y, [](Floats v) { return decltype(fn)::value(v); }); });
}

template <>
void activation_derivative<float>(Activation f, std::span<const float> x, std::span<float> d) {
  dispatch(f, [&](auto fn) {
    using Function = decltype(fn);
    map(x, d, [](Floats v) { return Function::slope(v, Function::value(v)); });
  });
}

template <>
void activation_backward<float>(Activation f, std::span<const float> x, [[maybe_unused]] std::span<const float> y,
                                std::span<const float> dy, std::span<float> dx) {
#if X2G_ENGINE == 1 || X2G_ENGINE == 4
  // By way of the slopes, which computes y again: half the code for the same bits.
  std::array<float, 64> slopes;
  for (std::size_t i = 0; i < x.size(); i += slopes.size()) {
    const std::size_t n = std::min(slopes.size(), x.size() - i);
    kernels::activation_derivative<float>(f, x.subspan(i, n), std::span(slopes).first(n));
    for (std::size_t k = 0; k < n; ++k) dx[i + k] += dy[i + k] * slopes[k];
  }
#else
  dispatch(f, [&](auto fn) {
    using Function = decltype(fn);
    const std::size_t n = x.size();
    const auto one = [](Floats x_, Floats y_, Floats dy_, Floats dx_) { return madd(dy_, Function::slope(x_, y_), dx_); };
    std::size_t i = 0;
    for (; i + kLanes <= n; i += kLanes) {
      store(&dx[i], one(load(&x[i]), load(&y[i]), load(&dy[i]), load(&dx[i])));
    }
    if (i < n) {
      const std::size_t r = n - i;
      store_part(&dx[i], one(load_part(&x[i], r), load_part(&y[i], r), load_part(&dy[i], r), load_part(&dx[i], r)), r);
    }
  });
#endif
}

}  // namespace X2G_KERNELS
