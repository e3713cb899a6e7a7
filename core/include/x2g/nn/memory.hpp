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

/// Other than GptConfig of gpt(): layers up to 4096, channels 2^17, vocab and context 2^24, heads 4096, batch 2^20.
struct MemoryPlan {
  enum class Method : std::uint8_t { answer, full, lora } method = Method::full;  ///< QLoRA is lora on quantized weights
  Format weights = Format::fp32;                                                  ///< of parameters; trained ones in 16 bits keep a master
  bool quantized = false;  ///< the blocks' linear weights are stored as `quant` says, not in `weights`; not with full
  QuantConfig quant{};
  Format gradients = Format::fp32;    ///< of parameters
  Format activations = Format::fp32;  ///< values of the forward pass and their gradients
  Format cache = Format::fp32;        ///< keys and values kept while answering
  bool master = true;                 ///< an fp32 copy of trained 16-bit parameters (Micikevicius et al. 2018), counted as optimizer state
  OptimizerConfig optimizer{};        ///< its state is fp32: state_slots() numbers a parameter
  LoraConfig lora{};                  ///< method lora: rank and targets as with_lora takes them
  std::uint32_t zero_stage = 0, workers = 1;  ///< stage 0 … 3, workers 1 … 2^20; batch is that of one worker
  bool padded = false;                        ///< every tensor on whole 64-byte lines, as a Graph's arena; not with zero_stage

  /// "fp32", "fp16", "bf16", or a name of quant_from_name: then `weights` (of all other parameters) stays. Error(unknown_name)
  void set_weights(std::string_view name);
};
MemoryPlan::Method memory_method_from_name(std::string_view name);  ///< "answer", "full", "lora"; else Error(unknown_name)

enum class MemoryPart : std::uint8_t { parameters, gradients, optimizer, activations, activation_gradients, cache };
std::string_view memory_part_name(MemoryPart part);  ///< "parameters", …, "activation_gradients", "cache"

struct MemoryRow {
  MemoryPart part;
  std::string name;     ///< "blocks.*.attn.qkv.weight"
  std::string formula;  ///< of one: "3C·C"
  std::uint64_t numbers = 0, times = 1;
  std::uint64_t bytes = 0;  ///< of all, on a worker alone
};

struct MemoryBill {
  std::vector<MemoryRow> rows;
  std::uint64_t parameter_count = 0, trained_count = 0;  ///< P is trained_count
  /// Bytes on each worker.
  std::uint64_t parameters = 0, gradients = 0, optimizer = 0, activations = 0, activation_gradients = 0, cache = 0;
  std::uint64_t total() const { return parameters + gradients + optimizer + activations + activation_gradients + cache; }
};

/// Error(invalid_argument | unknown_name) for what is out of range, Error(out_of_memory) beyond 2^53 bytes.
/// answer: one pass over B × T and a cache of B × context; full and lora: no cache.
MemoryBill gpt_memory(const GptConfig& c, const MemoryPlan& plan = {});

/// Keys and values of so many tokens: 2 · layers · width · tokens numbers; width is C, less where heads share keys (kv_heads · C / H).
std::uint64_t kv_cache_bytes(std::uint64_t layers, std::uint64_t width, std::uint64_t tokens, Format format);

}  // namespace x2g
