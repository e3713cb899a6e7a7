// Reading tokenizer.json: the members that decide ids are taken, those that cannot be honored are refused, the rest is read past.
#include "text/hf_draft.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

using Kind = JsonReader::Kind;
constexpr std::size_t kLongestAdded = 1000;  // bytes

/// Reads past null; false when there is something else.
bool is_null(JsonReader& json) {
  if (json.peek() != Kind::null) return false;
  json.skip();
  return true;
}

void must_be_null(JsonReader& json, std::string_view name) {
  if (!is_null(json)) json.fail(text("a ", name, " is not supported; it must be null"));
}

void must_be_false(JsonReader& json, std::string_view name) {
  if (!is_null(json) && json.boolean()) json.fail(text(name, " is not supported; it must be false"));
}

/// null or "": a prefix or suffix that would change the ids
void must_be_empty(JsonReader& json, std::string_view name) {
  if (!is_null(json) && !json.string().empty()) json.fail(text("a ", name, " is not supported; it must be empty"));
}

/// One object {"type": "ByteLevel", …}; the flags are taken where they are wanted.
void read_byte_level(JsonReader& json, std::string_view what, bool* prefix_space, bool* use_regex) {
  std::string key;
  bool typed = false;
  json.begin_object();
  while (json.next_key(key)) {
    if (key == "type") {
      const std::string type = json.string();
      if (type != "ByteLevel") json.fail(text("the ", what, " ", shown_token(type), " is not supported; it must be ByteLevel"));
      typed = true;
    } else if (key == "add_prefix_space" && prefix_space != nullptr) {
      *prefix_space = json.boolean();
    } else if (key == "use_regex" && use_regex != nullptr) {
      *use_regex = json.boolean();
    } else {
      json.skip();
    }
  }
  if (!typed) json.fail(text("the ", what, " has no type; it must be ByteLevel"));
}

void read_added(JsonReader& json, HfDraft& draft) {
  TokenTable seen;
  json.begin_array();
  while (json.next_item()) {
    AddedToken token{};
    bool has_id = false;
    std::string key;
    const std::uint64_t at = json.offset();
    if (draft.added.size() == Bpe::kMost) json.fail(text("more than ", Bpe::kMost, " added tokens"));
    token.special = false;
    json.begin_object();
    while (json.next_key(key)) {
      if (key == "id") {
        if (json.peek() != Kind::number) json.fail("the id of an added token is no number");
        const std::uint64_t id = json.whole_number();
        token.id = id < TokenTable::kNone ? static_cast<std::uint32_t>(id) : TokenTable::kNone;
        has_id = true;
      } else if (key == "content") {
        token.text = json.string();
      } else if (key == "special") {
        token.special = json.boolean();
      } else if (key == "normalized") {
        token.normalized = json.boolean();
      } else if (key == "single_word" || key == "lstrip" || key == "rstrip") {
        must_be_false(json, key);
      } else {
        json.skip();
      }
    }
    if (token.text.empty()) fail_at(at, "an added token without content");
    if (token.text.size() > kLongestAdded) {
      fail_at(at, text("an added token of ", token.text.size(), " bytes; at most ", kLongestAdded, " are allowed"));
    }
    if (!has_id) fail_at(at, text("the added token ", shown_token(token.text), " has no id"));
    if (seen.add(token.text) != draft.added.size()) fail_at(at, text("the added token ", shown_token(token.text), " is given twice"));
    draft.added.push_back(std::move(token));
    draft.added_at.push_back(static_cast<std::uint32_t>(at));
  }
}

void read_model(JsonReader& json, HfDraft& draft) {
  std::string key;
  bool vocabulary = false, merges = false, fuse = false;
  json.begin_object();
  while (json.next_key(key)) {
    if (key == "type") {
      const std::string type = json.string();
      if (type != "BPE") json.fail(text("a model of type ", shown_token(type), " is not supported; it must be BPE"));
    } else if (key == "vocab") {
      if (vocabulary) json.fail("the vocabulary is given twice");
      vocabulary = true;
      draft.read_vocabulary(json);
    } else if (key == "merges") {
      if (merges) json.fail("the merges are given twice");
      merges = true;
      draft.read_merges(json);
    } else if (key == "unk_token") {
      if (!is_null(json)) {
        draft.unknown = json.string();
        draft.has_unknown = true;
      }
    } else if (key == "dropout") {
      must_be_null(json, key);
    } else if (key == "continuing_subword_prefix" || key == "end_of_word_suffix") {
      must_be_empty(json, key);
    } else if (key == "byte_fallback") {
      must_be_false(json, key);
    } else if (key == "fuse_unk") {
      fuse = !is_null(json) && json.boolean();
    } else if (key == "ignore_merges") {
      draft.ignore_merges = !is_null(json) && json.boolean();
    } else {
      json.skip();
    }
  }
  if (!vocabulary) json.fail("the model has no \"vocab\"");
  if (!merges) json.fail("the model has no \"merges\"");
  if (fuse && draft.has_unknown) json.fail("fuse_unk is not supported; it must be false");
}

void check_length(std::string_view file) {
  if (file.size() > HfTokenizer::kLongestFile) {
    throw Error(ErrorCode::bad_file,
                text("byte 0: a file of ", file.size(), " bytes; at most ", HfTokenizer::kLongestFile, " can be read"));
  }
}

}  // namespace

HfTokenizer HfTokenizer::read(std::string_view file) {
  check_length(file);
  HfDraft draft;
  JsonReader json(file);
  bool model = false, pre_tokenizer = false, added = false;
  std::string key;
  json.begin_object();
  while (json.next_key(key)) {
    if (key == "model") {
      if (model) json.fail("the model is given twice");
      model = true;
      read_model(json, draft);
    } else if (key == "added_tokens") {
      if (added) json.fail("the added tokens are given twice");
      added = true;
      if (!is_null(json)) read_added(json, draft);
    } else if (key == "pre_tokenizer") {
      if (pre_tokenizer) json.fail("the pre_tokenizer is given twice");
      pre_tokenizer = true;
      if (json.peek() != Kind::object) json.fail("there is no pre_tokenizer; it must be ByteLevel");
      bool use_regex = true;
      draft.prefix_space = true;  // theirs when nothing is said
      read_byte_level(json, key, &draft.prefix_space, &use_regex);
      draft.split = use_regex ? Split::words : Split::none;
    } else if (key == "post_processor" || key == "decoder") {
      if (!is_null(json)) read_byte_level(json, key, nullptr, nullptr);
    } else if (key == "normalizer" || key == "truncation" || key == "padding") {
      must_be_null(json, key);
    } else {
      json.skip();
    }
  }
  json.finish();
  if (!model) fail_at(file.size(), "there is no \"model\": is this a tokenizer.json?");
  if (!pre_tokenizer) fail_at(file.size(), "there is no pre_tokenizer; it must be ByteLevel");
  return HfTokenizer(draft.finish());
}

HfTokenizer HfTokenizer::read_gpt2(std::string_view vocab_json, std::string_view merges_txt) {
  check_length(vocab_json);
  check_length(merges_txt);
  HfDraft draft;
  JsonReader json(vocab_json);
  draft.read_vocabulary(json);
  json.finish();
  draft.read_merges_text(merges_txt);
  constexpr std::string_view kEnd = "<|endoftext|>";
  if (const std::uint32_t end = draft.vocabulary.find(kEnd); end != TokenTable::kNone) {
    draft.added.push_back({draft.vocabulary_ids[end].id, std::string(kEnd), true, false, true});
    draft.added_at.push_back(draft.vocabulary_ids[end].at);
  }
  return HfTokenizer(draft.finish());
}

}  // namespace x2g
