#include "models.hpp"

#include "border.hpp"
#include "model_fields.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/nn/cnn.hpp"
#include "x2g/nn/lora.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/nn/recurrent.hpp"
#include "x2g/nn/skipgram.hpp"
#include "x2g/nn/transformer.hpp"

namespace x2g::border {
namespace {

// Words in the order of the enums.
constexpr const char* kLosses[] = {"mse", "half_mse", "bce", "cross_entropy", nullptr};
constexpr const char* kPools[] = {"max", "avg", "none", nullptr};
constexpr const char* kCells[] = {"rnn", "lstm", "gru", nullptr};
constexpr const char* kForms[] = {"decoder", "encoder", "encoder_decoder", nullptr};
constexpr const char* kNorms[] = {"layernorm", "rmsnorm", "none", nullptr};
constexpr const char* kPlaces[] = {"pre", "post", nullptr};
constexpr const char* kPositions[] = {"learned", "sinusoidal", "rope", "alibi", "none", nullptr};
constexpr const char* kMasks[] = {"causal", "none", "wrong", nullptr};
constexpr const char* kScores[] = {"dot", "negated", "squared", nullptr};

void read(ModelFields& f, MlpConfig& c) {
  f.lists("sizes", c.sizes);
  f.choices("loss", c.loss, kLosses);
  f.activations("hidden", c.hidden);
  f.activations("output", c.output);
  f.inits("weights", c.weights);
  f.flags("bias", c.bias);
  f.counts("batch", c.batch);
}

void read(ModelFields& f, GptConfig& c) {
  f.counts("vocab", c.vocab);
  f.counts("layers", c.layers);
  f.counts("heads", c.heads);
  f.counts("channels", c.channels);
  f.counts("context", c.context);
  f.counts("batch", c.batch);
  f.counts("length", c.length);
  f.flags("bias", c.bias);
  f.flags("geluErf", c.gelu_erf);
  f.flags("loss", c.loss);
}

void read(ModelFields& f, CnnConfig& c) {
  f.choices("pool", c.pool, kPools);
  f.counts("channels", c.channels);
  f.counts("height", c.height);
  f.counts("width", c.width);
  f.lists("filters", c.filters);
  f.counts("kernel", c.kernel);
  f.counts("padding", c.padding);
  f.counts("poolSize", c.pool_size);
  f.lists("hidden", c.hidden);
  f.counts("classes", c.classes);
  f.activations("activation", c.activation);
  f.flags("batchnorm", c.batchnorm);
  f.numbers("dropout", c.dropout);
  f.inits("weights", c.weights);
  f.counts("batch", c.batch);
  f.flags("loss", c.loss);
}

void read(ModelFields& f, RecurrentConfig& c) {
  f.choices("cell", c.cell, kCells);
  f.activations("activation", c.activation);
  f.counts("vocab", c.vocab);
  f.counts("layers", c.layers);
  f.counts("channels", c.channels);
  f.counts("hidden", c.hidden);
  f.counts("batch", c.batch);
  f.counts("length", c.length);
  f.flags("bias", c.bias);
  f.flags("tied", c.tied);
  f.flags("state", c.state);
  f.flags("loss", c.loss);
  f.numbers("forgetBias", c.forget_bias);
}

void read(ModelFields& f, SkipGramConfig& c) {
  f.counts("vocab", c.vocab);
  f.counts("channels", c.channels);
  f.counts("negatives", c.negatives);
  f.counts("batch", c.batch);
}

void read(ModelFields& f, TransformerConfig& c) {
  f.choices("form", c.form, kForms);
  f.choices("norm", c.norm, kNorms);
  f.choices("normPlace", c.norm_place, kPlaces);
  f.choices("positions", c.positions, kPositions);
  f.counts("vocab", c.vocab);
  f.counts("layers", c.layers);
  f.counts("heads", c.heads);
  f.counts("kvHeads", c.kv_heads);
  f.counts("channels", c.channels);
  f.counts("context", c.context);
  f.counts("batch", c.batch);
  f.counts("length", c.length);
  f.counts("sourceLength", c.source_length);
  f.counts("classes", c.classes);
  f.flags("bias", c.bias);
  f.flags("tied", c.tied);
  f.flags("residual", c.residual);
  f.flags("attention", c.attention);
  f.flags("mlp", c.mlp);
  f.flags("swiglu", c.swiglu);
  f.flags("scaleEmbedding", c.scale_embedding);
  f.flags("loss", c.loss);
  f.activations("activation", c.activation);
  f.numbers("mlpRatio", c.mlp_ratio);
  f.choices("mask", c.mask, kMasks);
  f.choices("score", c.score, kScores);
  f.numbers("scale", c.scale);
  f.numbers("dropout", c.dropout);
  f.numbers("attentionDropout", c.attention_dropout);
  f.flags("padding", c.padding);
}

void read(ModelFields& f, LoraConfig& c) {
  f.counts("rank", c.rank);
  f.numbers("alpha", c.alpha);
  f.words("targets", c.targets);
}

/// Reads a config and makes a spec of it.
template <class Config, class Make>
GraphSpec made(std::string what, const val& config, Make&& make) {
  ModelFields fields(std::move(what), config);
  Config c;
  read(fields, c);
  fields.finish();
  try {
    return make(c);
  } catch (const Error& e) {
    throw Error(e.code(), fields.in_camel_case(e.message()));
  }
}

}  // namespace

GraphSpec model_from(const std::string& name, const val& config) {
  const std::string what = text("the config of ", name.substr(0, 80));
  if (name == "mlp") return made<MlpConfig>(what, config, mlp);
  if (name == "gpt") return made<GptConfig>(what, config, gpt);
  if (name == "cnn") return made<CnnConfig>(what, config, cnn);
  if (name == "recurrent") return made<RecurrentConfig>(what, config, recurrent_model);
  if (name == "skipgram") return made<SkipGramConfig>(what, config, skipgram);
  if (name == "transformer") return made<TransformerConfig>(what, config, transformer);
  throw Error(ErrorCode::unknown_name,
              text("no model is called \"", name.substr(0, 80), "\"; there are mlp, gpt, cnn, recurrent, skipgram, transformer"));
}

GraphSpec lora_from(const GraphSpec& base, const val& config) {
  return made<LoraConfig>("lora", config, [&base](const LoraConfig& c) { return with_lora(base, c); });
}

}  // namespace x2g::border
