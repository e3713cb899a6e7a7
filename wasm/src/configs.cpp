#include "configs.hpp"

#include "border.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g::border {
namespace {

[[noreturn]] void unknown(std::string_view field, std::string_view value, std::string_view allowed) {
  throw Error(ErrorCode::unknown_name, text(field, " is \"", value.substr(0, 80), "\"; it must be one of ", allowed));
}

MlpConfig::Loss loss_from(std::string_view name) {
  using enum MlpConfig::Loss;
  if (name == "mse") return mse;
  if (name == "half_mse") return half_mse;
  if (name == "bce") return bce;
  if (name == "cross_entropy") return cross_entropy;
  unknown("loss", name, "mse, half_mse, bce, cross_entropy");
}

}  // namespace

Init init_from(std::string_view kind, double a) {
  using enum Init::Kind;
  if (!(a >= -1e6 && a <= 1e6)) throw Error(ErrorCode::invalid_argument, text("init.a is ", a, "; it must be from -1000000 to 1000000"));
  if (kind == "zeros") return {constant, 0};
  if (kind == "constant") return {constant, a};
  if (kind == "normal") return {normal, a};
  if (kind == "uniform") return {uniform, a};
  if (kind == "xavier") return {xavier, a};
  if (kind == "he") return {he, a};
  if (kind == "xavier_uniform") return {xavier_uniform, a};
  if (kind == "he_uniform") return {he_uniform, a};
  if (kind == "orthogonal") return {orthogonal, a};
  if (kind == "lstm_bias") return {lstm_bias, a};
  if (kind == "sinusoidal") return {sinusoidal, 0};
  unknown("init.kind", kind, "zeros, constant, normal, uniform, xavier, he, xavier_uniform, he_uniform, orthogonal, lstm_bias, sinusoidal");
}

OptimizerConfig optimizer_config(const OptimizerFields& f) {
  OptimizerConfig c;
  c.kind = optimizer_kind_from_name(f.kind);
  c.schedule = schedule_from_name(f.schedule);
  c.lr = f.lr;
  c.momentum = f.momentum;
  c.beta1 = f.beta1;
  c.beta2 = f.beta2;
  c.eps = f.eps;
  c.weight_decay = f.weightDecay;
  c.clip = f.clip;
  c.warmup = whole("optimizer.warmup", f.warmup, 0, 1e12);
  c.total = whole("optimizer.total", f.total, 0, 1e12);
  c.min_lr = f.minLr;
  c.clip_value = f.clipValue;
  c.alpha = f.alpha;
  c.decay_every = whole("optimizer.decayEvery", f.decayEvery, 0, 1e12);
  c.gamma = f.gamma;
  c.rise = f.rise;
  c.div = f.div;
  c.final_div = f.finalDiv;
  c.validate();
  return c;
}

PointSet point_set(const PerceptronFields& f) {
  PointSet set;
  set.inputs = count("inputs", f.inputs, 1, 1024);
  set.x = floats("x", f.x);
  set.t = floats("t", f.t);
  require_finite("x", set.x);
  return set;
}

PerceptronConfig perceptron_config(const PerceptronFields& f) {
  PerceptronConfig c;
  c.fires_at_zero = f.firesAtZero;
  c.rate = f.rate;
  c.shuffled = f.shuffled;
  c.seed = seed_of(f.seed);
  c.start = doubles("start", f.start);
  require_finite("start", c.start);
  return c;
}

MlpPlan mlp_plan(const MlpFields& f) {
  MlpPlan plan;
  MlpConfig& m = plan.model;
  m.loss = loss_from(f.loss);
  for (const double size : doubles("sizes", f.sizes, 64)) m.sizes.push_back(count("sizes", size, 1, 4096));
  if (m.sizes.size() < 2)
    throw Error(ErrorCode::invalid_argument,
                text("sizes has ", m.sizes.size(), " entries; give the inputs, the hidden layers and the outputs: 2 to 64"));
  m.hidden = activation_from_name(f.hidden);
  m.output = activation_from_name(f.output);
  m.weights = init_from(f.init, f.initA);
  m.bias = f.bias;

  plan.x = floats("x", f.x);
  plan.t = floats("t", f.t);
  require_finite("x", plan.x);
  require_finite("t", plan.t);
  const std::size_t inputs = m.sizes.front(), rows = plan.x.size() / inputs;
  if (rows == 0 || rows * inputs != plan.x.size())
    throw Error(ErrorCode::shape_mismatch,
                text("x has ", plan.x.size(), " numbers; it must hold at least one row of ", inputs, ", and whole rows"));
  const bool classes = m.loss == MlpConfig::Loss::cross_entropy;
  const std::size_t targets = classes ? 1 : m.sizes.back();
  if (plan.t.size() != rows * targets)
    throw Error(ErrorCode::shape_mismatch, text("t has ", plan.t.size(), " numbers; ", rows, " rows need ", rows * targets));
  for (std::size_t i = 0; classes && i < plan.t.size(); ++i)
    if (!(plan.t[i] >= 0 && plan.t[i] < static_cast<float>(m.sizes.back())) || plan.t[i] != static_cast<float>(static_cast<int>(plan.t[i])))
      throw Error(ErrorCode::invalid_argument, text("t[", i, "] is ", static_cast<double>(plan.t[i]),
                                                    "; a class must be a whole number from 0 to ", m.sizes.back() - 1));
  plan.rows = static_cast<std::uint32_t>(rows);
  m.batch = count("batch", f.batch, 0, static_cast<double>(rows));
  if (m.batch == 0) m.batch = plan.rows;
  return plan;
}

GptConfig gpt_config(const GptFields& f) {
  GptConfig c;
  c.layers = count("layers", f.layers);
  c.heads = count("heads", f.heads);
  c.channels = count("channels", f.channels);
  c.context = count("context", f.context);
  c.batch = count("batch", f.batch);
  c.bias = f.bias;
  c.gelu_erf = f.geluErf;
  if (!(f.validation >= 0 && f.validation <= 0.5))
    throw Error(ErrorCode::invalid_argument, text("validation is ", f.validation, "; it must be from 0 to 0.5"));
  return c;
}

Tokenizer tokenizer_of(const GptFields& f, std::string_view corpus) {
  if (f.tokenizer == "byte") return Tokenizer::bytes();
  if (f.tokenizer != "char") unknown("tokenizer", f.tokenizer, "char, byte");
  return Tokenizer::characters(corpus);
}

}  // namespace x2g::border
