#include "x2g/train/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/in_range.hpp"
#include "kernels/elementwise.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

/// What stands before the numbers in a snapshot; after them comes an FNV-1a checksum of all before it.
struct SnapshotHead {
  char magic[4] = {'x', '2', 'g', 'S'};
  std::uint32_t version = 1;
  std::uint64_t fingerprint = 0, step = 0, elements = 0;
  std::uint32_t scalar = 0, loss_scale = 0;  // bytes of one number; dynamic loss scale: exponent + 128 in the top byte, good updates below
  double loss = 0, lr = 0, grad_norm = 0;
};
static_assert(sizeof(SnapshotHead) == 64 && std::is_trivially_copyable_v<SnapshotHead>);

constexpr double kLeastScale = 0x1p-20, kMostScale = 0x1p40;

TrainOptions checked(const TrainOptions& o) {
  in_range("accumulate", o.accumulate, 1, 4096);
  in_range("workers", o.workers, 1, 1024);
  in_range("worker", o.worker, 0, o.workers - 1);
  const LossScale& s = o.loss_scale;
  int exponent = 0;
  if (!(s.initial >= kLeastScale && s.initial <= kMostScale) || std::frexp(s.initial, &exponent) != 0.5)
    throw Error(ErrorCode::invalid_argument, text("loss_scale.initial is ", s.initial, "; it must be a power of two from 2^-20 to 2^40"));
  in_range("loss_scale.interval", s.interval, 1, (1u << 24) - 1);
  return o;
}

[[noreturn]] void bad(std::string why) { throw Error(ErrorCode::bad_file, "this snapshot cannot be restored: " + std::move(why)); }

}  // namespace

template <class T>
Trainer<T>::Trainer(GraphSpec spec, OptimizerConfig optimizer, std::unique_ptr<BatchSource<T>> batches, std::uint64_t seed,
                    std::uint64_t memory_limit, const TrainOptions& options)
    : graph_((optimizer.validate(), std::move(spec)), {.state_slots = checked(options).optimizer_state ? optimizer.state_slots() : 0,
                                                       .memory_limit = memory_limit,
                                                       .precision = options.precision}),
      optimizer_(optimizer),
      options_(options),
      batches_(std::move(batches)) {
  reset(seed);
}

template <class T>
void Trainer<T>::set_optimizer(const OptimizerConfig& c) {
  c.validate();
  if (c.kind != optimizer_.kind || c.state_slots() != optimizer_.state_slots())
    throw Error(ErrorCode::bad_state, "another kind of optimizer needs a new run; only its numbers can change while it runs");
  optimizer_ = c;
}

template <class T>
void Trainer<T>::reset(std::uint64_t seed) {
  std::ranges::fill(graph_.state(), T(0));
  graph_.zero_grad();
  graph_.initialize(seed);
  report_ = {};
  report_.loss_scale = options_.loss_scale.kind == LossScale::Kind::none ? 1 : options_.loss_scale.initial;
  good_ = 0;
  touch();
}

template <class T>
void Trainer<T>::touch() {
  report_.diverged = report_.gradient = false;
  report_.tensor.clear();
  begin_step();
}

template <class T>
void Trainer<T>::begin_step() {
  phase_ = Phase::batch;
  node_ = 0;
  part_ = 0;
  loss_sum_ = 0;
  loss_known_ = false;
}

template <class T>
void Trainer<T>::take_share(std::uint32_t worker) {
  in_range("worker", worker, 0, options_.workers - 1);
  options_.worker = worker;
  begin_step();
}

template <class T>
void Trainer<T>::set_loss(double loss) {
  report_.loss = loss;
  loss_known_ = true;
  if (!std::isfinite(loss) && !report_.diverged) diverge();
}

template <class T>
void Trainer<T>::diverge() {
  const auto found = graph_.find_non_finite();
  report_.diverged = true;
  report_.gradient = found.gradient;
  report_.tensor = found.tensor == kNoTensor ? "loss" : graph_.spec().tensors()[static_cast<std::size_t>(found.tensor)].name;
}

template <class T>
void Trainer<T>::fill_batch() {
  const std::uint32_t parts = options_.workers * options_.accumulate, part = options_.worker * options_.accumulate + part_;
  graph_.set_step(report_.step * parts + part);  // every part has dropout masks of its own
  if (parts == 1)
    batches_->fill(report_.step, graph_);
  else
    batches_->fill_part(report_.step, {part, parts}, graph_);
}

template <class T>
void Trainer<T>::finish_forward() {
  loss_sum_ += static_cast<double>(graph_.loss());
  report_.loss = loss_sum_ / (part_ + 1);
  loss_known_ = true;
  if (!std::isfinite(report_.loss)) diverge();
}

template <class T>
void Trainer<T>::begin_backward() {
  if (part_ == 0)
    graph_.zero_grad();
  else
    graph_.zero_value_grad();
  graph_.seed_loss(static_cast<T>(report_.loss_scale / options_.accumulate));
}

/// After the last micro-batch: takes the loss scale out again. A power of two changes no digit, unless gradients leave float's range.
template <class T>
void Trainer<T>::finish_backward() {
  node_ = 0;
  phase_ = ++part_ < options_.accumulate ? Phase::batch : Phase::update;
  if (phase_ == Phase::update && report_.loss_scale != 1) kernels::scale<T>(static_cast<T>(1 / report_.loss_scale), graph_.gradients());
}

/// A gradient is not finite: true when a smaller loss scale may help.
template <class T>
bool Trainer<T>::skip_update() {
  if (options_.loss_scale.kind != LossScale::Kind::dynamic || report_.loss_scale <= kLeastScale) return false;
  report_.loss_scale /= 2;
  ++report_.skipped;
  good_ = 0;
  return true;
}

template <class T>
bool Trainer<T>::finish_update(const UpdateReport& u) {
  if (phase_ != Phase::update) throw Error(ErrorCode::bad_state, "no step waits for its update; run forward and backward first");
  report_.lr = u.lr;
  report_.grad_norm = u.grad_norm;
  phase_ = Phase::batch;
  part_ = 0;
  loss_sum_ = 0;
  if (!u.applied) {
    if (!skip_update()) diverge();
    return false;
  }
  ++report_.step;
  if (options_.loss_scale.kind == LossScale::Kind::dynamic && ++good_ >= options_.loss_scale.interval) {
    good_ = 0;
    report_.loss_scale = std::min(2 * report_.loss_scale, kMostScale);
  }
  return true;
}

template <class T>
bool Trainer<T>::advance() {
  if (report_.diverged) return false;
  switch (phase_) {
    case Phase::batch:
      fill_batch();
      phase_ = Phase::forward;
      node_ = 0;
      return false;
    case Phase::forward:
      graph_.forward_node(node_);
      if (++node_ < graph_.node_count()) return false;
      finish_forward();
      if (report_.diverged) {
        phase_ = Phase::batch;
        return false;
      }
      begin_backward();
      phase_ = Phase::backward;
      node_ = graph_.node_count() - 1;
      return false;
    case Phase::backward:
      if (graph_.reaches_loss(node_)) graph_.backward_node(node_);
      if (node_-- == 0) finish_backward();
      return false;
    case Phase::update:
      if (!options_.optimizer_state)
        throw Error(ErrorCode::bad_state, "this run's updates come from outside; exchange gradients and call finish_update");
      return finish_update(update(optimizer_, graph_, report_.step));
  }
  return false;
}

template <class T>
bool Trainer<T>::run_to_update() {
  while (phase_ != Phase::update && !report_.diverged) advance();
  return !report_.diverged;
}

/// A micro-batch in one piece, and the update after the last: the bits of advance(), which goes node by node. True when this finished a step.
template <class T>
bool Trainer<T>::whole_batch() {
  fill_batch();
  graph_.forward();
  finish_forward();
  if (report_.diverged) return false;
  begin_backward();
  graph_.backward_nodes();
  finish_backward();
  return phase_ == Phase::update && advance();
}

template <class T>
void Trainer<T>::step(std::uint64_t n) {
  while (n > 0 && !report_.diverged)
    if (phase_ == Phase::batch ? whole_batch() : advance()) --n;
}

template <class T>
const TrainReport& Trainer<T>::report() {
  if (!loss_known_ && phase_ == Phase::batch) {
    const std::vector<T> kept(graph_.buffers().begin(), graph_.buffers().end());  // a look must not move batch norm's running statistics
    for (part_ = 0; part_ < options_.accumulate && !report_.diverged; ++part_) {
      fill_batch();
      graph_.forward();
      finish_forward();
    }
    std::ranges::copy(kept, graph_.buffers().begin());
    part_ = 0;
    loss_sum_ = 0;
    report_.lr = learning_rate(optimizer_, report_.step);
  }
  return report_;
}

template <class T>
std::vector<std::uint8_t> Trainer<T>::snapshot() const {
  const std::span<const T> state = graph_.state();
  SnapshotHead head;
  head.fingerprint = graph_.spec().fingerprint();
  head.step = report_.step;
  head.elements = state.size();
  head.scalar = sizeof(T);
  if (options_.loss_scale.kind == LossScale::Kind::dynamic)
    head.loss_scale = static_cast<std::uint32_t>(std::ilogb(report_.loss_scale) + 128) << 24 | good_;
  head.loss = report_.loss;
  head.lr = report_.lr;
  head.grad_norm = report_.grad_norm;
  const std::size_t body = state.size_bytes();
  std::vector<std::uint8_t> bytes(sizeof head + body + sizeof(std::uint64_t));
  std::memcpy(bytes.data(), &head, sizeof head);
  if (body > 0) std::memcpy(bytes.data() + sizeof head, state.data(), body);
  const std::uint64_t checksum = fnv1a(bytes.data(), sizeof head + body);
  std::memcpy(bytes.data() + sizeof head + body, &checksum, sizeof checksum);
  return bytes;
}

template <class T>
void Trainer<T>::restore(std::span<const std::uint8_t> bytes) {
  const std::span<T> state = graph_.state();
  const SnapshotHead expected;
  SnapshotHead head;
  if (bytes.size() < sizeof head + sizeof(std::uint64_t)) bad(text("it has ", bytes.size(), " bytes, too few for a snapshot"));
  std::memcpy(&head, bytes.data(), sizeof head);
  if (std::memcmp(head.magic, expected.magic, sizeof head.magic) != 0) bad("it does not begin like one; choose a file saved by this lab");
  if (head.version != expected.version) bad(text("it is of version ", head.version, "; this lab reads version ", expected.version));
  const std::size_t body = state.size_bytes();
  if (head.scalar != sizeof(T) || head.fingerprint != graph_.spec().fingerprint() || head.elements != state.size())
    bad("it was taken from another model; build the model with the same settings first");
  if (bytes.size() != sizeof head + body + sizeof(std::uint64_t))
    bad(text("it has ", bytes.size(), " bytes; this model's has ", sizeof head + body + sizeof(std::uint64_t)));
  std::uint64_t checksum = 0;
  std::memcpy(&checksum, bytes.data() + sizeof head + body, sizeof checksum);
  if (checksum != fnv1a(bytes.data(), sizeof head + body)) bad("its checksum does not match; it was cut off or damaged");

  if (body > 0) std::memcpy(state.data(), bytes.data() + sizeof head, body);
  touch();
  if (options_.loss_scale.kind == LossScale::Kind::dynamic && head.loss_scale != 0) {
    report_.loss_scale = std::clamp(std::ldexp(1.0, static_cast<int>(head.loss_scale >> 24) - 128), kLeastScale, kMostScale);
    good_ = head.loss_scale & 0x00ff'ffffu;
  }
  report_.skipped = 0;
  report_.step = head.step;
  report_.loss = head.loss;
  report_.lr = head.lr;
  report_.grad_norm = head.grad_norm;
  loss_known_ = head.step > 0;
}

template class Trainer<float>;
template class Trainer<double>;

}  // namespace x2g
