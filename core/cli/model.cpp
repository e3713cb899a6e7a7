#include "model.hpp"

#include "files.hpp"
#include "output.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/lm/gpt_file.hpp"

namespace x2g::cli {
namespace {

Tokenizer tokenizer_of(const GptFile& file) {
  if (file.tokenizer) return *file.tokenizer;
  if (file.config.vocab == 256) return Tokenizer::bytes();  // as the lesson does
  throw Error(ErrorCode::bad_file, text("the model has ", file.config.vocab,
                                        " tokens, and the file does not say which; it must have the metadata x2g.tokenizer (\"char\" "
                                        "with x2g.vocabulary, or \"byte\")"));
}

}  // namespace

ModelFile ModelFile::open(const std::string& path) { return from(path, read_bytes(path)); }

ModelFile ModelFile::from(const std::string& path, std::vector<std::uint8_t> bytes) {
  ModelFile out;
  out.path = path;
  out.bytes = std::move(bytes);
  try {
    const GptFile file = describe_gpt(out.bytes);
    out.config = file.config;
    out.tokenizer = tokenizer_of(file);
  } catch (const Error& error) {
    throw Error(error.code(), text("\"", path, "\": ", error.message()));
  }
  return out;
}

void ModelFile::load_into(Graph<float>& graph, const GptConfig& c) const {
  try {
    if (const std::string warning = load_gpt(bytes, graph, c, tokenizer); !warning.empty())
      complain(text("x2g: warning: \"", path, "\": ", warning));
  } catch (const Error& error) {
    throw Error(error.code(), text("\"", path, "\": ", error.message()));
  }
}

std::unique_ptr<Graph<float>> ModelFile::graph(std::uint32_t batch, std::uint64_t memory_limit) const {
  GptConfig c = config;
  c.batch = batch > 0 ? batch : 1;
  c.loss = batch > 0;
  auto out = std::make_unique<Graph<float>>(gpt(c), GraphOptions{.memory_limit = memory_limit, .gradients = false});
  load_into(*out, c);
  out->set_training(false);
  return out;
}

std::uint64_t memory_limit(double gigabytes) { return static_cast<std::uint64_t>(gigabytes * 1e9); }

std::string known_text(const Tokenizer& tokenizer, std::string text, bool skip_unknown) {
  return skip_unknown ? tokenizer.decode(tokenizer.encode_known(text)) : std::move(text);
}

}  // namespace x2g::cli
