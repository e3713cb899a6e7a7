// The folder that Hugging Face transformers opens: its logits, computed by PyTorch from the exported bytes (tests/golden/check_hf_export.py),
// are ours; its configuration and tokenizer say what they must.
#include "x2g/io/hf_export.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <sys/stat.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <utility>

#include "golden/golden.hpp"
#include "io/json.hpp"
#include "support/figures.hpp"
#include "support/op_graph.hpp"
#include "x2g/base/text.hpp"
#include "x2g/io/safetensors.hpp"
#include "x2g/lm/gpt_file.hpp"

using namespace x2g;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr std::uint32_t kBatch = 2;

struct Made {
  const char* name;
  GptConfig config;
};
constexpr Made kModels[] = {
    {"bias_erf",
     {.vocab = 11, .layers = 2, .heads = 2, .channels = 12, .context = 8, .batch = kBatch, .bias = true, .gelu_erf = true, .loss = false}},
    {"plain_tanh", {.vocab = 11, .layers = 2, .heads = 4, .channels = 8, .context = 9, .batch = kBatch, .loss = false}},
};

Tokenizer tokenizer() { return Tokenizer::characters("\n \"\\abcxyzあ"); }

/// Weights from the tensors' names, so that they are the same wherever the test runs; ids as in the script.
std::unique_ptr<Graph<float>> model(const GptConfig& c) {
  auto g = std::make_unique<Graph<float>>(gpt(c), GraphOptions{.gradients = false});
  for (const TensorSpec& t : g->spec().tensors()) {
    if (t.role != Role::parameter) continue;
    const auto w = golden::made_up(t.name, t.shape.size());
    for (std::size_t i = 0; i < w.size(); ++i) g->value(t.name)[i] = static_cast<float>(0.5 * w[i] + t.init.a * (t.shape.rank == 1));
  }
  for (std::uint32_t b = 0; b < kBatch; ++b)
    for (std::uint32_t t = 0; t < c.context; ++t)
      g->value("ids")[b * c.context + t] = static_cast<float>((7 * t * t + 3 * t + 5 * b) % c.vocab);
  g->forward();
  return g;
}

std::string content(const HfExport& e, std::string_view name) {
  for (const HfFile& f : e.files)
    if (f.name == name) return {f.bytes.begin(), f.bytes.end()};
  FAIL("no file " << name);
  return {};
}

}  // namespace

TEST_CASE("PyTorch computes our logits from the exported folder", "[io][hf][golden]") {
  const golden::File want("hf_export.txt");
  for (const Made& m : kModels) {
    CAPTURE(m.name);
    const auto g = model(m.config);
    const HfExport made = export_hf(*g, m.config, tokenizer());
    const std::string file = content(made, "model.safetensors");
    const SafeTensors st = SafeTensors::parse({reinterpret_cast<const std::uint8_t*>(file.data()), file.size()});
    std::uint64_t hash = 0;
    for (const double part : want[std::string(m.name) + ".hash"].data) hash = hash << 16 | static_cast<std::uint64_t>(part);
    CHECK(fnv1a(st.data.data(), st.data.size()) == hash);  // the very bytes that PyTorch read
    const golden::Tensor& logits = want[std::string(m.name) + ".logits"];
    const auto ours = g->value("logits");
    REQUIRE(logits.data.size() == ours.size());
    double worst = 0;
    for (std::size_t i = 0; i < ours.size(); ++i) worst = std::fmax(worst, std::fabs(logits.data[i] - static_cast<double>(ours[i])));
    test::figure("2 exported model in PyTorch, logits", m.name, worst, 1e-4);
  }
}

TEST_CASE("the configuration is GPT-2's, and says what differs", "[io][hf]") {
  const auto g = model(kModels[1].config);
  const HfExport made = export_hf(*g, kModels[1].config, tokenizer());
  REQUIRE(made.files.size() == 4);
  const std::string config = content(made, "config.json");
  JsonReader json(config);
  json.skip();
  json.finish();
  for (const char* line :
       {"\"model_type\": \"gpt2\"", "\"n_layer\": 2", "\"n_head\": 4", "\"n_embd\": 8", "\"n_positions\": 9", "\"vocab_size\": 11",
        "\"activation_function\": \"gelu_new\"", "\"layer_norm_epsilon\": 0.00001", "\"tie_word_embeddings\": true", "\"x2g_bias\": false"})
    CHECK_THAT(config, ContainsSubstring(line));
  CHECK_THAT(hf_config_json(kModels[0].config),
             ContainsSubstring("\"activation_function\": \"gelu\"") && ContainsSubstring("\"x2g_bias\": true"));
  REQUIRE(made.notes.size() == 1);
  CHECK_THAT(made.notes[0], ContainsSubstring("no biases") && ContainsSubstring("zeros"));
  CHECK(export_hf(*model(kModels[0].config), kModels[0].config, tokenizer()).notes.empty());
  CHECK_THAT(content(made, "tokenizer_config.json"), ContainsSubstring("\"model_max_length\": 9"));
}

TEST_CASE("the exported weights open here again", "[io][hf]") {
  for (const Made& m : kModels) {
    const auto g = model(m.config);
    const std::string file = content(export_hf(*g, m.config, tokenizer()), "model.safetensors");
    const std::span bytes(reinterpret_cast<const std::uint8_t*>(file.data()), file.size());
    CHECK(describe_gpt(bytes).config.gelu_erf == m.config.gelu_erf);
    CHECK(describe_gpt(bytes).config.bias == m.config.bias);
    Graph<float> again(gpt(m.config), {.gradients = false});
    CHECK(load_gpt(bytes, again, m.config, tokenizer()).empty());
    CHECK(
        std::ranges::equal(std::as_const(again).value(again.spec().require("blocks.1.mlp.fc.weight")), g->value("blocks.1.mlp.fc.weight")));
  }
}

TEST_CASE("tokenizer.json gives every character and every byte its id", "[io][hf]") {
  const auto vocabulary = [](const std::string& file) {
    std::vector<std::string> tokens;
    JsonReader json(file);
    std::string key;
    json.begin_object();
    while (json.next_key(key)) {
      if (key != "model") {
        json.skip();
        continue;
      }
      json.begin_object();
      while (json.next_key(key)) {
        if (key != "vocab") {
          json.skip();
          continue;
        }
        json.begin_object();
        while (json.next_key(key)) {
          CHECK(json.whole_number() == tokens.size());
          tokens.push_back(key);
        }
      }
    }
    json.finish();
    return tokens;
  };
  CHECK(vocabulary(hf_tokenizer_json(tokenizer())) == std::vector<std::string>{"\n", " ", "\"", "\\", "a", "b", "c", "x", "y", "z", "あ"});
  CHECK_THAT(hf_tokenizer_json(tokenizer()), ContainsSubstring("\"decoder\": {\"type\": \"Fuse\"}"));
  const auto bytes = vocabulary(hf_tokenizer_json(Tokenizer::bytes()));
  REQUIRE(bytes.size() == 256);
  // GPT-2's alphabet: blank is Ġ, line feed Ċ, a is itself, byte 0xAD is the last that moved.
  CHECK(bytes[0] == "Ā");
  CHECK(bytes[' '] == "Ġ");
  CHECK(bytes['\n'] == "Ċ");
  CHECK(bytes['a'] == "a");
  CHECK(bytes[0x7F] == "ġ");
  CHECK(bytes[0xAD] == "Ń");
  CHECK(bytes[0xFF] == "ÿ");
}

TEST_CASE("a tokenizer of another size is refused, one of another kind is passed on", "[io][hf]") {
  const auto g = model(kModels[1].config);
  CHECK_THAT(test::message_of([&] { export_hf(*g, kModels[1].config, Tokenizer::characters("ab")); }),
             ContainsSubstring("2 tokens and the model 11"));
  CHECK(content(export_hf(*g, kModels[1].config, "{\"model\":1}"), "tokenizer.json") == "{\"model\":1}");
}

// Not a check: makes what check_hf_export.py reads. Runs only when asked for by name.
TEST_CASE("the two folders of the golden file are written", "[.hf-folders]") {
  const char* const to = std::getenv("X2G_HF_DIR");
  REQUIRE(to != nullptr);
  for (const Made& m : kModels) {
    const std::string folder = std::string(to) + "/" + m.name + "/";
    mkdir(folder.c_str(), 0755);
    const auto g = model(m.config);
    for (const HfFile& f : export_hf(*g, m.config, tokenizer()).files)
      std::ofstream(folder + f.name, std::ios::binary)
          .write(reinterpret_cast<const char*>(f.bytes.data()), static_cast<std::streamsize>(f.bytes.size()));
    std::ofstream logits(folder + "x2g_logits.txt");
    for (const float v : g->value("logits")) {
      char number[32];
      std::snprintf(number, sizeof number, "%.9g\n", static_cast<double>(v));
      logits << number;
    }
    CHECK(logits.good());
  }
}
