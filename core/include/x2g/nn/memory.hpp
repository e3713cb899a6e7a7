// What a GPT (nn/models.hpp) takes in memory, by formula, without building it: also for models far too large to build here.
//
// Every row is one kind of tensor: its formula, how many numbers, how often, how many bytes. B batch, T length, C channels, H heads,
// L layers, V vocabulary, r rank, P trained parameters. Rows and counts are of the whole model; the totals are of one worker, after
// ZeRO (Rajbhandari et al. 2020) has cut what its stage cuts: 1 optimizer state, 2 gradients too, 3 parameters too.
// Counted as this engine keeps it: every value of the forward pass stays for backward. No checkpointing, no buffers for communication, no
// scratch of the kernels.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "x2g/base/half.hpp"
#include "x2g/nn/lora.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/optim/optimizer.hpp"
#include "x2g/quant/quantize.hpp"

namespace x2g {

/// What is done with a model, in which formats. Of GptConfig more is allowed than gpt() builds: layers and heads up to 4096, channels 2^17,
/// vocab and context 2^24, batch 2^20.
struct MemoryPlan {
  /// Answer only, train every parameter, or train a correction of low rank; lora on quantized weights is QLoRA.
  enum class Method : std::uint8_t { answer, full, lora };

  Method method = Method::full;       ///< see Method
  Format weights = Format::fp32;      ///< of parameters
  bool quantized = false;             ///< the blocks' linear weights are stored as `quant` says, not in `weights`; not with full
  QuantConfig quant{};                ///< read where quantized
  Format gradients = Format::fp32;    ///< of parameters
  Format activations = Format::fp32;  ///< values of the forward pass and their gradients
  Format cache = Format::fp32;        ///< keys and values kept while answering
  bool master = true;                 ///< an fp32 copy of trained 16-bit parameters (Micikevicius et al. 2018), counted as optimizer state
  OptimizerConfig optimizer{};        ///< its state is fp32: state_slots() numbers a parameter
  LoraConfig lora{};                  ///< method lora: rank and targets as with_lora takes them
  std::uint32_t zero_stage = 0;       ///< ZeRO: 0 … 3
  std::uint32_t workers = 1;          ///< 1 … 2^20; the batch is that of one worker
  bool padded = false;                ///< every tensor on whole 64-byte lines, as a Graph's arena; not with zero_stage

  /// "fp32", "fp16", "bf16", or a name of quant_from_name: then `weights` (of all other parameters) stays. Error(unknown_name)
  void set_weights(std::string_view name);
};
MemoryPlan::Method memory_method_from_name(std::string_view name);  ///< "answer", "full", "lora"; else Error(unknown_name)

/// The totals of a bill.
enum class MemoryPart : std::uint8_t { parameters, gradients, optimizer, activations, activation_gradients, cache };
std::string_view memory_part_name(MemoryPart part);  ///< "parameters", …, "activation_gradients", "cache"

/// One kind of tensor.
struct MemoryRow {
  MemoryPart part = MemoryPart::parameters;  ///< the total it belongs to
  std::string name;                          ///< "blocks.*.attn.qkv.weight"
  std::string formula;                       ///< of one tensor's numbers: "3C·C"
  std::uint64_t numbers = 0;                 ///< what the formula comes to
  std::uint64_t times = 1;                   ///< how many such tensors there are
  std::uint64_t bytes = 0;                   ///< of all of them, on a worker alone
};

/// Rows and totals; the totals are bytes on each worker.
struct MemoryBill {
  std::vector<MemoryRow> rows;             ///< in no promised order
  std::uint64_t parameter_count = 0;       ///< numbers, trained and frozen
  std::uint64_t trained_count = 0;         ///< P
  std::uint64_t parameters = 0;            ///< trained and frozen, codes and constants of quantized ones
  std::uint64_t gradients = 0;             ///< of trained parameters
  std::uint64_t optimizer = 0;             ///< its values and the master copy
  std::uint64_t activations = 0;           ///< inputs, values and what ops save for backward
  std::uint64_t activation_gradients = 0;  ///< of values
  std::uint64_t cache = 0;                 ///< keys and values, while answering
  /// Bytes on one worker.
  std::uint64_t total() const { return parameters + gradients + optimizer + activations + activation_gradients + cache; }
};

/// Error(invalid_argument | unknown_name) for what is out of range, Error(out_of_memory) beyond 2^53 bytes.
/// answer: one pass over B × T and a cache of B × context tokens (lm/kv_cache.hpp); full and lora: no cache.
MemoryBill gpt_memory(const GptConfig& c, const MemoryPlan& plan = {});

}  // namespace x2g
