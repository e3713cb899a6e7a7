// Unigram tokenizers in the table of x2g-tools: trained here round by round, or made of pieces that are known. vocabulary.hpp is what they
// become.
#include <emscripten/bind.h>

#include <string>
#include <vector>

#include "border.hpp"
#include "vocabulary.hpp"
#include "x2g/text/unigram_trainer.hpp"
#include "x2g/text/visible.hpp"

using namespace emscripten;  // NOLINT(google-build-using-namespace): the table reads like an index without the prefix
using namespace x2g::border;

namespace {

struct UnigramFields {
  std::string split;
  double vocabulary = 0, seedPieces = 0, longest = 0;
};

x2g::UnigramTrainerConfig config_from(const UnigramFields& f) {
  return {count("vocabulary", f.vocabulary), count("seedPieces", f.seedPieces), count("longest", f.longest), split_from(f.split)};
}

/// A vocabulary that shrinks by a quarter at a time.
class UnigramTraining {
 public:
  UnigramTraining(std::string text, UnigramFields fields) : config_(config_from(fields)), trainer_(text, config_) {}

  bool step() { return trainer_.step(); }
  val info() const {
    val out = val::object();
    out.set("size", trainer_.size());
    out.set("logLikelihood", trainer_.log_likelihood());
    out.set("finished", trainer_.size() <= config_.vocabulary);
    return out;
  }
  /// [{text, label, score}], the likeliest first.
  val pieces(double most) const {
    const std::vector<x2g::UnigramPiece> all = trainer_.pieces();
    const std::uint32_t shown = count("most", most, 0, x2g::Unigram::kMostPieces);
    val out = val::array();
    for (std::size_t i = 0; i < all.size() && i < shown; ++i) {
      val one = val::object();
      one.set("text", all[i].text);
      one.set("label", x2g::visible(all[i].text));
      one.set("score", all[i].score);
      out.set(i, one);
    }
    return out;
  }
  Vocabulary* vocabulary() const { return unigram_vocabulary(trainer_.model()); }

 private:
  x2g::UnigramTrainerConfig config_;
  x2g::UnigramTrainer trainer_;
};

/// texts: [Uint8Array] in UTF-8; as many numbers.
Vocabulary* pieces_vocabulary(val texts, val scores, std::string split) {
  const std::vector<double> p = doubles("scores", scores, x2g::Unigram::kMostPieces);
  std::vector<x2g::UnigramPiece> pieces;
  for (std::size_t i = 0; i < p.size(); ++i) pieces.push_back({texts[i].as<std::string>(), p[i]});
  return unigram_vocabulary(x2g::Unigram(pieces, split_from(split)));
}

}  // namespace

EMSCRIPTEN_BINDINGS(x2g_tools_unigram) {
  value_object<UnigramFields>("UnigramFields")
      .field("split", &UnigramFields::split)
      .field("vocabulary", &UnigramFields::vocabulary)
      .field("seedPieces", &UnigramFields::seedPieces)
      .field("longest", &UnigramFields::longest);
  function("unigramVocabulary", on<&pieces_vocabulary>, allow_raw_pointers());
  class_<UnigramTraining>("UnigramTraining")
      .constructor(&make<UnigramTraining, std::string, UnigramFields>, allow_raw_pointers())
      .function("step", on<&UnigramTraining::step>)
      .function("info", on<&UnigramTraining::info>)
      .function("pieces", on<&UnigramTraining::pieces>)
      .function("vocabulary", on<&UnigramTraining::vocabulary>, allow_raw_pointers());
}
