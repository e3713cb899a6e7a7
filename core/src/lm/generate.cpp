#include "x2g/lm/generate.hpp"

#include <algorithm>

#include "base/in_range.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

CachedDecoderConfig decoder_config(const GenerateConfig& c) {
  return {.window = c.window,
          .chunk = c.chunk,
          .when_full = c.context_end == ContextEnd::slide ? WhenFull::slide : WhenFull::refuse,
          .memory_limit = c.memory_limit};
}

}  // namespace

std::vector<std::string> token_bytes(const Tokenizer& tokenizer) {
  std::vector<std::string> pieces;
  for (std::uint32_t id = 0; id < tokenizer.size(); ++id) pieces.push_back(tokenizer.decode(id));
  return pieces;
}

Generator::Generator(const Graph<float>& graph, std::vector<std::string> pieces, GenerateConfig config)
    : config_(std::move(config)),
      pieces_(std::move(pieces)),
      decoder_(graph, decoder_config(config_)),
      sampler_(config_.decoding),
      stop_(config_.stops) {
  const std::size_t window = decoder_.cache().window();
  in_range("max_tokens", static_cast<double>(config_.max_tokens), 1, GenerateConfig::kMostTokens);
  in_range("keep", static_cast<double>(config_.keep), 0, static_cast<double>(window));
  if (config_.keep == 0) config_.keep = std::max<std::size_t>(1, window / 2);
  if (config_.end_token != GenerateConfig::kNoToken) in_range("end_token", config_.end_token, 0, decoder_.vocab() - 1);
}

void Generator::begin(std::span<const std::uint32_t> prompt) {
  if (prompt.empty()) throw Error(ErrorCode::invalid_argument, "the prompt is empty; give at least one token");
  for (const std::uint32_t id : prompt)
    if (id >= decoder_.vocab())
      throw Error(ErrorCode::invalid_argument, text("token ", id, " is not in the vocabulary; ids are 0 to ", decoder_.vocab() - 1));
  ids_.assign(prompt.begin(), prompt.end());
  prompt_ = ids_.size();
  read_ = config_.context_end == ContextEnd::slide ? 0 : prompt_ - std::min(prompt_, decoder_.cache().window());
  decoder_.clear();
  sampler_ = Decoder(config_.decoding);
  stop_ = StopText(config_.stops);
  finish_ = Finish::no;
}

bool Generator::read_some() {
  const std::span<const std::uint32_t> left = std::span(ids_).subspan(read_);
  if (left.empty()) return false;
  const std::size_t count = std::min(left.size(), decoder_.chunk());
  logits_ = decoder_.prefill(left.first(count));
  read_ += count;
  return count < left.size();
}

/// Logits of the next token.
std::span<const float> Generator::ready() {
  if (ids_.empty()) throw Error(ErrorCode::bad_state, "no text has been begun; begin one first");
  if (finish_ != Finish::no) throw Error(ErrorCode::bad_state, "the text has ended; begin another");
  while (read_some()) {}
  return logits_;
}

std::span<const std::uint32_t> Generator::history() const {
  const std::span<const std::uint32_t> all = ids_;
  return config_.penalty_tokens == 0 ? all : all.last(std::min(all.size(), config_.penalty_tokens));
}

DecodingTrace Generator::trace() {
  const std::span<const float> logits = ready();
  return sampler_.trace(logits, history());
}

Generated Generator::next() {
  const std::span<const float> logits = ready();
  Generated out;
  out.token = sampler_.next(logits, history());
  ids_.push_back(out.token);
  if (out.token == config_.end_token) {
    finish_ = Finish::end_token;
  } else {
    if (out.token < pieces_.size()) out.text = stop_.push(pieces_[out.token]);
    if (stop_.stopped())
      finish_ = Finish::stop_text;
    else if (ids_.size() - prompt_ == config_.max_tokens)
      finish_ = Finish::length;
    else if (decoder_.room() == 0 && config_.context_end == ContextEnd::stop)
      finish_ = Finish::context;
  }
  if (finish_ != Finish::no) {
    out.text += stop_.finish();
    // A character left unfinished may itself complete a stop string, U+FFFD.
    if (stop_.stopped()) finish_ = Finish::stop_text;
  } else if (decoder_.room() == 0) {
    decoder_.clear();
    read_ = ids_.size() - config_.keep;
  }
  out.finish = finish_;
  return out;
}

}  // namespace x2g
