// Native micro-benchmarks (Google Benchmark): matrix products of a small GPT beside the measured peak, element-wise kernels, and whole
// training steps of the laptop recipe.
// `./lab bench` runs it and merges its rows with those of WebAssembly. It asserts nothing.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "kernels/elementwise.hpp"
#include "kernels/gemm.hpp"
#include "support/peak.hpp"
#include "x2g/data/stories.hpp"
#include "x2g/lm/language_model.hpp"
#include "x2g/version.hpp"

namespace {

// The shapes of one block: rows = B·T = 512 … 768, channels 128.
void gemm(benchmark::State& state, x2g::kernels::Op a_op, x2g::kernels::Op b_op) {
  const auto M = static_cast<std::size_t>(state.range(0)), N = static_cast<std::size_t>(state.range(1)),
             K = static_cast<std::size_t>(state.range(2));
  std::vector<float> A(M * K, 0.5f), B(K * N, 0.25f), C(M * N), scratch(x2g::kernels::gemm_scratch(M, N, K));
  using x2g::kernels::Op;
  for (auto _ : state) {
    x2g::kernels::gemm<float>(M, N, K, {A.data(), a_op == Op::none ? K : M, a_op}, {B.data(), b_op == Op::none ? N : K, b_op}, C.data(), N,
                              false, nullptr, scratch);
    benchmark::DoNotOptimize(C.data());
    benchmark::ClobberMemory();
  }
  state.counters["GFLOP/s"] = benchmark::Counter(2e-9 * static_cast<double>(M * N * K), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK_CAPTURE(gemm, forward, x2g::kernels::Op::none, x2g::kernels::Op::transpose)
    ->Args({512, 128, 128})
    ->Args({512, 384, 128})
    ->Args({512, 512, 128})
    ->Args({512, 128, 512});
BENCHMARK_CAPTURE(gemm, input_gradient, x2g::kernels::Op::none, x2g::kernels::Op::none)->Args({512, 128, 512});
BENCHMARK_CAPTURE(gemm, weight_gradient, x2g::kernels::Op::transpose, x2g::kernels::Op::none)->Args({512, 128, 512});
// One head's scores and mixture, one row (sampling), and the nets of the first lessons.
BENCHMARK_CAPTURE(gemm, small, x2g::kernels::Op::none, x2g::kernels::Op::transpose)
    ->Args({64, 64, 32})
    ->Args({1, 512, 128})
    ->Args({10, 30, 784})
    ->Args({4, 8, 8})
    ->Args({4, 2, 2});
BENCHMARK_CAPTURE(gemm, small_plain, x2g::kernels::Op::none, x2g::kernels::Op::none)->Args({64, 32, 64})->Args({4, 8, 8});

// What the products could reach: multiplications and additions that wait for nothing, at the vector width of the kernels in use. The best of
// these is the peak.
void peak(benchmark::State& state) {
  float values[x2g::test::kMostChained] = {};
  const auto kind = static_cast<std::size_t>(state.range(0));
  double flop = 0;
  for (auto _ : state) {
    flop = x2g::test::chains(values, kind);
    benchmark::DoNotOptimize(values);
  }
  state.counters["GFLOP/s"] = benchmark::Counter(1e-9 * flop, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(peak)->Name("gemm/peak")->DenseRange(0, x2g::test::kChainKinds - 1);

// Element-wise kernels on 32 KB an array: what a layer of a small GPT hands over.
constexpr std::size_t kCount = 8192;
using Floats = std::vector<float>;
struct Arrays {
  Floats x = Floats(kCount), y = Floats(kCount), dy = Floats(kCount, 0.5f), m = Floats(kCount), v = Floats(kCount);
  Arrays() {
    for (std::size_t i = 0; i < kCount; ++i) x[i] = static_cast<float>(i % 1000) * 0.01f - 5;
  }
};
void elementwise(benchmark::State& state, void (*work)(Arrays&)) {
  Arrays arrays;
  for (auto _ : state) {
    work(arrays);
    benchmark::DoNotOptimize(arrays.y.data());
    benchmark::ClobberMemory();
  }
  state.counters["Gelement/s"] = benchmark::Counter(1e-9 * kCount, benchmark::Counter::kIsIterationInvariantRate);
}
template <x2g::Activation F>
void act(Arrays& a) {
  x2g::kernels::activation<float>(F, a.x, a.y);
}
template <x2g::Activation F>
void act_back(Arrays& a) {
  x2g::kernels::activation_backward<float>(F, a.x, a.y, a.dy, a.m);
}
void softmax_64(Arrays& a) {
  for (std::size_t i = 0; i < kCount; i += 64)
    x2g::kernels::softmax<float>(std::span(a.x).subspan(i, 64), 0.125f, std::span(a.y).subspan(i, 64));
}
void mean_variance_128(Arrays& a) {
  for (std::size_t i = 0; i < kCount; i += 128) x2g::kernels::mean_variance<float>(std::span(a.x).subspan(i, 128), a.y[i], a.y[i + 1]);
}
BENCHMARK_CAPTURE(elementwise, exp, +[](Arrays& a) { x2g::kernels::exp<float>(a.x, a.y); });
BENCHMARK_CAPTURE(elementwise, sigmoid, act<x2g::Activation::sigmoid>);
BENCHMARK_CAPTURE(elementwise, tanh, act<x2g::Activation::tanh>);
BENCHMARK_CAPTURE(elementwise, relu, act<x2g::Activation::relu>);
BENCHMARK_CAPTURE(elementwise, gelu_erf, act<x2g::Activation::gelu_erf>);
BENCHMARK_CAPTURE(elementwise, gelu_tanh, act<x2g::Activation::gelu_tanh>);
BENCHMARK_CAPTURE(elementwise, gelu_tanh_backward, act_back<x2g::Activation::gelu_tanh>);
BENCHMARK_CAPTURE(elementwise, silu, act<x2g::Activation::silu>);
BENCHMARK_CAPTURE(elementwise, softmax_64, softmax_64);
BENCHMARK_CAPTURE(elementwise, mean_variance_128, mean_variance_128);
BENCHMARK_CAPTURE(
    elementwise, adamw, +[](Arrays& a) { x2g::kernels::adamw<float>({1e-3, 0.9, 0.99, 1e-8, 0.1, 0.5, 0.5, 1}, a.y, a.dy, a.m, a.v); });
BENCHMARK_CAPTURE(elementwise, sum_of_squares, +[](Arrays& a) { benchmark::DoNotOptimize(x2g::kernels::sum_of_squares<float>(a.dy)); });

// nanoGPT's laptop recipe: 4 layers, 4 heads, 128 channels, context 64, batch 12 (gpt.mjs trains the same).
void gpt_train(benchmark::State& state) {
  const std::string text = x2g::stories("en", 300'000, 1);
  x2g::OptimizerConfig optimizer;
  optimizer.kind = x2g::OptimizerConfig::Kind::adamw;
  optimizer.lr = 1e-3;
  optimizer.clip = 1;
  x2g::LanguageModel model(text, x2g::Tokenizer::characters(text), x2g::GptConfig{}, optimizer, 0.1, 1);
  model.trainer().step(3);
  for (auto _ : state) model.trainer().step(1);
  const auto& c = model.config();
  state.counters["tokens/s"] = benchmark::Counter(static_cast<double>(c.batch) * c.context, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(gpt_train)->Name("gpt-train/laptop")->Unit(benchmark::kMillisecond)->MinTime(2);

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::AddCustomContext("kernels", std::string(x2g::variant()));
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
