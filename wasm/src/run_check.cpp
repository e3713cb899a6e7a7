// The gradient under the cursor, checked in double. The whole engine and that for graphs have it; the others have run_no_check.cpp.
#include "border.hpp"
#include "run.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/train/gradient_check.hpp"

namespace x2g::border {

val TrainerRun::check(std::string name, double index, double h) {
  Graph<float>& graph = trainer().graph();
  const TensorId id = graph.spec().require(name);
  trainer().report();  // at step 0 this fills the first batch
  const std::uint64_t at = whole("index", index, 0, static_cast<double>(graph.value(id).size() - 1));
  return check_to_js(check_gradient(*in_double(graph), name, static_cast<std::size_t>(at), h));
}

val check_to_js(const GradientCheck& g) {
  val out = val::object();
  out.set("analytic", g.analytic);
  out.set("numeric", g.numeric);
  out.set("relativeError", g.relative_error);
  out.set("loss", g.loss);
  out.set("above", g.above);
  out.set("below", g.below);
  return out;
}

}  // namespace x2g::border
