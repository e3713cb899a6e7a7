#include "x2g/train/best_keeper.hpp"

#include "base/in_range.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {

BestKeeper::BestKeeper(std::uint32_t patience, double min_delta) : patience_(patience), min_delta_(min_delta) {
  if (patience == 0) throw Error(ErrorCode::invalid_argument, "patience is 0; it must be 1 or more");
  in_range("min_delta", min_delta, 0, 1e9);
}

BestKeeper::Verdict BestKeeper::judge(double loss, std::uint64_t step) {
  if (loss < best_ - min_delta_) {  // false for NaN
    best_ = loss;
    best_step_ = step;
    waited_ = 0;
    return Verdict::better;
  }
  if (waited_ < patience_) ++waited_;
  return waited_ >= patience_ ? Verdict::stop : Verdict::waiting;
}

void BestKeeper::reset() { *this = BestKeeper(patience_, min_delta_); }

}  // namespace x2g
