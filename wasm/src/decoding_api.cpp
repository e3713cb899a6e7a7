#include "decoding_api.hpp"

#include <algorithm>

#include "border.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/io/hf_export.hpp"

namespace x2g::border {
namespace {

// In the order of DecodingStep.
constexpr const char* kSteps[kDecodingSteps] = {"model", "penalties", "temperature", "topK", "topP", "minP", "typical"};

BeamConfig beam_config(const GptRun& run, const BeamFields& f) {
  BeamConfig c{.width = count("width", f.width), .length = count("length", f.length), .alpha = f.alpha, .shown = count("shown", f.shown)};
  const std::uint32_t context = run.model().config().context;
  if (c.length >= context)
    throw Error(ErrorCode::invalid_argument,
                text("length is ", c.length, "; with a context of ", context, " tokens it must be 1 to ", context - 1));
  if (f.end.empty()) return c;
  const std::vector<std::uint32_t> end = run.model().tokenizer().encode_known(f.end);
  if (end.size() != 1 || run.model().tokenizer().decode(end) != f.end)
    throw Error(ErrorCode::invalid_argument, text("end is \"", f.end.substr(0, 80), "\"; it must be one token of the vocabulary"));
  c.end_token = end[0];
  return c;
}

/// The newest tokens of the prompt that leave room for the continuation.
std::vector<std::uint32_t> beam_prompt(const GptRun& run, const BeamFields& f) {
  std::vector<std::uint32_t> ids = run.ids_of(f.prompt);
  const std::size_t room = run.model().config().context - beam_config(run, f).length;
  if (ids.size() > room) ids.erase(ids.begin(), ids.end() - static_cast<std::ptrdiff_t>(room));
  return ids;
}

}  // namespace

BeamHandle::BeamHandle(GptRun& run, BeamFields fields)
    : run_(run),
      decoder_(run.model().trainer().graph()),
      next_(decoder_),
      prompt_(beam_prompt(run, fields)),
      search_(next_, prompt_, beam_config(run, fields)),
      weights_(run.weights()) {}

bool BeamHandle::advance() {
  if (run_.weights() != weights_)
    throw Error(ErrorCode::bad_state, "the model was trained while it was searched; pause the run and search again");
  return search_.advance();
}

val BeamHandle::tree() const {
  const Tokenizer& tokenizer = run_.model().tokenizer();
  val nodes = val::array(), beam = val::array(), ranked = val::array(), texts = val::array(), out = val::object();
  for (const BeamNode& n : search_.tree()) {
    const bool root = n.parent == BeamNode::kRoot;
    val row = val::object();
    row.set("parent", root ? val::null() : val(n.parent));
    row.set("id", root ? val::null() : val(n.token));
    row.set("label", root ? std::string() : tokenizer.label(n.token));
    row.set("depth", n.depth);
    row.set("logP", n.log_p);
    row.set("total", n.total);
    row.set("score", n.score);
    row.set("kept", n.kept);
    row.set("finished", n.finished);
    nodes.call<void>("push", row);
  }
  for (const std::uint32_t node : search_.beam()) beam.call<void>("push", node);
  for (const std::uint32_t node : search_.ranked()) {
    ranked.call<void>("push", node);
    texts.call<void>("push", tokenizer.decode(search_.tokens(node)));
  }
  out.set("prompt", tokenizer.decode(prompt_));
  out.set("nodes", nodes);
  out.set("beam", beam);
  out.set("ranked", ranked);
  out.set("texts", texts);
  return out;
}

val decoding_steps(GptRun& run, SamplingFields fields) {
  const std::vector<std::uint32_t> ids = run.ids_of(fields.prompt);
  const std::span<const std::uint32_t> all = ids;
  const std::size_t window = run.model().config().context, penalty = count("penaltyTokens", fields.penaltyTokens, 0, 1e6);
  CachedDecoder reader(run.model().trainer().graph());
  const std::span<const float> logits = reader.prefill(all.last(std::min(all.size(), window)));
  const std::span<const std::uint32_t> history = penalty == 0 ? all : all.last(std::min(all.size(), penalty));
  Decoder decoder = choice_of(fields);
  const DecodingTrace trace = decoder.trace(logits, history);
  val steps = val::array(), removed = val::array(), out = val::object();
  for (std::size_t i = 0; i < kDecodingSteps; ++i) {
    val row = val::object();
    row.set("step", std::string(kSteps[i]));
    row.set("kept", trace.kept[i]);
    row.set("p", to_js(trace.after(static_cast<DecodingStep>(i))));
    steps.call<void>("push", row);
  }
  for (const std::uint8_t by : trace.removed_by) removed.call<void>("push", by == kKeptToken ? val::null() : val(std::string(kSteps[by])));
  out.set("steps", steps);
  out.set("removedBy", removed);
  out.set("drawn", decoder.next(logits, history));
  return out;
}

val export_to_js(const GptRun& run) {
  const LanguageModel& model = run.model();
  const HfExport made = export_hf(model.trainer().graph(), model.config(), model.tokenizer());
  val files = val::array(), notes = val::array(), out = val::object();
  for (const HfFile& file : made.files) {
    val row = val::object();
    row.set("name", file.name);
    row.set("bytes", to_js(std::span<const std::uint8_t>(file.bytes)));
    files.call<void>("push", row);
  }
  for (const std::string& note : made.notes) notes.call<void>("push", note);
  out.set("files", files);
  out.set("notes", notes);
  return out;
}

}  // namespace x2g::border
