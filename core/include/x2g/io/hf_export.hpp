// A trained GPT as a folder that Hugging Face transformers opens with from_pretrained() as GPT2LMHeadModel:
// config.json, model.safetensors (lm/gpt_file.hpp), tokenizer.json, tokenizer_config.json. Makes the bytes; writing them is the caller's.
//
// GPT-2 has biases: a model without them gets zeros, which compute the same; `notes` and the config's "x2g_bias" say so.
// tokenizer.json: characters are a BPE model without merges, every character a token, decoded by joining; bytes are GPT-2's byte alphabet
// (ByteLevel) without merges. Characters outside the vocabulary are left out there, as Tokenizer::encode_known() does.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "x2g/graph/graph.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/text/tokenizer.hpp"

namespace x2g {

/// One file of the folder.
struct HfFile {
  std::string name;                 ///< as transformers looks for it
  std::vector<std::uint8_t> bytes;  ///< its content
};

/// The whole folder.
struct HfExport {
  std::vector<HfFile> files;       ///< the four named above
  std::vector<std::string> notes;  ///< what is not as in the model itself, in a sentence each
};

/// graph: of gpt(config), of whatever batch.
HfExport export_hf(const Graph<float>& graph, const GptConfig& config, const Tokenizer& tokenizer);
/// The same for a model on byte pairs; tokenizer_json: HfTokenizer::write(), taken as it is.
HfExport export_hf(const Graph<float>& graph, const GptConfig& config, std::string_view tokenizer_json);

/// config.json of a GPT2LMHeadModel.
std::string hf_config_json(const GptConfig& config);
/// tokenizer.json, version 1.0.
std::string hf_tokenizer_json(const Tokenizer& tokenizer);

}  // namespace x2g
