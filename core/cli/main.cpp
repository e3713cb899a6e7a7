// x2g, the native program: trains a GPT on a text file, writes text with it, measures it, looks into its file, exports
// it. Only the command line is read here; each command's work is in the file of its name. Errors are one sentence on the standard error.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <exception>
#include <functional>
#include <new>
#include <string>

#include "commands.hpp"
#include "output.hpp"
#include "x2g/base/error.hpp"
#include "x2g/version.hpp"

namespace x2g::cli {
namespace {

using Command = std::function<int()>;

constexpr std::uint64_t kMostSeed = (1ull << 53) - 1;  // as in JavaScript

CLI::Range whole(std::uint64_t low, std::uint64_t high) { return {low, high}; }

void no_dropout(const double& rate) {
  if (rate != 0) throw CLI::ValidationError("--dropout", "this model has no dropout; leave it at 0");
}

/// What is wrong and where help is, as all messages of this program begin.
std::string usage_message(const CLI::App* app, const CLI::Error& error) {
  const auto used = app->get_subcommands();
  const std::string command = used.empty() ? "" : used.front()->get_name() + " ";
  return "x2g: " + std::string(error.what()) + "\nx2g " + command + "--help shows what can be given\n";
}

CLI::App* add_train(CLI::App& app, TrainArguments& a) {
  CLI::App* c = app.add_subcommand("train", "Train a GPT on a text file and write its weights");
  c->add_option("--text", a.text, "Text file to train on, UTF-8")->required();
  c->add_option("--out", a.out, "File to write the weights to, safetensors")->required();
  c->add_option("--preset", a.preset, "Sizes and training of the tiny-gpt lesson: see x2g presets")->default_str("small");
  c->add_option("--resume", a.resume,
                "Go on from weights (the model is that of the file, the optimizer starts afresh) or, with the command that made it, "
                "from a checkpoint (the same bits as never stopped)");
  c->add_option("--checkpoint", a.checkpoint, "File to keep the whole run in, at every report and when stopped");
  c->add_option("--layers", a.layers, "Blocks");
  c->add_option("--heads", a.heads, "Attention heads of a block");
  c->add_option("--channels", a.channels, "Width, a multiple of the heads; sets the rate to min(0.012, 0.6 / channels) without --lr");
  c->add_option("--context", a.context, "Window, tokens");
  c->add_flag_function(
      "--bias,!--no-bias", [&a](std::int64_t times) { a.bias = times > 0; }, "Biases in linear layers and norms (presets: none)");
  c->add_option("--gelu", a.gelu, "tanh (GPT-2) or erf (nanoGPT)")->check(CLI::IsMember({"tanh", "erf"}));
  c->add_option("--tokenizer", a.tokenizer, "char: the text's characters; byte: its UTF-8 bytes; bpe: pairs of bytes, learned from it")
      ->check(CLI::IsMember({"char", "byte", "bpe"}))
      ->default_str("char");
  c->add_option("--vocab", a.vocab, "Tokens of bpe, 256 of them bytes")->check(whole(257, 65536))->default_str("1024");
  c->add_option("--batch", a.batch, "Windows of a step");
  c->add_option("--steps", a.steps, "Steps to train")->check(whole(1, 1'000'000'000));
  c->add_option("--lr", a.lr, "Highest learning rate; it ends at a tenth of it");
  c->add_option("--warmup", a.warmup, "Steps in which the rate rises");
  c->add_option_function<double>("--dropout", no_dropout, "Only 0: this model has none");
  c->add_option("--validation", a.validation, "Share at the end of the text that is kept aside, 0 to 0.5")->capture_default_str();
  c->add_option("--seed", a.seed, "Same seed, same weights")->capture_default_str()->check(whole(0, kMostSeed));
  c->add_option("--eval-every", a.eval_every, "Steps between two reports with losses; 0: none")->capture_default_str();
  c->add_option("--eval-batches", a.eval_batches, "Batches of such a loss")->capture_default_str()->check(whole(0, 1'000'000));
  c->add_option("--final-batches", a.final_batches, "Batches of the loss at the end; 0: none")
      ->capture_default_str()
      ->check(whole(0, 1'000'000));
  c->add_option("--memory", a.memory, "GB that training may take")->capture_default_str()->check(CLI::Range(0.01, 1024.0));
  c->add_flag("--skip-unknown", a.skip_unknown, "With --resume: leave out characters that the model does not know");
  c->add_flag("--json", a.json, "One JSON object a line: start, reports, end");
  return c;
}

CLI::App* add_sample(CLI::App& app, SampleArguments& a) {
  CLI::App* c = app.add_subcommand("sample", "Write text with a model");
  c->add_option("file", a.file, "Weights, safetensors")->required();
  c->add_option("--prompt", a.prompt, "Text to go on from");
  DecodingConfig& d = a.decoding;
  c->add_option("--tokens", a.tokens, "Tokens to write")->capture_default_str()->check(whole(1, 1'000'000));
  c->add_option("--temperature", d.temperature, "0: always the likeliest token; up to 100")->capture_default_str();
  c->add_option("--top-k", d.top_k, "Draw from the k likeliest tokens only; 0: from all")->capture_default_str();
  c->add_option("--top-p", d.top_p, "From the fewest likeliest whose probabilities reach p")->capture_default_str();
  c->add_option("--min-p", d.min_p, "From those with at least p times the largest probability")->capture_default_str();
  c->add_option("--typical", d.typical, "From the most typical whose probabilities reach p")->capture_default_str();
  c->add_option("--repetition", d.repetition, "Divides the logits of tokens that are there already, 0.1 to 10")->capture_default_str();
  c->add_option("--presence", d.presence, "Taken from the logits of tokens that are there already")->capture_default_str();
  c->add_option("--frequency", d.frequency, "The same for every time that they are there")->capture_default_str();
  c->add_option("--stop", a.stops, "Text to end before; may be given several times")->allow_extra_args(false);
  c->add_option("--keep", a.keep,
                "Tokens that are read again when the window is full; 0: half of it. The whole window is what nanoGPT and the lesson do, "
                "many times slower")
      ->capture_default_str();
  c->add_option("--seed", d.seed, "Same seed, same text")->capture_default_str()->check(whole(0, kMostSeed));
  c->add_flag("--json", a.json, "One JSON object at the end instead of the text");
  return c;
}

CLI::App* add_eval(CLI::App& app, EvalArguments& a) {
  CLI::App* c = app.add_subcommand("eval", "Measure a model's loss and perplexity on a text");
  c->add_option("file", a.file, "Weights, safetensors")->required();
  c->add_option("--text", a.text, "Text file, UTF-8")->required();
  c->add_option("--batches", a.batches, "Batches to average over")->capture_default_str()->check(whole(1, 1'000'000));
  c->add_option("--batch", a.batch, "Windows of a batch")->capture_default_str()->check(whole(1, 512));
  c->add_option("--validation", a.validation, "Share at the end of the text that is read; 1: all of it")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0));
  c->add_option("--seed", a.seed, "Which windows")->capture_default_str()->check(whole(0, kMostSeed));
  c->add_option("--memory", a.memory, "GB that it may take")->capture_default_str()->check(CLI::Range(0.01, 1024.0));
  c->add_flag("--skip-unknown", a.skip_unknown, "Leave out characters that the model does not know");
  c->add_flag("--json", a.json, "One JSON object");
  return c;
}

CLI::App* add_info(CLI::App& app, InfoArguments& a) {
  CLI::App* c = app.add_subcommand("info", "Show what a weights file holds");
  c->add_option("file", a.file, "A safetensors file")->required();
  c->add_flag("--json", a.json, "One JSON object");
  return c;
}

CLI::App* add_export(CLI::App& app, ExportArguments& a) {
  CLI::App* c = app.add_subcommand("export", "Write a model for other programs");
  c->add_option("file", a.file, "Weights, safetensors")->required();
  c->add_option("--hf", a.hf, "Folder to write config.json, model.safetensors and tokenizer.json to, for Hugging Face transformers")
      ->required();
  c->add_flag("--logits", a.logits, "Also x2g_logits.txt, with which tests/golden/check_hf_export.py compares PyTorch's");
  c->add_flag("--json", a.json, "One JSON object");
  return c;
}

int run(int count, char** words) {
  CLI::App app(
      "Trains small GPTs on a text file, on the engine of the xor2gpt lessons. The weights open in the tiny-gpt lesson, and\n"
      "the other way round.",
      "x2g");
  app.failure_message(usage_message);
  app.set_version_flag("--version", std::string("x2g ") + std::string(version()));
  app.require_subcommand(1);
  app.footer("x2g COMMAND --help shows a command's options. Exit codes: 0 done, 1 failed, 2 wrong use, 130 stopped by Ctrl-C.");
  TrainArguments train_arguments;
  SampleArguments sample_arguments;
  EvalArguments eval_arguments;
  InfoArguments info_arguments;
  ExportArguments export_arguments;
  bool presets_json = false;
  Command command;
  add_train(app, train_arguments)->callback([&] { command = [&] { return train(train_arguments); }; });
  add_sample(app, sample_arguments)->callback([&] { command = [&] { return sample(sample_arguments); }; });
  add_eval(app, eval_arguments)->callback([&] { command = [&] { return eval(eval_arguments); }; });
  add_info(app, info_arguments)->callback([&] { command = [&] { return info(info_arguments); }; });
  add_export(app, export_arguments)->callback([&] { command = [&] { return export_model(export_arguments); }; });
  CLI::App* list = app.add_subcommand("presets", "List the presets");
  list->add_flag("--json", presets_json, "One JSON object");
  list->callback([&] { command = [&] { return presets(presets_json); }; });
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  return command();
}

}  // namespace
}  // namespace x2g::cli

int main(int count, char** words) {
  using namespace x2g::cli;
  try {
    return run(count, words);
  } catch (const x2g::Error& error) {
    complain("x2g: " + error.message());
    const bool usage = error.code() == x2g::ErrorCode::invalid_argument || error.code() == x2g::ErrorCode::unknown_name;
    return usage ? kUsage : kFailed;
  } catch (const std::bad_alloc&) {
    complain("x2g: the memory of this machine is not enough; choose a smaller model, batch or text");
  } catch (const std::exception& error) {
    complain(std::string("x2g: ") + error.what());
  }
  return kFailed;
}
