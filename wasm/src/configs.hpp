// The configs as JavaScript hands them over (every number a double, every array a val) and their checked translation for the core.
// Ranges that the core checks itself are not repeated here; here a number becomes a count, a name becomes an enum.
#pragma once

#include <emscripten/val.h>

#include <string>

#include "x2g/data/points.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/nn/perceptron.hpp"
#include "x2g/optim/optimizer.hpp"
#include "x2g/text/tokenizer.hpp"

namespace x2g::border {

struct OptimizerFields {
  std::string kind;      // "sgd" | "adamw" | "nesterov" | "rmsprop" | "adagrad" | "adam"
  std::string schedule;  // "warmup_cosine" | "constant" | "step_decay" | "one_cycle"
  double lr = 0, momentum = 0, beta1 = 0, beta2 = 0, eps = 0, weightDecay = 0, clip = 0, warmup = 0, total = 0, minLr = 0;
  double clipValue = 0, alpha = 0, decayEvery = 0, gamma = 0, rise = 0, div = 0, finalDiv = 0;
};

struct PerceptronFields {
  double inputs = 0, rate = 0, seed = 0;
  emscripten::val x, t, start;  // Float64Array
  bool firesAtZero = true, shuffled = false;
};

struct MlpFields {
  emscripten::val sizes, x, t;  // Float64Array, Float32Array, Float32Array
  std::string hidden, output, loss, init;
  double initA = 0, batch = 0, seed = 0;
  bool bias = true, shuffled = true;
  OptimizerFields optimizer;
};

struct GptFields {
  double layers = 0, heads = 0, channels = 0, context = 0, batch = 0, shares = 0, validation = 0, seed = 0;
  bool bias = false, geluErf = false;
  std::string tokenizer;  // "char" | "byte"
  std::string language;   // "en" | "ja": generated stories; "": `text`
  std::string text;
  double storyBytes = 0, storySeed = 0;
  OptimizerFields optimizer;
};

Init init_from(std::string_view kind, double a);
OptimizerConfig optimizer_config(const OptimizerFields& f);
PointSet point_set(const PerceptronFields& f);
PerceptronConfig perceptron_config(const PerceptronFields& f);

/// The model for all rows or for a batch; `rows` is the number of rows in x.
struct MlpPlan {
  MlpConfig model;
  std::uint32_t rows = 0;
  std::vector<float> x, t;
};
MlpPlan mlp_plan(const MlpFields& f);

/// vocab is left for the caller, who knows the tokenizer.
GptConfig gpt_config(const GptFields& f);
Tokenizer tokenizer_of(const GptFields& f, std::string_view corpus);

}  // namespace x2g::border
