// What the command line asks for, a struct a command, and the commands themselves. main.cpp fills the structs and turns errors into exit
// codes; each command returns its own: 0, or kStopped when a signal ended it early.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "x2g/lm/decoding.hpp"

namespace x2g::cli {

inline constexpr int kFailed = 1, kUsage = 2, kStopped = 130;

/// Absent: as the preset (or the file that training goes on from) has it.
struct TrainArguments {
  std::string text, out;
  std::string resume;                  ///< weights, or a checkpoint
  std::string checkpoint;              ///< written at every report; empty: none
  std::string preset;                  ///< empty: "small", with resume "custom"
  std::string tokenizer;               ///< "char", "byte", "bpe"; empty: char
  std::string gelu;                    ///< "tanh", "erf"
  std::optional<std::uint32_t> vocab;  ///< tokens, with bpe
  std::optional<std::uint32_t> layers, heads, channels, context, batch;
  std::optional<std::uint64_t> steps, warmup;
  std::optional<double> lr;
  std::optional<bool> bias;
  double validation = 0.1;  ///< share at the end of the text that is kept aside
  std::uint64_t seed = 1;
  std::uint64_t eval_every = 100;  ///< steps; 0: no losses between, only reports
  std::uint32_t eval_batches = 8, final_batches = 200;
  double memory = 8;  ///< GB that each graph may take
  bool skip_unknown = false, json = false;
};
int train(const TrainArguments& a);

struct SampleArguments {
  std::string file, prompt;
  std::uint32_t tokens = 400;
  DecodingConfig decoding{.temperature = 0.8};
  std::vector<std::string> stops;
  std::uint32_t keep = 0;  ///< tokens read again when the window is full; 0: half of it
  bool json = false;
};
int sample(const SampleArguments& a);

struct EvalArguments {
  std::string file, text;
  std::uint32_t batches = 200, batch = 12;
  double validation = 0.1;  ///< share at the end of the text that is read; 1: all of it
  std::uint64_t seed = 1;
  double memory = 8;
  bool skip_unknown = false, json = false;
};
int eval(const EvalArguments& a);

struct InfoArguments {
  std::string file;
  bool json = false;
};
int info(const InfoArguments& a);

struct ExportArguments {
  std::string file, hf;  ///< hf: the folder for transformers
  bool logits = false, json = false;
};
int export_model(const ExportArguments& a);

int presets(bool json);

}  // namespace x2g::cli
