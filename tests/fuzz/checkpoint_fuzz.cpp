// Saved runs, as given and sealed anew: a fuzzer cannot guess a checksum, and what stands behind it must hold without it, too.
// What is accepted is written again to the same bytes; a small run takes or refuses it and is none the worse.
#include "fuzz/fuzz.hpp"

#include <cstring>
#include <memory>
#include <optional>

#include "x2g/base/text.hpp"
#include "x2g/io/checksum.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/train/saved_run.hpp"

namespace {

using namespace x2g;

Trainer<float>& run() {
  static Trainer<float> trainer(
      [] {
        MlpConfig c;
        c.sizes = {2, 2, 1};
        c.batch = 4;
        return mlp(c);
      }(),
      OptimizerConfig{},
      std::make_unique<TableBatches<float>>(std::vector<float>{0, 0, 0, 1, 1, 0, 1, 1}, std::vector<float>{0, 1, 1, 0}, 4, 4, 1), 1);
  return trainer;
}

/// The parsed record where it holds together.
std::optional<Checkpoint> check(std::span<const std::uint8_t> bytes) {
  Checkpoint c;
  if (!fuzz::accepted([&] { c = Checkpoint::parse(bytes); })) return {};
  const auto again = write_checkpoint(c.sections, c.sequence);
  fuzz::require(again.size() == bytes.size() && std::memcmp(again.data(), bytes.data(), again.size()) == 0, "a record has one form");
  fuzz::accepted([&] { saved_config(bytes); });
  fuzz::accepted([&] { load_run(bytes, run()); });
  return c;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check({data, size});
  if (size < 40) return 0;
  std::vector<std::uint8_t> sealed(data, data + size);
  const std::uint64_t length = size;
  std::memcpy(sealed.data() + 16, &length, 8);
  // The snapshot inside has a checksum of its own, the last 8 bytes of its section: mend that, too.
  const auto seal = [&sealed, size] {
    const std::uint64_t sum = xxh64(std::span(sealed).first(size - 8));
    std::memcpy(sealed.data() + size - 8, &sum, 8);
  };
  seal();
  const auto record = check(sealed);
  if (!record || !record->has("state") || record->section("state").size() < 8) return 0;
  const std::span<const std::uint8_t> state = record->section("state");
  const std::uint64_t sum = fnv1a(state.data(), state.size() - 8);
  std::memcpy(sealed.data() + (state.data() - sealed.data()) + state.size() - 8, &sum, 8);
  seal();
  check(sealed);
  return 0;
}
