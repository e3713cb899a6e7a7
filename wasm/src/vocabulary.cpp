#include "vocabulary.hpp"

#include <utility>

#include "border.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/text/hf_tokenizer.hpp"

namespace x2g::border {
namespace {

constexpr std::uint32_t kNone = TokenTable::kNone;

std::string written(const HfTokenizer& tokenizer, std::string_view form) {
  if (form == "tokenizer.json") return tokenizer.write();
  if (form == "vocab.json") return tokenizer.write_vocab();
  if (form == "merges.txt") return tokenizer.write_merges();
  throw Error(ErrorCode::unknown_name,
              text("a tokenizer is not written as \"", form.substr(0, 40), "\"; it is as one of tokenizer.json, vocab.json, merges.txt"));
}

class Plain final : public Vocabulary {
 public:
  explicit Plain(Tokenizer tokenizer) : tokenizer_(std::move(tokenizer)) {}

 private:
  std::string_view kind() const override { return tokenizer_.kind() == Tokenizer::Kind::bytes ? "byte" : "char"; }
  std::uint32_t size() const override { return tokenizer_.size(); }
  Ids ids_of(std::string_view text) const override { return tokenizer_.encode(text); }
  std::string text_of(std::span<const std::uint32_t> of, bool) const override { return tokenizer_.decode({of.begin(), of.end()}); }
  std::string label(std::uint32_t id) const override { return tokenizer_.label(id); }
  std::uint32_t id_of(std::string_view text) const override {
    const Ids found = tokenizer_.encode_known(text);
    return found.size() == 1 && tokenizer_.decode(found[0]) == text ? found[0] : kNone;
  }
  Tokenizer tokenizer_;
};

class Merged final : public Vocabulary {
 public:
  explicit Merged(Bpe bpe) : bpe_(std::move(bpe)) {}

 private:
  std::string_view kind() const override { return "bpe"; }
  std::uint32_t size() const override { return bpe_.size(); }
  Ids ids_of(std::string_view text) const override { return bpe_.encode(text); }
  std::string text_of(std::span<const std::uint32_t> of, bool) const override { return bpe_.decode(of); }
  std::string label(std::uint32_t id) const override { return bpe_.label(id); }
  std::uint32_t id_of(std::string_view text) const override { return bpe_.find(text); }
  std::span<const BpeRule> rules() const override { return bpe_.rules(); }
  std::string file(std::string_view form) const override { return written(HfTokenizer(bpe_), form); }
  Bpe bpe_;
};

class Pieces final : public Vocabulary {
 public:
  explicit Pieces(Unigram unigram) : unigram_(std::move(unigram)) {}

 private:
  std::string_view kind() const override { return "unigram"; }
  std::uint32_t size() const override { return unigram_.size(); }
  Ids ids_of(std::string_view text) const override { return unigram_.encode(text); }
  std::string text_of(std::span<const std::uint32_t> of, bool) const override { return unigram_.decode(of); }
  std::string label(std::uint32_t id) const override { return unigram_.label(id); }
  std::uint32_t id_of(std::string_view text) const override { return unigram_.find(text); }
  const Unigram& unigram() const override { return unigram_; }
  Unigram unigram_;
};

/// Read from a file: byte pair encoding with special tokens.
class Imported final : public Vocabulary {
 public:
  explicit Imported(HfTokenizer tokenizer) : tokenizer_(std::move(tokenizer)) {}

 private:
  std::string_view kind() const override { return "bpe"; }
  std::uint32_t size() const override { return tokenizer_.size(); }
  Ids ids_of(std::string_view text) const override { return tokenizer_.encode(text); }
  std::string text_of(std::span<const std::uint32_t> of, bool skip_special) const override { return tokenizer_.decode(of, skip_special); }
  std::string label(std::uint32_t id) const override { return tokenizer_.label(id); }
  std::uint32_t id_of(std::string_view text) const override {
    for (const AddedToken& token : tokenizer_.added())
      if (token.text == text) return token.id;
    return tokenizer_.bpe().find(text);
  }
  std::span<const BpeRule> rules() const override { return tokenizer_.bpe().rules(); }
  void add_special(val& list) const override {
    std::uint32_t place = 0;
    for (const AddedToken& token : tokenizer_.added()) {
      val one = val::object();
      one.set("id", token.id);
      one.set("text", token.text);
      list.set(place++, one);
    }
  }
  std::string file(std::string_view form) const override { return written(tokenizer_, form); }
  HfTokenizer tokenizer_;
};

std::span<const std::uint8_t> bytes_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

}  // namespace

Vocabulary::~Vocabulary() = default;

val Vocabulary::info() const {
  val special = val::array();
  add_special(special);
  val out = val::object();
  out.set("kind", std::string(kind()));
  out.set("size", size());
  out.set("merges", rules().size());
  out.set("special", special);
  return out;
}

val Vocabulary::encode(std::string text) const { return to_js(std::span<const std::uint32_t>(ids_of(text))); }

val Vocabulary::decode(val of, bool skip) const {
  const Ids tokens = ids("ids", of);
  for (std::size_t i = 0; i < tokens.size(); ++i)
    if (tokens[i] >= size())
      throw Error(ErrorCode::invalid_argument, text("ids[", i, "] is ", tokens[i], "; this vocabulary has the ids 0 to ", size() - 1));
  return to_js(bytes_of(text_of(tokens, skip)));
}

val Vocabulary::labels(double begin, double end) const {
  const std::uint32_t from = count("from", begin, 0, size()), to = count("to", end, from, size());
  val out = val::array();
  for (std::uint32_t id = from; id < to; ++id) out.set(id - from, label(id));
  return out;
}

double Vocabulary::find(std::string text) const {
  const std::uint32_t id = id_of(text);
  return id == kNone ? -1.0 : static_cast<double>(id);
}

val Vocabulary::merges() const {
  Ids left, right, token;
  for (const BpeRule& rule : rules()) {
    left.push_back(rule.left);
    right.push_back(rule.right);
    token.push_back(rule.token);
  }
  val out = val::object();
  out.set("left", to_js(std::span<const std::uint32_t>(left)));
  out.set("right", to_js(std::span<const std::uint32_t>(right)));
  out.set("token", to_js(std::span<const std::uint32_t>(token)));
  return out;
}

val Vocabulary::samples(std::string input, double alpha, double seed, double n) const {
  const Unigram& pieces = unigram();
  const std::uint32_t times = count("count", n, 1, 1000);
  if (input.size() * times > Unigram::kLongestText)
    throw Error(ErrorCode::invalid_argument, text(times, " segmentations of ", input.size(), " bytes; draw at most ", Unigram::kLongestText,
                                                  " bytes at a time: fewer of them, or a shorter text"));
  Rng rng(seed_of(seed), Stream::user);
  val out = val::array();
  for (std::uint32_t i = 0; i < times; ++i) out.set(i, to_js(std::span<const std::uint32_t>(pieces.sample(input, alpha, rng))));
  return out;
}

double Vocabulary::log_probability(std::string input) const { return unigram().log_probability(input); }

val Vocabulary::scores(double begin, double end) const {
  const Unigram& pieces = unigram();
  const std::uint32_t from = count("from", begin, 0, size()), to = count("to", end, from, size());
  std::vector<double> out;
  for (std::uint32_t id = from; id < to; ++id) out.push_back(pieces.score(id));
  return to_js(std::span<const double>(out));
}

const Unigram& Vocabulary::unigram() const {
  throw Error(ErrorCode::bad_state, text("a tokenizer of kind ", kind(), " has no probabilities; one of unigrams has"));
}

std::string Vocabulary::write(std::string form) const { return file(form); }

std::string Vocabulary::file(std::string_view form) const {
  throw Error(ErrorCode::bad_state,
              text("a tokenizer of kind ", kind(), " is not written as ", form, "; byte pair encoding over bytes is"));
}

Vocabulary* character_vocabulary(std::string corpus) { return new Plain(Tokenizer::characters(corpus)); }
Vocabulary* byte_vocabulary() { return new Plain(Tokenizer::bytes()); }
Vocabulary* bpe_vocabulary(Bpe bpe) { return new Merged(std::move(bpe)); }
Vocabulary* unigram_vocabulary(Unigram unigram) { return new Pieces(std::move(unigram)); }
Vocabulary* read_vocabulary(std::string tokenizer_json) { return new Imported(HfTokenizer::read(tokenizer_json)); }
Vocabulary* read_gpt2_vocabulary(std::string vocab_json, std::string merges_txt) {
  return new Imported(HfTokenizer::read_gpt2(vocab_json, merges_txt));
}

Split split_from(std::string_view name) {
  if (name == "words") return Split::words;
  if (name == "lines") return Split::lines;
  if (name == "none") return Split::none;
  throw Error(ErrorCode::unknown_name, text("split is \"", name.substr(0, 80), "\"; it must be one of words, lines, none"));
}

}  // namespace x2g::border
