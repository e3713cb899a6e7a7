// Tokenizers in the table of x2g-tools: trained here merge by merge, or read from a file. vocabulary.hpp is what each of them becomes.
#include <emscripten/bind.h>

#include <string>
#include <vector>

#include "border.hpp"
#include "vocabulary.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/text/bpe_trainer.hpp"
#include "x2g/text/visible.hpp"

using namespace emscripten;  // NOLINT(google-build-using-namespace): the table reads like an index without the prefix
using namespace x2g::border;

namespace {

struct BpeFields {
  std::string unit, split;
  double vocabulary = 0, least = 0;
};

x2g::BpeUnit unit_from(std::string_view name) {
  if (name == "bytes") return x2g::BpeUnit::bytes;
  if (name == "characters") return x2g::BpeUnit::characters;
  throw x2g::Error(x2g::ErrorCode::unknown_name, x2g::text("unit is \"", name.substr(0, 80), "\"; it must be one of bytes, characters"));
}

x2g::BpeTrainerConfig config_from(const BpeFields& f) {
  return {unit_from(f.unit), split_from(f.split), count("vocabulary", f.vocabulary), count("least", f.least)};
}

/// A vocabulary that grows by one pair at a time.
class BpeTraining {
 public:
  BpeTraining(std::string text, BpeFields fields) : trainer_(text, config_from(fields)) {}

  /// At most so many merges; returns how many there were.
  double steps(double most) {
    double done = 0;
    for (std::uint32_t left = count("steps", most); left > 0 && trainer_.step(); --left) ++done;
    return done;
  }
  val merges(double from) const {
    const auto& all = trainer_.merges();
    const std::uint32_t first = count("from", from, 0, static_cast<double>(all.size()));
    return list(std::span(all).subspan(first));
  }
  val candidates(double most) const { return list(trainer_.candidates(count("most", most, 0, 1000))); }
  val info() const {
    val out = val::object();
    out.set("size", trainer_.size());
    out.set("merges", trainer_.merges().size());
    out.set("textTokens", static_cast<double>(trainer_.text_tokens()));
    out.set("textCharacters", static_cast<double>(trainer_.text_characters()));
    return out;
  }
  Vocabulary* vocabulary() const { return bpe_vocabulary(trainer_.model()); }

 private:
  /// [{left, right, token, count, text: label}] with labels of the three.
  val list(std::span<const x2g::BpeMerge> merges) const {
    val out = val::array();
    for (std::size_t i = 0; i < merges.size(); ++i) {
      const x2g::BpeMerge& m = merges[i];
      const std::string left(trainer_.token(m.left)), right(trainer_.token(m.right));
      val one = val::object();
      one.set("left", m.left);
      one.set("right", m.right);
      one.set("token", m.token);
      one.set("count", static_cast<double>(m.count));
      one.set("leftLabel", x2g::visible(left));
      one.set("rightLabel", x2g::visible(right));
      one.set("label", x2g::visible(left + right));
      out.set(i, one);
    }
    return out;
  }
  x2g::BpeTrainer trainer_;
};

}  // namespace

EMSCRIPTEN_BINDINGS(x2g_tools_text) {
  value_object<BpeFields>("BpeFields")
      .field("unit", &BpeFields::unit)
      .field("split", &BpeFields::split)
      .field("vocabulary", &BpeFields::vocabulary)
      .field("least", &BpeFields::least);
  class_<Vocabulary>("Vocabulary")
      .function("info", on<&Vocabulary::info>)
      .function("encode", on<&Vocabulary::encode>)
      .function("decode", on<&Vocabulary::decode>)
      .function("labels", on<&Vocabulary::labels>)
      .function("find", on<&Vocabulary::find>)
      .function("merges", on<&Vocabulary::merges>)
      .function("write", on<&Vocabulary::write>)
      .function("samples", on<&Vocabulary::samples>)
      .function("logProbability", on<&Vocabulary::log_probability>)
      .function("scores", on<&Vocabulary::scores>);
  function("characterVocabulary", on<&character_vocabulary>, allow_raw_pointers());
  function("byteVocabulary", on<&byte_vocabulary>, allow_raw_pointers());
  function("readVocabulary", on<&read_vocabulary>, allow_raw_pointers());
  function("readGpt2Vocabulary", on<&read_gpt2_vocabulary>, allow_raw_pointers());
  class_<BpeTraining>("BpeTraining")
      .constructor(&make<BpeTraining, std::string, BpeFields>, allow_raw_pointers())
      .function("steps", on<&BpeTraining::steps>)
      .function("merges", on<&BpeTraining::merges>)
      .function("candidates", on<&BpeTraining::candidates>)
      .function("info", on<&BpeTraining::info>)
      .function("vocabulary", on<&BpeTraining::vocabulary>, allow_raw_pointers());
}
