// Networks in the table: multilayer perceptrons on a table of rows. In every engine that has lessons with networks.
#include <emscripten/bind.h>

#include "border.hpp"
#include "run_mlp.hpp"

using namespace emscripten;  // NOLINT(google-build-using-namespace): the table reads like an index without the prefix
using namespace x2g::border;

EMSCRIPTEN_BINDINGS(x2g_mlp) {
  value_object<MlpFields>("MlpFields")
      .field("sizes", &MlpFields::sizes)
      .field("hidden", &MlpFields::hidden)
      .field("output", &MlpFields::output)
      .field("loss", &MlpFields::loss)
      .field("init", &MlpFields::init)
      .field("initA", &MlpFields::initA)
      .field("bias", &MlpFields::bias)
      .field("shuffled", &MlpFields::shuffled)
      .field("batch", &MlpFields::batch)
      .field("x", &MlpFields::x)
      .field("t", &MlpFields::t)
      .field("optimizer", &MlpFields::optimizer)
      .field("seed", &MlpFields::seed);

  class_<MlpRun, base<TrainerRun>>("MlpRun").constructor(&make<MlpRun, MlpFields, double>, allow_raw_pointers());
  function("estimateMlp", on<&MlpRun::estimate>);
}
