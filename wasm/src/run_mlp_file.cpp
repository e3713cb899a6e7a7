// Weights files of networks. The first lessons' engine writes them but does not read them: reading costs a tenth of it.
#include <algorithm>

#include "border.hpp"
#include "run_mlp.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/io/safetensors.hpp"

namespace x2g::border {

val MlpRun::save() const {
  const Graph<float>& graph = trainer_.graph();
  std::vector<TensorToStore> tensors;
  for (std::size_t i = 0; i < graph.spec().tensors().size(); ++i) {
    const TensorSpec& t = graph.spec().tensors()[i];
    if (t.role != Role::parameter) continue;
    tensors.push_back({t.name, {t.shape.dims.begin(), t.shape.dims.begin() + t.shape.rank}, graph.value(static_cast<TensorId>(i))});
  }
  const std::pair<std::string, std::string> metadata[] = {{"format", "pt"}, {"x2g.kind", "mlp"}};
  const std::vector<std::uint8_t> file = write_safetensors(tensors, metadata);
  return to_js(std::span<const std::uint8_t>(file));
}

#if X2G_ENGINE == 1
void MlpRun::load(val) {
  throw Error(ErrorCode::bad_state, "the first lessons' engine reads no weights files; open the session with engine: 'whole'");
}
#else
void MlpRun::load(val data) {
  const std::vector<std::uint8_t> file = bytes(data);
  const SafeTensors stored = SafeTensors::parse(file);
  Graph<float>& graph = trainer_.graph();
  std::vector<std::pair<std::span<float>, std::vector<float>>> copies;  // everything is checked before anything changes
  for (std::size_t i = 0; i < graph.spec().tensors().size(); ++i) {
    const TensorSpec& t = graph.spec().tensors()[i];
    if (t.role != Role::parameter) continue;
    const StoredTensor* s = stored.find(t.name);
    if (!s) throw Error(ErrorCode::bad_file, text("the file has no tensor \"", t.name, "\"; it is not of this network"));
    if (!std::ranges::equal(s->shape, std::span(t.shape.dims).first(t.shape.rank)))
      throw Error(ErrorCode::bad_file,
                  text("tensor \"", t.name, "\" has another shape in the file than in this network, ", t.shape.text()));
    copies.emplace_back(graph.value(static_cast<TensorId>(i)), stored.floats(*s));
  }
  for (auto& [to, from] : copies) std::ranges::copy(from, to.begin());
  trainer_.touch();
}
#endif

}  // namespace x2g::border
