#include "vocabulary.hpp"

#include <utility>

#include "output.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/lm/generate.hpp"
#include "x2g/text/bpe_trainer.hpp"
#include "x2g/text/split.hpp"

namespace x2g::cli {
namespace {

constexpr std::size_t kLongest = Bpe::kLongestText;  // bytes that are learned from, or encoded, at a time

/// The most bytes from `at` on that are cut into the pieces that the whole text has there. A cut looks ahead in blanks only, so what counts is
/// that the last two pieces stay as they are when nothing follows them.
std::size_t part_length(std::string_view text, std::size_t at) {
  if (text.size() - at <= kLongest) return text.size() - at;
  std::size_t good = at;
  for (std::size_t before = at, start = at;;) {
    const std::size_t end = start + piece_length(text, start, Split::words);
    if (end - at > kLongest) break;
    const std::string_view part = text.substr(0, end);
    const bool same = before == start || piece_length(part, before, Split::words) == start - before;
    if (same && piece_length(part, start, Split::words) == end - start) good = end;
    before = start;
    start = end;
  }
  return good > at ? good - at : kLongest;
}

}  // namespace

Vocabulary::Vocabulary(std::string tokenizer_json) : pairs_(HfTokenizer::read(tokenizer_json)), json_(std::move(tokenizer_json)) {}

Vocabulary Vocabulary::learned(std::string_view text, std::uint32_t tokens) {
  BpeTrainer trainer(text.substr(0, part_length(text, 0)), {.unit = BpeUnit::bytes, .split = Split::words, .vocabulary = tokens});
  while (trainer.step()) {}
  return Vocabulary(HfTokenizer(trainer.model()).write());
}

Vocabulary Vocabulary::of(const GptFile& file) {
  if (file.tokenizer) return Vocabulary(*file.tokenizer);
  if (!file.tokenizer_json.empty()) {
    Vocabulary out(file.tokenizer_json);
    if (out.size() != file.config.vocab)
      throw Error(ErrorCode::bad_file, text("its tokenizer has ", out.size(), " tokens but its embedding ", file.config.vocab, " rows"));
    return out;
  }
  if (file.config.vocab == 256) return Vocabulary(Tokenizer::bytes());  // as the lesson does
  throw Error(ErrorCode::bad_file, text("the model has ", file.config.vocab,
                                        " tokens, and the file does not say which; it must have the metadata x2g.tokenizer (\"char\" "
                                        "with x2g.vocabulary, \"byte\", or \"bpe\" with x2g.tokenizer.json)"));
}

std::string_view Vocabulary::kind() const { return pairs_ ? "bpe" : plain_.kind() == Tokenizer::Kind::bytes ? "byte" : "char"; }

std::string_view Vocabulary::units() const {
  return pairs_ ? "tokens of byte pairs" : plain_.kind() == Tokenizer::Kind::bytes ? "bytes" : "characters";
}

std::string Vocabulary::identity() const { return pairs_ ? hex64(fnv1a(json_.data(), json_.size())) : plain_.vocabulary(); }

std::vector<std::uint32_t> Vocabulary::encode(std::string_view text) const {
  if (!pairs_) return plain_.encode(text);
  std::vector<std::uint32_t> ids;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = part_length(text, at);
    const std::vector<std::uint32_t> part = pairs_->encode(text.substr(at, length));
    ids.insert(ids.end(), part.begin(), part.end());
    at += length;
  }
  return ids;
}

std::vector<std::uint32_t> Vocabulary::encode_known(std::string_view text) const {
  return pairs_ ? encode(text) : plain_.encode_known(text);  // every byte is known
}

std::string Vocabulary::known_text(std::string text, bool skip_unknown) const {
  return skip_unknown && !pairs_ ? plain_.decode(plain_.encode_known(text)) : std::move(text);
}

std::vector<std::string> Vocabulary::token_bytes() const {
  if (!pairs_) return x2g::token_bytes(plain_);
  std::vector<std::string> out;
  for (std::uint32_t id = 0; id < pairs_->size(); ++id) out.push_back(pairs_->decode({&id, 1}));
  return out;
}

std::vector<std::uint8_t> Vocabulary::save(const Graph<float>& graph, const GptConfig& config) const {
  return pairs_ ? save_gpt(graph, config, json_) : save_gpt(graph, config, plain_);
}

std::string Vocabulary::load(std::span<const std::uint8_t> file, Graph<float>& graph, const GptConfig& config) const {
  return pairs_ ? load_gpt(file, graph, config, json_) : load_gpt(file, graph, config, plain_);
}

HfExport Vocabulary::folder(const Graph<float>& graph, const GptConfig& config) const {
  return pairs_ ? export_hf(graph, config, json_) : export_hf(graph, config, plain_);
}

}  // namespace x2g::cli
