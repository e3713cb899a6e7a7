// The choice among variants of the kernels, natively on x86-64: what is in use, what is refused, and which variants give the same bits.
// What each variant computes is tested by the other files of this folder, each case on every variant.
#if X2G_DISPATCH
#include "kernels/dispatch.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cstdlib>

#include "support/variants.hpp"
#include "x2g/base/error.hpp"
#include "x2g/data/stories.hpp"
#include "x2g/lm/language_model.hpp"

using namespace x2g;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Everything a run keeps after ten steps of a small GPT: weights, moments, position. Odd widths, so that last parts of vectors count.
std::vector<std::uint8_t> trained() {
  const std::string text = stories("en", 6000, 1);
  const OptimizerConfig adamw{.kind = OptimizerConfig::Kind::adamw, .lr = 3e-3, .beta2 = 0.99, .weight_decay = 0.1, .clip = 1};
  LanguageModel model(text, Tokenizer::characters(text),
                      {.layers = 2, .heads = 3, .channels = 39, .context = 21, .batch = 5, .bias = true, .gelu_erf = true}, adamw, 0.1, 7);
  model.trainer().step(10);
  REQUIRE_FALSE(model.trainer().report().diverged);
  return model.trainer().snapshot();
}

}  // namespace

TEST_CASE("the kernels in use are the widest that the machine has, or those that X2G_SIMD names", "[kernels][dispatch]") {
  const char* const wanted = std::getenv("X2G_SIMD");
  const bool free = wanted == nullptr || *wanted == '\0';
  CHECK(kernels::table().name == (free ? kernels::tables().back()->name : std::string_view(wanted)));
  CHECK(variant() == kernels::table().name);
}

TEST_CASE("variants go from the smallest to the largest, and each is found by its name", "[kernels][dispatch]") {
  const auto all = kernels::tables();
  REQUIRE(!all.empty());
  CHECK(all[0]->name == "sse");
  if (all.size() > 1) CHECK(all[1]->name == "avx2");
  if (all.size() > 2) CHECK(all[2]->name == "avx512");
  for (const kernels::Table* t : all) {
    CHECK(&kernels::table_of(t->name) == t);
    const test::OnVariant on(*t);
    CHECK(variant() == t->name);
  }
}

TEST_CASE("a variant that is not there is refused with the names of those that are", "[kernels][dispatch]") {
  for (const char* name : {"", "neon", "AVX2", "avx", "sse "}) {
    CAPTURE(name);
    std::string said;
    try {
      kernels::table_of(name);
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::invalid_argument);
      said = error.message();
    }
    CHECK_THAT(said, ContainsSubstring("X2G_SIMD is \"" + std::string(name) + "\"; this machine has sse"));
  }
}

TEST_CASE("a run has the same bits on all variants that fuse multiply-add, and other bits on the one that does not",
          "[kernels][dispatch][slow]") {
  std::vector<std::vector<std::uint8_t>> runs;
  for (const kernels::Table* t : kernels::tables()) {
    const test::OnVariant on(*t);
    runs.push_back(trained());
  }
  for (std::size_t i = 2; i < runs.size(); ++i) CHECK(runs[i] == runs[1]);
  if (runs.size() > 1) CHECK(runs[1] != runs[0]);
}

#endif
