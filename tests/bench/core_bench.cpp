// Native micro-benchmarks (Google Benchmark): matrix products of a small GPT, and whole training steps of the laptop recipe.
// `./lab bench` runs it and merges its rows with those of WebAssembly. It asserts nothing.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <string>
#include <vector>

#include "kernels/gemm.hpp"
#include "x2g/data/stories.hpp"
#include "x2g/lm/language_model.hpp"

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

BENCHMARK_MAIN();
