// Nanoseconds per element of the element-wise kernels, beside the budgets of the design.
// A program of its own for native and WebAssembly builds (Node): it prints a table and asserts nothing.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "kernels/elementwise.hpp"

using namespace x2g;

namespace {

constexpr std::size_t kCount = 8192;  // 32 KB an array: what a layer of a small GPT hands over

/// Best of many repeats, in ns per element.
template <class Work>
double best_ns(Work&& work) {
  using Clock = std::chrono::steady_clock;
  double best = 1e9;
  for (int round = 0; round < 200; ++round) {
    const auto start = Clock::now();
    for (int r = 0; r < 10; ++r) work();
    best = std::min(best, std::chrono::duration<double, std::nano>(Clock::now() - start).count() / 10 / kCount);
  }
  return best;
}

void row(const char* name, double ns) { std::printf("%-28s %7.3f ns\n", name, ns); }

}  // namespace

int main() {
  std::vector<float> x(kCount), y(kCount), dy(kCount, 0.5f), dx(kCount), m(kCount), v(kCount);
  for (std::size_t i = 0; i < kCount; ++i) x[i] = static_cast<float>(i % 1000) * 0.01f - 5;
  row("exp (budget 0.83)", best_ns([&] { kernels::exp<float>(x, y); }));
  for (const auto& [f, name] : {std::pair{Activation::sigmoid, "sigmoid"},
                                {Activation::tanh, "tanh (budget 0.63)"},
                                {Activation::relu, "relu"},
                                {Activation::gelu_erf, "gelu_erf"},
                                {Activation::gelu_tanh, "gelu_tanh (budget 1.0)"},
                                {Activation::silu, "silu"}}) {
    row(name, best_ns([&, fn = f] { kernels::activation<float>(fn, x, y); }));
    row("  backward", best_ns([&, fn = f] { kernels::activation_backward<float>(fn, x, y, dy, dx); }));
  }
  row("softmax, rows of 64", best_ns([&] {
        for (std::size_t i = 0; i < kCount; i += 64) {
          kernels::softmax<float>(std::span(x).subspan(i, 64), 0.125f, std::span(y).subspan(i, 64));
        }
      }));
  float mean = 0, variance = 0;
  row("mean, variance, rows of 128", best_ns([&] {
        for (std::size_t i = 0; i < kCount; i += 128) kernels::mean_variance<float>(std::span(x).subspan(i, 128), mean, variance);
      }));
  const kernels::AdamWStep step{1e-3, 0.9, 0.99, 1e-8, 0.1, 0.5, 0.5, 1};
  row("adamw (budget 0.46)", best_ns([&] { kernels::adamw<float>(step, x, dy, m, v); }));
  volatile double sink = 0;
  row("sum of squares", best_ns([&] { sink = sink + kernels::sum_of_squares<float>(dy); }));
  row("sum", best_ns([&] { sink = sink + kernels::sum<float>(dy); }));
}
