// x2g export: a model as a folder for Hugging Face transformers, from where it is trained on in PyTorch.
#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "commands.hpp"
#include "files.hpp"
#include "model.hpp"
#include "output.hpp"
#include "x2g/io/hf_export.hpp"

namespace x2g::cli {
namespace {

constexpr std::uint32_t kWindows = 2;

/// Logits of two whole windows of made-up tokens, a number a line: tests/golden/check_hf_export.py makes the same tokens and compares.
std::string logits_text(Graph<float>& graph, const GptConfig& c) {
  const std::span<float> ids = graph.value("ids");
  for (std::uint64_t b = 0; b < kWindows; ++b)
    for (std::uint64_t t = 0; t < c.context; ++t) ids[b * c.context + t] = static_cast<float>((7 * t * t + 3 * t + 5 * b) % c.vocab);
  graph.forward();
  std::string out;
  std::array<char, 32> number{};
  for (const float v : graph.value("logits")) {
    const int length = std::snprintf(number.data(), number.size(), "%.9g\n", static_cast<double>(v));
    out.append(number.data(), static_cast<std::size_t>(length));
  }
  return out;
}

}  // namespace

int export_model(const ExportArguments& a) {
  const ModelFile file = ModelFile::open(a.file);
  const auto graph = file.graph(kWindows, memory_limit(8));
  HfExport made = file.vocabulary.folder(*graph, file.config);
  if (a.logits) {
    const std::string logits = logits_text(*graph, file.config);
    made.files.push_back({"x2g_logits.txt", {logits.begin(), logits.end()}});
  }
  make_folder(a.hf);
  std::vector<Json> written;
  std::string words;
  for (const HfFile& f : made.files) {
    const std::string path = a.hf + "/" + f.name;
    write_bytes(path, f.bytes);
    written.push_back(Json().add("name", f.name).add("bytes", f.bytes.size()));
    words += path + ", " + size_text(static_cast<double>(f.bytes.size())) + "\n";
  }
  for (const std::string& note : made.notes) words += "note: " + note + "\n";
  if (a.json) {
    Json out;
    out.add("kind", "export").add("file", a.file).add("folder", a.hf).add_list("files", written);
    words = out.add_list("notes", std::span<const std::string>(made.notes)).str() + "\n";
  }
  print(words);
  return 0;
}

}  // namespace x2g::cli
