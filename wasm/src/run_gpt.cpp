#include "run_gpt.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "border.hpp"
#include "made_stories.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/lm/gpt_file.hpp"

namespace x2g::border {
namespace {

constexpr std::size_t kShownTokens = 50;
constexpr std::size_t kChunk = 64;  // tokens that go through the layers together

void require_sane(std::span<const float> values) {
  if (!std::ranges::all_of(values, [](float v) { return std::isfinite(v); }))
    throw Error(ErrorCode::bad_state,
                "the model's output is not a number any more, so no token can be drawn; reset it or restore an earlier state");
}

std::uint32_t shares_of(const GptFields& f) { return count("shares", f.shares); }

std::string corpus_of(const GptFields& f) {
  if (f.language.empty()) return f.text;
  return made_stories(f.language, whole("corpus.bytes", f.storyBytes, 1, 64e6), whole("corpus.seed", f.storySeed, 0, 9007199254740991.0));
}

MemoryReport memory_of(const GptConfig& model, const OptimizerConfig& optimizer, double tokens, std::uint32_t shares) {
  const double data = tokens * sizeof(std::uint32_t);
  MemoryReport m = memory_report(LanguageModel::memory(model, optimizer, static_cast<std::uint64_t>(tokens), shares), 0);
  m.data = data;
  return m;
}

}  // namespace

CorpusReport GptRun::measure(GptFields fields) {
  const std::string corpus = corpus_of(fields);
  const Tokenizer tokenizer = tokenizer_of(fields, corpus);
  // Bytes, or code points: bytes that do not continue one.
  const auto tokens = tokenizer.kind() == Tokenizer::Kind::bytes
                          ? static_cast<std::ptrdiff_t>(corpus.size())
                          : std::ranges::count_if(corpus, [](char b) { return (static_cast<unsigned char>(b) & 0xC0u) != 0x80u; });
  return {static_cast<double>(tokenizer.size()), static_cast<double>(tokens)};
}

EstimateReport GptRun::estimate(GptFields fields, double vocab, double tokens) {
  GptConfig c = gpt_config(fields);
  c.vocab = std::max(2u, count("vocab", vocab));
  EstimateReport out;
  out.vocab = vocab;
  out.parameterCount = static_cast<double>(gpt(c).parameter_count());
  out.memory = memory_of(c, optimizer_config(fields.optimizer), static_cast<double>(whole("tokens", tokens, 0, 1e9)), shares_of(fields));
  return out;
}

GptRun::GptRun(GptFields fields, double memory_limit) : GptRun(fields, corpus_of(fields), memory_limit) {}

GptRun::GptRun(const GptFields& fields, std::string_view corpus, double memory_limit)
    : model_(corpus, tokenizer_of(fields, corpus), gpt_config(fields), optimizer_config(fields.optimizer), fields.validation,
             seed_of(fields.seed), static_cast<std::uint64_t>(memory_limit), shares_of(fields)) {}

val GptRun::info() const {
  const Tokenizer& tokenizer = model_.tokenizer();
  const double train = static_cast<double>(model_.train_tokens()), validation = static_cast<double>(model_.validation_tokens());
  val out = graph_info(memory_of(model_.config(), trainer().optimizer(), train + validation, trainer().options().workers));
  val labels = val::array();
  for (std::uint32_t id = 0; id < tokenizer.size(); ++id) labels.call<void>("push", tokenizer.label(id));
  out.set("vocabulary", labels);
  out.set("vocab", static_cast<double>(tokenizer.size()));
  out.set("trainTokens", train);
  out.set("validationTokens", validation);
  out.set("epochSteps", val::null());
  return out;
}

val GptRun::rows(val, val) {
  throw Error(ErrorCode::bad_state, "a language model has no rows of numbers to evaluate; look inside it with a text");
}

#if X2G_ENGINE != 2  // the language models' engine leaves weights files to the whole one
val GptRun::save() const {
  const std::vector<std::uint8_t> file = save_gpt(trainer().graph(), model_.config(), model_.tokenizer());
  return to_js(std::span<const std::uint8_t>(file));
}

void GptRun::load(val data) {
  load_gpt(bytes(data), trainer().graph(), model_.config(), model_.tokenizer());
  trainer().touch();
  ++edits_;
}
#endif

void GptRun::set(std::string name, val values) {
  TrainerRun::set(std::move(name), values);
  ++edits_;
}

void GptRun::restore(val data) {
  TrainerRun::restore(data);
  ++edits_;
}

val GptRun::share(double index, double loss) {
  if (index < 0)
    trainer().set_loss(loss);
  else
    trainer().take_share(static_cast<std::uint32_t>(index));
  const std::span<float> all = trainer().graph().gradients();
  return val(emscripten::typed_memory_view(all.size(), all.data()));
}

void GptRun::begin_evaluation(bool validation, double index) { model_.begin_evaluation(validation, whole("index", index, 0, 1e9)); }

val GptRun::advance_evaluation() {
  const auto loss = model_.advance_evaluation();
  return loss ? val(*loss) : val::null();
}

#if X2G_ENGINE == 2
Sampler choice_of(const SamplingFields& f) {
  if (f.topP != 1 || f.minP != 0 || f.typical != 1 || f.repetition != 1 || f.presence != 0 || f.frequency != 0)
    throw Error(ErrorCode::bad_state, "this engine draws by temperature and topK alone; open the session with engine: 'whole'");
  return Sampler({.temperature = f.temperature, .top_k = count("topK", f.topK, 0, 1e6), .seed = seed_of(f.seed)});
}
#else
Decoder choice_of(const SamplingFields& f) {
  const DecodingConfig c{.repetition = f.repetition,
                         .presence = f.presence,
                         .frequency = f.frequency,
                         .temperature = f.temperature,
                         .top_k = count("topK", f.topK, 0, 1e6),
                         .top_p = f.topP,
                         .min_p = f.minP,
                         .typical = f.typical,
                         .seed = seed_of(f.seed)};
  try {
    return Decoder(c);
  } catch (const Error& error) {
    std::string message = error.message();  // calls its field as C++ does; top_p and min_p are the only ones that differ
    if (message.compare(3, 2, "_p") == 0) message.replace(3, 2, "P");
    throw Error(error.code(), std::move(message));
  }
}
#endif

std::vector<std::uint32_t> GptRun::ids_of(const std::string& prompt) const {
  std::vector<std::uint32_t> ids = model_.tokenizer().encode_known(prompt);
  if (ids.empty()) ids = model_.tokenizer().encode_known("\n");
  if (ids.empty()) ids.push_back(0);
  return ids;
}

std::string GptRun::begin(SamplingFields fields) {
  const std::size_t context = model_.config().context;
  sampler_.emplace(choice_of(fields));
  keep_ = count("keep", fields.keep, 0, static_cast<double>(context));
  if (keep_ == 0) keep_ = context;
  penalty_tokens_ = count("penaltyTokens", fields.penaltyTokens, 0, 1e6);
  ids_ = ids_of(fields.prompt);
  first_ = ids_.size() - std::min(ids_.size(), context);
  if (!reader_) reader_.emplace(trainer().graph(), CachedDecoderConfig{.chunk = std::min<std::size_t>(context, kChunk)});
  reader_->clear();
  return model_.tokenizer().decode(model_.tokenizer().encode_known(fields.prompt));
}

/// Of the next token. Weights that changed since the last one make all that was read worthless.
std::span<const float> GptRun::logits() {
  const bool full = ids_.size() - first_ > model_.config().context;
  if (full) first_ = ids_.size() - keep_;
  if (full || read_with_ != weights()) reader_->clear();
  read_with_ = weights();
  return reader_->prefill(std::span(ids_).subspan(first_ + reader_->length()));
}

val GptRun::next() {
  if (!sampler_) throw Error(ErrorCode::bad_state, "no text has been begun; call begin() first");
  const std::span<const float> next = logits();
  require_sane(next);
#if X2G_ENGINE == 2
  const std::uint32_t id = sampler_->next(next);
#else
  const std::span<const std::uint32_t> seen = ids_;
  const std::uint32_t id = sampler_->next(next, penalty_tokens_ == 0 ? seen : seen.last(std::min(seen.size(), penalty_tokens_)));
#endif
  ids_.push_back(id);
  const std::string piece = model_.tokenizer().decode(id);
  return to_js(std::span(reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size()));
}

val GptRun::look(std::string given) {
  const std::vector<std::uint32_t> ids = model_.tokenizer().encode_known(given);
  if (ids.empty())
    throw Error(ErrorCode::invalid_argument, "there is nothing to look at: the text holds no character that the model knows");
  const LanguageModel::Inside inside = model_.look(ids);
  require_sane(inside.probabilities);
  val tokens = val::array(), next = val::array(), out = val::object();
  for (const std::uint32_t id : inside.ids) tokens.call<void>("push", model_.tokenizer().label(id));

  std::vector<std::uint32_t> order(inside.probabilities.size());
  std::iota(order.begin(), order.end(), 0u);
  const auto more_likely = [&p = inside.probabilities](std::uint32_t a, std::uint32_t b) { return p[a] != p[b] ? p[a] > p[b] : a < b; };
  const std::size_t shown = std::min(kShownTokens, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(), more_likely);
  for (std::size_t i = 0; i < shown; ++i) {
    val row = val::object();
    row.set("label", model_.tokenizer().label(order[i]));
    row.set("id", order[i]);
    row.set("p", inside.probabilities[order[i]]);
    next.call<void>("push", row);
  }
  out.set("tokens", tokens);
  out.set("layers", model_.config().layers);
  out.set("heads", model_.config().heads);
  out.set("attention", to_js(std::span<const float>(inside.attention)));
  out.set("next", next);
  return out;
}

}  // namespace x2g::border
