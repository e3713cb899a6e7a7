// What is trained and how: the presets and the optimizer's numbers, those of the tiny-gpt lesson (lessons/21-tiny-gpt/model.ts;
// tests/cli/cli.test.ts compares the two), with what the command line says otherwise.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "commands.hpp"
#include "output.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/optim/optimizer.hpp"

namespace x2g::cli {

struct Recipe {
  std::string preset;
  GptConfig model;
  OptimizerConfig optimizer;
  std::uint64_t steps = 0;
};

/// `resumed`: the shape of the model that training goes on from; its sizes cannot be changed then. Error(unknown_name | invalid_argument).
Recipe recipe_of(const TrainArguments& a, const std::optional<GptConfig>& resumed);
Json json_of(const Recipe& recipe);

}  // namespace x2g::cli
