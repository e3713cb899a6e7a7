// A trained decoder read token by token: what was read stands in a KV cache, so the next token costs one row of every layer instead of the
// whole text. Works on the graph's own nodes: gpt(), transformer() as decoder (learned, sinusoidal, RoPE, ALiBi or no positions; MHA, GQA,
// MQA; any norm, MLP, bias, head), the same with LoRA, or a graph of one's own made of ops that treat each token by itself plus causal
// attention. Not for training, and not for what looks ahead (encoder, encoder-decoder).
//
// Logits have the bits of the graph's own forward pass: every sum runs in the same order (kernels/gemv.hpp). Weights are read where they
// lie in the graph: training on changes them at once, but what stands in the cache then is of the old weights, so clear() it.
//
// When the window is full: WhenFull::refuse is an Error(bad_state). WhenFull::slide forgets the oldest token and goes on for ever; only
// relative positions (RoPE, ALiBi, none) can. A token that slid out still lives in the keys and values of later tokens that saw it, so with
// several layers sliding is not the same as reading the window afresh: the model sees up to layers × window tokens back (as in Jiang et al.
// 2023, "Mistral 7B", section 2).
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "x2g/graph/graph.hpp"
#include "x2g/lm/kv_cache.hpp"

namespace x2g {

/// What happens when the window is full.
enum class WhenFull : std::uint8_t { refuse, slide };

/// How much is kept, and how a prompt is read.
struct CachedDecoderConfig {
  std::size_t window = 0;  ///< tokens kept: 0 = as many as positions are learned or tabled, else the graph's length. At most 2²⁰
  std::size_t chunk = 64;  ///< tokens of a prompt that go through the layers together (16 take twice as long): 1 … 512
  WhenFull when_full = WhenFull::refuse;      ///< what happens then
  std::uint64_t memory_limit = kMemoryLimit;  ///< of the cache and the working memory together, bytes
};

struct DecoderPlan;
struct DecoderStep;

/// One text being read.
class CachedDecoder {
 public:
  /// Reads the nodes that "logits" (B, T, V) needs of "ids" (B, T); B, T and a loss behind do not matter. Error(invalid_argument) names
  /// what cannot be decoded token by token. The graph must outlive this.
  explicit CachedDecoder(const Graph<float>& graph, CachedDecoderConfig config = {});
  ~CachedDecoder();
  CachedDecoder(const CachedDecoder&) = delete;
  CachedDecoder& operator=(const CachedDecoder&) = delete;

  std::uint32_t vocab() const;                        ///< V
  std::size_t chunk() const;                          ///< tokens that go through the layers together
  std::size_t length() const { return length_; }      ///< tokens read since the last clear(): the next token's position
  std::size_t room() const { return cache_.room(); }  ///< tokens that may still be read
  const KvCache& cache() const { return cache_; }     ///< for its figures
  std::uint64_t work_bytes() const;                   ///< memory besides the cache; the weights are the graph's

  /// Reads the tokens after those read before. Logits (V) after the last one, valid until the next call. Nothing is read on an Error:
  /// no tokens, an id outside the vocabulary, more tokens than room().
  std::span<const float> prefill(std::span<const std::uint32_t> tokens);
  std::span<const float> step(std::uint32_t token) { return prefill({&token, 1}); }  ///< one more token
  /// The same for 1 … chunk() tokens, with the logits (n, V) after each of them.
  std::span<const float> prefill_all(std::span<const std::uint32_t> tokens);

  void forget(std::size_t count);  ///< takes back the newest tokens: at most those held, when sliding at most chunk()
  void clear();                    ///< forgets all: the next token stands at position 0

 private:
  CachedDecoder(std::unique_ptr<const DecoderPlan> plan, const CachedDecoderConfig& config);
  void admit(std::span<const std::uint32_t> tokens, std::size_t most) const;
  void run(std::span<const std::uint32_t> tokens, bool all);
  void run_step(const DecoderStep& step, std::span<const std::uint32_t> tokens, std::size_t first);
  void attend(const DecoderStep& step, std::size_t rows);
  std::span<float> rows_of(TensorId id, std::size_t first, std::size_t count);

  std::unique_ptr<const DecoderPlan> plan_;
  std::size_t length_ = 0;
  Buffer<float> work_;
  std::span<float> angles_, saved_, scores_, panels_;  // parts of work_, behind the rows of values
  const DecoderStep* angles_of_ = nullptr;             // whose angles stand there; null: nobody's
  KvCache cache_;
};

}  // namespace x2g
