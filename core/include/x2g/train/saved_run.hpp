// A training run as one record: what it is (configuration, as JSON that the caller writes and reads) and where it stands (weights, optimizer
// state, step, loss scale, seed of dropout's masks). A run built from the configuration and loaded goes on with the bits of one never stopped:
// batches are a function of seed and step, so the configuration must hold the seed of the batches.
// Sections: "config", "state" (Trainer::snapshot), "seed" (8 bytes), and whatever the caller adds.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "x2g/io/checkpoint.hpp"
#include "x2g/train/trainer.hpp"

namespace x2g {

/// config: JSON text. more: further sections under other names (a tokenizer, a history). A half-done step is not part of it.
template <class T>
std::vector<std::uint8_t> save_run(const Trainer<T>& run, std::string_view config, std::uint64_t sequence = 0,
                                   std::span<const CheckpointSection> more = {});

/// The configuration in a record, points into it. Error(bad_file) when it is damaged or the configuration is not JSON.
std::string_view saved_config(std::span<const std::uint8_t> record);

/// Error(bad_file) when damaged or of another model; then nothing has changed.
template <class T>
void load_run(std::span<const std::uint8_t> record, Trainer<T>& run);

}  // namespace x2g
