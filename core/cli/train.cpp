// x2g train: sets up what is trained: text, tokenizer, model, and the file or checkpoint that it goes on from. The loop is training.cpp's.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "commands.hpp"
#include "files.hpp"
#include "model.hpp"
#include "output.hpp"
#include "recipe.hpp"
#include "training.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/lm/language_model.hpp"
#include "x2g/train/saved_run.hpp"

namespace x2g::cli {
namespace {

constexpr std::string_view kCheckpoint = "x2gckpt";
constexpr std::uint32_t kPairTokens = 1024;

/// What must be the same for a run to go on from a checkpoint with the bits of one never stopped.
std::string config_of(const TrainArguments& a, const Recipe& recipe, std::string_view corpus, const Vocabulary& vocabulary) {
  Json out = json_of(recipe);
  out.add("tokenizer", vocabulary.kind()).add("vocabulary", vocabulary.identity());
  return out.add("validation", a.validation).add("seed", a.seed).add("text", hex64(fnv1a(corpus.data(), corpus.size()))).str();
}

Vocabulary vocabulary_for(const TrainArguments& a, std::string_view corpus) {
  if (a.tokenizer == "bpe") return Vocabulary::learned(corpus, a.vocab.value_or(kPairTokens));
  if (a.vocab)
    throw Error(ErrorCode::invalid_argument,
                "--vocab is for --tokenizer bpe; characters and bytes have as many tokens as there are: leave it out");
  return Vocabulary(a.tokenizer == "byte" ? Tokenizer::bytes() : Tokenizer::characters(corpus));
}

void resume(Trainer<float>& trainer, const std::string& path, std::span<const std::uint8_t> record, const std::string& config) {
  try {
    if (saved_config(record) != config)
      throw Error(
          ErrorCode::invalid_argument,
          "this checkpoint was made by another command; repeat the options (but for --out and the reports) and the text of that one");
    load_run(record, trainer);
  } catch (const Error& error) {
    throw Error(error.code(), text("\"", path, "\": ", error.message()));
  }
}

}  // namespace

int train(const TrainArguments& a) {
  std::optional<ModelFile> from;
  std::vector<std::uint8_t> record;  // a checkpoint
  if (!a.resume.empty()) {
    std::vector<std::uint8_t> bytes = read_bytes(a.resume);
    if (std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()).starts_with(kCheckpoint))
      record = std::move(bytes);
    else
      from = ModelFile::from(a.resume, std::move(bytes));
  }
  const Recipe recipe = recipe_of(a, from ? std::optional(from->config) : std::nullopt);
  std::string corpus = read_text(a.text);
  check_writable(a.out);
  if (!a.checkpoint.empty()) check_writable(a.checkpoint);
  if (from) corpus = from->vocabulary.known_text(std::move(corpus), a.skip_unknown);
  const Vocabulary vocabulary = from ? from->vocabulary : vocabulary_for(a, corpus);
  LanguageModel model(vocabulary.encode(corpus), vocabulary.size(), recipe.model, recipe.optimizer, a.validation, a.seed,
                      memory_limit(a.memory));
  const std::string config = config_of(a, recipe, corpus, vocabulary);
  if (from) {
    from->load_into(model.trainer().graph(), model.config());
    model.trainer().touch();
  } else if (!record.empty()) {
    resume(model.trainer(), a.resume, record, config);
  }
  return run_training(a, recipe, config, vocabulary, model);
}

}  // namespace x2g::cli
