// Data sets in the table of x2g-tools: points, curves, puzzles, names, words and stories, all from seeds. Digits: bindings_digits.cpp.
// Shapes and ranges are those of core/include/x2g/data/; here numbers are checked for their kind, and results become typed arrays.
#include <emscripten/bind.h>

#include <algorithm>
#include <string>
#include <vector>

#include "border.hpp"
#include "x2g/data/contexts.hpp"
#include "x2g/data/curves.hpp"
#include "x2g/data/names.hpp"
#include "x2g/data/sequences.hpp"
#include "x2g/data/shapes.hpp"
#include "x2g/data/stories.hpp"

using namespace emscripten;  // NOLINT(google-build-using-namespace): the table reads like an index without the prefix
using namespace x2g::border;

namespace {

constexpr double kMostRows = 100'000;

struct PointFields {
  std::string kind;
  double n = 0, inputs = 0, separation = 0, spread = 0, factor = 0, classes = 0, turns = 0, noise = 0, seed = 0;
};
struct CurveFields {
  double n = 0, periods = 0, noise = 0, seed = 0;
};
struct SequenceFields {
  std::string task;
  double symbols = 0, shortest = 0, longest = 0;
};

x2g::PointSet point_set(const PointFields& f) {
  const std::uint32_t inputs = count("inputs", f.inputs, 1, 64);
  if (f.kind != "blobs" && f.kind != "circles" && f.kind != "moons" && f.kind != "spirals") return x2g::gate(f.kind, inputs);
  const std::uint32_t n = count("n", f.n, 1, kMostRows);
  const std::uint64_t seed = seed_of(f.seed);
  if (f.kind == "blobs") return x2g::blobs(n, f.separation, f.spread, seed, inputs);
  if (f.kind == "circles") return x2g::circles(n, f.factor, f.noise, seed);
  if (f.kind == "moons") return x2g::moons(n, f.noise, seed);
  return x2g::spirals(n, count("classes", f.classes), f.turns, f.noise, seed);
}

val points(PointFields f) {
  const x2g::PointSet set = point_set(f);
  val out = val::object();
  out.set("x", to_js(std::span<const float>(set.x)));
  out.set("t", to_js(std::span<const float>(set.t)));
  out.set("inputs", set.inputs);
  return out;
}

val curve_to_js(const x2g::CurveSet& set) {
  val out = val::object();
  out.set("x", to_js(std::span<const float>(set.x)));
  out.set("y", to_js(std::span<const float>(set.y)));
  return out;
}

val sine_curve(CurveFields f) { return curve_to_js(x2g::sine(count("n", f.n, 2, kMostRows), f.periods, f.noise, seed_of(f.seed))); }

val drawn(val x, val y, std::string how, CurveFields f) {
  const x2g::Interpolation interpolation = x2g::interpolation_from_name(how);
  return curve_to_js(
      x2g::drawn_curve(floats("x", x), floats("y", y), count("n", f.n, 2, kMostRows), interpolation, f.noise, seed_of(f.seed)));
}

x2g::SequenceConfig config_from(const SequenceFields& f) {
  x2g::SequenceConfig c;
  c.task = x2g::sequence_task_from_name(f.task);
  c.symbols = count("symbols", f.symbols);
  c.shortest = count("shortest", f.shortest);
  c.longest = count("longest", f.longest);
  return c;
}

val strings(const std::vector<std::string>& list) {
  val out = val::array();
  for (std::size_t i = 0; i < list.size(); ++i) out.set(i, list[i]);
  return out;
}

val sequence_info(SequenceFields f) {
  const x2g::SequenceConfig c = config_from(f);
  val out = val::object();
  out.set("tokens", strings(x2g::sequence_tokens(c)));
  out.set("length", x2g::sequence_length(c));
  return out;
}

val sequence_example(SequenceFields f, double seed, double index) {
  const x2g::SequenceExample example = x2g::sequence_example(config_from(f), seed_of(seed), whole("index", index, 0, 1099511627775.0));
  val out = val::object();
  out.set("tokens", to_js(std::span<const std::uint32_t>(example.tokens)));
  out.set("answer", example.answer);
  return out;
}

val sequence_answer(SequenceFields f, val question) {
  return to_js(std::span<const std::uint32_t>(x2g::sequence_answer(config_from(f), ids("question", question))));
}

std::vector<float> as_floats(const std::vector<std::int32_t>& from) { return {from.begin(), from.end()}; }

/// {ids, targets: Float32Array (rows, T)}: as a graph's inputs take them.
val sequence_rows(SequenceFields f, double seed, double first, double rows, double T) {
  const x2g::SequenceRows made = x2g::sequence_rows(config_from(f), seed_of(seed), whole("first", first, 0, 1099511627775.0),
                                                    count("rows", rows, 1, kMostRows), count("T", T, 1, 1024));
  val out = val::object();
  out.set("ids", to_js(std::span<const float>(as_floats(made.ids))));
  out.set("targets", to_js(std::span<const float>(as_floats(made.targets))));
  return out;
}

std::string name_list(std::string style, double n, double seed) { return x2g::names(style, count("count", n), seed_of(seed)); }

std::string story_text(std::string language, double bytes, double seed) {
  return x2g::stories(language, whole("bytes", bytes, 1, 64e6), seed_of(seed));
}

val word_corpus(std::string language, double sentences, double seed) {
  const x2g::WordCorpus made = x2g::contexts(language, count("sentences", sentences), seed_of(seed));
  val group = val::array();
  for (std::size_t i = 0; i < made.group.size(); ++i) group.set(i, made.group[i]);
  val out = val::object();
  out.set("words", strings(made.words));
  out.set("groups", strings(made.groups));
  out.set("group", group);
  out.set("tokens", to_js(std::span<const std::uint32_t>(made.tokens)));
  return out;
}

}  // namespace

EMSCRIPTEN_BINDINGS(x2g_tools_data) {
  value_object<PointFields>("PointFields")
      .field("kind", &PointFields::kind)
      .field("n", &PointFields::n)
      .field("inputs", &PointFields::inputs)
      .field("separation", &PointFields::separation)
      .field("spread", &PointFields::spread)
      .field("factor", &PointFields::factor)
      .field("classes", &PointFields::classes)
      .field("turns", &PointFields::turns)
      .field("noise", &PointFields::noise)
      .field("seed", &PointFields::seed);
  value_object<CurveFields>("CurveFields")
      .field("n", &CurveFields::n)
      .field("periods", &CurveFields::periods)
      .field("noise", &CurveFields::noise)
      .field("seed", &CurveFields::seed);
  value_object<SequenceFields>("SequenceFields")
      .field("task", &SequenceFields::task)
      .field("symbols", &SequenceFields::symbols)
      .field("shortest", &SequenceFields::shortest)
      .field("longest", &SequenceFields::longest);
  function("points", on<&points>);
  function("sine", on<&sine_curve>);
  function("drawnCurve", on<&drawn>);
  function("sequenceInfo", on<&sequence_info>);
  function("sequenceExample", on<&sequence_example>);
  function("sequenceAnswer", on<&sequence_answer>);
  function("sequenceRows", on<&sequence_rows>);
  function("names", on<&name_list>);
  function("stories", on<&story_text>);
  function("words", on<&word_corpus>);
}
