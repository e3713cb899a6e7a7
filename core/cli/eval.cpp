// x2g eval: the loss of a model on the end of a text, over random windows. With the seed, the batch and the number of batches of a training
// run it is the figure that run ended with.
#include <cmath>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

#include "commands.hpp"
#include "files.hpp"
#include "model.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "stop.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/train/batches.hpp"

namespace x2g::cli {

int eval(const EvalArguments& a) {
  const ModelFile file = ModelFile::open(a.file);
  const std::string corpus = file.vocabulary.known_text(read_text(a.text), a.skip_unknown);
  const auto tokens = std::make_shared<const std::vector<std::uint32_t>>(file.vocabulary.encode(corpus));
  const auto part = static_cast<std::size_t>(static_cast<double>(tokens->size()) * a.validation);
  if (part < file.config.context + 2)
    throw Error(ErrorCode::invalid_argument,
                text("the last ", 100 * a.validation, " % of \"", a.text, "\" are ", part, " tokens; the model needs at least ",
                     file.config.context + 2, ". Give more text, or --validation 1 to read all of it"));
  const std::vector<std::string> pieces = file.vocabulary.token_bytes();
  std::size_t bytes = 0;
  for (std::size_t i = tokens->size() - part; i < tokens->size(); ++i) bytes += pieces[(*tokens)[i]].size();
  const auto graph = file.graph(a.batch, memory_limit(a.memory));
  TextBatches<float> batches(tokens, tokens->size() - part, tokens->size(), a.seed, Stream::eval);

  listen_for_stop();
  Progress progress;
  const Stopwatch clock;
  double sum = 0;
  for (std::uint32_t i = 0; i < a.batches; ++i) {
    if (stop_wanted()) return kStopped;
    batches.fill(i, *graph);
    sum += static_cast<double>(graph->forward());
    progress.bar((i + 1.0) / a.batches, text("batch ", i + 1, " of ", a.batches, ", loss ", fixed(sum / (i + 1.0), 4)));
  }
  const double loss = sum / a.batches;
  // What does not depend on how long tokens are: the only figure that models of different tokenizers can be compared by.
  const double bits = loss / std::numbers::ln2 * static_cast<double>(part) / static_cast<double>(bytes);
  if (a.json) {
    Json out;
    out.add("kind", "eval").add("file", a.file).add("text", a.text).add("tokens", part).add("batches", a.batches);
    out.add("batch", a.batch)
        .add("seed", a.seed)
        .add("loss", loss)
        .add("perplexity", std::exp(loss))
        .add("bitsPerByte", bits)
        .add("seconds", clock.seconds());
    progress.line(out.str());
  } else {
    progress.line(text("loss ", fixed(loss, 4), ", perplexity ", fixed(std::exp(loss), 3), " over ", a.batches, " batches of ", a.batch,
                       " windows from the last ", part, " tokens; ", fixed(bits, 3), " bits a byte"));
  }
  return 0;
}

}  // namespace x2g::cli
