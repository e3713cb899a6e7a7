#include "x2g/lm/language_model.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/in_range.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/ops/loss.hpp"

namespace x2g {
namespace {

using Tokens = std::shared_ptr<const std::vector<std::uint32_t>>;

GptConfig with_vocab(GptConfig c, std::uint32_t vocabulary) {
  c.vocab = std::max(2u, vocabulary);
  return c;
}

/// Of ids that all are in the vocabulary.
Tokens checked(std::vector<std::uint32_t> tokens, std::uint32_t vocabulary) {
  for (std::size_t i = 0; i < tokens.size(); ++i)
    if (tokens[i] >= vocabulary)
      throw Error(ErrorCode::invalid_argument,
                  text("token ", i, " is ", tokens[i], "; the vocabulary has the ids 0 to ", std::max(1u, vocabulary) - 1));
  return std::make_shared<const std::vector<std::uint32_t>>(std::move(tokens));
}

/// The model for one of the equal shares of a batch.
GptConfig for_share(GptConfig c, std::uint32_t shares) {
  if (shares == 0 || c.batch % shares != 0)
    throw Error(ErrorCode::invalid_argument,
                text("a batch of ", c.batch, " has no ", shares, " equal shares; choose a number that divides it"));
  c.batch /= shares;
  return c;
}

GptConfig for_sampling(GptConfig c) {
  c.batch = 1;
  c.length = 0;
  c.loss = false;
  return c;
}

std::size_t split_at(std::size_t tokens, double validation, std::uint32_t context) {
  in_range("the validation share", validation, 0, 0.5);
  const std::size_t held_out = static_cast<std::size_t>(static_cast<double>(tokens) * validation);
  const std::size_t least = context + 2;
  if (tokens - held_out < least || (validation > 0 && held_out < least))
    throw Error(ErrorCode::invalid_argument, text("the text gives ", tokens - held_out, " tokens to train on and ", held_out,
                                                  " to validate on; each part needs at least ", least,
                                                  " (the context and 2 more). Add text or choose a shorter context"));
  return tokens - held_out;
}

std::unique_ptr<BatchSource<float>> training_batches(const Tokens& tokens, std::size_t split, std::uint64_t seed) {
  return std::make_unique<TextBatches<float>>(tokens, 0, split, seed, Stream::batch);
}

}  // namespace

LanguageModel::LanguageModel(std::string_view corpus, Tokenizer tokenizer, GptConfig model, OptimizerConfig optimizer, double validation,
                             std::uint64_t seed, std::uint64_t memory_limit, std::uint32_t shares)
    : LanguageModel(tokenizer.encode(corpus), tokenizer.size(), model, optimizer, validation, seed, memory_limit, shares) {
  tokenizer_ = std::move(tokenizer);
}

LanguageModel::LanguageModel(std::vector<std::uint32_t> tokens, std::uint32_t vocabulary, GptConfig model, OptimizerConfig optimizer,
                             double validation, std::uint64_t seed, std::uint64_t memory_limit, std::uint32_t shares)
    : config_(with_vocab(model, vocabulary)),
      tokens_(checked(std::move(tokens), vocabulary)),
      split_(split_at(tokens_->size(), validation, config_.context)),
      memory_limit_(memory_limit),
      trainer_(gpt(for_share(config_, shares)), optimizer, training_batches(tokens_, split_, seed), seed, memory_limit,
               {.workers = shares}),
      seen_(std::make_unique<TextBatches<float>>(tokens_, 0, split_, seed, Stream::eval)),
      sampling_(gpt(for_sampling(config_)), trainer_.graph(), memory_limit) {
  if (split_ < tokens_->size()) held_out_ = std::make_unique<TextBatches<float>>(tokens_, split_, tokens_->size(), seed, Stream::eval);
}

double LanguageModel::evaluate(bool validation, std::uint64_t index) {
  begin_evaluation(validation, index);
  for (;;)
    if (const auto loss = advance_evaluation()) return *loss;
}

void LanguageModel::begin_evaluation(bool validation, std::uint64_t index) {
  if (validation && !held_out_) throw Error(ErrorCode::bad_state, "no text was kept aside; set a validation share above 0");
  if (!eval_) eval_ = std::make_unique<Graph<float>>(gpt(config_), trainer_.graph(), memory_limit_);
  (validation ? *held_out_ : *seen_).fill(index, *eval_);
  eval_node_ = 0;
}

std::optional<double> LanguageModel::advance_evaluation() {
  if (!eval_ || eval_node_ == eval_->node_count()) throw Error(ErrorCode::bad_state, "no evaluation was begun; begin one first");
  eval_->forward_node(eval_node_);
  if (++eval_node_ < eval_->node_count()) return {};
  return static_cast<double>(eval_->loss());
}

/// Runs the last ids through the sampling graph and returns how many they were. Ids after them are padding that no earlier
/// token can see (causal mask).
std::size_t LanguageModel::run_forward(std::span<const std::uint32_t> ids) {
  if (ids.empty()) throw Error(ErrorCode::invalid_argument, "the prompt is empty; give at least one token");
  const std::size_t n = std::min<std::size_t>(ids.size(), config_.context);
  const std::span<const std::uint32_t> last = ids.last(n);
  const std::span<float> input = sampling_.value("ids");
  std::ranges::fill(input, 0.0f);
  for (std::size_t i = 0; i < n; ++i) {
    if (last[i] >= config_.vocab)
      throw Error(ErrorCode::invalid_argument, text("token ", last[i], " is not in the vocabulary; ids are 0 to ", config_.vocab - 1));
    input[i] = static_cast<float>(last[i]);
  }
  sampling_.forward();
  return n;
}

std::span<const float> LanguageModel::next_logits(std::span<const std::uint32_t> ids) {
  const std::size_t n = run_forward(ids);
  return sampling_.value("logits").subspan((n - 1) * config_.vocab, config_.vocab);
}

LanguageModel::Inside LanguageModel::look(std::span<const std::uint32_t> ids) {
  const std::size_t n = run_forward(ids), context = config_.context;
  Inside inside;
  inside.ids.assign(ids.end() - static_cast<std::ptrdiff_t>(n), ids.end());
  inside.attention.reserve(std::size_t{config_.layers} * config_.heads * n * n);
  for (std::uint32_t layer = 0; layer < config_.layers; ++layer) {
    const std::span<const float> att = sampling_.value(text("blocks.", layer, ".attn.att"));  // (1, H, context, context)
    for (std::size_t row = 0; row < config_.heads * context; ++row)
      if (row % context < n) {
        const auto first = att.begin() + static_cast<std::ptrdiff_t>(row * context);
        inside.attention.insert(inside.attention.end(), first, first + static_cast<std::ptrdiff_t>(n));
      }
  }
  inside.probabilities.resize(config_.vocab);
  softmax_row<float>(sampling_.value("logits").subspan((n - 1) * config_.vocab, config_.vocab), 1, inside.probabilities);
  return inside;
}

MemoryEstimate LanguageModel::memory(GptConfig model, const OptimizerConfig& optimizer, std::uint64_t tokens, std::uint32_t shares) {
  MemoryEstimate m = gpt(for_share(model, shares)).memory(optimizer.state_slots(), sizeof(float));
  const MemoryEstimate evaluation = gpt(model).memory(0, sizeof(float), false);
  const MemoryEstimate sampling = gpt(for_sampling(model)).memory(0, sizeof(float), false);
  m.activations += evaluation.activations + sampling.activations;
  m.scratch += evaluation.scratch + sampling.scratch;
  m.data = tokens * sizeof(std::uint32_t);
  return m;
}

}  // namespace x2g
