#include "x2g/text/hf_tokenizer.hpp"

#include <algorithm>
#include <numeric>

#include "base/order.hpp"
#include "io/json.hpp"
#include "text/byte_alphabet.hpp"
#include "text/piece_memo.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

constexpr std::uint32_t kNone = TokenTable::kNone;
constexpr std::string_view kEndOfText = "<|endoftext|>";

std::string yes_no(bool b) { return b ? "true" : "false"; }

/// The parts of a vocabulary trained here, with one more token at the end.
HfTokenizerParts with_end(const Bpe& trained, bool end_of_text) {
  if (trained.unit() != BpeUnit::bytes || trained.split() == Split::lines) {
    throw Error(ErrorCode::invalid_argument, "only a vocabulary over bytes, cut into words or not at all, can be written to such a file");
  }
  HfTokenizerParts parts;
  parts.bpe.split = trained.split();
  for (std::uint32_t id = 0; id < trained.size(); ++id) parts.bpe.tokens.add(trained.token(id));
  parts.bpe.rules.assign(trained.rules().begin(), trained.rules().end());
  if (end_of_text) {
    const std::string end(kEndOfText);
    const std::uint32_t known = parts.bpe.tokens.find(end);
    parts.added.push_back({known != kNone ? known : parts.bpe.tokens.add_hidden(end), end, true, false, known != kNone});
  }
  return parts;
}

}  // namespace

HfTokenizer::HfTokenizer(const Bpe& trained, bool end_of_text) : HfTokenizer(with_end(trained, end_of_text)) {}

HfTokenizer::HfTokenizer(HfTokenizerParts parts)
    : bpe_(std::move(parts.bpe)),
      added_(std::move(parts.added)),
      sorted_(added_.size()),
      prefix_space_(parts.prefix_space),
      ignore_merges_(parts.ignore_merges),
      unknown_(parts.unknown) {
  std::iota(sorted_.begin(), sorted_.end(), 0u);
  order(sorted_, [this](std::uint32_t a, std::uint32_t b) { return added_[a].text < added_[b].text; });
}

/// The place in added_ of the longest added token that stands at `at`, or kNone: the sorted texts that fit so far narrow down byte by byte.
std::uint32_t HfTokenizer::longest_added(std::string_view text, std::size_t at, bool normalized) const {
  std::uint32_t found = kNone;
  auto first = sorted_.begin(), last = sorted_.end();
  for (std::size_t depth = 0; first != last; ++depth) {
    if (added_[*first].text.size() == depth) {  // the shortest of the range comes first
      if (added_[*first].normalized == normalized) found = *first;
      ++first;
    }
    if (at + depth == text.size()) break;
    const auto byte = static_cast<unsigned char>(text[at + depth]);
    const auto at_depth = [&](std::uint32_t i) { return static_cast<unsigned char>(added_[i].text[depth]); };
    first = std::partition_point(first, last, [&](std::uint32_t i) { return at_depth(i) < byte; });
    last = std::partition_point(first, last, [&](std::uint32_t i) { return at_depth(i) == byte; });
  }
  return found;
}

/// Cuts the added tokens of one kind out of the sections that are text: the leftmost, of several there the longest.
void HfTokenizer::find_added(std::string_view text, bool normalized, std::vector<Section>& sections) const {
  if (std::none_of(added_.begin(), added_.end(), [&](const AddedToken& t) { return t.normalized == normalized; })) return;
  std::vector<Section> out;
  for (const Section& s : sections) {
    if (s.id != kNone) {
      out.push_back(s);
      continue;
    }
    std::size_t begin = s.begin;
    for (std::size_t at = s.begin; at < s.end;) {
      const std::uint32_t found = longest_added(text.substr(0, s.end), at, normalized);
      if (found == kNone) {
        ++at;
        continue;
      }
      if (begin < at) out.push_back({begin, at, kNone});
      begin = at + added_[found].text.size();
      out.push_back({at, begin, added_[found].id});
      at = begin;
    }
    if (begin < s.end) out.push_back({begin, s.end, kNone});
  }
  sections = std::move(out);
}

std::vector<std::uint32_t> HfTokenizer::encode(std::string_view input) const {
  if (input.size() > Bpe::kLongestText) {
    throw Error(ErrorCode::invalid_argument, text("a text of ", input.size(), " bytes; encode at most ", Bpe::kLongestText, " at a time"));
  }
  std::vector<Section> sections;
  if (!input.empty()) sections.push_back({0, input.size(), kNone});
  find_added(input, false, sections);
  find_added(input, true, sections);
  std::vector<std::uint32_t> ids;
  if (prefix_space_ && bpe_.find(" ") == kNone && unknown_ == kNone && !input.empty()) {
    throw Error(ErrorCode::invalid_argument, "a blank goes before the text, and no token stands for it; use a vocabulary that has one");
  }
  std::string spaced;
  PieceMemo memo;
  for (const Section& s : sections) {
    if (s.id != kNone) {
      ids.push_back(s.id);
      continue;
    }
    std::string_view part = input.substr(s.begin, s.end - s.begin);
    std::size_t place = s.begin;
    if (prefix_space_ && part[0] != ' ') {
      part = spaced.assign(1, ' ').append(part);
      --place;  // the blank has a token, so a fault is never at it
    }
    for (std::size_t at = 0; at < part.size();) {
      const std::string_view piece = part.substr(at, piece_length(part, at, bpe_.split()));
      memo.encode(piece, ids, [&](std::string_view fresh, std::vector<std::uint32_t>& out) {
        const std::uint32_t whole = ignore_merges_ ? bpe_.find(fresh) : kNone;
        if (whole != kNone)
          out.push_back(whole);
        else
          bpe_.encode_piece(fresh, out, unknown_, place + at);
      });
      at += piece.size();
    }
  }
  return ids;
}

std::string HfTokenizer::decode(std::span<const std::uint32_t> ids, bool skip_special) const {
  std::vector<bool> skipped(size());
  for (const AddedToken& t : added_) skipped[t.id] = skip_special && t.special;
  std::string out;
  for (const std::uint32_t id : ids) {
    const std::string_view token = bpe_.token(id);  // checks the id
    if (!skipped[id]) out += token;
  }
  return out;
}

/// {"token":id,…} of the model, by id.
std::string HfTokenizer::vocabulary() const {
  std::vector<const AddedToken*> special(size());
  for (const AddedToken& t : added_) special[t.id] = &t;
  const ByteAlphabet alphabet;
  std::string out = "{";
  for (std::uint32_t id = 0; id < size(); ++id) {
    const AddedToken* added = special[id];
    if (added != nullptr && !added->in_model) continue;
    if (out.size() > 1) out += ',';
    out += json_quote(added != nullptr ? added->text : alphabet.write(bpe_.token(id))) + ':' + to_text(std::int64_t{id});
  }
  return out + '}';
}

std::string HfTokenizer::write() const {
  const ByteAlphabet alphabet;
  const std::string level = ",\"trim_offsets\":true,\"use_regex\":" + yes_no(bpe_.split() == Split::words) + '}';
  std::string out = "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":[";
  for (const AddedToken& t : added_) {
    if (&t != added_.data()) out += ',';
    out += "{\"id\":" + to_text(std::int64_t{t.id}) + ",\"content\":" + json_quote(t.text) +
           ",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,\"normalized\":" + yes_no(t.normalized) +
           ",\"special\":" + yes_no(t.special) + '}';
  }
  out += "],\"normalizer\":null,\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":" + yes_no(prefix_space_) + level;
  out += ",\"post_processor\":null,\"decoder\":{\"type\":\"ByteLevel\",\"add_prefix_space\":" + yes_no(prefix_space_) + level;
  out += ",\"model\":{\"type\":\"BPE\",\"dropout\":null,\"unk_token\":";
  if (unknown_ == kNone) {
    out += "null";
  } else {
    const auto added = std::find_if(added_.begin(), added_.end(), [this](const AddedToken& t) { return t.id == unknown_; });
    out += json_quote(added != added_.end() ? added->text : alphabet.write(bpe_.token(unknown_)));
  }
  out += ",\"continuing_subword_prefix\":null,\"end_of_word_suffix\":null,\"fuse_unk\":false,\"byte_fallback\":false,\"ignore_merges\":" +
         yes_no(ignore_merges_) + ",\"vocab\":" + vocabulary() + ",\"merges\":[";
  for (const BpeRule& r : bpe_.rules()) {
    if (out.back() != '[') out += ',';
    out += '[' + json_quote(alphabet.write(bpe_.token(r.left))) + ',' + json_quote(alphabet.write(bpe_.token(r.right))) + ']';
  }
  return out + "]}}";
}

std::string HfTokenizer::write_vocab() const {
  HfTokenizer all(*this);
  for (AddedToken& t : all.added_) {
    if (t.text != kEndOfText) {
      throw Error(ErrorCode::invalid_argument,
                  text("the added token \"", t.text, "\" has no place in GPT-2's two files, which know only \"", kEndOfText,
                       "\"; write tokenizer.json instead"));
    }
    t.in_model = true;  // there it stands in the vocabulary like any other
  }
  return all.vocabulary();
}

std::string HfTokenizer::write_merges() const {
  const ByteAlphabet alphabet;
  std::string out = "#version: 0.2\n";
  for (const BpeRule& r : bpe_.rules()) out += alphabet.write(bpe_.token(r.left)) + ' ' + alphabet.write(bpe_.token(r.right)) + '\n';
  return out;
}

}  // namespace x2g
