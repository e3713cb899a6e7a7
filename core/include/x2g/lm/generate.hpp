// A text that goes on: tokens in, the next ones out one at a time, each with the text it sets free. Ties the cached decoder, the chain of
// decoding steps and the stop strings together; between two calls nothing runs, so a page stays alive and a stop is immediate.
// It knows no tokenizer, only the bytes of each token: take encode_known() of a tokenizer for the prompt and token_bytes() of it here.
//
// What happens when the context is full is told by ContextEnd. `reread` forgets all and reads the newest `keep` tokens again; with keep =
// the window that is what nanoGPT's generate() does (and LanguageModel::next_logits): the whole window for every token. Half of it costs
// one reading per half window, and the model sees between half and all of the window.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "x2g/lm/cached_decoder.hpp"
#include "x2g/lm/decoding.hpp"
#include "x2g/lm/stop.hpp"
#include "x2g/text/tokenizer.hpp"

namespace x2g {

/// The bytes of every token, by id. Of a tokenizer of another class: decode() of each id by itself.
std::vector<std::string> token_bytes(const Tokenizer& tokenizer);

/// What happens when the context is full: the text ends, is read again, or the oldest token is forgotten.
enum class ContextEnd : std::uint8_t { stop, reread, slide };
/// Why a text has ended; `no` while it goes on.
enum class Finish : std::uint8_t { no, stop_text, end_token, length, context };

/// How a text goes on, and when it ends.
struct GenerateConfig {
  static constexpr std::uint32_t kNoToken = 0xffff'ffff;   ///< no end token
  static constexpr std::uint32_t kMostTokens = 1'000'000;  ///< the largest max_tokens
  DecodingConfig decoding{};                               ///< how each token is chosen
  // Written out for designated initializers: GCC asks for one of every member. NOLINTNEXTLINE(readability-redundant-member-init)
  std::vector<std::string> stops{};             ///< as StopText takes them
  std::uint32_t max_tokens = 500;               ///< 1 … 10⁶
  std::uint32_t end_token = kNoToken;           ///< ends the text and is not shown
  std::size_t penalty_tokens = 0;               ///< the penalties look at so many of the newest tokens, prompt included; 0 = all
  ContextEnd context_end = ContextEnd::reread;  ///< what happens when the context is full
  std::size_t keep = 0;                         ///< reread: 1 … window tokens; 0 = half the window
  std::size_t window = 0;                       ///< as CachedDecoderConfig
  std::size_t chunk = 64;                       ///< as CachedDecoderConfig
  std::uint64_t memory_limit = kMemoryLimit;    ///< of cache and working memory, bytes
};

/// One token and what became of it.
struct Generated {
  std::uint32_t token = 0;     ///< its id
  std::string text;            ///< whole characters; empty while text is held back, all of it at the end
  Finish finish = Finish::no;  ///< why this was the last one
};

/// One text after the other from one model.
class Generator {
 public:
  /// `pieces`: bytes of each token by id; ids beyond have none. The graph must outlive this. Error(invalid_argument) for every field out of
  /// range, and what CachedDecoder refuses.
  Generator(const Graph<float>& graph, std::vector<std::string> pieces, GenerateConfig config);

  /// Begins a text, the random numbers too: same seed, same prompt, same text. At least one token. Of a prompt longer than the window the
  /// newest are read (with ContextEnd::slide all are).
  void begin(std::span<const std::uint32_t> prompt);
  /// Reads at most a chunk of what is not yet read; true while more is left. For those who cannot wait for a long prompt; next() does it.
  bool read_some();
  /// Draws one token. Error(bad_state) before begin() and after the end.
  Generated next();
  /// What next() would draw from, step by step.
  DecodingTrace trace();

  Finish finish() const { return finish_; }                    ///< of the present text
  std::span<const std::uint32_t> ids() const { return ids_; }  ///< prompt and drawn tokens
  std::size_t prompt_tokens() const { return prompt_; }        ///< how many of ids() are the prompt's
  const CachedDecoder& decoder() const { return decoder_; }    ///< for its figures

 private:
  std::span<const float> ready();
  std::span<const std::uint32_t> history() const;

  GenerateConfig config_;
  std::vector<std::string> pieces_;
  CachedDecoder decoder_;
  Decoder sampler_;
  StopText stop_;
  std::vector<std::uint32_t> ids_;
  std::size_t prompt_ = 0, read_ = 0;  // of ids_: of the prompt; read by the decoder or left out
  std::span<const float> logits_;      // after the last token read
  Finish finish_ = Finish::no;
};

}  // namespace x2g
