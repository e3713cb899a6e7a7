// The training loop with all it tells: losses between over few batches, the last one over many. The weights are written before that one,
// and also when a signal ended the training early; a checkpoint, if one is wanted, at every report.
#pragma once

#include <string>

#include "commands.hpp"
#include "recipe.hpp"
#include "vocabulary.hpp"
#include "x2g/lm/language_model.hpp"

namespace x2g::cli {

/// Trains `model` from the step it stands at to the recipe's last. `config` goes into checkpoints. Returns the exit code.
int run_training(const TrainArguments& a, const Recipe& recipe, const std::string& config, const Vocabulary& vocabulary,
                 LanguageModel& model);

}  // namespace x2g::cli
