// x2g sample: writes text token by token, with lm/generate.hpp.
#include <algorithm>
#include <vector>

#include "commands.hpp"
#include "model.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "stop.hpp"
#include "x2g/base/text.hpp"
#include "x2g/lm/generate.hpp"

namespace x2g::cli {
namespace {

/// Nothing to go on from: a line break where there is one (nanoGPT does the same), else the first token.
std::vector<std::uint32_t> first_token(const Vocabulary& vocabulary) {
  std::vector<std::uint32_t> ids = vocabulary.encode_known("\n");
  if (ids.empty()) ids.push_back(0);
  return ids;
}

std::string_view reason(Finish finish) {
  switch (finish) {
    case Finish::stop_text: return "stop";
    case Finish::length: return "tokens";
    default: return "stopped";
  }
}

}  // namespace

int sample(const SampleArguments& a) {
  const ModelFile file = ModelFile::open(a.file);
  const auto graph = file.graph(0, memory_limit(8));
  GenerateConfig config;
  config.decoding = a.decoding;
  config.stops = a.stops;
  config.max_tokens = a.tokens;
  config.keep = a.keep;
  config.chunk = std::min(file.config.context, 512u);  // a prompt goes through the layers in one go: nobody waits between
  config.memory_limit = memory_limit(8);
  Generator generator(*graph, file.vocabulary.token_bytes(), config);
  std::vector<std::uint32_t> ids = file.vocabulary.encode(a.prompt);
  if (ids.empty()) ids = first_token(file.vocabulary);
  generator.begin(ids);
  listen_for_stop();
  if (!a.json) print(a.prompt);

  const Stopwatch clock;
  std::string written;
  std::uint64_t tokens = 0;
  while (generator.finish() == Finish::no && !stop_wanted()) {
    const Generated next = generator.next();
    ++tokens;
    written += next.text;
    if (!a.json) print(next.text);
  }
  if (!a.json) {
    print("\n");
  } else {
    const DecodingConfig& d = a.decoding;
    Json out;
    out.add("kind", "sample").add("file", a.file).add("prompt", a.prompt).add("text", written).add("tokens", tokens);
    out.add("ended", reason(generator.finish())).add("temperature", d.temperature).add("topK", d.top_k).add("topP", d.top_p);
    out.add("minP", d.min_p).add("typical", d.typical).add("repetition", d.repetition).add("presence", d.presence);
    out.add("frequency", d.frequency).add("seed", d.seed);
    out.add("tokensPerSecond", static_cast<double>(tokens) / std::max(clock.seconds(), 1e-9));
    print(out.str() + "\n");
  }
  return stop_wanted() ? kStopped : 0;
}

}  // namespace x2g::cli
