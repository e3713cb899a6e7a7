#include "text/hf_draft.hpp"

#include <algorithm>

#include "text/byte_alphabet.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/text/visible.hpp"

namespace x2g {
namespace {

constexpr std::uint32_t kNone = TokenTable::kNone;

std::uint32_t as_id(std::uint64_t id) { return id < kNone ? static_cast<std::uint32_t>(id) : kNone; }

}  // namespace

void fail_at(std::uint64_t at, std::string_view why) { throw Error(ErrorCode::bad_file, text("byte ", at, ": ", why)); }

std::string shown_token(std::string_view name) {
  std::size_t length = 60;
  if (name.size() <= length) return "\"" + visible(name) + "\"";
  while (length > 0 && (static_cast<unsigned char>(name[length]) & 0xC0) == 0x80) --length;
  return "\"" + visible(name.substr(0, length)) + "…\"";
}

/// {"token": id, …}
void HfDraft::read_vocabulary(JsonReader& json) {
  std::string key;
  json.begin_object();
  while (json.next_key(key)) {
    const std::uint64_t at = json.offset();
    if (key.empty()) json.fail("an empty token");
    if (vocabulary.size() == Bpe::kMost) json.fail(text("more than ", Bpe::kMost, " tokens; a vocabulary may have that many"));
    if (vocabulary.add(key) != vocabulary_ids.size()) json.fail(text("the token ", shown_token(key), " is given twice"));
    if (json.peek() != JsonReader::Kind::number) json.fail(text("the token ", shown_token(key), " has no number as its id"));
    vocabulary_ids.push_back({as_id(json.whole_number()), static_cast<std::uint32_t>(at)});
  }
}

void HfDraft::add_merge(std::string_view left, std::string_view right, std::uint64_t at) {
  if (merges_at.size() == Bpe::kMost) fail_at(at, text("more than ", Bpe::kMost, " merges; a vocabulary may have that many"));
  if (left.empty() || right.empty()) fail_at(at, text("merge ", merges_at.size(), " joins an empty token"));
  merges.add_hidden(left);
  merges.add_hidden(right);
  merges_at.push_back(static_cast<std::uint32_t>(at));
}

/// ["a b", …] or [["a", "b"], …]
void HfDraft::read_merges(JsonReader& json) {
  json.begin_array();
  while (json.next_item()) {
    const bool two = json.peek() == JsonReader::Kind::array;
    const std::uint64_t at = json.offset();
    std::string left, right;
    if (two) {
      json.begin_array();
      if (!json.next_item()) json.fail("a merge must name two tokens");
      left = json.string();
      if (!json.next_item()) json.fail("a merge must name two tokens");
      right = json.string();
      if (json.next_item()) json.fail("a merge must name two tokens");
    } else {
      left = json.string();
      const std::size_t blank = left.find(' ');
      if (blank == std::string::npos || left.find(' ', blank + 1) != std::string::npos) {
        fail_at(at, text("the merge ", shown_token(left), " is not two tokens with one blank between them"));
      }
      right = left.substr(blank + 1);
      left.resize(blank);
    }
    add_merge(left, right, at);
  }
}

/// merges.txt: "#version: 0.2", then a merge a line.
void HfDraft::read_merges_text(std::string_view file) {
  if (const std::size_t broken = utf8_until(file); broken != file.size()) fail_at(broken, "the merges are not UTF-8 text");
  for (std::size_t at = 0; at < file.size();) {
    const std::size_t end = std::min(file.find('\n', at), file.size());
    std::string_view line = file.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty() && !(at == 0 && line.starts_with("#version"))) {
      const std::size_t blank = line.find(' ');
      if (blank == std::string_view::npos || line.find(' ', blank + 1) != std::string_view::npos) {
        fail_at(at, text("the merge ", shown_token(line), " is not two tokens with one blank between them"));
      }
      add_merge(line.substr(0, blank), line.substr(blank + 1), at);
    }
    at = end + 1;
  }
}

/// Makes the vocabulary: every id from 0 to n − 1 once, every merge of known tokens.
HfTokenizerParts HfDraft::finish() const {
  if (vocabulary.size() == 0) fail_at(0, "the vocabulary is empty; it must have at least one token");
  HfTokenizerParts out;
  out.added = added;
  out.prefix_space = prefix_space;
  out.ignore_merges = ignore_merges;

  // All names with their ids: first the model's, then added tokens that are not among them.
  struct Name {
    std::string_view text;
    std::uint32_t id;
    std::uint64_t at;
    std::uint32_t added;  // place among the added tokens, or kNone
  };
  std::vector<Name> names;
  names.reserve(vocabulary.size() + added.size());
  for (std::uint32_t i = 0; i < vocabulary.size(); ++i) names.push_back({vocabulary[i], vocabulary_ids[i].id, vocabulary_ids[i].at, kNone});
  for (std::uint32_t i = 0; i < added.size(); ++i) {
    const std::uint32_t known = vocabulary.find(added[i].text);
    if (known == kNone) {
      names.push_back({added[i].text, added[i].id, added_at[i], i});
      continue;
    }
    if (names[known].added != kNone) fail_at(added_at[i], text("the added token ", shown_token(added[i].text), " is given twice"));
    if (names[known].id != added[i].id) {
      fail_at(added_at[i], text("the added token ", shown_token(added[i].text), " has id ", added[i].id, "; in the vocabulary it has ",
                                names[known].id));
    }
    names[known].added = i;
    out.added[i].in_model = true;
  }
  const auto n = static_cast<std::uint32_t>(names.size());
  if (n > Bpe::kMost) fail_at(0, text(n, " tokens; at most ", Bpe::kMost, " are allowed"));
  std::vector<std::uint32_t> of(n, kNone);  // the name of an id
  const Name* beyond = nullptr;
  for (std::uint32_t i = 0; i < n; ++i) {
    const Name& name = names[i];
    if (name.id >= n) {
      if (beyond == nullptr) beyond = &name;
      continue;
    }
    if (of[name.id] != kNone) {
      fail_at(name.at,
              text("the tokens ", shown_token(names[of[name.id]].text), " and ", shown_token(name.text), " both have id ", name.id));
    }
    of[name.id] = i;
  }
  if (beyond != nullptr) {
    std::uint32_t missing = 0;
    while (of[missing] != kNone) ++missing;
    fail_at(beyond->at, text("the token ", shown_token(beyond->text), " has id ", beyond->id, ", beyond the ", n,
                             " tokens there are; ids must be 0 to ", n - 1, ", each once, and ", missing, " is missing"));
  }

  TokenTable& tokens = out.bpe.tokens;
  std::vector<bool> hidden(n);  // what is written of it is not its bytes: no merge can make it
  const ByteAlphabet alphabet;
  std::string bytes;
  for (std::uint32_t id = 0; id < n; ++id) {
    const Name& name = names[of[id]];
    const bool spelled = alphabet.read(name.text, bytes);
    if (name.added != kNone) {
      // Its text is what it says. It can be a plain token as well, if that comes to the same.
      hidden[id] = of[id] >= vocabulary.size() || !spelled || bytes != name.text;
      if (hidden[id])
        tokens.add_hidden(name.text);
      else
        tokens.add(bytes);
      continue;
    }
    if (!spelled) {
      fail_at(name.at, text("the token ", shown_token(name.text),
                            " has a character that stands for no byte; only byte-level vocabularies "
                            "can be read"));
    }
    tokens.add(bytes);
  }

  out.bpe.split = split;
  out.bpe.rules.reserve(merges_at.size());
  std::string whole;
  for (std::uint32_t i = 0; i < merges_at.size(); ++i) {
    const std::string_view left = merges[2 * i], right = merges[2 * i + 1];
    whole.assign(left).append(right);
    BpeRule rule{};
    for (const auto& [text_of, id] : {std::pair{left, &rule.left}, {right, &rule.right}, {std::string_view(whole), &rule.token}}) {
      const std::uint32_t known = vocabulary.find(text_of);
      if (known == kNone) {
        fail_at(merges_at[i],
                text("merge ", i, id == &rule.token ? " makes " : " names ", shown_token(text_of), ", which is not in the vocabulary"));
      }
      *id = names[known].id;
      if (hidden[*id]) fail_at(merges_at[i], text("merge ", i, " uses ", shown_token(text_of), ", which is an added token"));
    }
    out.bpe.rules.push_back(rule);
  }

  if (has_unknown) {
    for (std::uint32_t i = 0; i < n && out.unknown == kNone; ++i) {
      if (names[i].text == unknown) out.unknown = names[i].id;
    }
    if (out.unknown == kNone) fail_at(0, text("the unk_token ", shown_token(unknown), " is not in the vocabulary"));
  }
  return out;
}

}  // namespace x2g
