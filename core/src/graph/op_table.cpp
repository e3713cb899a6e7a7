#include "graph/op_table.hpp"

#include "base/parts.hpp"
#include "graph/table/entries.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

struct Row {
  const char* name;
  const OpEntry* entry;  // null: this engine knows the op by name only
};

// A row that an engine leaves out leaves out all that it would call.
#if X2G_ENGINE == 2 || X2G_WHOLE_ENGINE
#define X2G_TEXT(entry) &table::entry
#else
#define X2G_TEXT(entry) nullptr
#endif
#if X2G_WHOLE_ENGINE
#define X2G_WHOLE(entry) &table::entry
#else
#define X2G_WHOLE(entry) nullptr
#endif
#if X2G_ENGINE >= 3
#define X2G_GRAPH(entry) &table::entry
#else
#define X2G_GRAPH(entry) nullptr
#endif
#if X2G_ENGINE != 2
#define X2G_NOT_TEXT(entry) &table::entry
#else
#define X2G_NOT_TEXT(entry) nullptr
#endif
#if X2G_ENGINE >= 2
#define X2G_NOT_FIRST(entry) &table::entry
#else
#define X2G_NOT_FIRST(entry) nullptr
#endif

// In the order of OpKind.
constexpr Row kOps[] = {
    {"linear", &table::linear},
    {"activation", &table::activation},
    {"add", X2G_NOT_FIRST(add)},
    {"add_positions", X2G_TEXT(add_positions)},
    {"embedding", X2G_TEXT(embedding)},
    {"layernorm", X2G_TEXT(layernorm)},
    {"attention", X2G_TEXT(attention)},
    {"softmax_xent", &table::softmax_xent},
    {"bce_logits", X2G_NOT_TEXT(bce_logits)},
    {"mse", X2G_NOT_TEXT(mse)},
    {"mul", X2G_GRAPH(mul)},
    {"scale", X2G_GRAPH(scale)},
    {"matmul", X2G_WHOLE(matmul)},
    {"softmax", X2G_WHOLE(softmax)},
    {"concat", X2G_WHOLE(concat)},
    {"slice", X2G_WHOLE(slice)},
    {"transpose", X2G_WHOLE(transpose)},
    {"reshape", X2G_WHOLE(reshape)},
    {"sum", X2G_WHOLE(sum)},
    {"mean", X2G_WHOLE(mean)},
    {"rmsnorm", X2G_WHOLE(rmsnorm)},
    {"batchnorm", X2G_WHOLE(batchnorm)},
    {"dropout", X2G_WHOLE(dropout)},
    {"conv1d", X2G_WHOLE(conv1d)},
    {"conv2d", X2G_WHOLE(conv2d)},
    {"max_pool", X2G_WHOLE(max_pool)},
    {"avg_pool", X2G_WHOLE(avg_pool)},
    {"rnn", X2G_WHOLE(rnn)},
    {"lstm", X2G_WHOLE(lstm)},
    {"gru", X2G_WHOLE(gru)},
    {"rope", X2G_WHOLE(rope)},
    {"attend", X2G_WHOLE(attend)},
    {"sin", X2G_GRAPH(sin)},
};
static_assert(std::size(kOps) == kOpKinds);

}  // namespace

const OpEntry& op_entry(OpKind kind) {
  const Row& row = kOps[static_cast<std::size_t>(kind)];
  if (!row.entry) throw Error(ErrorCode::bad_state, text("this engine was built without the op \"", row.name, "\"; open the whole engine"));
  return *row.entry;
}

OpInputs op_inputs(const GraphSpec& spec, const std::vector<TensorId>& inputs, const OpAttributes& attributes) {
  OpInputs in;
  in.attributes = attributes;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i] == kNoTensor) continue;
    in.present[i] = true;
    in.shape[i] = spec.tensors()[static_cast<std::size_t>(inputs[i])].shape;
  }
  return in;
}

std::string_view op_name(OpKind kind) { return kOps[static_cast<std::size_t>(kind)].name; }

OpKind op_from_name(std::string_view name) {
  std::string known;
  for (std::size_t i = 0; i < std::size(kOps); ++i) {
    if (name == kOps[i].name) return static_cast<OpKind>(i);
    if (kOps[i].entry) known += text(known.empty() ? "" : ", ", kOps[i].name);
  }
  throw Error(ErrorCode::unknown_name, text("no op is called \"", name.substr(0, 80), "\"; there are ", known));
}

Mask mask_from_name(std::string_view name) {
  if (name == "causal") return Mask::causal;
  if (name == "none") return Mask::none;
  if (name == "wrong") return Mask::wrong;
  throw Error(ErrorCode::unknown_name, text("no mask is called \"", name.substr(0, 80), "\"; there are causal, none, wrong"));
}

Score score_from_name(std::string_view name) {
  if (name == "dot") return Score::dot;
  if (name == "negated") return Score::negated;
  if (name == "squared") return Score::squared;
  throw Error(ErrorCode::unknown_name, text("no score is called \"", name.substr(0, 80), "\"; there are dot, negated, squared"));
}

}  // namespace x2g
