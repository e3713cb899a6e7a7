// The engine without graphs: what every part of its table shares. Tokenizers: bindings_tools_text.cpp; n-grams: bindings_tools_ngram.cpp;
// data sets: bindings_tools_data.cpp; few bits and memory: bindings_tools_numbers.cpp; tables and pictures: bindings_tools_files.cpp.
// Nothing here trains by gradients. Types for TypeScript: web/src/lab/tools-engine.ts.
#include <emscripten/bind.h>

#include <string>
#include <vector>

#include "border.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/version.hpp"

using namespace emscripten;  // NOLINT(google-build-using-namespace): the table reads like an index without the prefix
using namespace x2g::border;

namespace {
std::string core_version() { return std::string(x2g::version()); }
std::string core_variant() { return std::string(x2g::variant()); }

/// The core's random numbers, a stream for those who ask from outside.
class Random {
 public:
  explicit Random(double seed) : rng_(seed_of(seed), x2g::Stream::user) {}
  val uniform(double n) { return draws(n, false); }  ///< Float64Array in [0, 1)
  val normal(double n) { return draws(n, true); }    ///< Float64Array, mean 0, variance 1

 private:
  val draws(double n, bool normal) {
    std::vector<double> out(count("n", n, 0, 1 << 20));
    for (double& x : out) x = normal ? rng_.normal() : rng_.uniform64();
    return to_js(std::span<const double>(out));
  }
  x2g::Rng rng_;
};
}  // namespace

EMSCRIPTEN_BINDINGS(x2g_tools) {
  class_<Random>("Random")
      .constructor(&make<Random, double>, allow_raw_pointers())
      .function("uniform", on<&Random::uniform>)
      .function("normal", on<&Random::normal>);
  function("version", on<&core_version>);
  function("variant", on<&core_variant>);
}
