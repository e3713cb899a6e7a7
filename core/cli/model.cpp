#include "model.hpp"

#include "files.hpp"
#include "output.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/lm/gpt_file.hpp"

namespace x2g::cli {
ModelFile ModelFile::open(const std::string& path) { return from(path, read_bytes(path)); }

ModelFile ModelFile::from(const std::string& path, std::vector<std::uint8_t> bytes) {
  ModelFile out;
  out.path = path;
  out.bytes = std::move(bytes);
  try {
    const GptFile file = describe_gpt(out.bytes);
    out.config = file.config;
    out.vocabulary = Vocabulary::of(file);
  } catch (const Error& error) {
    throw Error(error.code(), text("\"", path, "\": ", error.message()));
  }
  return out;
}

void ModelFile::load_into(Graph<float>& graph, const GptConfig& c) const {
  try {
    if (const std::string warning = vocabulary.load(bytes, graph, c); !warning.empty())
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

}  // namespace x2g::cli
