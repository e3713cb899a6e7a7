// Runs a plan on the rows of new tokens. One row goes through gemv, several through gemm: the same bits (kernels/gemv.hpp).
#include "x2g/lm/cached_decoder.hpp"

#include <algorithm>

#include "base/parts.hpp"
#include "kernels/gemv.hpp"
#include "lm/decoder_plan.hpp"
#include "ops/attend_scores.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/ops/activation.hpp"
#include "x2g/ops/elementwise.hpp"
#include "x2g/ops/layernorm.hpp"
#include "x2g/ops/linear.hpp"
#include "x2g/ops/rmsnorm.hpp"
#include "x2g/ops/rope.hpp"

namespace x2g {
namespace {

constexpr std::size_t kFewRows = 4;  // so many rows are cheaper one by one than packed

std::uint64_t left_of(std::uint64_t limit, const DecoderPlan& plan, std::size_t work) {
  const std::uint64_t bytes = std::uint64_t{work} * sizeof(float);
  if (bytes > limit)
    throw Error(ErrorCode::out_of_memory, text("decoding needs ", (bytes + 1023) / 1024, " kB to work in; the limit is ", limit / 1024,
                                               " kB. Choose a smaller chunk than ", plan.chunk, " or a shorter window"));
  return limit - bytes;
}

std::size_t work_size(const DecoderPlan& p) { return p.values + p.angles + 2 * p.chunk + p.scores + p.panels; }

}  // namespace

CachedDecoder::CachedDecoder(const Graph<float>& graph, CachedDecoderConfig config) : CachedDecoder(plan_decoder(graph, config), config) {}

CachedDecoder::CachedDecoder(std::unique_ptr<const DecoderPlan> plan, const CachedDecoderConfig& config)
    : plan_(std::move(plan)),
      cache_(plan_->layers, plan_->window, config.when_full == WhenFull::slide ? plan_->chunk : std::min(plan_->chunk, plan_->window),
             config.when_full == WhenFull::slide, left_of(config.memory_limit, *plan_, work_size(*plan_))) {
  work_ = Buffer<float>(work_size(*plan_));
  std::span<float> rest = work_.span().subspan(plan_->values);
  const auto part = [&rest](std::size_t n) {
    const std::span<float> p = rest.first(n);
    rest = rest.subspan(n);
    return p;
  };
  angles_ = part(plan_->angles);
  saved_ = part(2 * plan_->chunk);
  scores_ = part(plan_->scores);
  panels_ = part(plan_->panels);
}

CachedDecoder::~CachedDecoder() = default;

std::uint32_t CachedDecoder::vocab() const { return plan_->widths[static_cast<std::size_t>(plan_->logits)]; }
std::size_t CachedDecoder::chunk() const { return plan_->chunk; }
std::uint64_t CachedDecoder::work_bytes() const { return work_.size() * sizeof(float); }

void CachedDecoder::admit(std::span<const std::uint32_t> tokens, std::size_t most) const {
  if (tokens.empty() || tokens.size() > most)
    throw Error(ErrorCode::invalid_argument, text(tokens.size(), " tokens to read; give 1 to ", most));
  if (tokens.size() > room())
    throw Error(ErrorCode::bad_state, text(tokens.size(), " tokens do not fit: ", length_, " of ", plan_->window,
                                           " are read; clear the cache and read the newest again, or let it slide where positions allow"));
  for (const std::uint32_t id : tokens)
    if (id >= plan_->vocab)
      throw Error(ErrorCode::invalid_argument, text("token ", id, " is not in the vocabulary; ids are 0 to ", plan_->vocab - 1));
}

std::span<const float> CachedDecoder::prefill(std::span<const std::uint32_t> tokens) {
  admit(tokens, KvCache::kMostTokens);
  std::size_t rows = 0;
  for (std::size_t at = 0; at < tokens.size(); at += rows) {
    rows = std::min(plan_->chunk, tokens.size() - at);
    run(tokens.subspan(at, rows), false);
  }
  return rows_of(plan_->logits, rows - 1, 1);
}

std::span<const float> CachedDecoder::prefill_all(std::span<const std::uint32_t> tokens) {
  admit(tokens, plan_->chunk);
  run(tokens, true);
  return rows_of(plan_->logits, 0, tokens.size());
}

void CachedDecoder::forget(std::size_t count) {
  cache_.forget(count);
  length_ -= count;
}

void CachedDecoder::clear() {
  cache_.clear();
  length_ = 0;
}

std::span<float> CachedDecoder::rows_of(TensorId id, std::size_t first, std::size_t count) {
  const auto i = static_cast<std::size_t>(id);
  return work_.span().subspan(plan_->places[i] + first * plan_->widths[i], count * plan_->widths[i]);
}

/// At most a chunk. Where only the last token's logits are wanted, the last step leaves out the others.
void CachedDecoder::run(std::span<const std::uint32_t> tokens, bool all) {
  cache_.open(tokens.size());
  angles_of_ = nullptr;
  for (const DecoderStep& step : plan_->steps) {
    const bool last = &step == &plan_->steps.back() && step.kind == OpKind::linear;
    run_step(step, tokens, last && !all ? tokens.size() - 1 : 0);
  }
  cache_.close();
  length_ += tokens.size();
}

/// One op on the rows `first` … of this chunk; the tokens before have length_ positions.
void CachedDecoder::run_step(const DecoderStep& step, std::span<const std::uint32_t> tokens, std::size_t first) {
  const std::size_t rows = tokens.size() - first, C = plan_->widths[static_cast<std::size_t>(step.out)];
  const std::span<float> y = rows_of(step.out, first, rows);
  const auto input = [&](std::size_t k) -> std::span<const float> {
    return step.in[k] == kNoTensor ? step.fixed[k] : rows_of(step.in[k], first, rows);
  };
  const std::span<const float> x = input(0);
  switch (step.kind) {
    case OpKind::embedding:
      for (std::size_t r = 0; r < rows; ++r) std::ranges::copy(step.fixed[1].subspan(tokens[r] * C, C), y.subspan(r * C).begin());
      return;
    case OpKind::add_positions: return add_positions_forward<float>({1, rows, C}, x, step.fixed[1].subspan(length_ * C, rows * C), y);
    case OpKind::linear: {
      const LinearShape s{rows, x.size() / rows, C};
      if (rows > kFewRows) return linear_forward<float>(s, x, step.fixed[1], step.fixed[2], y, panels_);
      const float* bias = step.fixed[2].empty() ? nullptr : step.fixed[2].data();
      for (std::size_t r = 0; r < rows; ++r)
        kernels::rows_times(s.O, s.I, step.fixed[1].data(), s.I, x.data() + r * s.I, bias, y.data() + r * s.O);
      return;
    }
    case OpKind::activation: return activation_forward<float>(step.attributes.activation, x, y);
    case OpKind::add: return add_forward<float>(x, input(1), y);
    case OpKind::layernorm:
      return layernorm_forward<float>({rows, C}, x, step.fixed[1], step.fixed[2], y, saved_.first(rows), saved_.subspan(rows, rows));
#if X2G_WHOLE_ENGINE  // no graph of a lessons' engine has these
    case OpKind::mul: return mul_forward<float>(x, input(1), y);
    case OpKind::scale: return scale_forward<float>(step.attributes.scale, x, y);
    case OpKind::rmsnorm: return rmsnorm_forward<float>({rows, C, step.attributes.eps}, x, step.fixed[1], y, saved_.first(rows));
    case OpKind::rope: {
      const std::size_t D = C / step.attributes.heads;
      const RopeShape s{1, rows, C, step.attributes.heads, step.attributes.base, step.attributes.begin + length_};
      const std::span<float> table = angles_.first(rows * D);
      const DecoderStep* of = angles_of_;  // queries and keys of all layers turn by the same angles
      const bool known = of != nullptr && of->attributes.base == s.base && of->attributes.begin == step.attributes.begin &&
                         plan_->widths[static_cast<std::size_t>(of->out)] / of->attributes.heads == D;
      if (!known) rope_table<float>(s, table);
      angles_of_ = &step;
      return rope_forward<float>(s, x, table, y);
    }
#endif
    default: return attend(step, rows);
  }
}

/// Writes the new keys and values behind those held, and lets each new token look at those it may see.
void CachedDecoder::attend(const DecoderStep& step, std::size_t R) {
  AttendShape s = step.heads;
  const std::size_t S = cache_.rows(), keys = s.G * s.D, values = s.G * s.Dv;
  s.B = 1;
  s.T = R;
  s.S = S;
  const std::span<const float> q = rows_of(step.in[0], 0, R), k = step.fused ? q.subspan(keys) : rows_of(step.in[1], 0, R),
                               v = step.fused ? q.subspan(2 * keys) : rows_of(step.in[2], 0, R);
  const std::size_t ldq = s.H * s.D * (step.fused ? 3 : 1), ldk = step.fused ? ldq : keys, ldv = step.fused ? ldq : values;
  for (std::size_t r = 0; r < R; ++r) {
    std::ranges::copy(k.subspan(r * ldk, keys), cache_.new_keys(step.layer).subspan(r * keys).begin());
    std::ranges::copy(v.subspan(r * ldv, values), cache_.new_values(step.layer).subspan(r * values).begin());
  }
  const std::span<const float> K = cache_.keys(step.layer), V = cache_.values(step.layer);
  const std::span<float> out = rows_of(step.out, 0, R);
  const std::size_t begin = cache_.first_seen(S - R), N = S - begin;  // the rows that any of the new tokens sees
  for (std::size_t h = 0; h < s.H; ++h) {
    const std::size_t g = h / (s.H / s.G);
    const attend::Head at{h * s.D, g * s.D, g * s.Dv, h * s.Dv, 0, ldq, keys, values, s.H * s.Dv};
    float* const p = scores_.data();
    if (R == 1 && s.score != Score::squared) {
      kernels::rows_times(N, s.D, K.data() + begin * keys + at.k, keys, q.data() + at.q, nullptr, p);
      kernels::scale<float>(static_cast<float>(s.score == Score::negated ? -s.scale : s.scale), {p, N});
      const float slope = s.alibi ? static_cast<float>(alibi_slope(h, s.H)) : 0;
      for (std::size_t j = 0; s.alibi && j < N; ++j) p[j] -= slope * static_cast<float>(N - 1 - j);
    } else {
      attend::scores<float>(s, at, h, 0, R, begin, N, q, K, p, N, panels_);
    }
    for (std::size_t r = 0; r < R; ++r) {
      const std::size_t from = cache_.first_seen(S - R + r) - begin, to = N - R + r + 1;
      const std::span<float> row{p + r * N, N};
      kernels::softmax<float>(row.subspan(from, to - from), step.softmax_scale, row.subspan(from, to - from));
      kernels::fill<float>(0, row.first(from));
      kernels::fill<float>(0, row.subspan(to));
    }
    const float* const Vh = V.data() + begin * values + at.v;
    if (R == 1)
      kernels::times_rows(N, s.Dv, p, Vh, values, out.data() + at.out);
    else
      kernels::gemm<float>(R, s.Dv, N, {p, N}, {Vh, values}, out.data() + at.out, at.ldout, false, nullptr, panels_);
  }
}

}  // namespace x2g
