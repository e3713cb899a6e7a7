// Ready models by name, for graphs in JavaScript: "mlp", "gpt", "cnn", "recurrent", "skipgram", "transformer", and LoRA on any of them.
// Fields are those of the C++ configs in camelCase; web/src/lab/graph-models.ts says what they mean to a page.
#pragma once

#include <emscripten/val.h>

#include <string>

#include "x2g/graph/spec.hpp"

namespace x2g::border {

/// Error(unknown_name) for a model or a field that is none; what the core refuses keeps its sentence, with the field's name as given.
GraphSpec model_from(const std::string& name, const emscripten::val& config);
/// config: {rank, alpha, targets} (nn/lora.hpp).
GraphSpec lora_from(const GraphSpec& base, const emscripten::val& config);

}  // namespace x2g::border
