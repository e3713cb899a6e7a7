#include "lm/decoder_plan.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/in_range.hpp"
#include "base/parts.hpp"
#include "kernels/gemm.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

constexpr bool kAnyGraph = X2G_ANY_GRAPH;  // else a GPT's, which can be decoded

[[noreturn]] void refuse(std::string why) {
  throw Error(ErrorCode::invalid_argument, "this graph cannot be decoded token by token: " + std::move(why));
}

class Planner {
 public:
  Planner(const Graph<float>& graph, const CachedDecoderConfig& config) : graph_(graph), spec_(graph.spec()) {
    in_range("chunk", static_cast<double>(config.chunk), 1, KvCache::kMostAhead);
    if (kAnyGraph && graph.precision().rounds()) refuse("it emulates 16-bit precision; decode it with 32 bits");
    plan_->chunk = config.chunk;
    plan_->widths.resize(spec_.tensors().size());
    plan_->places.resize(spec_.tensors().size());
    same_as_.resize(spec_.tensors().size(), kNoTensor);
    ids_ = spec_.require("ids");
    const TensorId logits = spec_.require("logits");
    if (kAnyGraph && shape(ids_).rank != 2) refuse(text("ids has shape ", shape(ids_).text(), "; it must be (batch, length)"));
    for (const NodeSpec* node : needed(logits)) add(*node);
    plan_->logits = resolved(logits);
    if (kAnyGraph && plan_->widths[static_cast<std::size_t>(plan_->logits)] == 0) refuse("logits does not depend on ids");
    choose_window(config);
    place();
  }

  std::unique_ptr<const DecoderPlan> take() { return std::move(plan_); }

 private:
  const TensorSpec& tensor(TensorId id) const { return spec_.tensors()[static_cast<std::size_t>(id)]; }
  const Shape& shape(TensorId id) const { return tensor(id).shape; }
  TensorId resolved(TensorId id) const {
    return same_as_[static_cast<std::size_t>(id)] == kNoTensor ? id : same_as_[static_cast<std::size_t>(id)];
  }
  std::uint32_t width(TensorId id) const { return plan_->widths[static_cast<std::size_t>(resolved(id))]; }
  bool constant(TensorId id) const { return tensor(id).role == Role::parameter || tensor(id).role == Role::buffer; }

  /// The nodes behind a tensor, in running order.
  std::vector<const NodeSpec*> needed(TensorId last) const {
    std::vector<bool> wanted(spec_.tensors().size());
    wanted[static_cast<std::size_t>(last)] = true;
    std::vector<const NodeSpec*> nodes;
    for (std::size_t i = spec_.nodes().size(); i-- > 0;) {
      const NodeSpec& node = spec_.nodes()[i];
      if (std::ranges::none_of(node.outputs, [&](TensorId id) { return wanted[static_cast<std::size_t>(id)]; })) continue;
      nodes.push_back(&node);
      for (const TensorId id : node.inputs)
        if (id != kNoTensor) wanted[static_cast<std::size_t>(id)] = true;
    }
    std::ranges::reverse(nodes);
    return nodes;
  }

  /// Input k as rows of tokens, one each.
  void take_rows(const NodeSpec& node, DecoderStep& step, std::size_t k) {
    step.in[k] = resolved(node.inputs[k]);
    if (kAnyGraph && width(node.inputs[k]) == 0)
      refuse(text("\"", node.name, "\" needs \"", tensor(node.inputs[k]).name, "\", which is not computed from each token of ids"));
  }
  /// Input k as a weight, if it is there.
  void take_constant(const NodeSpec& node, DecoderStep& step, std::size_t k) {
    if (k >= node.inputs.size() || node.inputs[k] == kNoTensor) return;
    if (kAnyGraph && !constant(node.inputs[k]))
      refuse(text("\"", node.name, "\" takes \"", tensor(node.inputs[k]).name, "\" as a weight, and it is none"));
    step.fixed[k] = graph_.value(node.inputs[k]);
  }

  /// A fourth input, lengths of padded sequences, is left alone: a text being read has no padding.
  void add_attention(const NodeSpec& node, DecoderStep& step) {
    const OpAttributes& a = node.attributes;
    step.fused = node.kind == OpKind::attention;
    if (kAnyGraph && (step.fused ? !a.causal : a.mask != Mask::causal))
      refuse(text("the attention of \"", node.name, "\" sees later tokens; only the causal mask lets a text grow"));
    for (std::size_t k = 0; k < (step.fused ? 1u : 3u); ++k) take_rows(node, step, k);
    AttendShape& s = step.heads;
    s.H = a.heads;
    s.G = step.fused || a.kv_heads == 0 ? a.heads : a.kv_heads;
    s.D = width(node.inputs[0]) / (step.fused ? 3 : 1) / s.H;
    s.Dv = step.fused ? s.D : width(node.inputs[2]) / s.G;
    if (step.fused) {
      step.softmax_scale = 1 / std::sqrt(static_cast<float>(s.D));
    } else {
      s.scale = a.scale == 0 ? 1 / std::sqrt(static_cast<double>(s.D)) : a.scale;
      s.score = a.score;
      s.alibi = a.flag;
    }
    step.layer = plan_->layers.size();
    plan_->layers.push_back({static_cast<std::uint32_t>(s.G * s.D), static_cast<std::uint32_t>(s.G * s.Dv)});
  }

  void add(const NodeSpec& node) {
    const TensorId out = node.outputs[0];
    DecoderStep step{node.kind, node.attributes, {}, {}, out};
    step.in.fill(kNoTensor);
    const Shape& y = shape(out);
    if (kAnyGraph && (y.rank != 3 || y.dims[0] != shape(ids_).dims[0] || y.dims[1] != shape(ids_).dims[1]))
      refuse(
          text("\"", node.name, "\" has shape ", y.text(), "; every value must be (batch, length, width) as ids is ", shape(ids_).text()));
    switch (node.kind) {
      case OpKind::embedding:
        if (kAnyGraph && node.inputs[0] != ids_)
          refuse(text("\"", node.name, "\" looks up \"", tensor(node.inputs[0]).name, "\", not ids"));
        take_constant(node, step, 1);
        plan_->vocab = std::min(plan_->vocab ? plan_->vocab : ~0u, shape(node.inputs[1]).dims[0]);
        break;
      case OpKind::dropout:  // passes through
        if (kAnyGraph && width(node.inputs[0]) == 0) refuse(text("\"", node.name, "\" drops what is no value of tokens"));
        same_as_[static_cast<std::size_t>(out)] = resolved(node.inputs[0]);
        return;
      case OpKind::add_positions:
        take_rows(node, step, 0);
        take_constant(node, step, 1);
        positions_ = std::min<std::size_t>(positions_, shape(node.inputs[1]).dims[0]);
        break;
      case OpKind::add:
      case OpKind::mul:
        take_rows(node, step, 0);
        if (constant(node.inputs[1]) && shape(node.inputs[1]).rank <= 1)
          take_constant(node, step, 1);
        else
          take_rows(node, step, 1);
        break;
      case OpKind::activation:
      case OpKind::scale:
      case OpKind::rope: take_rows(node, step, 0); break;
      case OpKind::linear:
      case OpKind::layernorm:
      case OpKind::rmsnorm:
        take_rows(node, step, 0);
        take_constant(node, step, 1);
        take_constant(node, step, 2);
        break;
      case OpKind::attention:
      case OpKind::attend: add_attention(node, step); break;
      default:
        if (!kAnyGraph) break;
        refuse(text("\"", node.name, "\" is of the kind ", op_name(node.kind), ", which is not known to treat each token by itself"));
    }
    plan_->widths[static_cast<std::size_t>(out)] = y.last();
    plan_->steps.push_back(step);
  }

  void choose_window(const CachedDecoderConfig& config) {
    const bool tabled = positions_ != kUnbounded;
    const std::size_t most = tabled ? positions_ : KvCache::kMostTokens;
    plan_->window = config.window ? config.window : tabled ? positions_ : shape(ids_).dims[1];
    if (plan_->window > most)
      throw Error(ErrorCode::invalid_argument,
                  text("the window is ", plan_->window, " tokens; ", tabled ? "the model has positions for " : "it must be 1 to ", most));
    if (tabled && config.when_full == WhenFull::slide)
      throw Error(ErrorCode::invalid_argument, text("the window cannot slide: the model has positions for ", positions_,
                                                    " tokens and none beyond; only rotary, ALiBi or no positions go on"));
  }

  /// Gives every tensor its place: a slot is free again after the last step that reads it.
  void place() {
    struct Slot {
      std::size_t width, at;
      bool free;
    };
    std::vector<Slot> slots;
    std::vector<std::size_t> last_use(plan_->widths.size(), 0), slot_of(plan_->widths.size(), kUnbounded);
    for (std::size_t i = 0; i < plan_->steps.size(); ++i)
      for (const TensorId id : plan_->steps[i].in)
        if (id != kNoTensor) last_use[static_cast<std::size_t>(id)] = i;
    last_use[static_cast<std::size_t>(plan_->logits)] = kUnbounded;
    const std::size_t R = plan_->chunk;
    for (std::size_t i = 0; i < plan_->steps.size(); ++i) {
      const DecoderStep& step = plan_->steps[i];
      const auto out = static_cast<std::size_t>(step.out);
      const std::size_t wide = plan_->widths[out];
      std::size_t best = kUnbounded;
      for (std::size_t k = 0; k < slots.size(); ++k)
        if (slots[k].free && slots[k].width >= wide && (best == kUnbounded || slots[k].width < slots[best].width)) best = k;
      if (best == kUnbounded) {
        best = slots.size();
        slots.push_back({wide, plan_->values, false});
        plan_->values += R * wide;
      }
      slots[best].free = false;
      slot_of[out] = best;
      plan_->places[out] = slots[best].at;
      for (const TensorId id : step.in)
        if (id != kNoTensor && last_use[static_cast<std::size_t>(id)] == i) slots[slot_of[static_cast<std::size_t>(id)]].free = true;
      measure(step);
    }
  }

  void measure(const DecoderStep& step) {
    const std::size_t R = plan_->chunk, most = plan_->window + R;
    std::size_t panels = 0;
    if (step.kind == OpKind::linear) panels = kernels::gemm_scratch(R, step.fixed[1].size() / width(step.in[0]), width(step.in[0]));
    if (step.kind == OpKind::rope) plan_->angles = std::max<std::size_t>(plan_->angles, R * width(step.in[0]) / step.attributes.heads);
    if (step.kind == OpKind::attention || step.kind == OpKind::attend) {
      plan_->scores = R * most;
      panels = std::max(kernels::gemm_scratch(R, most, step.heads.D), kernels::gemm_scratch(R, step.heads.Dv, most));
    }
    plan_->panels = std::max(plan_->panels, panels);
  }

  static constexpr std::size_t kUnbounded = ~std::size_t{0};
  const Graph<float>& graph_;
  const GraphSpec& spec_;
  std::unique_ptr<DecoderPlan> plan_ = std::make_unique<DecoderPlan>();
  std::vector<TensorId> same_as_;  // dropout's output is its input
  TensorId ids_ = kNoTensor;
  std::size_t positions_ = kUnbounded;  // rows of the shortest table of positions
};

}  // namespace

std::unique_ptr<const DecoderPlan> plan_decoder(const Graph<float>& graph, const CachedDecoderConfig& config) {
  return Planner(graph, config).take();
}

}  // namespace x2g
