// n-gram models in the table of x2g-tools: counting, smoothing, predicting. Ids are JavaScript's business: any tokenizer's will do.
#include <emscripten/bind.h>

#include <string>
#include <vector>

#include "border.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/lm/ngram.hpp"

using namespace emscripten;  // NOLINT(google-build-using-namespace): the table reads like an index without the prefix
using namespace x2g::border;

namespace {

struct NgramFields {
  double order = 0, vocabulary = 0, k = 0, discount = 0, most = 0;
  std::string smoothing;
};

x2g::Smoothing smoothing_from(std::string_view name) {
  using enum x2g::Smoothing;
  if (name == "none") return none;
  if (name == "add_k") return add_k;
  if (name == "back_off") return back_off;
  if (name == "stupid") return stupid;
  throw x2g::Error(x2g::ErrorCode::unknown_name,
                   x2g::text("smoothing is \"", name.substr(0, 80), "\"; it must be one of none, add_k, back_off, stupid"));
}

x2g::NgramConfig config_from(const NgramFields& f) {
  return {count("order", f.order), count("vocabulary", f.vocabulary), smoothing_from(f.smoothing), f.k, f.discount, count("most", f.most)};
}

class NgramHandle {
 public:
  explicit NgramHandle(NgramFields fields) : model_(config_from(fields)) {}

  void add(val sequence) { model_.add(ids("ids", sequence)); }
  void smooth(std::string name, double k, double discount) { model_.smooth(smoothing_from(name), k, discount); }

  val distribution(val context) const {
    std::vector<double> p(model_.config().vocabulary);
    model_.distribution(ids("context", context), p);
    return to_js(std::span<const double>(p));
  }
  val perplexity(val sequence) const {
    const x2g::Perplexity found = model_.perplexity(ids("ids", sequence));
    val out = val::object();
    out.set("perplexity", found.perplexity);
    out.set("nats", found.nats);
    out.set("tokens", static_cast<double>(found.tokens));
    out.set("unseen", static_cast<double>(found.unseen));
    return out;
  }
  /// The ids of `tokens` draws after a context, all from one seed.
  val sample(val context, double tokens, double seed) const {
    std::vector<std::uint32_t> all = ids("context", context);
    const std::size_t begin = all.size();
    x2g::Rng rng(seed_of(seed), x2g::Stream::sample);
    for (std::uint32_t left = count("tokens", tokens, 0, 10000); left > 0; --left) all.push_back(model_.next(all, rng));
    return to_js(std::span<const std::uint32_t>(all).subspan(begin));
  }
  val context(val of) const {
    const x2g::NgramContext found = model_.context(ids("context", of));
    val out = val::object();
    out.set("length", found.length);
    out.set("seen", static_cast<double>(found.seen));
    out.set("kinds", found.kinds);
    return out;
  }
  val continuations(val context, double most) const {
    const auto found = model_.continuations(ids("context", context), count("most", most, 0, 65536));
    val out = val::array();
    for (std::size_t i = 0; i < found.size(); ++i) {
      val one = val::object();
      one.set("token", found[i].token);
      one.set("count", found[i].count);
      out.set(i, one);
    }
    return out;
  }
  double counted(val ngram) const { return static_cast<double>(model_.count(ids("ngram", ngram))); }
  val info() const {
    val kinds = val::array();
    for (std::uint32_t n = 1; n <= model_.config().order; ++n) kinds.set(n - 1, model_.kinds(n));
    val out = val::object();
    out.set("kinds", kinds);
    out.set("tokens", static_cast<double>(model_.count({})));
    out.set("bytes", static_cast<double>(model_.bytes()));
    return out;
  }

 private:
  x2g::Ngram model_;
};

}  // namespace

EMSCRIPTEN_BINDINGS(x2g_tools_ngram) {
  value_object<NgramFields>("NgramFields")
      .field("order", &NgramFields::order)
      .field("vocabulary", &NgramFields::vocabulary)
      .field("smoothing", &NgramFields::smoothing)
      .field("k", &NgramFields::k)
      .field("discount", &NgramFields::discount)
      .field("most", &NgramFields::most);
  class_<NgramHandle>("Ngram")
      .constructor(&make<NgramHandle, NgramFields>, allow_raw_pointers())
      .function("add", on<&NgramHandle::add>)
      .function("smooth", on<&NgramHandle::smooth>)
      .function("distribution", on<&NgramHandle::distribution>)
      .function("perplexity", on<&NgramHandle::perplexity>)
      .function("sample", on<&NgramHandle::sample>)
      .function("context", on<&NgramHandle::context>)
      .function("continuations", on<&NgramHandle::continuations>)
      .function("count", on<&NgramHandle::counted>)
      .function("info", on<&NgramHandle::info>);
}
