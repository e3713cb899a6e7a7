// Promise 1 for every model, by the rule of promises_test.cpp: in double the whole gradient agrees with central differences, in float with
// the double one; three shapes and three seeds each. What a model is made of is tested beside it in nn/.
#include <catch2/catch_test_macros.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/figures.hpp"
#include "support/model_check.hpp"
#include "x2g/nn/cnn.hpp"
#include "x2g/nn/lora.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/nn/perceptron.hpp"
#include "x2g/nn/recurrent.hpp"
#include "x2g/nn/skipgram.hpp"

using namespace x2g;

namespace {

using Size = std::uint32_t;  // 0, 1, 2: which of the three shapes
std::uint32_t pick(Size size, std::uint32_t a, std::uint32_t b, std::uint32_t c) { return size == 0 ? a : size == 1 ? b : c; }

struct Model {
  const char* name;
  GraphSpec (*spec)(Size);
  std::uint32_t (*below)(std::string_view input, Size);  ///< an input's whole numbers are 0 … below − 1; 0: any numbers in [−1, 1)
};

std::uint32_t tokens(std::string_view input, Size size) {
  return input.ends_with("lengths") ? pick(size, 2, 3, 6) : input.ends_with("0") ? 0 : 5;  // h0, c0: a state
}
std::uint32_t two_classes(std::string_view input, Size) { return input == "t" ? 2 : 0; }
std::uint32_t three_classes(std::string_view input, Size) { return input == "t" ? 3 : 0; }
std::uint32_t numbers(std::string_view, Size) { return 0; }
std::uint32_t pairs(std::string_view input, Size) { return input == "labels" ? 2 : 7; }

GraphSpec net(std::vector<std::uint32_t> sizes, Activation hidden, MlpConfig::Loss loss, std::uint32_t batch,
              Activation output = Activation::identity) {
  MlpConfig c;
  c.sizes = std::move(sizes);
  c.hidden = hidden;
  c.output = output;
  c.loss = loss;
  c.batch = batch;
  return mlp(c);
}

CnnConfig image_net(Size size) {
  CnnConfig c;
  c.channels = pick(size, 1, 2, 1);
  c.height = pick(size, 4, 6, 9);
  c.width = pick(size, 4, 7, 6);
  c.filters = size == 2 ? std::vector<std::uint32_t>{2, 3} : std::vector<std::uint32_t>{pick(size, 1, 3, 0)};
  c.kernel = 3;
  c.padding = 1;
  c.hidden = {pick(size, 2, 4, 5)};
  c.classes = 3;
  c.activation = Activation::tanh;  // smooth: a relu's kink is within reach of a difference now and then
  c.batch = pick(size, 2, 3, 4);
  return c;
}

template <RecurrentConfig::Cell Cell>
GraphSpec recurrent(Size size) {
  RecurrentConfig c;
  c.cell = Cell;
  c.vocab = 5;
  c.layers = pick(size, 1, 2, 1);
  c.channels = pick(size, 1, 3, 4);
  c.hidden = pick(size, 1, 2, 4);
  c.batch = pick(size, 1, 2, 3);
  c.length = pick(size, 1, 4, 6);
  c.tied = size == 2;
  c.state = size != 0;
  return recurrent_model(c);
}

GptConfig small_gpt(Size size) {
  return {.vocab = 5,
          .layers = pick(size, 1, 2, 1),
          .heads = pick(size, 1, 2, 3),
          .channels = pick(size, 3, 4, 6),  // of two, a layer norm would leave the sign only
          .context = pick(size, 2, 3, 7),
          .batch = pick(size, 1, 2, 2),
          .bias = size != 1,
          .gelu_erf = size == 2};
}

TransformerConfig small_transformer(Size size) {
  TransformerConfig c = test::tiny_transformer();
  c.layers = pick(size, 1, 2, 1);
  c.heads = pick(size, 1, 2, 3);
  c.channels = pick(size, 4, 4, 6);
  c.context = pick(size, 2, 3, 6);
  return c;
}

// clang-format off
const Model kModels[] = {
    {"one neuron, sigmoid", [](Size n) { return net({pick(n, 1, 2, 9), 1}, Activation::tanh, MlpConfig::Loss::bce, pick(n, 1, 4, 7)); }, two_classes},
    {"MLP, mean squared error", [](Size n) { return net({pick(n, 1, 2, 5), pick(n, 1, 3, 7), pick(n, 1, 2, 3)}, Activation::tanh, MlpConfig::Loss::mse, pick(n, 1, 4, 5), Activation::sigmoid); }, numbers},
    {"MLP, classes", [](Size n) { return net({2, pick(n, 2, 5, 17), pick(n, 2, 4, 3), 3}, Activation::gelu_erf, MlpConfig::Loss::cross_entropy, pick(n, 1, 4, 6)); }, three_classes},
    {"CNN, max pooling", [](Size n) { return cnn(image_net(n)); }, three_classes},
    {"CNN, BatchNorm, mean pooling, dropout", [](Size n) { CnnConfig c = image_net(n); c.pool = CnnConfig::Pool::avg; c.batchnorm = true; c.dropout = 0.25; return cnn(c); }, three_classes},
    {"RNN language model", recurrent<RecurrentConfig::Cell::rnn>, tokens},
    {"LSTM language model", recurrent<RecurrentConfig::Cell::lstm>, tokens},
    {"GRU language model", recurrent<RecurrentConfig::Cell::gru>, tokens},
    {"skip-gram", [](Size n) { return skipgram({.vocab = 7, .channels = pick(n, 1, 4, 9), .negatives = pick(n, 1, 2, 5), .batch = pick(n, 1, 3, 6)}); }, pairs},
    {"GPT", [](Size n) { return gpt(small_gpt(n)); }, tokens},
    {"GPT with LoRA", [](Size n) { return with_lora(gpt(small_gpt(n)), {pick(n, 1, 2, 3), 4, {"attn.qkv", "mlp.fc", "mlp.proj"}}); }, tokens},
    {"transformer decoder", [](Size n) { return transformer(small_transformer(n)); }, tokens},
    {"transformer decoder, rotary, grouped, gated, dropout", [](Size n) { TransformerConfig c = small_transformer(n); c.norm = TransformerConfig::Norm::rmsnorm; c.positions = TransformerConfig::Positions::rope;
       c.kv_heads = 1; c.swiglu = true; c.activation = Activation::silu; c.tied = false; c.dropout = 0.2; c.attention_dropout = 0.2; return transformer(c); }, tokens},
    {"transformer encoder, padded", [](Size n) { TransformerConfig c = small_transformer(n); c.form = TransformerConfig::Form::encoder; c.classes = 5; c.padding = true; c.bias = true; return transformer(c); }, tokens},
    {"encoder-decoder, post-norm, sinusoidal, padded", [](Size n) { TransformerConfig c = small_transformer(n); c.form = TransformerConfig::Form::encoder_decoder; c.layers = 1; c.norm_place = TransformerConfig::NormPlace::post;
       c.positions = TransformerConfig::Positions::sinusoidal; c.padding = true; c.length = pick(n, 2, 2, 4); return transformer(c); }, tokens},
    {"transformer decoder with LoRA", [](Size n) { return with_lora(transformer(small_transformer(n)), {pick(n, 1, 2, 2), 3, {"attn.q", "attn.v", "mlp.proj"}}); }, tokens},
};
// clang-format on

/// Weights large enough that no gradient is tiny; those of a LoRA's frozen base, too. All numbers are such that a float holds them.
template <class T>
void fill(Graph<T>& graph, const Model& m, Size size, std::uint64_t seed) {
  graph.initialize(seed);
  test::scatter_parameters(graph, 0.4, seed);
  Rng rng(seed, Stream::data);
  const auto& tensors = graph.spec().tensors();
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const std::span<T> into = graph.value(static_cast<TensorId>(i));
    if (tensors[i].role == Role::buffer && tensors[i].init.kind == Init::Kind::normal)
      for (T& w : into) w *= 10;
    if (tensors[i].role == Role::parameter || tensors[i].role == Role::buffer)
      for (T& w : into) w = static_cast<T>(static_cast<float>(w));
    if (tensors[i].role != Role::input) continue;
    const std::uint32_t below = m.below(tensors[i].name, size);
    for (T& v : into) v = below ? static_cast<T>(rng.below(below)) : static_cast<T>(rng.uniform() * 2 - 1);
    if (tensors[i].name.ends_with("lengths"))
      for (T& length : into) length += T(1);
  }
}

}  // namespace

TEST_CASE("every model's gradient is right, in double and in float", "[promises][reliability-1]") {
  for (const Model& m : kModels) {
    for (Size size = 0; size < 3; ++size) {
      for (const std::uint64_t seed : {1u, 2u, 3u}) {
        CAPTURE(m.name, size, seed);
        const GraphSpec spec = m.spec(size);
        Graph<double> exact(spec);
        fill(exact, m, size, seed);
        const test::Deviation e = test::deviation(exact, 3e-6);  // norms of short rows bend: the error of differences grows with h²
        test::figure("1 gradient of a model in double, norm", m.name, e.norm, 1e-7);
        test::figure("1 gradient of a model in double, element", m.name, e.element, 1e-5);
        Graph<float> single(spec);
        fill(single, m, size, seed);
        test::figure("1 gradient of a model in float, norm", m.name, test::compare(test::gradients(single), test::gradients(exact)).norm,
                     1e-5);
      }
    }
  }
}

TEST_CASE("the perceptron's step is its rate times the downhill slope of the perceptron criterion",
          "[promises][reliability-1][perceptron]") {
  // max(0, −(2t − 1) s), s = Σ w x + b (Bishop 2006, section 4.1.7): its slope by central differences, away from s = 0.
  for (const std::uint32_t inputs : {1u, 2u, 5u}) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
      CAPTURE(inputs, seed);
      Rng rng(seed, Stream::user);
      PointSet points;
      points.inputs = inputs;
      for (std::uint32_t i = 0; i < 20 * inputs; ++i) points.x.push_back(static_cast<float>(rng.normal()));
      for (std::uint32_t i = 0; i < 20; ++i) points.t.push_back(static_cast<float>(rng.below(2)));
      PerceptronConfig c;
      c.rate = 0.25;
      for (std::uint32_t i = 0; i <= inputs; ++i) c.start.push_back(rng.normal());
      Perceptron perceptron(points, c);
      std::vector<double> analytic, numeric;
      for (int step = 0; step < 60; ++step) {
        const PerceptronTrace& seen = perceptron.step();
        const auto criterion = [&](const std::vector<double>& w) {
          double s = w[inputs];
          for (std::uint32_t i = 0; i < inputs; ++i) s += w[i] * seen.x[i];
          return std::fmax(0, -(2 * seen.target - 1) * s);
        };
        if (std::fabs(seen.sum) < 1e-3) continue;
        for (std::uint32_t i = 0; i <= inputs; ++i) {
          analytic.push_back((seen.before[i] - seen.after[i]) / c.rate);
          std::vector<double> above = seen.before, below = seen.before;
          above[i] += 1e-5;
          below[i] -= 1e-5;
          numeric.push_back((criterion(above) - criterion(below)) / 2e-5);
        }
      }
      const test::Deviation e = test::compare(analytic, numeric);
      test::figure("1 gradient of a model in double, norm", "perceptron", e.norm, 1e-7);
      test::figure("1 gradient of a model in double, element", "perceptron", e.element, 1e-5);
    }
  }
}
