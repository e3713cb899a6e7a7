// Ready models as a graph's beginning: the whole engine's part of graph_builder.hpp.
#include "graph_builder.hpp"
#include "models.hpp"
#include "x2g/base/error.hpp"

namespace x2g::border {

using emscripten::val;

void GraphBuilder::model(std::string name, val config) {
  if (!spec_.tensors().empty()) throw Error(ErrorCode::bad_state, "a model stands at a graph's beginning; nothing may come before it");
  spec_ = model_from(name, config);
}

void GraphBuilder::lora(val config) { spec_ = lora_from(spec_, config); }

}  // namespace x2g::border
