#include "recipe.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g::cli {
namespace {

struct Preset {
  std::string_view name;
  std::uint32_t layers, heads, channels, context, batch;
  double lr;
  std::uint64_t steps, warmup;
  bool gelu_erf = false;
};

// "custom" is what the lesson starts from when every number is the reader's own; its rate and warm-up follow from the sizes.
constexpr Preset kCustom{"custom", 3, 4, 96, 64, 8, 0, 2000, 100};
constexpr std::array kPresets{
    Preset{"tiny", 1, 2, 64, 32, 16, 0.012, 1500, 50},   Preset{"small", 2, 4, 64, 48, 8, 0.012, 2500, 50},
    Preset{"medium", 2, 4, 128, 48, 8, 0.004, 2500, 50}, Preset{"laptop", 4, 4, 128, 64, 12, 0.001, 2000, 100, true},
    Preset{"wide", 4, 6, 192, 64, 12, 0.001, 3000, 100}, kCustom,
};

const Preset& preset_called(std::string_view name) {
  if (name == "nanogpt-laptop") name = "laptop";
  std::string all;
  for (const Preset& p : kPresets) {
    if (p.name == name) return p;
    all += text(all.empty() ? "" : ", ", p.name);
  }
  throw Error(ErrorCode::unknown_name, text("there is no preset \"", name, "\"; choose one of ", all, " (nanogpt-laptop is laptop)"));
}

double rate_for(std::uint32_t channels) { return std::min(0.012, 0.6 / channels); }

void refuse_sizes(const TrainArguments& a) {
  const bool given = a.layers || a.heads || a.channels || a.context || a.bias || !a.gelu.empty() || !a.tokenizer.empty() || a.vocab;
  if (given)
    throw Error(ErrorCode::invalid_argument,
                "with --resume the model is that of the file; leave out --layers, --heads, --channels, --context, --bias, --gelu, "
                "--tokenizer and --vocab");
}

}  // namespace

Recipe recipe_of(const TrainArguments& a, const std::optional<GptConfig>& resumed) {
  const Preset& p = a.preset.empty() ? (resumed ? kCustom : preset_called("small")) : preset_called(a.preset);
  Recipe out;
  out.preset = p.name;
  GptConfig& m = out.model;
  if (resumed) {
    refuse_sizes(a);
    m = *resumed;
  } else {
    m.layers = a.layers.value_or(p.layers);
    m.heads = a.heads.value_or(p.heads);
    m.channels = a.channels.value_or(p.channels);
    m.context = a.context.value_or(p.context);
    m.bias = a.bias.value_or(false);
    m.gelu_erf = a.gelu.empty() ? p.gelu_erf : a.gelu == "erf";
  }
  m.batch = a.batch.value_or(p.batch);
  out.steps = a.steps.value_or(p.steps);

  const bool own_rate = p.name == kCustom.name || a.channels.has_value();
  OptimizerConfig& o = out.optimizer;
  o.kind = OptimizerConfig::Kind::adamw;
  o.lr = a.lr.value_or(own_rate ? rate_for(std::max(1u, m.channels)) : p.lr);
  o.min_lr = o.lr / 10;
  o.beta1 = 0.9;
  o.beta2 = 0.99;
  o.weight_decay = 0.1;
  o.clip = 1;
  const bool own_length = p.name == kCustom.name || a.steps.has_value();
  o.warmup = a.warmup.value_or(own_length ? std::min(p.warmup, out.steps / 10) : p.warmup);
  o.total = out.steps;
  return out;
}

Json json_of(const Recipe& r) {
  Json optimizer;
  optimizer.add("kind", kind_name(r.optimizer.kind)).add("lr", r.optimizer.lr).add("beta1", r.optimizer.beta1);
  optimizer.add("beta2", r.optimizer.beta2).add("weightDecay", r.optimizer.weight_decay).add("clip", r.optimizer.clip);
  optimizer.add("warmup", r.optimizer.warmup).add("total", r.optimizer.total).add("minLr", r.optimizer.min_lr);
  Json out;
  out.add("preset", r.preset).add("layers", r.model.layers).add("heads", r.model.heads).add("channels", r.model.channels);
  out.add("context", r.model.context).add("batch", r.model.batch).add("bias", r.model.bias).add("geluErf", r.model.gelu_erf);
  return out.add("optimizer", optimizer).add("steps", r.steps);
}

int presets(bool json) {
  std::vector<Json> all;
  std::string table = "preset  layers heads channels context batch  steps  learning rate\n";
  for (const Preset& p : kPresets) {
    TrainArguments a;
    a.preset = p.name;
    const Recipe r = recipe_of(a, {});
    all.push_back(json_of(r));
    const auto column = [&table](const std::string& word, std::size_t width) {
      table += std::string(width - std::min(width, word.size()), ' ') + word;
    };
    table += std::string(p.name) + std::string(7 - std::min<std::size_t>(7, p.name.size()), ' ');
    column(text(r.model.layers), 7);
    column(text(r.model.heads), 6);
    column(text(r.model.channels), 9);
    column(text(r.model.context), 8);
    column(text(r.model.batch), 6);
    column(text(r.steps), 7);
    column(text(r.optimizer.lr), 15);
    table += "\n";
  }
  print(json ? Json().add_list("presets", all).str() + "\n" : table);
  return 0;
}

}  // namespace x2g::cli
