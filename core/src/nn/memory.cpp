// The tensors of gpt() and with_lora() as formulas. tests/core/nn/memory_test.cpp holds them to what a Graph of the same model allocates.
#include "x2g/nn/memory.hpp"

#include <algorithm>
#include <initializer_list>

#include "base/in_range.hpp"
#include "x2g/base/buffer.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

using Method = MemoryPlan::Method;

constexpr std::uint64_t kMost = 1ull << 53;  // bytes, so that JavaScript's numbers hold them
constexpr std::string_view kParts[] = {"parameters", "gradients", "optimizer", "activations", "activation_gradients", "cache"};

[[noreturn]] void too_much() { throw Error(ErrorCode::out_of_memory, "this model needs more than 2^53 bytes; choose a smaller one"); }

std::uint64_t product(std::initializer_list<std::uint64_t> factors) {
  std::uint64_t out = 1;
  for (const std::uint64_t f : factors) {
    if (f != 0 && out > kMost / f) too_much();
    out *= f;
  }
  return out;
}

void add(std::uint64_t& sum, std::uint64_t more) {
  if (more > kMost - sum) too_much();
  sum += more;
}

std::uint64_t parts(std::uint64_t whole, std::uint64_t each) { return (whole + each - 1) / each; }
std::uint64_t width(Format f) { return f == Format::fp32 ? 4 : 2; }

void validate(const GptConfig& c, const MemoryPlan& p) {
  in_range("vocab", c.vocab, 2, 1u << 24);
  in_range("layers", c.layers, 1, 4096);
  in_range("heads", c.heads, 1, 4096);
  in_range("channels", c.channels, 1, 1u << 17);
  in_range("context", c.context, 2, 1u << 24);
  in_range("batch", c.batch, 1, 1u << 20);
  in_range("length", c.length, 0, c.context);
  in_range("zero_stage", p.zero_stage, 0, 3);
  in_range("workers", p.workers, 1, 1u << 20);
  const auto require = [](bool good, const std::string& why) {
    if (!good) throw Error(ErrorCode::invalid_argument, why);
  };
  require(c.channels % c.heads == 0, text("channels is ", c.channels, " and heads is ", c.heads, "; channels must be a multiple of heads"));
  require(!p.quantized || p.method != Method::full,
          "quantized weights cannot be trained; choose the method lora (QLoRA) or answer, or weights in fp32, fp16 or bf16");
  require(!p.padded || p.zero_stage == 0, "padded counts the arena of one graph, which ZeRO does not cut; set zero_stage to 0");
  p.optimizer.validate();
  if (p.quantized) p.quant.validate();
  if (p.method == Method::lora) in_range("rank", p.lora.rank, 1, 256);
}

/// Fills the bill, one kind of tensor after the other.
class Clerk {
 public:
  Clerk(const GptConfig& c, const MemoryPlan& p)
      : c_(c), p_(p), V_(c.vocab), C_(c.channels), L_(c.layers), B_(c.batch), T_(c.length ? c.length : c.context) {}

  MemoryBill write() {
    base_parameters();
    if (p_.method == Method::lora) adapters();
    training();
    activations();
    if (p_.method == Method::answer) {
      const std::uint64_t numbers = product({2, L_, B_, c_.context, C_});
      bill_.cache = product({numbers, width(p_.cache)});
      bill_.rows.push_back({MemoryPart::cache, "keys and values", "2·L·B·context·C", numbers, 1, bill_.cache});
    }
    if (p_.zero_stage == 3)
      bill_.parameters = parts(parameter_numbers_, p_.workers) * width(p_.weights) + parts(quantized_bytes_, p_.workers);
    if (bill_.total() > kMost) too_much();
    return std::move(bill_);
  }

 private:
  struct Layer {  // a linear layer of every block
    const char* name;
    std::uint64_t outputs, inputs;  // in units of C
  };
  static constexpr Layer kLayers[] = {{"attn.qkv", 3, 1}, {"attn.proj", 1, 1}, {"mlp.fc", 4, 1}, {"mlp.proj", 1, 4}};

  static std::string times_c(std::uint64_t units) { return units == 1 ? "C" : text(units, "C"); }

  /// Bytes of one tensor.
  std::uint64_t bytes(std::uint64_t numbers, std::uint64_t each) const {
    const std::uint64_t plain = product({numbers, each});
    return p_.padded ? parts(plain, kAlignment) * kAlignment : plain;
  }

  void parameter(std::string name, std::string formula, std::uint64_t numbers, std::uint64_t times, bool trained) {
    const std::uint64_t all = product({times, bytes(numbers, width(p_.weights))});
    add(bill_.parameters, all);
    add(parameter_numbers_, numbers * times);
    add(bill_.parameter_count, numbers * times);
    if (trained) {
      add(bill_.trained_count, numbers * times);
      add(gradient_bytes_, product({times, bytes(numbers, width(p_.gradients))}));
      add(state_bytes_, product({times, bytes(numbers, 4)}));
    }
    bill_.rows.push_back({MemoryPart::parameters, std::move(name), std::move(formula), numbers, times, all});
  }

  /// The weight of a block's linear layer, (outputs, inputs).
  void matrix(const Layer& layer, bool trained) {
    const std::string name = text("blocks.*.", layer.name, ".weight"), formula = times_c(layer.outputs) + "·" + times_c(layer.inputs);
    const std::uint64_t rows = layer.outputs * C_, columns = layer.inputs * C_, numbers = product({rows, columns});
    if (!p_.quantized) return parameter(name, formula, numbers, L_, trained);
    const std::uint64_t all = product({L_, x2g::quantized_bytes(rows, columns, p_.quant)});
    add(bill_.parameters, all);
    add(quantized_bytes_, all);
    add(bill_.parameter_count, product({numbers, L_}));
    bill_.rows.push_back({MemoryPart::parameters, name, formula, numbers, L_, all});
  }

  void base_parameters() {
    const bool trained = p_.method == Method::full;
    parameter("wte", "V·C", product({V_, C_}), 1, trained);
    parameter("wpe", "context·C", product({c_.context, C_}), 1, trained);
    const auto norm = [&](const char* name, std::uint64_t times) {
      parameter(text(name, ".weight"), "C", C_, times, trained);
      if (c_.bias) parameter(text(name, ".bias"), "C", C_, times, trained);
    };
    norm("blocks.*.ln1", L_);
    norm("blocks.*.ln2", L_);
    norm("lnf", 1);
    for (const Layer& layer : kLayers) {
      matrix(layer, trained);
      if (c_.bias) parameter(text("blocks.*.", layer.name, ".bias"), times_c(layer.outputs), layer.outputs * C_, L_, trained);
    }
  }

  /// In how many blocks a target names this layer.
  std::uint64_t adapted(const Layer& layer, std::string_view only = {}) const {
    std::uint64_t count = 0;
    for (std::uint64_t block = 0; block < L_; ++block) {
      const std::string name = text("blocks.", block, ".", layer.name);
      const auto fits = [&](std::string_view end) { return !end.empty() && name.ends_with(end); };
      count += only.empty() ? std::ranges::any_of(p_.lora.targets, fits) : fits(only);
    }
    return count;
  }

  void adapters() {
    if (p_.lora.targets.empty())
      throw Error(ErrorCode::invalid_argument, "targets is empty; name the ends of linear layers, for example \"attn.qkv\"");
    for (const std::string& end : p_.lora.targets)
      if (std::ranges::none_of(kLayers, [&](const Layer& layer) { return !end.empty() && adapted(layer, end) > 0; }))
        throw Error(ErrorCode::unknown_name, text("no linear layer that can be adapted ends with \"", end.substr(0, 80),
                                                  "\"; a block has attn.qkv, attn.proj, mlp.fc and mlp.proj"));
    for (const Layer& layer : kLayers) {
      const std::uint64_t times = adapted(layer);
      if (times == 0) continue;
      parameter(text("blocks.*.", layer.name, ".lora.A"), "r·" + times_c(layer.inputs), product({p_.lora.rank, layer.inputs, C_}), times,
                true);
      parameter(text("blocks.*.", layer.name, ".lora.B"), times_c(layer.outputs) + "·r", product({layer.outputs, C_, p_.lora.rank}), times,
                true);
    }
  }

  /// Gradients of parameters and optimizer state, of the trained ones.
  void training() {
    if (p_.method == Method::answer) return;
    const std::uint64_t P = bill_.trained_count, slots = p_.optimizer.state_slots();
    bill_.rows.push_back({MemoryPart::gradients, "gradients", "P", P, 1, gradient_bytes_});
    for (std::uint64_t slot = 0; slot < slots; ++slot)
      bill_.rows.push_back({MemoryPart::optimizer, text("optimizer value ", slot + 1), "P", P, 1, state_bytes_});
    const bool master = p_.master && p_.weights != Format::fp32;
    if (master) bill_.rows.push_back({MemoryPart::optimizer, "master weights", "P", P, 1, state_bytes_});
    const std::uint64_t states = slots + (master ? 1 : 0), shard = parts(P, p_.workers);
    bill_.gradients = p_.zero_stage >= 2 ? product({shard, width(p_.gradients)}) : gradient_bytes_;
    bill_.optimizer = p_.zero_stage >= 1 ? product({states, shard, 4}) : product({states, state_bytes_});
  }

  void value(std::string name, std::string formula, std::uint64_t numbers, std::uint64_t times, bool has_gradient) {
    const std::uint64_t all = product({times, bytes(numbers, width(p_.activations))});
    add(bill_.activations, all);
    if (has_gradient && p_.method != Method::answer) {
      add(bill_.activation_gradients, all);
      add(gradient_numbers_, numbers * times);
    }
    bill_.rows.push_back({MemoryPart::activations, std::move(name), std::move(formula), numbers, times, all});
  }

  void activations() {
    const std::uint64_t BT = product({B_, T_}), BTC = product({BT, C_}), BTV = product({BT, V_});
    const std::string wide = "B·T·";
    const auto norm = [&](const char* name, std::uint64_t times) {
      value(name, "B·T·C", BTC, times, true);
      value(text(name, ".mean, .rstd"), "B·T", BT, 2 * times, false);
    };
    value("ids", "B·T", BT, 1, false);
    value("tokens", "B·T·C", BTC, 1, true);
    value("embedded", "B·T·C", BTC, 1, true);
    norm("blocks.*.ln1", L_);
    value("blocks.*.attn", "B·T·C", BTC, L_, true);
    value("blocks.*.attn.att", "B·H·T·T", product({BT, c_.heads, T_}), L_, false);
    value("blocks.*.mid", "B·T·C", BTC, L_, true);
    norm("blocks.*.ln2", L_);
    value("blocks.*.mlp.act", "B·T·4C", 4 * BTC, L_, true);
    value("blocks.*.out", "B·T·C", BTC, L_, true);
    norm("lnf", 1);
    for (const Layer& layer : kLayers) {
      const std::string name = text("blocks.*.", layer.name), formula = wide + times_c(layer.outputs);
      const std::uint64_t numbers = layer.outputs * BTC, times = p_.method == Method::lora ? adapted(layer) : 0;
      value(name, formula, numbers, L_, true);
      if (times == 0) continue;
      value(name + ".lora.down", "B·T·r", product({BT, p_.lora.rank}), times, true);
      value(name + ".base, .lora.up, .lora", formula, numbers, 3 * times, true);
    }
    value("logits", "B·T·V", BTV, 1, true);
    if (c_.loss) {
      value("targets", "B·T", BT, 1, false);
      value("loss", "1", 1, 1, true);
      value("loss.probs", "B·T·V", BTV, 1, false);
    }
    if (p_.method != Method::answer)
      bill_.rows.push_back({MemoryPart::activation_gradients, "gradients of values", "of all but ids, targets, .mean, .rstd, .att, .probs",
                            gradient_numbers_, 1, bill_.activation_gradients});
  }

  const GptConfig& c_;
  const MemoryPlan& p_;
  const std::uint64_t V_, C_, L_, B_, T_;
  std::uint64_t parameter_numbers_ = 0, quantized_bytes_ = 0, gradient_bytes_ = 0, state_bytes_ = 0, gradient_numbers_ = 0;
  MemoryBill bill_;
};

}  // namespace

void MemoryPlan::set_weights(std::string_view name) {
  const bool is_float = name == "fp32" || name == "fp16" || name == "bf16";
  if (is_float)
    weights = format_from_name(name);
  else
    quant = quant_from_name(name);
  quantized = !is_float;
}

Method memory_method_from_name(std::string_view name) {
  if (name == "answer") return Method::answer;
  if (name == "full") return Method::full;
  if (name == "lora") return Method::lora;
  throw Error(ErrorCode::unknown_name, text("no method is called \"", name.substr(0, 80), "\"; there are answer, full, lora"));
}

std::string_view memory_part_name(MemoryPart part) { return kParts[static_cast<std::size_t>(part)]; }

MemoryBill gpt_memory(const GptConfig& c, const MemoryPlan& plan) {
  validate(c, plan);
  return Clerk(c, plan).write();
}

}  // namespace x2g
