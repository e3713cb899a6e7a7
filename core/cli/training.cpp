#include "training.hpp"

#include <cmath>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "files.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "stop.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/train/saved_run.hpp"

namespace x2g::cli {
namespace {

constexpr std::uint64_t kReportEvery = 100;  // steps, where nothing is evaluated

class Training {
 public:
  Training(const TrainArguments& a, const Recipe& recipe, std::string config, const Vocabulary& vocabulary, LanguageModel& model)
      : a_(a), recipe_(recipe), config_(std::move(config)), vocabulary_(vocabulary), model_(model), first_(model.trainer().steps()) {}

  int run() {
    announce();
    listen_for_stop();
    Trainer<float>& trainer = model_.trainer();
    trainer.report();  // the loss of the first batch
    report();
    const std::uint64_t every = a_.eval_every > 0 ? a_.eval_every : kReportEvery;
    while (trainer.steps() < recipe_.steps && !stop_wanted()) {
      const Stopwatch clock;
      trainer.step();
      trained_ += clock.seconds();
      recent_ += clock.seconds();
      ++recent_steps_;
      if (trainer.diverged()) blown_up();
      const std::uint64_t step = trainer.steps();
      progress_.bar(static_cast<double>(step) / static_cast<double>(recipe_.steps), words(step));
      if (step % every == 0 || step == recipe_.steps) report();
    }
    return finish();
  }

 private:
  double speed() const {  // tokens per second since the last report
    const double tokens = static_cast<double>(recent_steps_) * model_.config().batch * model_.config().context;
    return recent_ > 0 ? tokens / recent_ : 0;
  }

  double seconds_left() const {
    const auto step = static_cast<double>(model_.trainer().steps()), done = step - static_cast<double>(first_);
    return done > 0 ? clock_.seconds() / done * (static_cast<double>(recipe_.steps) - step) : NAN;
  }

  std::string words(std::uint64_t step) {
    std::string out = text(step, "/", recipe_.steps, "  loss ", fixed(model_.trainer().report().loss, 3));
    if (validation_) out += "  val " + fixed(*validation_, 3);
    return out + text("  ", fixed(speed(), 0), " tok/s  ", duration(seconds_left()), " left");
  }

  /// Over the same batches every time, so that the figures can be compared with each other. Absent: stopped.
  std::optional<double> mean_loss(bool validation, std::uint32_t batches, std::string_view what) {
    double sum = 0;
    for (std::uint32_t i = 0; i < batches; ++i) {
      if (stop_wanted()) return {};
      sum += model_.evaluate(validation, i);
      progress_.bar((i + 1.0) / batches, text(what, ": batch ", i + 1, " of ", batches));
    }
    return sum / batches;
  }

  void announce() {
    const Trainer<float>& trainer = model_.trainer();
    const std::uint64_t parameters = trainer.graph().spec().parameter_count();
    const std::uint64_t tokens = model_.train_tokens() + model_.validation_tokens();
    const auto memory = static_cast<double>(LanguageModel::memory(model_.config(), recipe_.optimizer, tokens).total());
    const GptConfig& c = model_.config();
    if (a_.json) {
      Json out;
      out.add("kind", "start").add("recipe", json_of(recipe_)).add("seed", a_.seed).add("text", a_.text);
      if (a_.resume.empty())
        out.add_null("resumed");
      else
        out.add("resumed", a_.resume);
      out.add("tokenizer", vocabulary_.kind()).add("vocab", c.vocab).add("trainTokens", model_.train_tokens());
      out.add("validationTokens", model_.validation_tokens()).add("parameters", parameters).add("memoryBytes", memory);
      out.add("evalEvery", a_.eval_every).add("evalBatches", a_.eval_batches);
      progress_.line(out.str());
      return;
    }
    progress_.line(text(a_.text, ": ", model_.train_tokens(), " tokens to train on, ", model_.validation_tokens(),
                        " to validate on; vocabulary of ", vocabulary_.size(), " ", vocabulary_.units()));
    progress_.line(text("GPT: ", c.layers, " layers, ", c.heads, " heads, ", c.channels, " channels, context ", c.context, ", ", parameters,
                        " parameters, ", size_text(memory)));
    progress_.line(text(recipe_.steps, " steps in batches of ", c.batch, ", AdamW at ", recipe_.optimizer.lr, ", seed ", a_.seed));
  }

  void report() {
    if (a_.eval_every > 0 && a_.eval_batches > 0) {
      if (model_.validation_tokens() > 0) validation_ = mean_loss(true, a_.eval_batches, "validating");
      training_ = mean_loss(false, a_.eval_batches, "loss on the training text");
    }
    const TrainReport& r = model_.trainer().report();
    if (a_.json) {
      Json out;
      out.add("kind", "report").add("step", r.step).add("loss", r.loss);
      add(out, "trainLoss", training_);
      add(out, "valLoss", validation_);
      out.add("lr", r.lr).add("gradNorm", r.grad_norm).add("tokensPerSecond", speed()).add("seconds", clock_.seconds());
      progress_.line(out.add("secondsLeft", seconds_left()).str());
    } else {
      std::string out = text("step ", r.step, "  loss ", fixed(r.loss, 4));
      if (training_) out += "  training " + fixed(*training_, 4);
      if (validation_) out += "  validation " + fixed(*validation_, 4);
      if (r.step > first_) out += text("  ", fixed(speed(), 0), " tokens/s");
      if (r.step > first_ && r.step < recipe_.steps) out += text("  ", duration(seconds_left()), " left");
      progress_.line(out);
    }
    recent_ = 0;
    recent_steps_ = 0;
    if (r.step > first_) checkpoint();
  }

  void checkpoint() {
    if (!a_.checkpoint.empty()) write_bytes(a_.checkpoint, save_run(model_.trainer(), config_));
  }

  static void add(Json& out, std::string_view key, const std::optional<double>& value) {
    if (value)
      out.add(key, *value);
    else
      out.add_null(key);
  }

  [[noreturn]] void blown_up() {
    const TrainReport& r = model_.trainer().report();
    progress_.clear();
    throw Error(ErrorCode::bad_state,
                text("training blew up in step ", r.step + 1, ": ", r.gradient ? "the gradient of " : "", r.tensor,
                     " is not finite any more; take a lower --lr than ", recipe_.optimizer.lr, ". No weights were written"));
  }

  int finish() {
    const bool stopped = stop_wanted();
    const double seconds = clock_.seconds();
    const std::vector<std::uint8_t> file = vocabulary_.save(model_.trainer().graph(), model_.config());
    write_bytes(a_.out, file);
    if (stopped) checkpoint();
    const bool validates = model_.validation_tokens() > 0;
    const std::optional<double> last = stopped || a_.final_batches == 0
                                           ? std::nullopt
                                           : mean_loss(validates, a_.final_batches, validates ? "validating" : "loss on the training text");
    const std::uint64_t steps = model_.trainer().steps();
    if (a_.json) {
      Json out;
      out.add("kind", "end").add("step", steps).add("stopped", stopped);
      add(out, validates ? "valLoss" : "trainLoss", last);
      out.add("batches", a_.final_batches).add("seconds", seconds).add("trainSeconds", trained_);
      progress_.line(out.add("file", a_.out).add("bytes", file.size()).str());
    } else {
      progress_.line(text(stopped ? "Stopped after " : "Trained ", steps, " steps in ", duration(seconds), "; wrote ", a_.out, " (",
                          size_text(static_cast<double>(file.size())), ")"));
      if (last)
        progress_.line(text(validates ? "validation" : "training", " loss ", fixed(*last, 4), ", perplexity ", fixed(std::exp(*last), 3),
                            " over ", a_.final_batches, " batches"));
    }
    return stopped ? kStopped : 0;
  }

  const TrainArguments& a_;
  const Recipe& recipe_;
  const std::string config_;
  const Vocabulary& vocabulary_;
  LanguageModel& model_;
  const std::uint64_t first_;  // step that this run began at
  Progress progress_;
  Stopwatch clock_;
  double trained_ = 0, recent_ = 0;  // seconds in training steps: all, since the last report
  std::uint64_t recent_steps_ = 0;
  std::optional<double> validation_, training_;
};

}  // namespace

int run_training(const TrainArguments& a, const Recipe& recipe, const std::string& config, const Vocabulary& vocabulary,
                 LanguageModel& model) {
  return Training(a, recipe, config, vocabulary, model).run();
}

}  // namespace x2g::cli
