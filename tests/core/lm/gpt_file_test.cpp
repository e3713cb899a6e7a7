// GPT weights from elsewhere: GPT-2's layout (Conv1D) and nanoGPT's, with every prefix, tied heads, and what is refused by name.
// Files are laid out here tensor by tensor, not by save_gpt(); that pair is tested in language_model_test.cpp.
#include "x2g/lm/gpt_file.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include "support/op_graph.hpp"
#include "x2g/io/safetensors.hpp"

using namespace x2g;
using Catch::Matchers::ContainsSubstring;

namespace {

using Bytes = std::vector<std::uint8_t>;
constexpr GptConfig kConfig{.vocab = 7, .layers = 2, .heads = 2, .channels = 6, .context = 5, .batch = 1, .bias = true, .loss = false};

/// A file under construction: tensors by name, in the order of their names.
struct Made {
  struct Tensor {
    std::vector<std::uint64_t> shape;
    std::vector<float> values;
  };
  std::map<std::string, Tensor> tensors;
  std::vector<std::pair<std::string, std::string>> metadata;

  Bytes bytes() const {
    std::vector<TensorToStore> list;
    for (const auto& [name, t] : tensors) list.push_back({name, t.shape, t.values});
    return write_safetensors(list, metadata);
  }
};

/// The model's weights as another program stores them. transposed: linear weights as (inputs, outputs).
Made foreign(const Graph<float>& g, const std::string& prefix, bool transposed) {
  Made out;
  for (const TensorSpec& t : g.spec().tensors()) {
    if (t.role != Role::parameter) continue;
    std::string name = t.name;
    const auto swap = [&name](std::string_view ours, std::string_view theirs) {
      if (const auto at = name.find(ours); at != std::string::npos) name.replace(at, ours.size(), theirs);
    };
    swap("blocks.", "h.");
    swap(".ln1.", ".ln_1.");
    swap(".ln2.", ".ln_2.");
    swap("lnf.", "ln_f.");
    swap(".qkv.", ".c_attn.");
    swap(".proj.", ".c_proj.");
    swap(".fc.", ".c_fc.");
    if (name == "wte" || name == "wpe") name += ".weight";
    Made::Tensor& to = out.tensors[prefix + name];
    const auto values = g.value(g.spec().require(t.name));
    to.values.assign(values.begin(), values.end());
    to.shape.assign(t.shape.dims.begin(), t.shape.dims.begin() + t.shape.rank);
    if (!transposed || name.find(".c_") == std::string::npos || t.shape.rank != 2) continue;
    const std::size_t rows = t.shape.dims[0], columns = t.shape.dims[1];
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t c = 0; c < columns; ++c) to.values[c * rows + r] = values[r * columns + c];
    std::swap(to.shape[0], to.shape[1]);
  }
  return out;
}

struct Setup {
  Graph<float> source{gpt(kConfig), {.gradients = false}}, target{gpt(kConfig), {.gradients = false}};
  Tokenizer tokenizer = Tokenizer::characters("abcdefg");
  Setup() {
    source.initialize(1);
    for (const TensorSpec& t : source.spec().tensors())  // biases and norms away from 0 and 1
      if (t.role == Role::parameter)
        for (float& w : source.value(t.name)) w += 0.25f * static_cast<float>(&w - source.value(t.name).data());
    target.initialize(2);
  }
  std::string load(const Made& file) { return load_gpt(file.bytes(), target, kConfig, tokenizer); }
  bool same() {
    for (const TensorSpec& t : source.spec().tensors())
      if (t.role == Role::parameter && !std::ranges::equal(source.value(t.name), target.value(t.name))) return false;
    return true;
  }
  /// The message of the error; nothing may have changed.
  std::string refused(const Made& file) {
    const std::vector<float> before(target.parameters().begin(), target.parameters().end());
    const std::string message = test::message_of([&] { load(file); });
    CHECK(std::ranges::equal(before, target.parameters()));
    return message;
  }
};

}  // namespace

TEST_CASE("GPT-2's and nanoGPT's files are told apart and read, whatever their names begin with", "[lm][files]") {
  Setup s;
  const bool gpt2 = GENERATE(true, false);
  const std::string outer = GENERATE("", "_orig_mod.", "module."), inner = GENERATE("transformer.", "");
  CAPTURE(gpt2, outer, inner);
  Made file = foreign(s.source, outer + inner, gpt2);
  file.tensors[outer + inner + "h.0.attn.bias"] = {{1, 1, 5, 5}, std::vector<float>(25, 1.0f)};  // GPT-2's causal mask, no weight
  file.tensors[outer + "lm_head.weight"] = file.tensors[outer + inner + "wte.weight"];
  const GptFile said = describe_gpt(file.bytes());
  CHECK(said.layout == (gpt2 ? GptFile::Layout::gpt2 : GptFile::Layout::nanogpt));
  CHECK(said.config.gelu_erf == !gpt2);
  CHECK(said.config.vocab == 7);
  CHECK(said.config.layers == 2);
  CHECK(said.config.channels == 6);
  CHECK(said.config.context == 5);
  CHECK(said.config.bias);
  CHECK_FALSE(said.tokenizer);
  CHECK(s.load(file).empty());
  CHECK(s.same());
}

TEST_CASE("a head that stands for the missing embedding is taken, one that differs is refused", "[lm][files]") {
  Setup s;
  Made file = foreign(s.source, "transformer.", false);
  file.tensors["lm_head.weight"] = file.tensors["transformer.wte.weight"];
  Made lone = file;
  lone.tensors.erase("transformer.wte.weight");
  CHECK(describe_gpt(lone.bytes()).config.vocab == 7);
  CHECK(s.load(lone).empty());
  CHECK(s.same());

  file.tensors["lm_head.weight"].values[3] += 1;
  CHECK_THAT(s.refused(file), ContainsSubstring("\"lm_head.weight\" differs"));
  file.tensors["lm_head.weight"] = {{8, 6}, std::vector<float>(48)};
  CHECK_THAT(s.refused(file), ContainsSubstring("(8, 6)") && ContainsSubstring("(7, 6)"));
}

TEST_CASE("a square weight is read by the layout of its file, not by its shape", "[lm][files]") {
  Setup s;
  Made mixed = foreign(s.source, "", true);
  // One layer laid out the other way round: its shape gives it away …
  mixed.tensors["h.1.attn.c_attn.weight"].shape = {18, 6};
  CHECK_THAT(s.refused(mixed), ContainsSubstring("\"h.1.attn.c_attn.weight\" has shape (18, 6); this model needs (6, 18)"));
  // … and a first layer that fits neither names both.
  mixed.tensors["h.0.attn.c_attn.weight"].shape = {9, 12};
  CHECK_THAT(s.refused(mixed), ContainsSubstring("(9, 12)") && ContainsSubstring("(3 channels, channels)"));
  CHECK(s.load(foreign(s.source, "", true)).empty());
  CHECK(s.source.value("blocks.0.attn.proj.weight")[1] == s.target.value("blocks.0.attn.proj.weight")[1]);
  CHECK(s.source.value("blocks.0.attn.proj.weight")[1] != s.source.value("blocks.0.attn.proj.weight")[6]);
}

TEST_CASE("numbers that are not finite are read and warned of", "[lm][files][bad-input]") {
  Setup s;
  Made file = foreign(s.source, "transformer.", true);
  file.tensors["transformer.h.1.mlp.c_fc.weight"].values[5] = std::nanf("");
  file.tensors["transformer.h.1.mlp.c_fc.weight"].values[6] = -std::numeric_limits<float>::infinity();
  CHECK_THAT(s.load(file), ContainsSubstring("\"h.1.mlp.c_fc.weight\" holds 2 numbers that are NaN or infinite"));
  CHECK_FALSE(s.same());
  CHECK(std::ranges::equal(s.source.value("wte"), s.target.value("wte")));
}

TEST_CASE("what is missing, too much or of another kind is refused by name", "[lm][files][bad-input]") {
  Setup s;
  const Made whole = foreign(s.source, "transformer.", true);
  const auto without = [&](const char* name) {
    Made file = whole;
    REQUIRE(file.tensors.erase(std::string("transformer.") + name) == 1);
    return file;
  };
  for (const char* name : {"wte.weight", "h.0.attn.c_attn.weight", "h.1.ln_2.bias", "h.1.mlp.c_proj.weight", "ln_f.weight"})
    CHECK_THAT(s.refused(without(name)), ContainsSubstring(name));
  CHECK_THAT(s.refused(Made{}), ContainsSubstring("wte.weight"));

  Made deeper = whole;
  deeper.tensors["transformer.h.2.ln_1.weight"] = {{6}, std::vector<float>(6)};
  CHECK_THAT(s.refused(deeper), ContainsSubstring("more layers than the model's 2"));
  Made flat = whole;
  flat.tensors["transformer.wte.weight"].shape = {42};
  CHECK_THAT(s.refused(flat), ContainsSubstring("1 dimensions"));
  Made other = whole;
  other.metadata = {{"x2g.tokenizer", "char"}, {"x2g.vocabulary", "abcdefz"}};
  CHECK_THAT(s.refused(other), ContainsSubstring("other characters"));
}

TEST_CASE("a description that does not hold together is refused", "[lm][files][bad-input]") {
  Setup s;
  const auto message = [&](const std::function<void(Made&)>& spoil) {
    Made file = foreign(s.source, "", true);
    spoil(file);
    return test::message_of([&] { describe_gpt(file.bytes()); });
  };
  CHECK(message([](Made&) {}) == "no error");
  CHECK_THAT(message([](Made& f) { f.metadata = {{"x2g.heads", "4"}}; }), ContainsSubstring("heads is 4"));
  CHECK_THAT(message([](Made& f) { f.metadata = {{"x2g.heads", "99999999999"}}; }), ContainsSubstring("heads"));
  CHECK(message([](Made& f) { f.metadata = {{"x2g.heads", "3"}}; }) == "no error");
  CHECK_THAT(message([](Made& f) { f.metadata = {{"x2g.tokenizer", "char"}, {"x2g.vocabulary", "ab"}}; }), ContainsSubstring("2 tokens"));
  CHECK_THAT(message([](Made& f) { f.metadata = {{"x2g.tokenizer", "char"}, {"x2g.vocabulary", "ba"}}; }), ContainsSubstring("rise"));
  CHECK_THAT(message([](Made& f) { f.metadata = {{"x2g.tokenizer", "byte"}}; }), ContainsSubstring("256 tokens"));
  CHECK_THAT(message([](Made& f) { f.tensors.erase("h.0.ln_1.weight"); }), ContainsSubstring("layers is 0"));
  CHECK_THAT(message([](Made& f) { f.tensors["wpe.weight"] = {{0, 6}, {}}; }), ContainsSubstring("context is 0"));
  CHECK_THAT(message([](Made& f) { f.tensors["wpe.weight"] = {{4000, 6}, std::vector<float>(24000)}; }),
             ContainsSubstring("context is 4000"));
}

TEST_CASE("a model on byte pairs carries its tokenizer.json and meets no other tokenizer", "[lm][files]") {
  Setup s;
  const std::string json = R"({"model":{"type":"BPE"}})";
  const std::vector<std::uint8_t> pairs = save_gpt(s.source, kConfig, json);
  const GptFile said = describe_gpt(pairs);
  CHECK_FALSE(said.tokenizer);
  CHECK(said.tokenizer_json == json);
  CHECK(said.config.vocab == 7);
  CHECK_THAT(test::message_of([&] { load_gpt(pairs, s.target, kConfig, s.tokenizer); }), ContainsSubstring("byte pairs"));
  CHECK_THAT(test::message_of([&] { load_gpt(pairs, s.target, kConfig, "{}"); }), ContainsSubstring("another tokenizer"));
  const std::vector<std::uint8_t> characters = save_gpt(s.source, kConfig, s.tokenizer);
  CHECK(describe_gpt(characters).tokenizer_json.empty());
  CHECK_THAT(test::message_of([&] { load_gpt(characters, s.target, kConfig, json); }), ContainsSubstring("another tokenizer"));
  CHECK_FALSE(s.same());
  CHECK(load_gpt(pairs, s.target, kConfig, json).empty());
  CHECK(s.same());
}
