// Learning rate as a function of the step, by schedule. Pure: a resumed run gets the rates it would have got.
#include "base/parts.hpp"
#include "kernels/math.hpp"
#include "optim/power.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/optim/optimizer.hpp"

namespace x2g {
namespace {

constexpr std::string_view kSchedules[] = {"warmup_cosine", "constant", "step_decay", "one_cycle"};

/// Half a cosine wave from `from` at share 0 to `to` at share 1.
double half_cosine(double from, double to, double share) { return to + 0.5 * (1 + kernels::cos_2pi(share / 2)) * (from - to); }

double warmup_cosine(const OptimizerConfig& c, std::uint64_t step) {
  if (step < c.warmup) return c.lr * static_cast<double>(step + 1) / static_cast<double>(c.warmup + 1);
  if (c.total == 0) return c.lr;
  if (step >= c.total) return c.min_lr;
  return half_cosine(c.lr, c.min_lr, static_cast<double>(step - c.warmup) / static_cast<double>(c.total - c.warmup));
}

#if X2G_WHOLE_ENGINE  // the first lessons' engine, wasm/CMakeLists.txt
/// One cycle (Smith, Topin 2018: "Super-convergence"), the two-phase cosine form of PyTorch's OneCycleLR: lr/div up to lr, then down to
/// lr/(div final_div) at the last step. The rate alone: momentum is not cycled.
double one_cycle(const OptimizerConfig& c, std::uint64_t step) {
  const double first = c.lr / c.div, last = first / c.final_div;
  const double end = static_cast<double>(c.total) - 1, top = c.rise * static_cast<double>(c.total) - 1;
  const auto at = static_cast<double>(step);
  if (at >= end) return last;
  return at <= top ? half_cosine(first, c.lr, at / top) : half_cosine(c.lr, last, (at - top) / (end - top));
}
#endif

}  // namespace

double learning_rate(const OptimizerConfig& c, std::uint64_t step) {
#if !X2G_WHOLE_ENGINE
  return warmup_cosine(c, step);
#else
  switch (c.schedule) {
    case Schedule::warmup_cosine: return warmup_cosine(c, step);
    case Schedule::constant: return c.lr;
    case Schedule::step_decay: return c.lr * power(c.gamma, c.decay_every ? step / c.decay_every : 0);
    case Schedule::one_cycle: return one_cycle(c, step);
  }
  return c.lr;
#endif
}

std::string_view schedule_name(Schedule schedule) { return kSchedules[static_cast<std::size_t>(schedule)]; }

Schedule schedule_from_name(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kSchedules); ++i)
    if (name == kSchedules[i]) return static_cast<Schedule>(i);
  throw Error(ErrorCode::unknown_name,
              text("no schedule is called \"", name.substr(0, 80), "\"; there are warmup_cosine, constant, step_decay, one_cycle"));
}

}  // namespace x2g
