// What the first lessons' engine has in its table besides bindings.cpp and bindings_mlp.cpp: perceptrons, points, activations.
#include <emscripten/bind.h>

#include "border.hpp"
#include "functions.hpp"
#include "run_perceptron.hpp"

using namespace emscripten;  // NOLINT(google-build-using-namespace): the table reads like an index without the prefix
using namespace x2g::border;

EMSCRIPTEN_BINDINGS(x2g_lessons) {
  value_object<PerceptronFields>("PerceptronFields")
      .field("inputs", &PerceptronFields::inputs)
      .field("x", &PerceptronFields::x)
      .field("t", &PerceptronFields::t)
      .field("firesAtZero", &PerceptronFields::firesAtZero)
      .field("rate", &PerceptronFields::rate)
      .field("shuffled", &PerceptronFields::shuffled)
      .field("start", &PerceptronFields::start)
      .field("seed", &PerceptronFields::seed);

  class_<PerceptronRun, base<Run>>("PerceptronRun")
      .constructor(&make<PerceptronRun, PerceptronFields>, allow_raw_pointers())
      .function("setRate", on<&PerceptronRun::set_rate>)
      .function("state", on<&PerceptronRun::state>);

  function("gate", on<&gate_points>);
  function("blobs", on<&blob_points>);
  function("activation", on<&activation_curve>);
  class_<ActivationBench>("ActivationBench")
      .constructor(&make<ActivationBench, std::string, double, bool>, allow_raw_pointers())
      .function("run", on<&ActivationBench::run>);
}
