// GPT weights: described and loaded into one small model. A refused file leaves the weights as they were; an accepted one is described the
// way it was loaded, and the model's own file is the same again after a round trip.
#include "fuzz/fuzz.hpp"

#include <cstring>
#include <string>

#include "x2g/lm/gpt_file.hpp"

namespace {

using namespace x2g;

constexpr GptConfig kConfig{.vocab = 2, .layers = 1, .heads = 1, .channels = 2, .context = 2, .batch = 1, .bias = true, .loss = false};

struct Model {
  Graph<float> graph{gpt(kConfig), {.gradients = false}};
  Tokenizer tokenizer = Tokenizer::characters("ab");
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Model model;
  const std::span<const std::uint8_t> file(data, size);
  const std::span<float> weights = model.graph.parameters();
  const std::vector<float> before(weights.begin(), weights.end());
  GptFile said;
  const bool described = fuzz::accepted([&] { said = describe_gpt(file); });
  const std::string& pairs = said.tokenizer_json;  // of a model on byte pairs
  const auto load = [&](std::span<const std::uint8_t> from) {
    if (pairs.empty())
      load_gpt(from, model.graph, kConfig, model.tokenizer);
    else
      load_gpt(from, model.graph, kConfig, pairs);
  };
  const bool loaded = fuzz::accepted([&] { load(file); });
  if (!loaded) {
    fuzz::require(std::memcmp(before.data(), weights.data(), weights.size_bytes()) == 0, "a refused file changes nothing");
    return 0;
  }
  if (described)
    fuzz::require(said.config.vocab == 2 && said.config.layers == 1 && said.config.channels == 2 && said.config.context == 2,
                  "as described");
  const std::vector<float> kept(weights.begin(), weights.end());
  load(pairs.empty() ? save_gpt(model.graph, kConfig, model.tokenizer) : save_gpt(model.graph, kConfig, pairs));
  fuzz::require(std::memcmp(kept.data(), weights.data(), weights.size_bytes()) == 0, "saved and loaded, the weights are the same");
  return 0;
}
