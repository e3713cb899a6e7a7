// x2g info: what a safetensors file holds: the model, if it is one of ours or GPT-2's, its tokenizer, metadata and tensors,
// and which kernels would run it here.
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "commands.hpp"
#include "files.hpp"
#include "output.hpp"
#include "vocabulary.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/io/safetensors.hpp"
#include "x2g/lm/gpt_file.hpp"
#include "x2g/lm/language_model.hpp"
#include "x2g/version.hpp"

namespace x2g::cli {
namespace {

constexpr std::size_t kShown = 200;  // characters of a metadata text

std::uint64_t elements(const StoredTensor& t) {
  std::uint64_t n = 1;
  for (const std::uint64_t d : t.shape) n *= d;
  return n;
}

/// NaN and ±∞ among the values; absent for kinds that are not read.
std::optional<std::uint64_t> not_finite(const SafeTensors& file, const StoredTensor& t) {
  if (t.dtype != "F32" && t.dtype != "F16" && t.dtype != "BF16") return {};
  const std::vector<float> values = file.floats(t);
  return static_cast<std::uint64_t>(std::ranges::count_if(values, [](float v) { return !std::isfinite(v); }));
}

std::string shape_text(const std::vector<std::uint64_t>& shape) {
  std::string out;
  for (const std::uint64_t d : shape) out += text(out.empty() ? "" : " x ", d);
  return "(" + out + ")";
}

std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kShown)) out += c == '\n' ? std::string("\\n") : c == '\t' ? std::string("\\t") : std::string(1, c);
  return as_utf8(out) + (text.size() > kShown ? "…" : "");
}

struct Described {
  std::optional<GptFile> gpt;
  std::string why_not;
  std::uint64_t parameters = 0, training = 0;  // training: bytes with AdamW at the lesson's batch of 12
};

Described describe(std::span<const std::uint8_t> bytes) {
  Described out;
  try {
    out.gpt = describe_gpt(bytes);
    out.parameters = gpt(out.gpt->config).parameter_count();
    OptimizerConfig adamw;
    adamw.kind = OptimizerConfig::Kind::adamw;
    out.training = LanguageModel::memory(out.gpt->config, adamw, 0).total();
  } catch (const Error& error) {
    out.gpt.reset();
    out.why_not = error.message();
  }
  return out;
}

std::string tokenizer_text(const GptFile& file) {
  if (!file.tokenizer && file.tokenizer_json.empty()) return "not in the file";
  const Vocabulary vocabulary = Vocabulary::of(file);
  return text(vocabulary.kind(), ", ", vocabulary.size(), " ", vocabulary.units());
}

Json json_of(const InfoArguments& a, std::size_t bytes, const SafeTensors& file, const Described& d) {
  Json out;
  out.add("kind", "info").add("kernels", variant()).add("file", a.file).add("bytes", bytes);
  if (d.gpt) {
    const GptConfig& c = d.gpt->config;
    Json model;
    model.add("vocab", c.vocab).add("layers", c.layers).add("heads", c.heads).add("channels", c.channels).add("context", c.context);
    model.add("bias", c.bias).add("geluErf", c.gelu_erf);
    out.add("model", model).add("parameters", d.parameters).add("weightBytes", 4 * d.parameters).add("trainingBytes", d.training);
  } else {
    out.add_null("model").add("whyNot", d.why_not);
  }
  if (d.gpt && (d.gpt->tokenizer || !d.gpt->tokenizer_json.empty())) {
    const Vocabulary vocabulary = Vocabulary::of(*d.gpt);
    Json tokenizer;
    tokenizer.add("kind", vocabulary.kind()).add("size", vocabulary.size());
    if (d.gpt->tokenizer) tokenizer.add("vocabulary", vocabulary.identity());
    out.add("tokenizer", tokenizer);
  } else {
    out.add_null("tokenizer");
  }
  Json metadata;
  for (const auto& [key, value] : file.metadata) metadata.add(key, value);
  out.add("metadata", metadata);
  std::vector<Json> tensors;
  for (const StoredTensor& t : file.tensors) {
    Json& row = tensors.emplace_back();
    row.add("name", t.name).add("dtype", t.dtype).add_list("shape", t.shape);
    if (const auto n = not_finite(file, t)) row.add("notFinite", *n);
  }
  return out.add_list("tensors", tensors);
}

std::string words_of(const InfoArguments& a, std::size_t bytes, const SafeTensors& file, const Described& d) {
  std::string out = text(a.file, ": ", size_text(static_cast<double>(bytes)), ", ", file.tensors.size(), " tensors\n");
  if (d.gpt) {
    const GptConfig& c = d.gpt->config;
    out += text("model       GPT: ", c.layers, " layers, ", c.heads, " heads, ", c.channels, " channels, context ", c.context, ", ",
                c.vocab, " tokens, ", c.bias ? "biases" : "no biases", ", GELU by ", c.gelu_erf ? "erf" : "tanh", "\n");
    out += text("parameters  ", d.parameters, " (", size_text(4.0 * static_cast<double>(d.parameters)), "); training in batches of ",
                c.batch, " takes ", size_text(static_cast<double>(d.training)), "\n");
    out += text("tokenizer   ", tokenizer_text(*d.gpt), "\n");
  } else {
    out += text("model       no GPT: ", d.why_not, "\n");
  }
  out += text("kernels     ", variant(), ", of this machine\n");
  for (const auto& [key, value] : file.metadata) out += text("metadata    ", one_line(key), " = ", one_line(value), "\n");
  std::size_t widest = 0;
  for (const StoredTensor& t : file.tensors) widest = std::max(widest, t.name.size());
  for (const StoredTensor& t : file.tensors) {
    out += text("tensor      ", one_line(t.name), std::string(widest - t.name.size() + 2, ' '), t.dtype, " ", shape_text(t.shape));
    if (const auto n = not_finite(file, t); n && *n > 0) out += text("  ", *n, " of ", elements(t), " values are not finite");
    out += "\n";
  }
  return out;
}

}  // namespace

int info(const InfoArguments& a) {
  const std::vector<std::uint8_t> bytes = read_bytes(a.file);
  try {
    const SafeTensors file = SafeTensors::parse(bytes);
    const Described d = describe(bytes);
    print(a.json ? json_of(a, bytes.size(), file, d).str() + "\n" : words_of(a, bytes.size(), file, d));
  } catch (const Error& error) {
    throw Error(error.code(), text("\"", a.file, "\": ", error.message()));
  }
  return 0;
}

}  // namespace x2g::cli
