#include "run_perceptron.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "border.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g::border {
namespace {

constexpr std::size_t kTraceRows = 500;
constexpr std::uint64_t kMagic = 0x3150'6732'78ull;  // "x2gP1"
constexpr std::size_t kHead = 7;                     // words before the weights

}  // namespace

PerceptronRun::PerceptronRun(PerceptronFields fields)
    : model_(point_set(fields), perceptron_config(fields)),
      bound_(model_.bound()),
      rate_(fields.rate),
      width_(7 + 3 * model_.weights().size() - 1) {}

val PerceptronRun::info() const {
  val tensors = val::array(), nodes = val::array(), shape = val::array(), w = val::object(), node = val::object(), out = val::object();
  shape.call<void>("push", static_cast<double>(model_.weights().size()));
  w.set("name", std::string("w"));
  w.set("shape", shape);
  w.set("role", std::string("parameter"));
  tensors.call<void>("push", w);
  node.set("name", std::string("y"));
  node.set("op", std::string("perceptron"));
  nodes.call<void>("push", node);
  const double parameters = static_cast<double>(model_.weights().size());
  const double data = static_cast<double>((model_.data().x.size() + model_.data().t.size()) * sizeof(float));
  out.set("tensors", tensors);
  out.set("nodes", nodes);
  out.set("parameterCount", parameters);
  out.set("memory", memory_to_js({.parameters = parameters * sizeof(double), .data = data, .total = parameters * sizeof(double) + data}));
  out.set("vocab", val::null());
  out.set("epochSteps", epoch_steps());
  return out;
}

double PerceptronRun::work(double units, double until) {
  // Convergence ends a run; who goes on stepping afterwards may look at how nothing changes any more.
  const bool over = model_.converged();
  double left = units;
  while (left >= 1 && steps() < until && (over || !model_.converged())) {
    const std::uint64_t mark = History::next_mark(model_.steps());
    model_.step();
    remember();
    --left;
    if (model_.steps() == mark) history_.add(mark, static_cast<double>(model_.wrong()) / epoch_steps());
  }
  return units - left;
}

void PerceptronRun::remember() {
  const PerceptronTrace& t = model_.last();
  if (trace_.size() < kTraceRows * width_) trace_.resize(trace_.size() + width_);
  double* row = trace_.data() + newest_ % kTraceRows * width_;
  ++newest_;
  for (const double v :
       {static_cast<double>(t.step), static_cast<double>(t.epoch), static_cast<double>(t.example), t.sum, t.target, t.output, t.error})
    *row++ = v;
  row = std::ranges::copy(t.x, row).out;
  row = std::ranges::copy(t.before, row).out;
  std::ranges::copy(t.after, row);
}

Numbers PerceptronRun::numbers() {
  Numbers n;
  n.step = steps();
  n.loss = static_cast<double>(model_.wrong()) / epoch_steps();
  n.lr = rate_;
  n.finished = model_.converged();
  return n;
}

val PerceptronRun::state() {
  const std::size_t rows = trace_.size() / width_;
  if (rows == kTraceRows) std::ranges::rotate(trace_, trace_.begin() + static_cast<std::ptrdiff_t>(newest_ % kTraceRows * width_));
  val out = val::object();
  out.set("rows", to_js(std::span<const double>(trace_)));
  out.set("width", static_cast<double>(width_));
  trace_.clear();
  newest_ = 0;
  out.set("mistakes", static_cast<double>(model_.mistakes()));
  out.set("epochs", static_cast<double>(model_.epochs()));
  out.set("converged", model_.converged());
  out.set("cycles", model_.cycles());
  out.set("cycleLength", static_cast<double>(model_.cycle_length()));
  out.set("wrong", static_cast<double>(model_.wrong()));
  out.set("weights", to_js(model_.weights()));
  out.set("separable", bound_.separable);
  out.set("radius", bound_.radius);
  out.set("margin", bound_.margin);
  out.set("bound", bound_.bound);
  return out;
}

val PerceptronRun::tensor(std::string name, bool grad) {
  if (name != "w" || grad)
    throw Error(ErrorCode::unknown_name, text("a perceptron has one tensor, \"w\", and no gradients; not \"", name.substr(0, 80), "\""));
  const std::vector<float> w(model_.weights().begin(), model_.weights().end());
  val shape = val::array();
  shape.call<void>("push", static_cast<double>(w.size()));
  return tensor_to_js(name, shape, to_js(std::span<const float>(w)));
}

void PerceptronRun::set(std::string name, val values) {
  if (name != "w") throw Error(ErrorCode::unknown_name, text("a perceptron has one tensor, \"w\"; not \"", name.substr(0, 80), "\""));
  model_.set_weights(doubles(name, values));
}

void PerceptronRun::set_rate(double rate) {
  model_.set_rate(rate);
  rate_ = rate;
}

val PerceptronRun::rows(val x, val names) {
  const std::vector<double> values = doubles("x", x, 4u << 20);
  const std::size_t inputs = model_.data().inputs, total = values.size() / inputs;
  if (total == 0 || total * inputs != values.size())
    throw Error(ErrorCode::shape_mismatch, text("x has ", values.size(), " numbers; rows of ", inputs, " are needed, and at least one"));
  val out = val::object(), shape = val::array();
  shape.call<void>("push", static_cast<double>(total));
  shape.call<void>("push", 1.0);
  const auto count = static_cast<std::size_t>(whole("the number of tensors", names["length"].as<double>(), 0, 256));
  std::vector<float> result(total);
  for (std::size_t i = 0; i < count; ++i) {
    const auto name = names[i].as<std::string>();
    if (name != "z" && name != "y")
      throw Error(ErrorCode::unknown_name,
                  text("a perceptron computes \"z\" (the sum) and \"y\" for each row; not \"", name.substr(0, 80), "\""));
    for (std::size_t r = 0; r < total; ++r) {
      const std::span<const double> row(values.data() + r * inputs, inputs);
      result[r] = static_cast<float>(name == "z" ? model_.sum(row) : model_.output(row));
    }
    out.set(name, tensor_to_js(name, shape, to_js(std::span<const float>(result))));
  }
  return out;
}

// A snapshot: magic, number of weights, steps, mistakes, clean, cycle length, rate, base…, gain…, checksum (8 bytes each).
val PerceptronRun::snapshot() const {
  const PerceptronState s = model_.state();
  std::vector<std::uint64_t> words = {
      kMagic, s.base.size(), s.steps, s.mistakes, s.clean, s.cycle_length, std::bit_cast<std::uint64_t>(s.rate)};
  for (const auto& part : {s.base, s.gain})
    for (const double v : part) words.push_back(std::bit_cast<std::uint64_t>(v));
  words.push_back(fnv1a(words.data(), words.size() * sizeof(std::uint64_t)));
  return to_js(std::span(reinterpret_cast<const std::uint8_t*>(words.data()), words.size() * sizeof(std::uint64_t)));
}

void PerceptronRun::restore(val data) {
  const std::vector<std::uint8_t> raw = bytes(data);
  const std::size_t n = model_.weights().size(), expected = (kHead + 2 * n + 1) * sizeof(std::uint64_t);
  std::vector<std::uint64_t> words(kHead + 2 * n + 1);
  if (raw.size() == expected) std::memcpy(words.data(), raw.data(), expected);
  if (raw.size() != expected || words[0] != kMagic || words[1] != n ||
      words.back() != fnv1a(words.data(), expected - sizeof(std::uint64_t)))
    throw Error(ErrorCode::bad_file, "this snapshot cannot be restored: it is damaged or of another perceptron");
  PerceptronState s;
  s.steps = words[2];
  s.mistakes = words[3];
  s.clean = words[4];
  s.cycle_length = words[5];
  s.rate = std::bit_cast<double>(words[6]);
  for (std::size_t i = 0; i < n; ++i) {
    s.base.push_back(std::bit_cast<double>(words[kHead + i]));
    s.gain.push_back(std::bit_cast<double>(words[kHead + n + i]));
  }
  model_.restore(s);
  rate_ = s.rate;
  trace_.clear();
  newest_ = 0;
  history_.clear();
}

}  // namespace x2g::border
