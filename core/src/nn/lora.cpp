#include "x2g/nn/lora.hpp"

#include <algorithm>
#include <cmath>

#include "base/in_range.hpp"
#include "kernels/elementwise.hpp"
#include "kernels/gemm.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

bool chosen(const NodeSpec& node, const LoraConfig& c) {
  return node.kind == OpKind::linear &&
         std::ranges::any_of(c.targets, [&](const std::string& end) { return !end.empty() && node.name.ends_with(end); });
}

void validate(const GraphSpec& base, const LoraConfig& c) {
  in_range("rank", c.rank, 1, 256);
  if (!std::isfinite(c.alpha)) throw Error(ErrorCode::invalid_argument, text("alpha is ", c.alpha, "; it must be a number, for example 8"));
  if (c.targets.empty())
    throw Error(ErrorCode::invalid_argument, "targets is empty; name the ends of linear layers, for example \"attn.q\"");
  for (const std::string& end : c.targets) {
    const LoraConfig one{c.rank, c.alpha, {end}};
    if (std::ranges::none_of(base.nodes(), [&](const NodeSpec& node) { return chosen(node, one); }))
      throw Error(ErrorCode::unknown_name, text("no linear layer's name ends with \"", end, "\"; look at the names of the nodes"));
  }
  for (const NodeSpec& node : base.nodes()) {
    if (!chosen(node, c)) continue;
    std::size_t uses = 0;
    for (const NodeSpec& other : base.nodes()) uses += static_cast<std::size_t>(std::ranges::count(other.inputs, node.inputs[1]));
    if (uses > 1)
      throw Error(ErrorCode::invalid_argument,
                  text("\"", node.name, "\" shares its weight \"", base.tensors()[static_cast<std::size_t>(node.inputs[1])].name,
                       "\" with another node; choose layers with a weight of their own"));
  }
}

/// The linear node N as base, correction and sum.
TensorId adapted(GraphSpec& g, const NodeSpec& node, const std::vector<TensorId>& inputs, const Shape& W, const LoraConfig& c) {
  const std::string& N = node.name;
  const std::uint32_t O = W.dims[0], I = W.dims[1];
  const TensorId base = g.op(OpKind::linear, N + ".base", inputs, node.attributes);
  const TensorId A = g.parameter(N + ".lora.A", {c.rank, I}, {Init::Kind::normal, 1 / std::sqrt(static_cast<double>(I))}, true);
  const TensorId B = g.parameter(N + ".lora.B", {O, c.rank}, {}, true);
  OpAttributes a;
  a.scale = c.alpha / c.rank;
  const TensorId up = g.linear(N + ".lora.up", g.linear(N + ".lora.down", inputs[0], A), B);
  return g.add(N, base, g.op(OpKind::scale, N + ".lora", {up}, a));
}

template <class T>
void add_product(const LoraShape& s, double factor, std::span<const T> A, std::span<const T> B, std::span<T> W) {
  if (A.size() != s.R * s.I || B.size() != s.O * s.R || W.size() != s.O * s.I)
    throw Error(ErrorCode::shape_mismatch, text("A, B and W have ", A.size(), ", ", B.size(), " and ", W.size(),
                                                " numbers; they must have ", s.R * s.I, ", ", s.O * s.R, " and ", s.O * s.I));
  std::vector<T> product(W.size()), panels(kernels::gemm_scratch(s.O, s.I, s.R));
  kernels::gemm<T>(s.O, s.I, s.R, {B.data(), s.R}, {A.data(), s.I}, product.data(), s.I, false, nullptr, std::span<T>(panels));
  kernels::scale_add<T>(static_cast<T>(factor), product, W);
}

}  // namespace

GraphSpec with_lora(const GraphSpec& base, const LoraConfig& c) {
  validate(base, c);
  GraphSpec g;
  const std::vector<TensorSpec>& tensors = base.tensors();
  std::vector<TensorId> now(tensors.size(), kNoTensor);  // tensor of the base → tensor of the new spec
  std::size_t next = 0;                                  // node whose outputs come next
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const TensorSpec& t = tensors[i];
    if (t.role == Role::input) {
      now[i] = g.input(t.name, t.shape);
    } else if (t.role == Role::parameter || t.role == Role::buffer) {
      now[i] = g.buffer(t.name, t.shape, t.init);
    } else if (next < base.nodes().size() && base.nodes()[next].outputs[0] == static_cast<TensorId>(i)) {
      const NodeSpec& node = base.nodes()[next++];
      std::vector<TensorId> inputs;
      for (const TensorId id : node.inputs) inputs.push_back(id == kNoTensor ? kNoTensor : now[static_cast<std::size_t>(id)]);
      if (chosen(node, c)) {
        now[i] = adapted(g, node, inputs, tensors[static_cast<std::size_t>(node.inputs[1])].shape, c);
      } else {
        g.op(node.kind, node.name, std::move(inputs), node.attributes);
        const std::vector<TensorId>& out = g.nodes().back().outputs;
        for (std::size_t k = 0; k < out.size(); ++k) now[static_cast<std::size_t>(node.outputs[k])] = out[k];
      }
    }
  }
  return g;
}

template <class T>
std::size_t copy_by_name(const Graph<T>& from, Graph<T>& to) {
  std::size_t copied = 0;
  const auto kept = [](const TensorSpec& t) { return t.role == Role::parameter || t.role == Role::buffer; };
  for (std::size_t i = 0; i < from.spec().tensors().size(); ++i) {
    const TensorSpec& t = from.spec().tensors()[i];
    const TensorId id = kept(t) ? to.spec().find(t.name) : kNoTensor;
    if (id == kNoTensor) continue;
    const TensorSpec& other = to.spec().tensors()[static_cast<std::size_t>(id)];
    if (!kept(other) || other.shape != t.shape) continue;
    std::ranges::copy(from.value(static_cast<TensorId>(i)), to.value(id).begin());
    ++copied;
  }
  return copied;
}

template <class T>
void lora_merge(const LoraShape& s, std::span<const T> A, std::span<const T> B, std::span<T> W) {
  add_product<T>(s, s.scale, A, B, W);
}

template <class T>
void lora_unmerge(const LoraShape& s, std::span<const T> A, std::span<const T> B, std::span<T> W) {
  add_product<T>(s, -s.scale, A, B, W);
}

template <class T>
std::size_t merge_into_base(const Graph<T>& tuned, Graph<T>& base) {
  copy_by_name(tuned, base);
  std::size_t merged = 0;
  const GraphSpec& spec = tuned.spec();
  for (const NodeSpec& node : spec.nodes()) {
    if (node.kind != OpKind::scale || !node.name.ends_with(".lora")) continue;
    const std::string N = node.name.substr(0, node.name.size() - 5);
    const TensorId A = spec.require(node.name + ".A"), B = spec.require(node.name + ".B");
    const auto original = std::ranges::find(base.spec().nodes(), N, &NodeSpec::name);
    if (original == base.spec().nodes().end() || original->kind != OpKind::linear)
      throw Error(ErrorCode::unknown_name, text("the base model has no linear layer \"", N, "\"; give the spec that with_lora was given"));
    const Shape &a = spec.tensors()[static_cast<std::size_t>(A)].shape, &b = spec.tensors()[static_cast<std::size_t>(B)].shape;
    lora_merge<T>({b.dims[0], a.dims[1], a.dims[0], node.attributes.scale}, tuned.value(A), tuned.value(B),
                  base.value(original->inputs[1]));
    ++merged;
  }
  return merged;
}

template std::size_t copy_by_name<float>(const Graph<float>&, Graph<float>&);
template std::size_t copy_by_name<double>(const Graph<double>&, Graph<double>&);
template void lora_merge<float>(const LoraShape&, std::span<const float>, std::span<const float>, std::span<float>);
template void lora_merge<double>(const LoraShape&, std::span<const double>, std::span<const double>, std::span<double>);
template void lora_unmerge<float>(const LoraShape&, std::span<const float>, std::span<const float>, std::span<float>);
template void lora_unmerge<double>(const LoraShape&, std::span<const double>, std::span<const double>, std::span<double>);
template std::size_t merge_into_base<float>(const Graph<float>&, Graph<float>&);
template std::size_t merge_into_base<double>(const Graph<double>&, Graph<double>&);

}  // namespace x2g
