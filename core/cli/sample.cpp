// x2g sample: writes text token by token.
#include <algorithm>
#include <vector>

#include "commands.hpp"
#include "model.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "stop.hpp"
#include "x2g/base/text.hpp"
#include "x2g/lm/sampler.hpp"

namespace x2g::cli {
namespace {

/// Nothing to go on from: a line break where there is one (nanoGPT does the same), else the first token.
std::vector<std::uint32_t> first_token(const Tokenizer& tokenizer) {
  std::vector<std::uint32_t> ids = tokenizer.encode_known("\n");
  if (ids.empty()) ids.push_back(0);
  return ids;
}

/// Logits of the token after the last `context` ids. Ids after them are padding that no earlier token can see.
std::span<const float> next_logits(Graph<float>& graph, const GptConfig& c, std::span<const std::uint32_t> ids) {
  const std::size_t n = std::min<std::size_t>(ids.size(), c.context);
  const std::span<float> input = graph.value("ids");
  std::ranges::fill(input, 0.0f);
  std::ranges::transform(ids.last(n), input.begin(), [](std::uint32_t id) { return static_cast<float>(id); });
  graph.forward();
  return graph.value("logits").subspan((n - 1) * c.vocab, c.vocab);
}

}  // namespace

int sample(const SampleArguments& a) {
  Sampler sampler({.temperature = a.temperature, .top_k = a.top_k, .seed = a.seed});
  const ModelFile file = ModelFile::open(a.file);
  const auto graph = file.graph(0, memory_limit(8));
  std::vector<std::uint32_t> ids = file.tokenizer.encode(a.prompt);
  if (ids.empty()) ids = first_token(file.tokenizer);
  listen_for_stop();
  if (!a.json) print(a.prompt);

  const Stopwatch clock;
  std::string written;
  std::uint64_t tokens = 0;
  for (; tokens < a.tokens && !stop_wanted(); ++tokens) {
    ids.push_back(sampler.next(next_logits(*graph, file.config, ids)));
    const std::string piece = file.tokenizer.decode(ids.back());
    written += piece;
    if (!a.json) print(piece);
  }
  if (!a.json) {
    print("\n");
    return stop_wanted() ? kStopped : 0;
  }
  Json out;
  out.add("kind", "sample").add("file", a.file).add("prompt", a.prompt).add("text", written).add("tokens", tokens);
  out.add("temperature", a.temperature).add("topK", a.top_k).add("seed", a.seed);
  out.add("tokensPerSecond", static_cast<double>(tokens) / std::max(clock.seconds(), 1e-9));
  print(out.str() + "\n");
  return stop_wanted() ? kStopped : 0;
}

}  // namespace x2g::cli
