// safetensors: what is accepted tiles the data, reads as floats, and comes back the same when its F32 tensors are written anew.
#include "fuzz/fuzz.hpp"

#include <cstring>

#include "x2g/io/safetensors.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace x2g;
  SafeTensors st;
  if (!fuzz::accepted([&] { st = SafeTensors::parse({data, size}); })) return 0;
  std::uint64_t covered = 0;
  std::vector<std::vector<float>> values;
  std::vector<TensorToStore> tensors;
  values.reserve(st.tensors.size());
  for (const StoredTensor& t : st.tensors) {
    covered += t.end - t.begin;
    fuzz::require(st.find(t.name) == &t, "find");
    if (!fuzz::accepted([&] { values.push_back(st.floats(t)); }) || t.dtype != "F32") continue;
    tensors.push_back({t.name, t.shape, values.back()});
  }
  fuzz::require(covered == st.data.size(), "tensors tile the data");
  const auto bytes = write_safetensors(tensors, st.metadata);
  const SafeTensors again = SafeTensors::parse(bytes);
  fuzz::require(again.metadata == st.metadata && again.tensors.size() == tensors.size(), "metadata and tensors come back");
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const std::vector<float> back = again.floats(again.tensors[i]);
    fuzz::require(again.tensors[i].shape == tensors[i].shape && back.size() == tensors[i].values.size(), "shape comes back");
    fuzz::require(back.empty() || std::memcmp(back.data(), tensors[i].values.data(), back.size() * 4) == 0, "values come back");
  }
  return 0;
}
