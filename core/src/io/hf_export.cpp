#include "x2g/io/hf_export.hpp"

#include <algorithm>
#include <utility>

#include "io/json.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/lm/gpt_file.hpp"
#include "x2g/ops/layernorm.hpp"

namespace x2g {
namespace {

std::string_view yes_no(bool value) { return value ? "true" : "false"; }

/// GPT-2's printable stand-in of a byte (bytes_to_unicode in its encoder.py): printable Latin-1 stands for itself, the rest from U+0100 on.
std::vector<char32_t> byte_alphabet() {
  std::vector<char32_t> out(256);
  char32_t next = 0x100;
  for (char32_t b = 0; b < 256; ++b) {
    const bool printable = (b >= 0x21 && b <= 0x7E) || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
    out[b] = printable ? b : next++;
  }
  return out;
}

std::string vocabulary_json(const Tokenizer& tokenizer) {
  const bool bytes = tokenizer.kind() == Tokenizer::Kind::bytes;
  const std::vector<char32_t> alphabet = bytes ? byte_alphabet() : std::vector<char32_t>();
  std::string out = "{";
  for (std::uint32_t id = 0; id < tokenizer.size(); ++id) {
    std::string token;
    if (bytes)
      append_utf8(token, alphabet[id]);
    else
      token = tokenizer.decode(id);
    out += text(id ? "," : "", json_quote(token), ":", id);
  }
  return out + "}";
}

std::vector<std::uint8_t> bytes_of(std::string_view s) { return {s.begin(), s.end()}; }

HfExport folder(const GptConfig& config, std::vector<std::uint8_t> weights, std::string_view tokenizer_json) {
  HfExport out;
  out.files.push_back({"config.json", bytes_of(hf_config_json(config))});
  out.files.push_back({"model.safetensors", std::move(weights)});
  out.files.push_back({"tokenizer.json", bytes_of(tokenizer_json)});
  out.files.push_back({"tokenizer_config.json",
                       bytes_of(text("{\n  \"tokenizer_class\": \"PreTrainedTokenizerFast\",\n  \"model_max_length\": ", config.context,
                                     ",\n  \"clean_up_tokenization_spaces\": false\n}\n"))});
  if (!config.bias) out.notes.emplace_back("The model has no biases and GPT-2 has: they are written as zeros, which compute the same.");
  return out;
}

}  // namespace

std::string hf_config_json(const GptConfig& c) {
  const auto line = [](std::string_view key, const auto& value) { return text("  \"", key, "\": ", value, ",\n"); };
  std::string out = "{\n  \"architectures\": [\"GPT2LMHeadModel\"],\n  \"model_type\": \"gpt2\",\n";
  out += line("n_layer", c.layers) + line("n_head", c.heads) + line("n_embd", c.channels) + line("n_positions", c.context);
  out += line("n_ctx", c.context) + line("n_inner", "null") + line("vocab_size", c.vocab);
  out += line("activation_function", c.gelu_erf ? "\"gelu\"" : "\"gelu_new\"") + line("layer_norm_epsilon", kLayerNormEps);
  out += line("initializer_range", 0.02) + line("attn_pdrop", "0.0") + line("embd_pdrop", "0.0") + line("resid_pdrop", "0.0");
  out += line("scale_attn_weights", "true") + line("scale_attn_by_inverse_layer_idx", "false") + line("reorder_and_upcast_attn", "false");
  out += line("tie_word_embeddings", "true") + line("use_cache", "true") + line("bos_token_id", "null") + line("eos_token_id", "null");
  out += line("torch_dtype", "\"float32\"");
  return out + text("  \"x2g_bias\": ", yes_no(c.bias), "\n}\n");
}

std::string hf_tokenizer_json(const Tokenizer& tokenizer) {
  const bool bytes = tokenizer.kind() == Tokenizer::Kind::bytes;
  const std::string_view level = "{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true, \"use_regex\": false}";
  return text(
      "{\n  \"version\": \"1.0\",\n  \"truncation\": null,\n  \"padding\": null,\n  \"added_tokens\": [],\n  \"normalizer\": null,\n",
      "  \"pre_tokenizer\": ", bytes ? level : "null",
      ",\n  \"post_processor\": null,\n  \"decoder\": ", bytes ? level : "{\"type\": \"Fuse\"}",
      ",\n  \"model\": {\"type\": \"BPE\", \"dropout\": null, \"unk_token\": null, \"continuing_subword_prefix\": null, ",
      "\"end_of_word_suffix\": null, \"fuse_unk\": false, \"byte_fallback\": false, \"vocab\": ", vocabulary_json(tokenizer),
      ", \"merges\": []}\n}\n");
}

HfExport export_hf(const Graph<float>& graph, const GptConfig& config, const Tokenizer& tokenizer) {
  if (std::max(2u, tokenizer.size()) != config.vocab)
    throw Error(ErrorCode::invalid_argument, text("the tokenizer has ", tokenizer.size(), " tokens and the model ", config.vocab,
                                                  "; give the tokenizer that the model was trained with"));
  return folder(config, save_gpt(graph, config, tokenizer), hf_tokenizer_json(tokenizer));
}

HfExport export_hf(const Graph<float>& graph, const GptConfig& config, std::string_view tokenizer_json) {
  return folder(config, save_gpt(graph, config, tokenizer_json), tokenizer_json);
}

}  // namespace x2g
