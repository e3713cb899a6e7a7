#include "x2g/train/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

/// What stands before the numbers in a snapshot; after them comes an FNV-1a checksum of all before it.
struct SnapshotHead {
  char magic[4] = {'x', '2', 'g', 'S'};
  std::uint32_t version = 1;
  std::uint64_t fingerprint = 0, step = 0, elements = 0;
  std::uint32_t scalar = 0, reserved = 0;  // bytes of one number
  double loss = 0, lr = 0, grad_norm = 0;
};
static_assert(sizeof(SnapshotHead) == 64 && std::is_trivially_copyable_v<SnapshotHead>);

[[noreturn]] void bad(std::string why) { throw Error(ErrorCode::bad_file, "this snapshot cannot be restored: " + std::move(why)); }

}  // namespace

template <class T>
Trainer<T>::Trainer(GraphSpec spec, OptimizerConfig optimizer, std::unique_ptr<BatchSource<T>> batches, std::uint64_t seed,
                    std::uint64_t memory_limit)
    : graph_((optimizer.validate(), std::move(spec)), {.state_slots = optimizer.state_slots(), .memory_limit = memory_limit}),
      optimizer_(optimizer),
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
  phase_ = Phase::batch;
  node_ = 0;
  loss_known_ = false;
}

template <class T>
void Trainer<T>::touch() {
  report_.diverged = report_.gradient = false;
  report_.tensor.clear();
  phase_ = Phase::batch;
  node_ = 0;
  loss_known_ = false;
}

template <class T>
void Trainer<T>::diverge() {
  const auto found = graph_.find_non_finite();
  report_.diverged = true;
  report_.gradient = found.gradient;
  report_.tensor = found.tensor == kNoTensor ? "loss" : graph_.spec().tensors()[static_cast<std::size_t>(found.tensor)].name;
}

template <class T>
void Trainer<T>::finish_forward() {
  report_.loss = static_cast<double>(graph_.loss());
  loss_known_ = true;
  if (!std::isfinite(report_.loss)) diverge();
}

template <class T>
bool Trainer<T>::finish_step() {
  const UpdateReport u = update(optimizer_, graph_, report_.step);
  report_.lr = u.lr;
  report_.grad_norm = u.grad_norm;
  phase_ = Phase::batch;
  if (!u.applied) {
    diverge();
    return false;
  }
  ++report_.step;
  return true;
}

template <class T>
bool Trainer<T>::advance() {
  if (report_.diverged) return false;
  switch (phase_) {
    case Phase::batch:
      graph_.set_step(report_.step);
      batches_->fill(report_.step, graph_);
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
      graph_.zero_grad();
      graph_.seed_loss();
      phase_ = Phase::backward;
      node_ = graph_.node_count() - 1;
      return false;
    case Phase::backward:
      graph_.backward_node(node_);
      if (node_-- == 0) {
        node_ = 0;
        phase_ = Phase::update;
      }
      return false;
    case Phase::update: return finish_step();
  }
  return false;
}

template <class T>
void Trainer<T>::step(std::uint64_t n) {
  while (n > 0 && !report_.diverged)
    if (advance()) --n;
}

template <class T>
const TrainReport& Trainer<T>::report() {
  if (!loss_known_ && phase_ == Phase::batch) {
    batches_->fill(report_.step, graph_);
    graph_.forward();
    finish_forward();
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
  head.loss = report_.loss;
  head.lr = report_.lr;
  head.grad_norm = report_.grad_norm;
  const std::size_t body = state.size_bytes();
  std::vector<std::uint8_t> bytes(sizeof head + body + sizeof(std::uint64_t));
  std::memcpy(bytes.data(), &head, sizeof head);
  std::memcpy(bytes.data() + sizeof head, state.data(), body);
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

  std::memcpy(state.data(), bytes.data() + sizeof head, body);
  touch();
  report_.step = head.step;
  report_.loss = head.loss;
  report_.lr = head.lr;
  report_.grad_norm = head.grad_norm;
  loss_known_ = head.step > 0;
}

template class Trainer<float>;
template class Trainer<double>;

}  // namespace x2g
