#include "x2g/lm/gpt_file.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/io/safetensors.hpp"

namespace x2g {
namespace {

constexpr std::string_view kPrefix = "transformer.";
constexpr std::string_view kVocabulary = "x2g.vocabulary", kTokenizerJson = "x2g.tokenizer.json";

[[noreturn]] void bad(std::string why) { throw Error(ErrorCode::bad_file, "these weights cannot be used: " + std::move(why)); }

/// One parameter of ours and its name in the file. Biases may be absent on one side.
struct Entry {
  std::string ours, theirs;
  bool linear = false;
};

std::vector<Entry> entries(std::uint32_t layers) {
  std::vector<Entry> list{{"wte", "wte.weight"}, {"wpe", "wpe.weight"}};
  const auto pair = [&list](const std::string& ours, const std::string& theirs, bool linear) {
    list.push_back({ours + ".weight", theirs + ".weight", linear});
    list.push_back({ours + ".bias", theirs + ".bias", false});
  };
  for (std::uint32_t l = 0; l < layers; ++l) {
    const std::string ours = text("blocks.", l), theirs = text("h.", l);
    pair(ours + ".ln1", theirs + ".ln_1", false);
    pair(ours + ".attn.qkv", theirs + ".attn.c_attn", true);
    pair(ours + ".attn.proj", theirs + ".attn.c_proj", true);
    pair(ours + ".ln2", theirs + ".ln_2", false);
    pair(ours + ".mlp.fc", theirs + ".mlp.c_fc", true);
    pair(ours + ".mlp.proj", theirs + ".mlp.c_proj", true);
  }
  pair("lnf", "ln_f", false);
  return list;
}

std::vector<float> transpose(std::span<const float> w, std::size_t rows, std::size_t columns) {
  std::vector<float> out(w.size());
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) out[c * rows + r] = w[r * columns + c];
  return out;
}

std::string shape_text(const std::vector<std::uint64_t>& shape) {
  std::string out = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) out += text(i ? ", " : "", shape[i]);
  return out + ")";
}

/// A parsed file, how its names begin and how its linear weights lie.
struct Source {
  SafeTensors file;
  std::string prefix;
  GptFile::Layout layout = GptFile::Layout::gpt2;

  explicit Source(std::span<const std::uint8_t> bytes) : file(SafeTensors::parse(bytes)) {
    for (const char* p : {"transformer.", "", "_orig_mod.transformer.", "_orig_mod.", "module.transformer.", "module."})
      if (file.find(text(p, "wpe.weight"))) {
        prefix = p;
        break;
      }
    const std::uint64_t C = require("wte.weight", 2).shape[1];
    require("wpe.weight", 2);
    const StoredTensor& qkv = require("h.0.attn.c_attn.weight", 2);
    if (qkv.shape[0] == C && qkv.shape[1] / 3 == C && qkv.shape[1] % 3 == 0) return;
    layout = GptFile::Layout::nanogpt;
    if (qkv.shape[1] != C || qkv.shape[0] / 3 != C || qkv.shape[0] % 3 != 0)
      bad(text("\"h.0.attn.c_attn.weight\" has shape ", shape_text(qkv.shape), "; with ", C,
               " channels GPT-2 stores it as (channels, 3 channels) and nanoGPT as (3 channels, channels)"));
  }

  const StoredTensor* find(std::string_view name) const {
    if (const StoredTensor* t = file.find(text(prefix, name)); t || name != "wte.weight") return t;
    return head();
  }
  const StoredTensor& require(std::string_view name, std::size_t rank) const {
    const StoredTensor* t = find(name);
    if (!t) bad(text("there is no tensor \"", name, "\"; a GPT-2 file has it"));
    if (t->shape.size() != rank) bad(text("\"", name, "\" has ", t->shape.size(), " dimensions; it must have ", rank));
    return *t;
  }
  /// The head's weight, which stands outside "transformer.".
  const StoredTensor* head() const {
    const std::size_t inner = prefix.ends_with(kPrefix) ? kPrefix.size() : 0;
    return file.find(text(std::string_view(prefix).substr(0, prefix.size() - inner), "lm_head.weight"));
  }
  bool transposed(const Entry& e) const { return e.linear && layout == GptFile::Layout::gpt2; }
};

std::vector<std::uint64_t> stored_shape(const Shape& shape, bool transposed) {
  std::vector<std::uint64_t> dims(shape.dims.begin(), shape.dims.begin() + shape.rank);
  if (transposed) std::reverse(dims.begin(), dims.end());
  return dims;
}

/// A bias's length in a model without biases: that of the weight's output side.
std::uint64_t bias_length(const Graph<float>& graph, const std::string& bias) {
  const std::string weight = bias.substr(0, bias.size() - 4) + "weight";
  return graph.spec().tensors()[static_cast<std::size_t>(graph.spec().require(weight))].shape.dims[0];
}

std::uint32_t dimension(std::uint64_t value, std::uint64_t most, const char* what) {
  if (value < 1 || value > most) bad(text(what, " is ", value, "; it must be 1 to ", most));
  return static_cast<std::uint32_t>(value);
}

std::uint32_t heads_of(const SafeTensors& file, std::uint32_t channels) {
  std::uint32_t heads = 0;
  for (const char c : file.meta("x2g.heads"))
    heads = c >= '0' && c <= '9' && heads < 1000 ? heads * 10 + static_cast<std::uint32_t>(c - '0') : 1000u;
  if (heads == 0) heads = channels % 64 == 0 ? channels / 64 : 1;  // GPT-2's heads are 64 wide
  if (channels % heads) bad(text("heads is ", heads, "; it must divide the ", channels, " channels"));
  return heads;
}

/// Our head is the token embedding: a file whose head differs holds another kind of model.
void check_head(const Source& source) {
  const StoredTensor *head = source.head(), &wte = source.require("wte.weight", 2);
  if (!head || head == &wte) return;
  if (head->shape != wte.shape)
    bad(text("\"lm_head.weight\" has shape ", shape_text(head->shape), " and \"wte.weight\" ", shape_text(wte.shape)));
  const std::vector<float> a = source.file.floats(*head), b = source.file.floats(wte);
  if (!a.empty() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) != 0)
    bad("\"lm_head.weight\" differs from \"wte.weight\"; here the two are one tensor (a tied head)");
}

/// kind: "x2g.tokenizer"; its own entry besides, key and value.
std::vector<std::uint8_t> save(const Graph<float>& graph, const GptConfig& config, std::string_view kind, std::string_view key,
                               std::string_view value) {
  std::vector<std::vector<float>> kept;  // owns transposed copies and zero biases until the file is written
  std::vector<TensorToStore> tensors;
  const std::vector<Entry> list = entries(config.layers);
  kept.reserve(list.size());
  for (const Entry& e : list) {
    TensorToStore t{text(kPrefix, e.theirs), {}, {}};
    const TensorId id = graph.spec().find(e.ours);
    if (id == kNoTensor) {
      kept.emplace_back(bias_length(graph, e.ours), 0.0f);
      t.shape = {kept.back().size()};
      t.values = kept.back();
    } else {
      const Shape& shape = graph.spec().tensors()[static_cast<std::size_t>(id)].shape;
      t.shape = stored_shape(shape, e.linear);
      t.values = graph.value(id);
      if (e.linear) t.values = kept.emplace_back(transpose(t.values, shape.dims[0], shape.dims[1]));
    }
    tensors.push_back(std::move(t));
  }
  const std::vector<std::pair<std::string, std::string>> metadata{
      {"format", "pt"},
      {"x2g.heads", text(config.heads)},
      {"x2g.gelu", config.gelu_erf ? "erf" : "tanh"},
      {"x2g.bias", config.bias ? "yes" : "no"},
      {"x2g.tokenizer", std::string(kind)},
      {std::string(key), std::string(value)},
  };
  return write_safetensors(tensors, metadata);
}

std::string load(const Source& source, Graph<float>& graph, const GptConfig& config) {
  const SafeTensors& file = source.file;
  if (source.find(text("h.", config.layers, ".ln_1.weight"))) bad(text("the file has more layers than the model's ", config.layers));
  check_head(source);

  std::string warning;
  std::vector<std::pair<TensorId, std::vector<float>>> ready;  // nothing is touched before all is checked
  for (const Entry& e : entries(config.layers)) {
    const TensorId id = graph.spec().find(e.ours);
    const StoredTensor* stored = source.find(e.theirs);
    if (!stored) {
      if (id == kNoTensor) continue;
      bad(text("there is no tensor \"", e.theirs, "\""));
    }
    if (id == kNoTensor) {
      const std::vector<float> values = file.floats(*stored);
      if (std::ranges::any_of(values, [](float v) { return v != 0.0f; }))
        bad(text("\"", e.theirs, "\" has values, but this model has no biases; switch them on"));
      continue;
    }
    const Shape& shape = graph.spec().tensors()[static_cast<std::size_t>(id)].shape;
    const std::vector<std::uint64_t> expected = stored_shape(shape, source.transposed(e));
    if (stored->shape != expected)
      bad(text("\"", e.theirs, "\" has shape ", shape_text(stored->shape), "; this model needs ", shape_text(expected)));
    std::vector<float> values = file.floats(*stored);
    const auto odd = std::ranges::count_if(values, [](float v) { return !std::isfinite(v); });
    if (odd > 0 && warning.empty())
      warning = text("\"", e.theirs, "\" holds ", odd, " numbers that are NaN or infinite; what the model computes will be, too");
    if (source.transposed(e)) values = transpose(values, shape.dims[1], shape.dims[0]);
    ready.emplace_back(id, std::move(values));
  }
  for (const auto& [id, values] : ready) std::ranges::copy(values, graph.value(id).begin());
  return warning;
}

}  // namespace

std::vector<std::uint8_t> save_gpt(const Graph<float>& graph, const GptConfig& config, const Tokenizer& tokenizer) {
  return save(graph, config, tokenizer.kind() == Tokenizer::Kind::bytes ? "byte" : "char", kVocabulary, tokenizer.vocabulary());
}

std::vector<std::uint8_t> save_gpt(const Graph<float>& graph, const GptConfig& config, std::string_view tokenizer_json) {
  return save(graph, config, "bpe", kTokenizerJson, tokenizer_json);
}

GptFile describe_gpt(std::span<const std::uint8_t> bytes) {
  const Source source(bytes);
  const SafeTensors& file = source.file;
  const StoredTensor& wte = source.require("wte.weight", 2);
  const StoredTensor& wpe = source.require("wpe.weight", 2);
  GptFile out;
  out.layout = source.layout;
  out.config.vocab = dimension(wte.shape[0], 65536, "the vocabulary");
  out.config.channels = dimension(wte.shape[1], 2048, "the number of channels");
  out.config.context = dimension(wpe.shape[0], 2048, "the context");
  std::uint32_t layers = 0;
  while (layers < 49 && source.find(text("h.", layers, ".ln_1.weight"))) ++layers;
  out.config.layers = dimension(layers, 48, "the number of layers");
  out.config.heads = heads_of(file, out.config.channels);
  const std::string_view gelu = file.meta("x2g.gelu");
  out.config.gelu_erf = gelu.empty() ? out.layout == GptFile::Layout::nanogpt : gelu == "erf";
  out.config.bias = file.meta("x2g.bias") != "no" && source.find("h.0.attn.c_attn.bias") != nullptr;
  if (file.meta("x2g.tokenizer") == "byte") out.tokenizer = Tokenizer::bytes();
  if (file.meta("x2g.tokenizer") == "char") out.tokenizer = Tokenizer::from_vocabulary(file.meta(kVocabulary));
  if (file.meta("x2g.tokenizer") == "bpe") out.tokenizer_json = file.meta(kTokenizerJson);
  if (out.tokenizer && std::max(2u, out.tokenizer->size()) != out.config.vocab)
    bad(text("its tokenizer has ", out.tokenizer->size(), " tokens but its embedding ", out.config.vocab, " rows"));
  return out;
}

std::string load_gpt(std::span<const std::uint8_t> bytes, Graph<float>& graph, const GptConfig& config, const Tokenizer& tokenizer) {
  const Source source(bytes);
  const std::string_view kind = source.file.meta("x2g.tokenizer");
  if (kind == "bpe") bad("they were trained on byte pairs, and this model reads characters or bytes; use them with the native program x2g");
  if (kind == "char" && source.file.meta(kVocabulary) != tokenizer.vocabulary())
    bad("they were trained with other characters than the present text has; start a run from the file instead");
  return load(source, graph, config);
}

std::string load_gpt(std::span<const std::uint8_t> bytes, Graph<float>& graph, const GptConfig& config, std::string_view tokenizer_json) {
  const Source source(bytes);
  if (source.file.meta("x2g.tokenizer") != "bpe" || source.file.meta(kTokenizerJson) != tokenizer_json)
    bad("they were trained with another tokenizer; take the one of the file");
  return load(source, graph, config);
}

}  // namespace x2g
