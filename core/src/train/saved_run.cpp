#include "x2g/train/saved_run.hpp"

#include <cstring>

#include "io/json.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

constexpr std::size_t kSeedBytes = 8;

void check_json(std::string_view config) {
  JsonReader json(config);
  json.skip();
  json.finish();
}

}  // namespace

template <class T>
std::vector<std::uint8_t> save_run(const Trainer<T>& run, std::string_view config, std::uint64_t sequence,
                                   std::span<const CheckpointSection> more) {
  try {
    check_json(config);
  } catch (const Error& e) {
    if (e.code() != ErrorCode::bad_file) throw;
    throw Error(ErrorCode::invalid_argument, text("the configuration is not JSON: ", e.message()));
  }
  const std::vector<std::uint8_t> state = run.snapshot();
  const std::uint64_t seed = run.graph().mode().seed;
  const auto bytes_of = [](const void* p, std::size_t n) { return std::span(static_cast<const std::uint8_t*>(p), n); };
  std::vector<CheckpointSection> sections{
      {"config", bytes_of(config.data(), config.size())}, {"state", state}, {"seed", bytes_of(&seed, kSeedBytes)}};
  sections.insert(sections.end(), more.begin(), more.end());
  return write_checkpoint(sections, sequence);
}

std::string_view saved_config(std::span<const std::uint8_t> record) {
  const std::span<const std::uint8_t> bytes = Checkpoint::parse(record).section("config");
  const std::string_view config(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  check_json(config);
  return config;
}

template <class T>
void load_run(std::span<const std::uint8_t> record, Trainer<T>& run) {
  const Checkpoint saved = Checkpoint::parse(record);
  const std::span<const std::uint8_t> bytes = saved.section("seed"), state = saved.section("state");
  if (bytes.size() != kSeedBytes)
    throw Error(ErrorCode::bad_file, text("the saved run's seed has ", bytes.size(), " bytes; it must have 8"));
  std::uint64_t seed = 0;
  std::memcpy(&seed, bytes.data(), kSeedBytes);
  run.restore(state);
  run.graph().set_seed(seed);
}

template std::vector<std::uint8_t> save_run(const Trainer<float>&, std::string_view, std::uint64_t, std::span<const CheckpointSection>);
template std::vector<std::uint8_t> save_run(const Trainer<double>&, std::string_view, std::uint64_t, std::span<const CheckpointSection>);
template void load_run(std::span<const std::uint8_t>, Trainer<float>&);
template void load_run(std::span<const std::uint8_t>, Trainer<double>&);

}  // namespace x2g
